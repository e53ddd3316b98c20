// A process of the tests that puts one set of files after the other into a folder, until it is killed.
import { replaceFiles } from "../../src/platform/folders.js";

const [, , folder, count, size] = process.argv as string[];

/** The files of set `set`: each says which it belongs to. */
export function filesOf(set: string, parts: number, bytes: number): Map<string, string> {
  const content = set.repeat(bytes);
  const names = ["model.json", ...Array.from({ length: parts }, (_, i) => `part${i + 1}.bin`)];
  return new Map(names.map((name) => [name, content]));
}

if (folder !== undefined && process.send !== undefined)
  for (let n = 0; ; n++) {
    const files = filesOf(n % 2 === 0 ? "B" : "A", Number(count), Number(size));
    await replaceFiles(folder, { files, main: "model.json" });
    if (n === 0) process.send("writing");
  }
