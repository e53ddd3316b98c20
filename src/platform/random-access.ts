// Files of which only some places are read, and files that are written piece by piece at the places where the pieces
// belong. Neither is ever wholly in memory.
import { FoveaError } from "../core/errors.js";
import { explained, moveFile, readAll, removeFile, writeAll } from "./files.js";
import { sweepOnce, temporaryIn } from "./leftovers.js";
import { nodeModule } from "./node.js";
import { parentFolder } from "./paths.js";
import { checkRegular } from "./regular-files.js";

/** A file that is open for reading. */
export interface OpenFile {
  readonly size: number;
  /** Bytes `start` to `start + length` in memory of their own. @throws FoveaError where the file ends before. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A file that gets its name once all of it is written. */
export interface PendingWrite {
  /** Writes bytes at a place; pieces may come in any order. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Flushes what is written and gives the file its name, in place of a file of that name. */
  commit(): Promise<void>;
  /** Removes what is written; nothing happens after `commit`. */
  discard(): Promise<void>;
}

const promises = (): Promise<typeof import("node:fs/promises")> => nodeModule("fs/promises");

/**
 * Opens a file for reading at any place; several reads may go on at once.
 * @throws FoveaError when it cannot be opened, or is no regular file
 */
export function openFile(path: string): Promise<OpenFile> {
  return explained("read", path, async () => {
    const fs = await promises();
    const stats = await fs.stat(path);
    checkRegular(path, stats);
    const file = await fs.open(path, "r");
    const read = (start: number, length: number) =>
      explained("read", path, async () => {
        const bytes = new Uint8Array(length);
        if ((await readAll(file, bytes, start)) < length)
          throw new FoveaError("file-changed", `cannot read ${path}: it ends before byte ${start + length}`);
        return bytes;
      });
    return { size: stats.size, read, close: () => file.close() };
  });
}

/**
 * Begins a file under a temporary name beside `path`, which a process that is killed leaves to be swept.
 * @throws FoveaError when the disk refuses it; so do `write` and `commit`
 */
export function beginFile(path: string): Promise<PendingWrite> {
  return explained("write", path, async () => {
    const fs = await promises();
    const folder = parentFolder(path);
    await sweepOnce(folder);
    const temporary = await temporaryIn(folder);
    const file = await fs.open(temporary, "wx");
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (isOpen) await file.close();
      isOpen = false;
    };
    return {
      write: (bytes, position) => explained("write", path, () => writeAll(file, bytes, position)),
      commit: () =>
        explained("write", path, async () => {
          await file.sync();
          await close();
          await moveFile(temporary, path);
        }),
      discard: async () => {
        await close();
        await removeFile(temporary);
      },
    };
  });
}
