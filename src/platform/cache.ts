// The cache of decoded images and computed numbers: files in the user's cache folder that can be made again. Together they
// stay below a limit; the least recently used go first. What is in them is for those who write them to say.
import { FoveaError } from "../core/errors.js";
import { cacheDirectory, cachePath, explained, readBytes, readText, removeFile, stat, writeAtomic } from "./files.js";
import { sweepLeftovers } from "./leftovers.js";
import { nodeModule } from "./node.js";
import { joinPath } from "./paths.js";
import { beginFile, type OpenFile, openFile, type PendingWrite } from "./random-access.js";

/** A file of the cache. */
export interface CacheFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** Bytes that the cache may hold when nobody has set a limit: 5 GB. */
export const DEFAULT_CACHE_LIMIT = 5 * 2 ** 30;

/** The kinds of files that are kept, by the extensions of their names. */
export const CACHE_KINDS = { images: "decoded images", features: "features", vectors: "embeddings" } as const;
export type CacheKind = keyof typeof CACHE_KINDS;

const EXTENSIONS = Object.keys(CACHE_KINDS).join("|");
/** Hashes as names, with these extensions only: FOVEA_CACHE may be a folder with other files, photos named by MD5 too. */
const ENTRY = new RegExp(`^[0-9a-f]{32}\\.(?:${EXTENSIONS})$`);
/** Temporary files as they were named before they said whose they are. */
const OLD_TEMPORARY = new RegExp(`^\\.[0-9a-f]{32}\\.(?:${EXTENSIONS})\\.\\d+-\\d+\\.tmp$`);
const SETTINGS = "cache.json";

const settingsPath = async (): Promise<string> => joinPath(await cachePath(), SETTINGS);

/** Bytes that the cache may hold. */
export async function cacheLimit(): Promise<number> {
  try {
    return (await storedLimit()) ?? DEFAULT_CACHE_LIMIT;
  } catch (error) {
    if (error instanceof FoveaError) return DEFAULT_CACHE_LIMIT;
    throw error;
  }
}

/** The limit in the settings; undefined where these are not there, null where the file is no settings of the cache. */
async function storedLimit(): Promise<number | null | undefined> {
  const path = await settingsPath();
  if ((await stat(path)) === undefined) return undefined;
  try {
    const settings: unknown = JSON.parse(await readText(path));
    const { limit, ...others } = (settings ?? {}) as { readonly limit?: unknown };
    return typeof limit === "number" && limit >= 0 && Object.keys(others).length === 0 ? limit : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Sets the limit in bytes, and removes what lies above it. @returns the files that were removed.
 * @throws FoveaError where the folder has a file of the settings' name that is something else
 */
export async function setCacheLimit(limit: number): Promise<CacheFile[]> {
  await cacheDirectory();
  if ((await storedLimit()) === null)
    throw new FoveaError(
      `${await settingsPath()}: expected the settings of the cache, it is something else; move it away, or choose another folder with FOVEA_CACHE`,
    );
  await writeAtomic(await settingsPath(), `${JSON.stringify({ limit })}\n`);
  return evict(limit);
}

/** The files of the cache, the most recently used first. Makes and changes nothing. */
export async function listCache(): Promise<CacheFile[]> {
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  const folder = await cachePath();
  const names = await fs.readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => ENTRY.test(name))
      .map(async (name) => {
        const path = joinPath(folder, name);
        const facts = await stat(path);
        return facts === undefined || facts.isDirectory
          ? []
          : [{ name, path, bytes: facts.size, usedAt: facts.mtimeMs }];
      }),
  );
  return files.flat().sort((a, b) => b.usedAt - a.usedAt || (a.name < b.name ? -1 : 1));
}

/** Removes all files of the cache, and what killed processes left there. @returns the files that were removed. */
export async function clearCache(): Promise<CacheFile[]> {
  const removed = await remove(await listCache());
  const folder = await cachePath();
  await sweepLeftovers(folder);
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  for (const name of await fs.readdir(folder).catch(() => []))
    if (OLD_TEMPORARY.test(name)) await removeFile(joinPath(folder, name));
  return removed;
}

/** All bytes of a file of the cache, which counts as used by it. @throws FoveaError when it cannot be read. */
export async function readCacheFile(path: string): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  await touch(path);
  return bytes;
}

/** Opens a file of the cache, which counts as used by it. @throws FoveaError when it cannot be read. */
export async function openCacheFile(path: string): Promise<OpenFile> {
  const file = await openFile(path);
  await touch(path);
  return file;
}

async function touch(path: string): Promise<void> {
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  // A cache that may only be read serves as well; nothing is removed from it either.
  await fs.utimes(path, new Date(), new Date()).catch(() => {});
}

/** A file that was not kept because it is larger than the whole cache may be; both in bytes. */
export interface TooLarge {
  readonly bytes: number;
  readonly limit: number;
}

/**
 * Writes a file of the cache, whole or not at all, and removes others when all of them exceed the limit. A file that
 * alone exceeds it is not written.
 * @returns why it was not written, or undefined
 * @throws FoveaError when the disk refuses it
 */
export async function writeCacheFile(path: string, pieces: readonly Uint8Array[]): Promise<TooLarge | undefined> {
  const limit = await cacheLimit();
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  // A cache that is to keep nothing was asked for.
  if (bytes > limit) return limit === 0 ? undefined : { bytes, limit };
  await writeAtomic(path, pieces);
  await evict(limit);
  return undefined;
}

/**
 * Begins a file of the cache that is written piece by piece; with it others are removed when all exceed the limit.
 * @param bytes length of the whole file
 * @param onTooLarge receives the sizes where the file alone exceeds the limit
 * @returns undefined for a file that alone exceeds the limit
 * @throws FoveaError when the disk refuses it
 */
export async function beginCacheFile(
  path: string,
  bytes: number,
  onTooLarge: (why: TooLarge) => void = () => {},
): Promise<PendingWrite | undefined> {
  const limit = await cacheLimit();
  if (bytes > limit) {
    // A cache that is to keep nothing was asked for.
    if (limit > 0) onTooLarge({ bytes, limit });
    return undefined;
  }
  const file = await beginFile(path);
  const commit = async (): Promise<void> => {
    await file.commit();
    await evict(limit);
  };
  return { ...file, commit };
}

/**
 * Removes the least recently used files until the others fit. Nobody is disturbed: a file
 * that is open stays readable until it is closed, or, on Windows, is not removed at all.
 */
async function evict(limit: number): Promise<CacheFile[]> {
  let total = 0;
  const tooMuch = (await listCache()).filter(({ bytes }) => {
    total += bytes;
    return total > limit;
  });
  return remove(tooMuch);
}

async function remove(files: readonly CacheFile[]): Promise<CacheFile[]> {
  const removed: CacheFile[] = [];
  for (const file of files) {
    try {
      await explained("remove", file.path, () => removeFile(file.path));
      removed.push(file);
    } catch (error) {
      if (!(error instanceof FoveaError) && (error as { code?: string }).code !== "EBUSY") throw error;
    }
  }
  return removed;
}
