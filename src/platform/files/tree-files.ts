// A file system over a tree: the looks before each change, the sentences of errors, sets of files, locks and logs.
import { FoveaError } from "../../core/errors.js";
import { textOfBytes } from "../../core/text-bytes.js";
import { byCodePoint } from "../../core/text-order.js";
import { explained, type FileFacts } from "../files.js";
import type { FileSet } from "../folders.js";
import { joinPath } from "../paths.js";
import type { OpenFile } from "../random-access.js";
import type { Files } from "./files.js";
import { failure, namesOf, type Tree, type TreePath, temporaryName } from "./tree.js";
import { TreeLog } from "./tree-log.js";

/** The cache's folder in a tree. */
const CACHE = "cache/fovea";

/** All of `Files` over a tree. */
export function filesOver(tree: Tree): Files {
  const looks = looksInto(tree);
  const readBytes = (path: string): Promise<Uint8Array> =>
    explained("read", path, async () => {
      const names = namesOf(path);
      return tree.read(names, 0, (await looks.file(names)).size);
    });
  const files: Files = {
    name: tree.name,
    readBytes,
    readText: async (path) => textOfBytes(path, await readBytes(path)),
    openFile: (path) => explained("read", path, () => openFile(tree, looks, path)),
    writeAtomic: (path, content) =>
      explained("write", path, async () => {
        const names = namesOf(path);
        await looks.writable(names);
        await writeWhole(tree, names, piecesOf(content));
      }),
    beginFile: (path) =>
      explained("write", path, async () => {
        const names = namesOf(path);
        await looks.writable(names);
        return tree.begin(names);
      }),
    appendToFile: (path, content) =>
      explained("write", path, async () => {
        const names = namesOf(path);
        await looks.writable(names);
        const facts = await tree.facts(names);
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        if (facts === undefined) await writeWhole(tree, names, [bytes]);
        else await tree.extend(names, facts.size, bytes);
      }),
    listDirectory: (path) =>
      explained("list", path, async () => {
        const names = namesOf(path);
        await looks.folder(names);
        return (await tree.list(names)).sort((a, b) => byCodePoint(a.name, b.name));
      }),
    stat: (path) => explained("look at", path, () => tree.facts(namesOf(path))),
    exists: async (path) => (await files.stat(path)) !== undefined,
    realPath: (path) =>
      explained("look at", path, async () => {
        const names = namesOf(path);
        await looks.there(names);
        return `/${names.join("/")}`;
      }),
    makeDirectory: (path) => explained("make the folder", path, () => makeFolders(tree, namesOf(path))),
    claimDirectory: (path) =>
      explained("make the folder", path, async () => {
        const names = namesOf(path);
        await makeFolders(tree, names.slice(0, -1));
        return exclusively(tree, `claim ${names.join("/")}`, async () => {
          if ((await tree.facts(names)) !== undefined) return false;
          await tree.makeFolder(names);
          return true;
        });
      }),
    ...changesOf(tree, looks),
    replaceFiles: (folder, set) =>
      exclusively(tree, `set ${namesOf(folder).join("/")}`, () => replaceFiles(tree, files, folder, set)),
    sweepLeftovers: (folder) => tree.sweep(namesOf(folder)),
    tryLock: (path) =>
      explained("lock", path, async () => {
        const names = namesOf(path);
        await looks.folder(names.slice(0, -1));
        return (await tree.tryLock(names.join("/"))) ?? { heldBy: "another page or program" };
      }),
    openLog: (path, { readOnly = false } = {}) =>
      explained("open", path, async () => {
        const names = namesOf(path);
        if (!readOnly && (await tree.facts(names)) === undefined) await files.appendToFile(path, "");
        await looks.file(names);
        return new TreeLog(tree, path);
      }),
    touch: (path) => tree.touch(namesOf(path)),
    cachePath: async () => CACHE,
    cacheDirectory: async () => {
      await files.makeDirectory(CACHE);
      return CACHE;
    },
  };
  return files;
}

/** Facts about what is at a path, or the error of the system's kind that says what is wrong there. */
interface Looks {
  there(path: TreePath): Promise<FileFacts>;
  file(path: TreePath): Promise<FileFacts>;
  folder(path: TreePath): Promise<FileFacts>;
  /** Checks that a file may get this name: its folder is there, and it is no folder itself. */
  writable(path: TreePath): Promise<void>;
}

function looksInto(tree: Tree): Looks {
  const there = async (path: TreePath): Promise<FileFacts> => {
    const facts = await tree.facts(path);
    if (facts === undefined) throw failure("ENOENT");
    return facts;
  };
  const folder = async (path: TreePath): Promise<FileFacts> => {
    const facts = await there(path);
    if (!facts.isDirectory) throw failure("ENOTDIR");
    return facts;
  };
  return {
    there,
    folder,
    file: async (path) => {
      const facts = await there(path);
      if (facts.isDirectory) throw failure("EISDIR");
      return facts;
    },
    writable: async (path) => {
      if (path.length === 0) throw failure("EISDIR");
      await folder(path.slice(0, -1));
      if ((await tree.facts(path))?.isDirectory) throw failure("EISDIR");
    },
  };
}

