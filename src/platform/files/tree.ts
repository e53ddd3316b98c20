// The few things that a tree of files must be able to do; tree-files.ts makes a whole file system of them. Paths are lists of
// names here, and callers have looked at what is there.
import type { DirectoryEntry, FileFacts } from "../files.js";
import type { Lock } from "../locks.js";
import type { PendingWrite } from "../random-access.js";
import type { Files } from "./files.js";

export type TreePath = readonly string[];

export interface Tree {
  readonly name: Files["name"];
  facts(path: TreePath): Promise<FileFacts | undefined>;
  /** Bytes of a file from `start` to `end`, fewer where it ends before. */
  read(path: TreePath, start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Begins a file, which gets its name, over a file of that name, when it is committed. */
  begin(path: TreePath): Promise<PendingWrite>;
  /** Cuts a file to `at` bytes and goes on with `bytes`. */
  extend(path: TreePath, at: number, bytes: Uint8Array): Promise<void>;
  list(path: TreePath): Promise<DirectoryEntry[]>;
  /** Makes a folder in one that is there. */
  makeFolder(path: TreePath): Promise<void>;
  /** Removes a file, or a folder with all that is in it. */
  remove(path: TreePath): Promise<void>;
  /** Gives a file another name, over a file of that name. */
  move(from: TreePath, to: TreePath): Promise<void>;
  /** Sets the time of a file's last write, where the tree can. */
  touch(path: TreePath): Promise<void>;
  /** Removes what programs that have ended left in a folder. */
  sweep(path: TreePath): Promise<void>;
  /** A lock of that name, or undefined while somebody else holds it. */
  tryLock(name: string): Promise<Lock | undefined>;
  /** A lock of that name, as soon as nobody else holds it. */
  lock(name: string): Promise<Lock>;
}

/** A path's names, from the root of the tree; `.` and empty names say nothing. @throws an error of the system's kind. */
export function namesOf(path: string): string[] {
  if (path.includes("\0")) throw failure("ERR_INVALID_ARG_VALUE");
  const names: string[] = [];
  for (const name of path.split("/"))
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  return names;
}

/** A name for what is being written; its writer holds the lock of that name, and `sweep` removes what nobody holds. */
export const temporaryName = (): string => `.fovea-${globalThis.crypto.randomUUID()}.tmp`;
export const isTemporaryName = (name: string): boolean => /^\.fovea-[0-9a-f-]{36}\.tmp$/.test(name);

/** An error as Node's disk would throw it, which `explained` puts into words. */
export const failure = (code: string): Error => Object.assign(new Error(code), { code });
