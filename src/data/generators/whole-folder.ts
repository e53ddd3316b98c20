// Folders of generated files that appear whole or not at all: made in a hidden folder and renamed when complete.
import { FoveaError } from "../../core/errors.js";
import {
  listDirectory,
  makeDirectory,
  moveDirectory,
  removeDirectory,
  stat,
  writeUnsynced,
} from "../../platform/files.js";
import { isTemporary, sweepLeftovers, temporaryIn } from "../../platform/leftovers.js";
import { joinPath, parentFolder } from "../../platform/paths.js";

/** Files being written at a time: enough to keep the disk busy, few enough for every system's limit of open files. */
const AT_ONCE = 64;

/** A file of a generated folder: its path with `/` below the folder. */
export interface GeneratedFile {
  /** The path with `/` below the folder. */
  readonly path: string;
  /** The file's contents. */
  readonly content: Uint8Array;
}

/**
 * Writes files below `directory`, which is new or empty. They are made in a hidden folder (in `directory` where that is
 * there, else beside it) and renamed when all are there, so that a broken-off run leaves nothing that could be taken for
 * a whole one.
 * @param files asked for as fast as the disk takes them
 * @param onFile called with the number of files that are written
 * @param signal breaks off: all that was made is removed and the signal's reason thrown
 * @throws FoveaError when `directory` has something in it, and for what the disk refuses.
 * @example await writeWholeFolder("made", [{ path: "a.txt", content: Uint8Array.of(65) }]);
 */
export async function writeWholeFolder(
  directory: string,
  files: Iterable<GeneratedFile> | AsyncIterable<GeneratedFile>,
  onFile: (done: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const isThere = await checkFree(directory);
  const beside = isThere ? directory : parentFolder(directory);
  await sweepLeftovers(beside);
  const partial = await temporaryIn(beside);
  try {
    await makeDirectory(partial);
    await writeFiles(partial, files, onFile, signal);
    if (isThere)
      for (const { name } of await listDirectory(partial))
        await moveDirectory(joinPath(partial, name), joinPath(directory, name));
    else await moveDirectory(partial, directory);
  } finally {
    await removeDirectory(partial);
  }
}

/** True where the folder is there already; it must be empty then. */
async function checkFree(directory: string): Promise<boolean> {
  const facts = await stat(directory);
  if (facts === undefined) return false;
  if (!facts.isDirectory)
    throw new FoveaError("wrong-file-kind", `${directory} is a file; give the name of a new folder`);
  if ((await listDirectory(directory)).some(({ name }) => !isTemporary(name)))
    throw new FoveaError("already-exists", `${directory} is not empty; give a new or an empty folder`);
  return true;
}

async function writeFiles(
  folder: string,
  files: Iterable<GeneratedFile> | AsyncIterable<GeneratedFile>,
  onFile: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let pending: Promise<void>[] = [];
  let done = 0;
  const made = new Set<string>();
  try {
    for await (const { path, content } of files) {
      const target = joinPath(folder, path);
      const parent = parentFolder(target);
      if (!made.has(parent)) await makeDirectory(parent);
      made.add(parent);
      const write = writeUnsynced(target, content);
      // Promise.all tells of a failure; until then Node must not take it for one that nobody handles.
      write.catch(() => {});
      pending.push(write);
      done++;
      if (pending.length < AT_ONCE) continue;
      await Promise.all(pending);
      pending = [];
      signal?.throwIfAborted();
      onFile(done);
    }
    await Promise.all(pending);
    onFile(done);
  } finally {
    // Nothing may still be writing when the folder is removed.
    await Promise.allSettled(pending);
  }
}