type Changes = Pick<Files, "moveFile" | "moveDirectory" | "removeFile" | "removeDirectory" | "removeEmptyDirectory">;

function changesOf(tree: Tree, looks: Looks): Changes {
  /** Moves what is in a folder and then removes it: trees need not be able to move folders at once. */
  const moveFolder = async (from: TreePath, to: TreePath): Promise<void> => {
    await tree.makeFolder(to);
    for (const { name, isDirectory } of await tree.list(from))
      await (isDirectory ? moveFolder([...from, name], [...to, name]) : tree.move([...from, name], [...to, name]));
    await tree.remove(from);
  };
  const remove = (path: string, expected: (facts: FileFacts, names: TreePath) => Promise<boolean>): Promise<void> =>
    explained("remove", path, async () => {
      const names = namesOf(path);
      const facts = await tree.facts(names);
      if (facts !== undefined && (await expected(facts, names))) await tree.remove(names);
    });
  return {
    moveFile: (from, to) =>
      explained("rename", from, async () => {
        const [source, target] = [namesOf(from), namesOf(to)];
        await looks.file(source);
        await looks.writable(target);
        if (source.join("/") !== target.join("/")) await tree.move(source, target);
      }),
    moveDirectory: (from, to) =>
      explained("rename", from, async () => {
        const [source, target] = [namesOf(from), namesOf(to)];
        await looks.folder(source);
        await looks.folder(target.slice(0, -1));
        if ((await tree.facts(target)) !== undefined) throw failure("ENOTEMPTY");
        if (`${target.join("/")}/`.startsWith(`${source.join("/")}/`)) throw failure("EEXIST");
        await moveFolder(source, target);
      }),
    removeFile: (path) =>
      remove(path, async ({ isDirectory }) => {
        if (isDirectory) throw failure("EISDIR");
        return true;
      }),
    removeDirectory: (path) => remove(path, async () => true),
    removeEmptyDirectory: (path) =>
      remove(path, async ({ isDirectory }, names) => {
        if (!isDirectory) throw failure("ENOTDIR");
        return (await tree.list(names)).length === 0;
      }),
  };
}

async function openFile(tree: Tree, looks: Looks, path: string): Promise<OpenFile> {
  const names = namesOf(path);
  const { size } = await looks.file(names);
  return {
    size,
    read: (start, length) =>
      explained("read", path, async () => {
        const bytes = await tree.read(names, start, start + length);
        if (bytes.length < length)
          throw new FoveaError("file-changed", `cannot read ${path}: it ends before byte ${start + length}`);
        return bytes;
      }),
    close: async () => {},
  };
}

/** Writes a file piece by piece; what fails leaves nothing behind. */
async function writeWhole(tree: Tree, names: TreePath, pieces: Iterable<Uint8Array>): Promise<void> {
  const file = await tree.begin(names);
  let written = 0;
  try {
    for (const piece of pieces) {
      await file.write(piece, written);
      written += piece.length;
    }
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
}

async function makeFolders(tree: Tree, names: TreePath): Promise<void> {
  for (let depth = 1; depth <= names.length; depth++) {
    const path = names.slice(0, depth);
    const facts = await tree.facts(path);
    if (facts === undefined) await tree.makeFolder(path);
    else if (!facts.isDirectory) throw failure(depth === names.length ? "EEXIST" : "ENOTDIR");
  }
}

/** Writes the set into a folder beside, then gives each file its name: what fails before has changed nothing. */
async function replaceFiles(tree: Tree, files: Files, folder: string, set: FileSet): Promise<void> {
  const { files: contents, main, older, write = files.writeAtomic } = set;
  await files.makeDirectory(folder);
  await tree.sweep(namesOf(folder));
  const temporary = temporaryName();
  const made = joinPath(folder, temporary);
  // By the lock a sweep knows that somebody is still at work in there.
  await exclusively(tree, temporary, async () => {
    try {
      await files.makeDirectory(made);
      for (const [name, content] of contents) {
        if ((await files.stat(joinPath(folder, name)))?.isDirectory)
          throw new FoveaError(
            "wrong-file-kind",
            `cannot write ${joinPath(folder, name)}: it is a folder, a file was expected`,
          );
        await write(joinPath(made, name), content);
      }
      const gone = (await older?.(folder)) ?? [];
      if (main !== undefined) await files.removeFile(joinPath(folder, main));
      for (const name of gone) if (!contents.has(name)) await files.removeFile(joinPath(folder, name));
      const order = [...contents.keys()].sort((a, b) => Number(a === main) - Number(b === main));
      for (const name of order) await files.moveFile(joinPath(made, name), joinPath(folder, name));
    } finally {
      await files.removeDirectory(made);
    }
  });
}

async function exclusively<T>(tree: Tree, name: string, work: () => Promise<T>): Promise<T> {
  const lock = await tree.lock(name);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

const piecesOf = (content: Uint8Array | string | Iterable<Uint8Array>): Iterable<Uint8Array> =>
  typeof content === "string"
    ? [new TextEncoder().encode(content)]
    : content instanceof Uint8Array
      ? [content]
      : content;
