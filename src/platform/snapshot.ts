// Copies of files that belong together, all as they were at one moment, in a temporary folder: what reading a database
// takes that others may be writing, or that nobody may write. Copies of a process that was killed go with the next copy.
import { FoveaError } from "../core/errors.js";
import { explained } from "./files.js";
import { sweepLeftovers, temporaryIn } from "./leftovers.js";
import { nodeModule } from "./node.js";
import { baseName, joinPath } from "./paths.js";

type Fs = typeof import("node:fs/promises");

export interface Snapshot {
  /** The copy of the first file; those of the others lie beside it under their own names. */
  readonly path: string;
  /** Removes the copies. */
  remove(): Promise<void>;
}

const ATTEMPTS = 20;
/** Milliseconds before the next attempt. */
const PAUSE = 25;

/**
 * Copies a file and those of `besides` that exist.
 * @throws FoveaError when they cannot be read, there is no room, or they change all the time
 */
export async function snapshotOf(file: string, besides: readonly string[] = []): Promise<Snapshot> {
  const fs = await nodeModule<Fs>("fs/promises");
  const { tmpdir } = await nodeModule<typeof import("node:os")>("os");
  await sweepLeftovers(tmpdir());
  const folder = await temporaryIn(tmpdir());
  await explained("make the folder", folder, () => fs.mkdir(folder, { mode: 0o700 }));
  const remove = (): Promise<void> => fs.rm(folder, { recursive: true, force: true });
  const files = [file, ...besides];
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await markOf(fs, files);
      for (const path of files) await copyInto(fs, folder, path, path !== file);
      if ((await markOf(fs, files)) === before) return { path: joinPath(folder, baseName(file)), remove };
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
    throw new FoveaError(
      "in-use",
      `${file}: it changes all the time and cannot be read from outside; try again in a moment`,
    );
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Changes whenever one of the files does. */
async function markOf(fs: Fs, files: readonly string[]): Promise<string> {
  const facts = files.map((path) =>
    fs.stat(path, { bigint: true }).then(
      ({ ino, size, mtimeNs, ctimeNs }) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
      () => "",
    ),
  );
  return (await Promise.all(facts)).join("\n");
}

/** Faults that only the disk of a copy can have. */
const OF_COPY = ["ENOSPC", "EDQUOT", "EROFS", "EFBIG"];

/** @throws FoveaError that names the copy where its disk is the matter, else the file */
async function copyInto(fs: Fs, folder: string, path: string, mayBeMissing: boolean): Promise<void> {
  const copy = joinPath(folder, baseName(path));
  await fs.rm(copy, { force: true });
  try {
    await fs.copyFile(path, copy);
    await fs.chmod(copy, 0o600);
  } catch (error) {
    const { code = "" } = error as { readonly code?: string };
    if (mayBeMissing && code === "ENOENT") return;
    const [what, where] = OF_COPY.includes(code) ? (["write", copy] as const) : (["copy", path] as const);
    await explained(what, where, () => Promise.reject(error));
  }
}
