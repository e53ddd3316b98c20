// The private file system of a browser (OPFS): files that a site keeps on the user's disk, seen by no other site and by no
// other program, there again after a reload. Locks are the browser's own, and end with the page that holds them.
import { FoveaError } from "../../core/errors.js";
import type { DirectoryEntry, FileFacts } from "../files.js";
import type { Lock } from "../locks.js";
import type { PendingWrite } from "../random-access.js";
import type { Files } from "./files.js";
import { failure, isTemporaryName, type Tree, type TreePath, temporaryName } from "./tree.js";
import { filesOver } from "./tree-files.js";

/** A method that browsers have and TypeScript's library does not. */
interface Movable extends FileSystemFileHandle {
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

const codeOf = (error: unknown): string => (error as { name?: string } | null)?.name ?? "";

/** Errors of the browser as Node's disk would name them. */
const CODES: Readonly<Record<string, string>> = {
  NotFoundError: "ENOENT",
  TypeMismatchError: "ENOTDIR",
  QuotaExceededError: "ENOSPC",
  NotAllowedError: "EACCES",
  NoModificationAllowedError: "EACCES",
};

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = CODES[codeOf(error)];
    throw code === undefined ? error : Object.assign(failure(code), { cause: error });
  }
}

async function rootFolder(): Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage;
  if (typeof storage?.getDirectory !== "function")
    throw new FoveaError(
      "unsupported-engine",
      "this browser keeps no private files for this page; open the page over https, or pass memoryFiles() as files",
    );
  return storage.getDirectory();
}

async function folderAt(path: TreePath): Promise<FileSystemDirectoryHandle> {
  let folder = await rootFolder();
  for (const name of path) folder = await folder.getDirectoryHandle(name);
  return folder;
}

const fileAt = async (path: TreePath, create = false): Promise<Movable> =>
  (await folderAt(path.slice(0, -1))).getFileHandle(path.at(-1)!, { create });

const nameOf = (path: TreePath): string => path.at(-1)!;

const privateTree: Tree = {
  name: "private file system",

  async facts(path) {
    const folder: FileFacts = { size: 0, mtimeMs: 0, ctimeMs: 0, isDirectory: true };
    if (path.length === 0) return (await rootFolder()) && folder;
    try {
      const { size, lastModified } = await (await fileAt(path)).getFile();
      return { size, mtimeMs: lastModified, ctimeMs: lastModified, isDirectory: false };
    } catch (error) {
      if (codeOf(error) === "NotFoundError") return undefined;
      if (codeOf(error) !== "TypeMismatchError") throw error;
    }
    // A part of the path may be a file; else the last one is a folder.
    return (await folderAt(path).catch(() => undefined)) && folder;
  },

  read: (path, start, end) =>
    translated(async () => {
      const file = await (await fileAt(path)).getFile();
      return new Uint8Array(await file.slice(start, end).arrayBuffer());
    }),

  begin: (path) => translated(() => begin(path)),

  extend: (path, at, bytes) =>
    translated(async () => {
      const stream = await (await fileAt(path)).createWritable({ keepExistingData: true });
      await closing(stream, async () => {
        await stream.truncate(at);
        await stream.write({ type: "write", position: at, data: new Uint8Array(bytes) });
      });
    }),

  list: (path) =>
    translated(async () => {
      const entries: DirectoryEntry[] = [];
      for await (const { name, kind } of (await folderAt(path)).values())
        entries.push({ name, isDirectory: kind === "directory" });
      return entries;
    }),

  makeFolder: (path) =>
    translated(async () => {
      await (await folderAt(path.slice(0, -1))).getDirectoryHandle(nameOf(path), { create: true });
    }),

  remove: (path) =>
    translated(async () => {
      if (path.length > 0) return (await folderAt(path.slice(0, -1))).removeEntry(nameOf(path), { recursive: true });
      const root = await folderAt([]);
      for await (const { name } of root.values()) await root.removeEntry(name, { recursive: true });
    }),

  move: (from, to) => translated(() => move(from, to)),

  // No browser lets a page set the time.
  touch: async () => {},

  async sweep(path) {
    const entries = await privateTree.list(path).catch(() => []);
    for (const { name } of entries.filter((entry) => isTemporaryName(entry.name))) {
      const lock = await privateTree.tryLock(name);
      if (lock === undefined) continue;
      await privateTree.remove([...path, name]).catch(() => {});
      await lock.release();
    }
  },

  tryLock: (name) => requestLock(name, true),
  lock: async (name) => (await requestLock(name, false))!,
};

/** Begins a file under a temporary name; a lock says that its page is still at work. */
async function begin(path: TreePath): Promise<PendingWrite> {
  const temporary = [...path.slice(0, -1), temporaryName()];
  const lock = (await requestLock(nameOf(temporary), false))!;
  const discarded = async (): Promise<void> => {
    await privateTree.remove(temporary).catch(() => {});
    await lock.release();
  };
  let stream: FileSystemWritableFileStream;
  try {
    stream = await (await fileAt(temporary, true)).createWritable();
  } catch (error) {
    await discarded();
    throw error;
  }
  const discard = async (): Promise<void> => {
    await stream.abort().catch(() => {});
    await discarded();
  };
  return {
    write: (bytes, position) =>
      translated(() => stream.write({ type: "write", position, data: new Uint8Array(bytes) })),
    commit: async () => {
      try {
        await translated(() => stream.close());
        await translated(() => move(temporary, path));
        await lock.release();
      } catch (error) {
        await discard();
        throw error;
      }
    },
    discard,
  };
}

/** Closes a stream, by which a file gets what was written; what fails before leaves the file as it was. */
async function closing(stream: FileSystemWritableFileStream, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => {});
    throw error;
  }
}

/** Moves a file, at once where the browser can; else its content is copied, which the browser puts there whole. */
async function move(from: TreePath, to: TreePath): Promise<void> {
  const file = await fileAt(from);
  const folder = await folderAt(to.slice(0, -1));
  if (file.move !== undefined) return file.move(folder, nameOf(to));
  const wasThere = (await privateTree.facts(to)) !== undefined;
  try {
    const stream = await (await folder.getFileHandle(nameOf(to), { create: true })).createWritable();
    await closing(stream, async () => stream.write(await file.getFile()));
  } catch (error) {
    // A name without content is no file that anybody wrote.
    if (!wasThere) await folder.removeEntry(nameOf(to)).catch(() => {});
    throw error;
  }
  await privateTree.remove(from);
}

function requestLock(name: string, ifAvailable: boolean): Promise<Lock | undefined> {
  return new Promise((resolve, reject) => {
    const request: Promise<unknown> = navigator.locks.request(`fovea ${name}`, { ifAvailable }, (lock) => {
      if (lock === null) return resolve(undefined);
      return new Promise<void>((end) => {
        const release = async (): Promise<void> => {
          end();
          await request;
        };
        resolve({ release });
      });
    });
    request.catch(reject);
  });
}

/** The private file system of the page's site. Its root is the site's: keep what you write in a folder. */
export const privateFiles: Files = filesOver(privateTree);
