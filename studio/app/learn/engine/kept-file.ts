// Files of one's own that the worker keeps: in memory, and in the browser's private file system where there is one, so that
// they are there after a reload.
import { filesHere } from "fovea/files";

const FOLDER = "studio/learn";

export interface KeptFile {
  /** The bytes that were kept last; undefined where none were. */
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
}

export function keptFile(name: string): KeptFile {
  const path = `${FOLDER}/${name}`;
  let kept: Uint8Array | undefined;
  return {
    read: async () => {
      kept ??= await filesHere.readBytes(path).catch(() => undefined);
      return kept;
    },
    write: async (bytes) => {
      kept = bytes;
      try {
        await filesHere.makeDirectory(FOLDER);
        await filesHere.writeAtomic(path, bytes);
      } catch {
        // Private windows may refuse; the file then lasts as long as the page.
      }
    },
  };
}
