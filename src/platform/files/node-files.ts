// Node's disk as a file system: the functions of this room put together.
import { AppendLog } from "../append-log.js";
import * as disk from "../files.js";
import { replaceFiles } from "../folders.js";
import { sweepLeftovers } from "../leftovers.js";
import { describeHolder, isLock, tryLock } from "../locks.js";
import { nodeModule } from "../node.js";
import { beginFile, openFile } from "../random-access.js";
import type { Files } from "./files.js";

/** Node's disk. Relative paths begin where the process runs. */
export const nodeFiles: Files = {
  name: "disk",
  readBytes: disk.readBytes,
  readText: disk.readText,
  openFile,
  writeAtomic: disk.writeAtomic,
  beginFile,
  appendToFile: disk.appendToFile,
  listDirectory: disk.listDirectory,
  stat: disk.stat,
  exists: disk.exists,
  realPath: disk.realPath,
  makeDirectory: disk.makeDirectory,
  claimDirectory: disk.claimDirectory,
  moveFile: disk.moveFile,
  moveDirectory: disk.moveDirectory,
  removeFile: disk.removeFile,
  removeDirectory: disk.removeDirectory,
  removeEmptyDirectory: disk.removeEmptyDirectory,
  replaceFiles,
  sweepLeftovers,
  tryLock: async (path) => {
    const result = await tryLock(path);
    if (isLock(result)) return result;
    return { heldBy: await describeHolder(result), remedy: `if there is no such process, remove ${path}` };
  },
  openLog: (path, { lockGrace, readOnly } = {}) => AppendLog.open(path, lockGrace, readOnly),
  touch: async (path) => {
    const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
    // A disk that may only be read serves as well.
    await fs.utimes(path, new Date(), new Date()).catch(() => {});
  },
  cacheDirectory: disk.cacheDirectory,
  cachePath: disk.cachePath,
};
