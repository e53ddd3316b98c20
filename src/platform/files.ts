// Files and folders, in one small vocabulary for the whole project. Works in Node; in a browser the module loads
// and every call says that there are no files. Failures that a user can mend become one sentence (FoveaError).

import type { ErrorCode } from "../core/error-codes/index.js";
import { FoveaError } from "../core/errors.js";
import { textOfBytes } from "../core/text-bytes.js";
import { byCodePoint } from "../core/text-order.js";
import { type ByteSource, pagedSource } from "./byte-source.js";
import { sweepOnce, temporaryIn } from "./leftovers.js";
import { isNode, nodeModule } from "./node.js";
import { joinPath, parentFolder } from "./paths.js";
import { checkRegular, checkReplaceable } from "./regular-files.js";

/** Facts that the disk knows about a file or folder. */
export interface FileFacts {
  /** Bytes of a file. */
  readonly size: number;
  /** Time of the last write to the content: milliseconds since 1970, with fractions. */
  readonly mtimeMs: number;
  /** Time of the last change of content, name or rights; unlike mtimeMs no program can set it back. */
  readonly ctimeMs: number;
  /** True for a folder. */
  readonly isDirectory: boolean;
}

/** A file or folder in a folder. */
export interface DirectoryEntry {
  /** Its name, without the folder's. */
  readonly name: string;
  /** True for a folder. */
  readonly isDirectory: boolean;
}

function promises(): Promise<typeof import("node:fs/promises")> {
  if (!isNode)
    throw new FoveaError(
      "unsupported-engine",
      "this needs files on a disk, which a browser does not have; pass the bytes instead",
    );
  return nodeModule("fs/promises");
}

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? "";

/** Reasons of failures in words, by Node's code, with the code that the error has here. */
const REASONS: Record<string, readonly [ErrorCode, string]> = {
  ENOENT: ["not-found", "there is no such file or folder"],
  EACCES: ["file-access", "permission denied"],
  EPERM: ["file-access", "permission denied"],
  EROFS: ["file-access", "the disk is read-only"],
  EISDIR: ["wrong-file-kind", "it is a folder, a file was expected"],
  ENOTDIR: ["wrong-file-kind", "a part of the path is a file, a folder was expected"],
  EEXIST: ["already-exists", "a file of that name is in the way"],
  ENOTEMPTY: ["already-exists", "a folder with something in it is in the way"],
  ENAMETOOLONG: ["unusable-name", "the name is too long"],
  ELOOP: ["file-access", "links lead round in a circle; remove one of them"],
  EMFILE: ["file-access", "too many files are open"],
  ENOSPC: ["disk-full", "the disk is full; free some space and try again"],
  EDQUOT: ["disk-full", "the disk quota is used up; free some space and try again"],
  EFBIG: ["too-large", "the file would be larger than this disk or account allows"],
  ERR_INVALID_ARG_VALUE: ["unusable-name", "no file can have a name with a NUL in it"],
  ERR_FS_FILE_TOO_LARGE: ["too-large", "it is larger than 2 GiB, the most that is read at once"],
};

function explanation(what: string, path: string, error: unknown): unknown {
  const reason = REASONS[codeOf(error)];
  if (reason === undefined) return error;
  const [code, sentence] = reason;
  return new FoveaError(code, `cannot ${what} ${path}: ${sentence}`, { cause: error });
}

/** Checks whether an error is the system's: a full disk, a missing right, a file that is gone, at whatever depth. */
export const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && (REASONS[codeOf(error)] !== undefined || isOfSystem(error.cause));

/** Does `work`; what fails for a reason that a user can mend is told as "cannot WHAT PATH: reason". */
export async function explained<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explanation(what, path, error);
  }
}

/** All bytes of a file. @throws FoveaError for what is none: a folder, a pipe, a socket, a device. */
export function readBytes(path: string): Promise<Uint8Array> {
  return explained("read", path, async () => {
    const fs = await promises();
    const stats = await fs.stat(path);
    checkRegular(path, stats);
    return stats.size === 0 ? new Uint8Array(0) : plainBytes(await fs.readFile(path));
  });
}

/** Node's Buffer is a Uint8Array with other habits, in slice() for one; here everything is a plain one. */
const plainBytes = (buffer: Uint8Array): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

/** The text of a file in UTF-8, without its byte order mark. @throws FoveaError for other bytes */
export async function readText(path: string): Promise<string> {
  return textOfBytes(path, await readBytes(path));
}

