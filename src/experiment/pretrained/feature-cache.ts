// Tables of numbers in the user's cache folder, named by the settings that they follow from. A damaged file there, or a
// faulty folder, only means that its numbers are computed again.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { readSafetensors, writeSafetensors } from "../../formats/containers/safetensors.js";
import { type CacheKind, readCacheFile, type TooLarge, writeCacheFile } from "../../platform/cache.js";
import { filesHere } from "../../platform/files/files-here.js";
import { sha256Hex } from "../../platform/hashing.js";
import { joinPath } from "../../platform/paths.js";

export interface Kept {
  readonly table: Tensor<"float32">;
  /** Notes on the table, in words. */
  readonly notes: Readonly<Record<string, string>>;
}

/** The result of `work`; undefined where a file or folder is the matter. */
async function unlessBroken<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** The file for everything that decides about a table; undefined where there can be none. */
export const keptPath = (settings: object, extension: CacheKind): Promise<string | undefined> =>
  unlessBroken(async () => {
    const name = await sha256Hex(new TextEncoder().encode(JSON.stringify(settings)));
    return joinPath(await filesHere.cacheDirectory(), `${name.slice(0, 32)}.${extension}`);
  });

/** Of the numbers and of what is noted of them. */
function checksumOf({ table, notes }: Kept): Promise<string> {
  const { buffer, byteOffset, byteLength } = table.data;
  const words = new TextEncoder().encode(JSON.stringify(Object.entries(notes).sort()));
  const all = new Uint8Array(byteLength + words.length);
  all.set(new Uint8Array(buffer, byteOffset, byteLength));
  all.set(words, byteLength);
  return sha256Hex(all);
}

export const readKept = (path: string): Promise<Kept | undefined> =>
  unlessBroken(async () => {
    const { tensors, metadata } = readSafetensors(await readCacheFile(path), path);
    const { sha256, ...notes } = metadata;
    const table = tensors.get("table");
    if (table?.dtype !== "float32") return undefined;
    const kept: Kept = { table: table as Tensor<"float32">, notes };
    return sha256 === (await checksumOf(kept)) ? kept : undefined;
  });

/** @returns why the numbers were not kept, where the limit of the cache is the reason */
export async function writeKept(path: string, kept: Kept): Promise<TooLarge | undefined> {
  const metadata = { ...kept.notes, sha256: await checksumOf(kept) };
  const bytes = writeSafetensors({ tensors: new Map([["table", kept.table]]), metadata });
  return unlessBroken(() => writeCacheFile(path, [bytes]));
}
