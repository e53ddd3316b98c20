// Files that are the same to the byte. Sizes are compared first, so that only files of equal size are read.
import { checkOptions } from "../../core/options.js";
import { breather } from "../../platform/breather.js";
import { type BlockingFiles, blockingFiles } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import type { PendingFile } from "../decode-pool.js";

/** Files between two turns of others. */
const STEP = 32;

/**
 * Paths as files that are read when their turn comes, with their sizes; 0 for what is not there.
 * @example const files = await pendingFiles(["photos/a.jpg", "photos/b.jpg"]);
 */
export async function pendingFiles(paths: readonly string[]): Promise<PendingFile[]> {
  const disk = await blockingFiles();
  const breathe = breather();
  const files: PendingFile[] = [];
  for (const path of paths) {
    files.push({ name: path, size: disk.stat(path)?.size ?? 0, source: path });
    if (files.length % STEP === 0) await breathe();
  }
  return files;
}

/**
 * Groups of files with the same bytes, by their places in the list.
 * @param options.onProgress receives the number of files that have been read, and of all that need to be
 * @returns groups of two and more, each in the order of the files, the groups in the order of their first file
 * @throws FoveaError for unknown options, and a file that cannot be read.
 * @example const groups = await byteCopies(files); // [[0, 17], [4, 5, 9]]
 */
export async function byteCopies(
  files: readonly PendingFile[],
  options: { readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<number[][]> {
  checkOptions("byteCopies", options, ["onProgress"]);
  const sizes = groupsOf(files.map(({ size }) => size));
  const suspects = sizes.flat().sort((a, b) => a - b);
  const hashes = new Map<number, string>();
  const breathe = breather();
  const disk = suspects.some((at) => typeof files[at]!.source === "string") ? await blockingFiles() : undefined;
  for (const [done, at] of suspects.entries()) {
    hashes.set(at, await sha256Hex(await bytesOf(files[at]!, disk)));
    if (done % STEP > 0) continue;
    options.onProgress?.(done, suspects.length);
    await breathe();
  }
  options.onProgress?.(suspects.length, suspects.length);
  return groupsOf(files.map((_, at) => hashes.get(at) ?? ""));
}

/** Groups of equal values, by their places; empty texts are equal to none. */
export function groupsOf(values: readonly (string | number)[]): number[][] {
  const places = new Map<string | number, number[]>();
  for (const [at, value] of values.entries()) {
    if (value === "") continue;
    const group = places.get(value);
    if (group === undefined) places.set(value, [at]);
    else group.push(at);
  }
  return [...places.values()].filter((group) => group.length > 1);
}

const bytesOf = ({ source }: PendingFile, disk: BlockingFiles | undefined): Uint8Array | Promise<Uint8Array> =>
  typeof source === "string" ? disk!.readBytes(source) : source();