/**
 * Writes a file whole or not at all: into a temporary file beside it, flushed, then renamed over it.
 * Makes no folders. On any failure, a full disk included, the old file stays and the temporary one is removed; that of
 * a process that was killed is removed by the next one that writes into the folder.
 * @param content bytes, text, or several pieces to be written one after the other
 */
export function writeAtomic(
  path: string,
  content: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  return explained("write", path, async () => {
    const fs = await promises();
    const taken = await fs.stat(path).catch(() => undefined);
    if (taken !== undefined) checkReplaceable(path, taken);
    const folder = parentFolder(path);
    await sweepOnce(folder);
    const temporary = await temporaryIn(folder);
    try {
      const file = await fs.open(temporary, "wx");
      try {
        const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
        for await (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await renameOver(fs, temporary, path);
    } catch (error) {
      await fs.rm(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Writes a file plainly: neither flushed nor whole after a crash. For the many files of a folder that gets its name
 * with moveDirectory once all of it is there; everything else is for writeAtomic.
 */
export function writeUnsynced(path: string, content: Uint8Array): Promise<void> {
  return explained("write", path, async () => (await promises()).writeFile(path, content));
}

/** Gives a folder another name on the same disk, at once with all that is in it. Nothing may have that name. */
export function moveDirectory(from: string, to: string): Promise<void> {
  return explained("rename", from, async () => renameOver(await promises(), from, to));
}

/** Gives a file another name on the same disk, at once; a file of that name is replaced. */
export function moveFile(from: string, to: string): Promise<void> {
  return explained("rename", from, async () => renameOver(await promises(), from, to));
}

/** Windows refuses a rename while a virus scanner or indexer holds the target open; it lets go within moments. */
async function renameOver(fs: typeof import("node:fs/promises"), from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fs.rename(from, to);
    } catch (error) {
      const held = process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(codeOf(error));
      if (!held || attempt === 10) throw error;
      await new Promise((resume) => setTimeout(resume, 20 * attempt));
    }
  }
}

/** Writes all of `bytes` at `position`: a disk that is nearly full takes a part of them and reports no error. */
export async function writeAll(
  file: import("node:fs/promises").FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let written = 0; written < bytes.length; )
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}

/** The most bytes that a system reads in one call. */
const READ_AT_ONCE = 2 ** 30;

/** Fills `bytes` from `position` on: a system may give fewer bytes than there are. @returns the number of bytes read */
export async function readAll(
  file: import("node:fs/promises").FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const length = Math.min(bytes.length - filled, READ_AT_ONCE);
    const { bytesRead } = await file.read(bytes, filled, length, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Adds to the end of a file, which is made when absent. Not atomic: readers may see half a line after a crash. */
export function appendToFile(path: string, content: Uint8Array | string): Promise<void> {
  return explained("write", path, async () => (await promises()).appendFile(path, content));
}

/** The entries of a folder in code-point order; links are followed. */
export function listDirectory(path: string): Promise<DirectoryEntry[]> {
  return explained("list", path, async () => {
    const entries = await (await promises()).readdir(path, { withFileTypes: true });
    const listed = entries.map(async (entry) => ({
      name: entry.name,
      isDirectory: entry.isSymbolicLink()
        ? ((await stat(joinPath(path, entry.name)))?.isDirectory ?? false)
        : entry.isDirectory(),
    }));
    return (await Promise.all(listed)).sort((a, b) => byCodePoint(a.name, b.name));
  });
}

/** The path without links: the same for two paths to one file or folder. */
export function realPath(path: string): Promise<string> {
  return explained("look at", path, async () => (await promises()).realpath(path));
}

/** Facts about a file or folder, `undefined` when there is none; links are followed. */
export function stat(path: string): Promise<FileFacts | undefined> {
  return explained("look at", path, async () => {
    try {
      return factsOf(await (await promises()).stat(path));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return undefined;
      throw error;
    }
  });
}

type Stats = import("node:fs").Stats;

const factsOf = (stats: Stats): FileFacts => {
  const { size, mtimeMs, ctimeMs } = stats;
  return { size, mtimeMs, ctimeMs, isDirectory: stats.isDirectory() };
};

/** Calls that hold up their thread until the disk has answered. */
export interface BlockingFiles {
  readBytes(path: string): Uint8Array;
  /** The first `length` bytes of a file, fewer when it is shorter. */
  readHead(path: string, length: number): Uint8Array;
  /** Does what reads a file at a few places of its choice; the file is open meanwhile. */
  withSource<T>(path: string, work: (source: ByteSource) => T): T;
  stat(path: string): FileFacts | undefined;
}

/**
 * Reading and looking without waiting: five times as quick on thousands of small files, where most of the time goes
 * into waiting for turns. For worker threads, and for bursts so short that nobody notices.
 */
export async function blockingFiles(): Promise<BlockingFiles> {
  await promises();
  const fs = await nodeModule<typeof import("node:fs")>("fs");
  const explainedNow = <T>(what: string, path: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explanation(what, path, error);
    }
  };
  const checked = (path: string): Stats => {
    const stats = fs.statSync(path);
    checkRegular(path, stats);
    return stats;
  };
  const opened = <T>(path: string, work: (file: number) => T): T => {
    const file = fs.openSync(path, "r");
    try {
      return work(file);
    } finally {
      fs.closeSync(file);
    }
  };
  const readAt = (file: number, start: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const read = fs.readSync(file, bytes, filled, Math.min(length - filled, READ_AT_ONCE), start + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  };
  return {
    readBytes: (path) =>
      explainedNow("read", path, () =>
        checked(path).size === 0 ? new Uint8Array(0) : plainBytes(fs.readFileSync(path)),
      ),
    readHead: (path, length) =>
      explainedNow("read", path, () => {
        const { size } = checked(path);
        return opened(path, (file) => readAt(file, 0, Math.min(length, size)));
      }),
    withSource: (path, work) =>
      explainedNow("read", path, () => {
        const { size } = checked(path);
        return opened(path, (file) => work(pagedSource(size, (start, length) => readAt(file, start, length))));
      }),
    stat: (path) =>
      explainedNow("look at", path, () => {
        const stats = fs.statSync(path, { throwIfNoEntry: false });
        return stats && factsOf(stats);
      }),
  };
}

/** Checks whether there is a file or folder of that name. */
export const exists = async (path: string): Promise<boolean> => (await stat(path)) !== undefined;

/** Makes a folder and those above it; one that is there already is left as it is. */
export function makeDirectory(path: string): Promise<void> {
  return explained("make the folder", path, async () => {
    await (await promises()).mkdir(path, { recursive: true });
  });
}

/** Makes a folder that was not there, and those above it. @returns true where this call made it. */
export function claimDirectory(path: string): Promise<boolean> {
  return explained("make the folder", path, async () => {
    const fs = await promises();
    await fs.mkdir(parentFolder(path), { recursive: true });
    try {
      await fs.mkdir(path);
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  });
}

/** Removes a file; one that is not there is no error. */
export function removeFile(path: string): Promise<void> {
  return explained("remove", path, async () => (await promises()).rm(path, { force: true }));
}

/** Removes a folder and all that is in it; one that is not there is no error. */
export function removeDirectory(path: string): Promise<void> {
  return explained("remove", path, async () => (await promises()).rm(path, { force: true, recursive: true }));
}

/** Removes a folder unless something is in it; one that is not there is no error. */
export function removeEmptyDirectory(path: string): Promise<void> {
  return explained("remove", path, async () => {
    try {
      await (await promises()).rmdir(path);
    } catch (error) {
      if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw error;
    }
  });
}

/** The path from the root of the disk, by the folder that the process runs in. */
export async function absolutePath(path: string): Promise<string> {
  return (await nodeModule<typeof import("node:path")>("path")).resolve(path);
}

/** The path as a URL: `file:///...`, whatever characters it has. */
export async function fileUrl(path: string): Promise<string> {
  return (await nodeModule<typeof import("node:url")>("url")).pathToFileURL(path).href;
}

/**
 * The folder for what can be made again: `FOVEA_CACHE` when set, else `fovea` in the user's cache folder as each
 * system has it. It is made when absent and safe to delete.
 */
export async function cacheDirectory(): Promise<string> {
  const path = await cachePath();
  await makeDirectory(path);
  return path;
}

/** Path of the cache folder, which may not exist yet. */
export const cachePath = async (): Promise<string> =>
  process.env.FOVEA_CACHE || joinPath(await userCacheFolder(), "fovea");

async function userCacheFolder(): Promise<string> {
  const home = (await nodeModule<typeof import("node:os")>("os")).homedir();
  if (process.platform === "win32") return process.env.LOCALAPPDATA || joinPath(home, "AppData/Local");
  if (process.platform === "darwin") return joinPath(home, "Library/Caches");
  return process.env.XDG_CACHE_HOME || joinPath(home, ".cache");
}
