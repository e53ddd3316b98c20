// Folders whose files belong together, such as a model and its shards: a new set takes the place of an older one whole.
// Killed at any moment, a folder holds the old set, the new one, or (for the moment between two renames) none that can be
// opened; never parts of both.
import { FoveaError } from "../core/errors.js";
import {
  absolutePath,
  explained,
  listDirectory,
  makeDirectory,
  moveDirectory,
  moveFile,
  realPath,
  removeDirectory,
  removeFile,
  stat,
  writeAtomic,
} from "./files.js";
import { clearSetAside, noteParts, setAsideIn, sweepLeftovers, temporaryIn } from "./leftovers.js";
import { exclusively } from "./locks.js";
import { nodeModule } from "./node.js";
import { baseName, joinPath, parentFolder } from "./paths.js";

/** Files that belong together. */
export interface FileSet {
  /** Contents by file name, without folders. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** The file that is opened first and names the others; without it the set counts as absent. */
  readonly main?: string;
  /**
   * Reads from a folder which of its files are an older set's, so that they go. All others, but those that `files` names,
   * are somebody else's and stay. Default: none.
   */
  readonly older?: (folder: string) => Promise<readonly string[]>;
  /** Writes a file, whole or not at all. Default `writeAtomic`. */
  readonly write?: (path: string, content: Uint8Array | string) => Promise<void>;
}

/** The file that a process holds while it works in a folder. */
const LOCK = ".fovea-lock";

/**
 * Puts a set of files into a folder, which is made when absent, in place of an older set. Other files there stay.
 * @throws FoveaError when something cannot be written, or a folder has the name of a file; the older set is as before then
 */
export async function replaceFiles(folder: string, set: FileSet): Promise<void> {
  const there = await stat(folder);
  const target = await absolutePath(there === undefined ? folder : await realPath(folder));
  const parent = parentFolder(target);
  await makeDirectory(parent);
  await sweepLeftovers(parent);
  let isHeld = false;
  try {
    return await exclusively(joinPath(parent, `.${baseName(target)}${LOCK}`), () => {
      isHeld = true;
      return replaceIn(target, set);
    });
  } catch (error) {
    // In a folder that may not be changed there are no locks beside the target.
    if (there === undefined || isHeld || !isRefusal(error)) throw error;
  }
  await fill(target, set);
}

/** Replaces a set, which is looked at under the lock and again after an exchange: people and programs use no locks. */
async function replaceIn(target: string, set: FileSet): Promise<void> {
  const isThere = (await stat(target)) !== undefined;
  if (isThere) await sweepLeftovers(target);
  const parts = isThere ? await wholeSet(target, set) : [];
  if (parts !== undefined) {
    try {
      return await swapWhole(target, set, isThere ? parts : undefined);
    } catch (error) {
      // A folder that is a mount, is open on Windows, or that somebody made meanwhile is filled where it is.
      if (!isRefusal(error)) throw error;
    }
  }
  await makeDirectory(target);
  await fill(target, set);
}

const REFUSALS = ["EACCES", "EPERM", "EBUSY", "EROFS", "EXDEV", "ENOTEMPTY", "EEXIST"];

/** Checks whether a rename or a new file was refused that may be allowed elsewhere. */
function isRefusal(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: string; readonly cause?: { readonly code?: string } | null };
  return [code, cause?.code].some((reason) => REFUSALS.includes(reason ?? ""));
}

/** The files of a folder that holds a set and nothing else, and that this process does not work in. */
async function wholeSet(target: string, { files, main, older }: FileSet): Promise<string[] | undefined> {
  const entries = await listDirectory(target);
  if (main !== undefined && !entries.some(({ name }) => name === main)) return undefined;
  const isInside = `${process.cwd()}/`.replaceAll("\\", "/").startsWith(`${target.replaceAll("\\", "/")}/`);
  const parts = new Set([...files.keys(), ...((await older?.(target)) ?? [])]);
  const isWhole = entries.length > 0 && entries.every(({ name, isDirectory }) => !isDirectory && parts.has(name));
  return isWhole && !isInside ? entries.map(({ name }) => name) : undefined;
}

/**
 * Writes the set beside the folder, then exchanges the two. Files that come into the folder until then are carried
 * over.
 * @param parts the files that the folder has, undefined where there is no folder
 */
async function swapWhole(
  target: string,
  { files, main, write = writeAtomic }: FileSet,
  parts: readonly string[] | undefined,
): Promise<void> {
  const parent = parentFolder(target);
  const made = await temporaryIn(parent);
  try {
    await makeDirectory(made);
    for (const [name, content] of files) await write(joinPath(made, name), content);
    if (parts === undefined) return await moveDirectory(made, target);
    const aside = await setAsideIn(parent, baseName(target));
    const sign = main ?? [...files.keys()][0] ?? "";
    const note = await explained("write into", target, () => noteParts(target, parts, sign));
    const { renameSync } = await nodeModule<typeof import("node:fs")>("fs");
    // Blocking calls leave the shortest moment in which no folder has the name; Windows may need the patient ones.
    try {
      await quickly(
        () => renameSync(target, aside),
        () => moveDirectory(target, aside),
      );
    } catch (error) {
      await removeFile(note);
      throw error;
    }
    try {
      await quickly(
        () => renameSync(made, target),
        () => moveDirectory(made, target),
      );
    } finally {
      // Files that a program still reads there stay for the next sweep. Without a new folder the old one comes back.
      await clearSetAside(aside, target).catch(() => {});
    }
  } finally {
    await removeDirectory(made);
  }
}

async function quickly(attempt: () => void, otherwise: () => Promise<void>): Promise<void> {
  try {
    attempt();
  } catch {
    await otherwise();
  }
}

/** Writes the set into the folder under other names, then gives each its own; the main file goes first and comes last. */
function fill(target: string, { files, main, older, write = writeAtomic }: FileSet): Promise<void> {
  return exclusively(joinPath(target, LOCK), async () => {
    await sweepLeftovers(target);
    for (const name of files.keys())
      if ((await stat(joinPath(target, name)))?.isDirectory)
        throw new FoveaError(
          "wrong-file-kind",
          `cannot write ${joinPath(target, name)}: a folder of that name is in the way`,
        );
    const made = new Map<string, string>();
    const aside = await temporaryIn(target);
    try {
      for (const [name, content] of files) {
        const path = await temporaryIn(target);
        made.set(name, path);
        await write(path, content);
      }
      const old = main === undefined ? undefined : joinPath(target, main);
      const hadMain = old !== undefined && (await stat(old)) !== undefined;
      const parts = main === undefined || hadMain ? ((await older?.(target)) ?? []) : [];
      if (hadMain) await moveFile(old, aside);
      let moved = 0;
      try {
        const order = [...made].sort(([a], [b]) => Number(a === main) - Number(b === main));
        for (const [name, path] of order) {
          await moveFile(path, joinPath(target, name));
          moved++;
        }
      } catch (error) {
        if (hadMain && moved === 0) await moveFile(aside, old);
        throw error;
      }
      for (const { name, isDirectory } of await listDirectory(target))
        if (parts.includes(name) && !isDirectory && !files.has(name)) await removeFile(joinPath(target, name));
    } finally {
      for (const path of [aside, ...made.values()]) await removeFile(path);
    }
  });
}
