// The folder of the real data: FOVEA_DATA, or shared/data beside the project. Tests skip, and say so, without it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// This file runs from dist/test/real.
const beside = fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const root = process.env.FOVEA_DATA ?? beside;

/** The path of a file or folder of the real data, or a reason to skip. */
export function realData(name: string): { path: string; skip: false } | { path: ""; skip: string } {
  const path = join(root, name);
  if (existsSync(path)) return { path, skip: false };
  return { path: "", skip: `no ${name} in ${root}; set FOVEA_DATA to the folder that has it` };
}

/** The regular files of a tar archive, in its order, as views of its bytes. */
export function* filesInTar(path: string): Generator<{ path: string; bytes: Uint8Array }> {
  const archive = new Uint8Array(readFileSync(path));
  const text = (at: number, length: number): string =>
    new TextDecoder().decode(archive.subarray(at, at + length)).replace(/\0.*$/s, "");
  for (let at = 0; at < archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const isFile = ["0", ""].includes(text(at + 156, 1));
    if (isFile) yield { path: text(at, 100), bytes: archive.subarray(at + 512, at + 512 + size) };
    at += 512 * (1 + Math.ceil(size / 512));
  }
}
