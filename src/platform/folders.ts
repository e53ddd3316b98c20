// Folders whose files belong together, such as a model and its shards: a new set takes the place of an older one whole.
// Killed at any moment, a folder holds the old set, the new one, or (for the moment between two renames) none that can be
// opened; never parts of both.
import {
  absolutePath,
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
import { setAsideIn, sweepLeftovers, temporaryIn } from "./leftovers.js";
import { exclusively } from "./locks.js";
import { nodeModule } from "./node.js";
import { baseName, joinPath, parentFolder } from "./paths.js";

/** Files that belong together. */
export interface FileSet {
  /** Contents by file name, without folders. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** The file that is opened first and names the others; without it the set counts as absent. */
  readonly main?: string;
  /** Tells whether a file of this name is part of such a set, so that older ones go; by default those in `files`. */
  readonly isPart?: (name: string) => boolean;
  /** Writes a file, whole or not at all. Default `writeAtomic`. */
  readonly write?: (path: string, content: Uint8Array | string) => Promise<void>;
}

/**
 * Puts a set of files into a folder, which is made when absent, in place of an older set. Other files there stay.
 * @throws FoveaError when something cannot be written; the older set is as before then.
 */
export async function replaceFiles(folder: string, set: FileSet): Promise<void> {
  const there = await stat(folder);
  const target = await absolutePath(there === undefined ? folder : await realPath(folder));
  const parent = parentFolder(target);
  await makeDirectory(parent);
  await sweepLeftovers(parent);
  if (there === undefined || (await isWholeSet(target, set))) {
    try {
      return await exclusively(joinPath(parent, `.${baseName(target)}.fovea-lock`), () => swapWhole(target, set));
    } catch (error) {
      // A folder that is a mount, is open on Windows, or lies in one that may not be changed is filled where it is.
      if (there === undefined || !HELD.includes(codeOf((error as Error).cause))) throw error;
    }
  }
  await sweepLeftovers(target);
  await exclusively(joinPath(target, ".fovea-lock"), () => fill(target, set));
}

const HELD = ["EACCES", "EPERM", "EBUSY", "EROFS", "EXDEV", "ENOTEMPTY", "EEXIST"];

const codeOf = (error: unknown): string => (error as { code?: string } | null | undefined)?.code ?? "";

const partOf = ({ files, isPart = (name) => files.has(name) }: FileSet, name: string): boolean =>
  files.has(name) || isPart(name);

/** Tells whether a folder holds an older set and nothing else, and this process does not work in it. */
async function isWholeSet(target: string, set: FileSet): Promise<boolean> {
  const entries = await listDirectory(target);
  if (set.main !== undefined && !entries.some(({ name }) => name === set.main)) return false;
  const isInside = `${process.cwd()}/`.replaceAll("\\", "/").startsWith(`${target.replaceAll("\\", "/")}/`);
  return !isInside && entries.length > 0 && entries.every(({ name, isDirectory }) => !isDirectory && partOf(set, name));
}

/** Writes the set beside the folder, then exchanges the two. */
async function swapWhole(target: string, { files, write = writeAtomic }: FileSet): Promise<void> {
  const parent = parentFolder(target);
  const made = await temporaryIn(parent);
  try {
    await makeDirectory(made);
    for (const [name, content] of files) await write(joinPath(made, name), content);
    if ((await stat(target)) === undefined) return await moveDirectory(made, target);
    const aside = await setAsideIn(parent, baseName(target));
    const { renameSync } = await nodeModule<typeof import("node:fs")>("fs");
    // Blocking calls leave the shortest moment in which no folder has the name; Windows may need the patient ones.
    await quickly(
      () => renameSync(target, aside),
      () => moveDirectory(target, aside),
    );
    try {
      await quickly(
        () => renameSync(made, target),
        () => moveDirectory(made, target),
      );
    } catch (error) {
      await moveDirectory(aside, target);
      throw error;
    }
    // Files that a program still reads there stay for the next sweep.
    await removeDirectory(aside).catch(() => {});
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
async function fill(target: string, { files, main, isPart, write = writeAtomic }: FileSet): Promise<void> {
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
    // A name that only looks like a part is no older set's where there was none.
    for (const { name, isDirectory } of main === undefined || hadMain ? await listDirectory(target) : [])
      if (!isDirectory && !files.has(name) && isPart?.(name)) await removeFile(joinPath(target, name));
  } finally {
    for (const path of [aside, ...made.values()]) await removeFile(path);
  }
}
