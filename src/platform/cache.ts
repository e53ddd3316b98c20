// The cache of decoded images and computed numbers: files in the user's cache folder that can be made again. Together
// they stay below a limit; the least recently used go first. Their writers define the contents.
import { FoveaError } from "../core/errors.js";
import type { Files } from "./files/files.js";
import { filesHere } from "./files/files-here.js";
import { joinPath } from "./paths.js";
import type { OpenFile, PendingWrite } from "./random-access.js";

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

const settingsPath = async (files: Files): Promise<string> => joinPath(await files.cachePath(), SETTINGS);

/** Bytes that the cache may hold. */
export async function cacheLimit(files: Files = filesHere): Promise<number> {
  try {
    return (await storedLimit(files)) ?? DEFAULT_CACHE_LIMIT;
  } catch (error) {
    if (error instanceof FoveaError) return DEFAULT_CACHE_LIMIT;
    throw error;
  }
}

/** The limit in the settings; undefined where these are not there, null where the file is no settings of the cache. */
async function storedLimit(files: Files): Promise<number | null | undefined> {
  const path = await settingsPath(files);
  if ((await files.stat(path)) === undefined) return undefined;
  try {
    const settings: unknown = JSON.parse(await files.readText(path));
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
export async function setCacheLimit(limit: number, files: Files = filesHere): Promise<CacheFile[]> {
  await files.cacheDirectory();
  if ((await storedLimit(files)) === null)
    throw new FoveaError(
      "unknown-format",
      `${await settingsPath(files)}: expected the settings of the cache, it is something else; move it away, or choose another folder with FOVEA_CACHE`,
    );
  await files.writeAtomic(await settingsPath(files), `${JSON.stringify({ limit })}\n`);
  return evict(limit, files);
}

/** The files of the cache, the most recently used first. Makes and changes nothing. */
export async function listCache(files: Files = filesHere): Promise<CacheFile[]> {
  const folder = await files.cachePath();
  const entries = await Promise.all(
    (await namesIn(folder, files))
      .filter((name) => ENTRY.test(name))
      .map(async (name) => {
        const path = joinPath(folder, name);
        const facts = await files.stat(path);
        return facts === undefined || facts.isDirectory
          ? []
          : [{ name, path, bytes: facts.size, usedAt: facts.mtimeMs }];
      }),
  );
  return entries.flat().sort((a, b) => b.usedAt - a.usedAt || (a.name < b.name ? -1 : 1));
}

/** Names in the cache's folder; none where it cannot be read. */
const namesIn = async (folder: string, files: Files): Promise<string[]> =>
  (await files.listDirectory(folder).catch(() => [])).map(({ name }) => name);

/** Removes all files of the cache, and what killed processes left there. @returns the files that were removed. */
export async function clearCache(files: Files = filesHere): Promise<CacheFile[]> {
  const removed = await remove(await listCache(files), files);
  const folder = await files.cachePath();
  await files.sweepLeftovers(folder);
  for (const name of await namesIn(folder, files))
    if (OLD_TEMPORARY.test(name)) await files.removeFile(joinPath(folder, name));
  return removed;
}

/** All bytes of a file of the cache, which counts as used by it. @throws FoveaError when it cannot be read. */
export async function readCacheFile(path: string, files: Files = filesHere): Promise<Uint8Array> {
  const bytes = await files.readBytes(path);
  await files.touch(path);
  return bytes;
}

/** Opens a file of the cache, which counts as used by it. @throws FoveaError when it cannot be read. */
export async function openCacheFile(path: string, files: Files = filesHere): Promise<OpenFile> {
  const file = await files.openFile(path);
  await files.touch(path);
  return file;
}

/** A file that was not kept because it is larger than the whole cache may be; both in bytes. */
export interface TooLarge {
  readonly bytes: number;
  readonly limit: number;
}

/**
 * Writes a file of the cache, whole or not at all, and removes others when all of them exceed the limit. A file that
 * alone exceeds it is not written.
 * @returns the sizes for which it was not written, or undefined
 * @throws FoveaError when the disk refuses it
 */
export async function writeCacheFile(
  path: string,
  pieces: readonly Uint8Array[],
  files: Files = filesHere,
): Promise<TooLarge | undefined> {
  const limit = await cacheLimit(files);
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  // A cache that is to keep nothing was asked for.
  if (bytes > limit) return limit === 0 ? undefined : { bytes, limit };
  await files.writeAtomic(path, pieces);
  await evict(limit, files);
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
  files: Files = filesHere,
): Promise<PendingWrite | undefined> {
  const limit = await cacheLimit(files);
  if (bytes > limit) {
    // A cache that is to keep nothing was asked for.
    if (limit > 0) onTooLarge({ bytes, limit });
    return undefined;
  }
  const file = await files.beginFile(path);
  const commit = async (): Promise<void> => {
    await file.commit();
    await evict(limit, files);
  };
  return { ...file, commit };
}

/**
 * Removes the least recently used files until the others fit. Nobody is disturbed: a file
 * that is open stays readable until it is closed, or, on Windows, is not removed at all.
 */
async function evict(limit: number, files: Files): Promise<CacheFile[]> {
  let total = 0;
  const tooMuch = (await listCache(files)).filter(({ bytes }) => {
    total += bytes;
    return total > limit;
  });
  return remove(tooMuch, files);
}

async function remove(entries: readonly CacheFile[], files: Files): Promise<CacheFile[]> {
  const removed: CacheFile[] = [];
  for (const file of entries) {
    try {
      await files.removeFile(file.path);
      removed.push(file);
    } catch (error) {
      if (!(error instanceof FoveaError) && (error as { code?: string }).code !== "EBUSY") throw error;
    }
  }
  return removed;
}
