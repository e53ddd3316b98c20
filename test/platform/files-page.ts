// Runs in the browser: every case of the files' contract in the private file system, each in a folder of its own.
import { privateFiles } from "../../src/platform/files/private-files.js";
import { FILES_CASES } from "../contract/files.js";

export default async function answer(): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const [number, [name, run]] of Object.entries(FILES_CASES).entries()) {
    const folder = `contract/${number}`;
    await privateFiles.makeDirectory(folder);
    results[name] = await run(privateFiles, folder).then(
      () => "held",
      (error: Error) => `${error.name}: ${error.message}`,
    );
  }
  return { ...results, [LEFTOVERS]: await sweptNames() };
}

export const LEFTOVERS = "what a closed page left half-written is swept, a file and a folder";

async function sweptNames(): Promise<string> {
  const folder = "contract/leftovers";
  const name = (end: string): string => `${folder}/.fovea-${globalThis.crypto.randomUUID()}${end}`;
  await privateFiles.makeDirectory(name(".tmp"));
  await privateFiles.writeAtomic(name(".tmp"), "half");
  await privateFiles.makeDirectory(name(".mine"));
  await privateFiles.sweepLeftovers(folder);
  const left = await privateFiles.listDirectory(folder);
  return left.length === 1 && left[0]!.name.endsWith(".mine") ? "held" : JSON.stringify(left);
}
