// A file system as a value: Node's disk, memory, or the private file system that a browser keeps for a page. Functions
// that store files take it as an option; paths are text with `/` between folders.
import type { DirectoryEntry, FileFacts } from "../files.js";
import type { FileSet } from "../folders.js";
import type { Lock } from "../locks.js";
import type { OpenFile, PendingWrite } from "../random-access.js";

/**
 * Files and folders. Promises that each keeps (test/contract/files.ts holds them to it):
 * - A file is written completely or not at all, even if the program fails meanwhile; the old content stays until then.
 * - An operation that fails for a reason that a user can correct throws one sentence: "cannot WHAT PATH: reason".
 * - Bytes that are read belong to the reader, and bytes that are written stay the writer's.
 * - Folders are listed in code-point order.
 */
export interface Files {
  /** The place of the files, for messages. */
  readonly name: "disk" | "memory" | "private file system";
  /**
   * All bytes of a file.
   * @param path The file.
   */
  readBytes(path: string): Promise<Uint8Array>;
  /**
   * A file's text, as UTF-8 without its byte-order mark.
   * @param path The file.
   */
  readText(path: string): Promise<string>;
  /**
   * Opens a file for reading at any place.
   * @param path The file.
   */
  openFile(path: string): Promise<OpenFile>;
  /**
   * Writes a file whole or not at all, over one of that name. Makes no folders.
   * @param path The file.
   * @param content Bytes or text.
   */
  writeAtomic(path: string, content: Uint8Array | string | Iterable<Uint8Array>): Promise<void>;
  /**
   * Begins a file that is written piece by piece and gets its name when it is committed.
   * @param path The file.
   */
  beginFile(path: string): Promise<PendingWrite>;
  /**
   * Adds to the end of a file, which is made when absent.
   * @param path The file.
   * @param content Bytes or text.
   */
  appendToFile(path: string, content: Uint8Array | string): Promise<void>;
  /**
   * The entries of a folder in code-point order.
   * @param path The folder.
   */
  listDirectory(path: string): Promise<DirectoryEntry[]>;
  /**
   * Facts about a file or folder, undefined when there is none.
   * @param path A file or folder.
   */
  stat(path: string): Promise<FileFacts | undefined>;
  /** Checks whether a file or folder is at `path`. */
  exists(path: string): Promise<boolean>;
  /**
   * The path without links, from the root: the same for two paths to one file or folder.
   * @param path A file or folder that exists.
   */
  realPath(path: string): Promise<string>;
  /**
   * Makes a folder and those above it; one that is there already is left as it is.
   * @param path The folder.
   */
  makeDirectory(path: string): Promise<void>;
  /**
   * Makes a folder that was not there, and those above it.
   * @param path The folder.
   * @returns true where this call made it.
   */
  claimDirectory(path: string): Promise<boolean>;
  /**
   * Gives a file another name; a file of that name is replaced.
   * @param from The file.
   * @param to Its new path.
   */
  moveFile(from: string, to: string): Promise<void>;
  /**
   * Gives a folder another name, with all that is in it. Nothing may have that name.
   * @param from The folder.
   * @param to Its new path.
   */
  moveDirectory(from: string, to: string): Promise<void>;
  /**
   * Removes a file; one that is not there is no error.
   * @param path The file.
   */
  removeFile(path: string): Promise<void>;
  /**
   * Removes a folder and all that is in it; one that is not there is no error.
   * @param path The folder.
   */
  removeDirectory(path: string): Promise<void>;
  /**
   * Removes a folder unless something is in it; one that is not there is no error.
   * @param path The folder.
   */
  removeEmptyDirectory(path: string): Promise<void>;
  /**
   * Puts a set of files into a folder in place of an older set, all of them or none. Other files there stay.
   * @param folder The folder.
   * @param set The new set.
   */
  replaceFiles(folder: string, set: FileSet): Promise<void>;
  /**
   * Removes what programs that were killed left half-written in a folder.
   * @param folder The folder.
   */
  sweepLeftovers(folder: string): Promise<void>;
  /**
   * Takes a lock that only one program at a time can hold; the folder must be there.
   * @param path The lock's file.
   */
  tryLock(path: string): Promise<Lock | HeldLock>;
  /**
   * Opens a file that only grows and is shared by programs; makes an empty one when there is none.
   * @param path The file.
   */
  openLog(path: string, options?: LogOptions): Promise<SharedLog>;
  /**
   * Notes that a file is used now, in the time of its last write, where that can be set.
   * @param path The file.
   */
  touch(path: string): Promise<void>;
  /** The folder for what can be made again, which is there then. */
  cacheDirectory(): Promise<string>;
  /** Its path; the folder may not be there yet. */
  cachePath(): Promise<string>;
}

/** A lock that somebody else holds. */
export interface HeldLock {
  /** The holder in words: `process 4711`. */
  readonly heldBy: string;
  /** Advice for a lock that nobody holds in truth, where that can be. */
  readonly remedy?: string;
}

export const isHeld = (result: Lock | HeldLock): result is HeldLock => "heldBy" in result;

export interface LogOptions {
  /** Seconds after which a lock counts as left by a program that died. Default 30. */
  readonly lockGrace?: number | undefined;
  /** Asks for no right to write, and makes nothing. Default false. */
  readonly readOnly?: boolean | undefined;
}

/** A file that only grows, line by line. */
export interface SharedLog {
  readonly path: string;
  /** The first bytes of the file, at most `length` of them. */
  head(length: number): Promise<Uint8Array>;
  /** The whole lines that begin at byte `from`. */
  readLines(from: number): Promise<Uint8Array>;
  /** Appends whole lines after byte `at`, where the last whole line ends; what is torn behind it is cut off. */
  append(lines: Uint8Array, at: number): Promise<void>;
  /** Does `work` while no other program appends. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
