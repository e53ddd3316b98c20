// Archives of what a reader brings or makes, in one folder of the home: written whole or not at all, each under a name of its
// own, also where several of one name come at the same time.
import { filesHere } from "fovea/files";
import { archiveNames, UPLOADS } from "../contract/upload.js";

/** Paths of archives that are being written, which are not there yet. */
const taken = new Set<string>();

/** Writes the pieces of an archive, one after the other. */
export type WritePiece = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes an archive under the first name that is free.
 * @param home the folder that has the one of archives
 * @param wanted a name, of which only what may stand in a name of a file is used
 * @param fill writes the archive's pieces
 * @returns its path @throws what `fill` throws, with nothing left behind
 */
export async function writeArchive(
  home: string,
  wanted: string,
  fill: (write: WritePiece) => Promise<void>,
): Promise<string> {
  const folder = `${home}/${UPLOADS}`;
  await filesHere.makeDirectory(folder);
  const path = await freePath(folder, wanted);
  try {
    const file = await filesHere.beginFile(path);
    let at = 0;
    try {
      await fill(async (bytes) => {
        await file.write(bytes, at);
        at += bytes.length;
      });
      await file.commit();
    } catch (error) {
      await file.discard();
      throw error;
    }
  } finally {
    taken.delete(path);
  }
  return path;
}

/** Removes an archive, which must lie in the folder of archives; what lies elsewhere stays. */
export async function discardArchive(home: string, path: string): Promise<void> {
  const folder = `${home}/${UPLOADS}/`;
  if (path.startsWith(folder) && !/[\\/]/.test(path.slice(folder.length))) await filesHere.removeFile(path);
}

/** The first path that nobody has, which is taken from then on. */
async function freePath(folder: string, wanted: string): Promise<string> {
  for (const name of archiveNames(wanted)) {
    const path = `${folder}/${name}`;
    if (taken.has(path)) continue;
    taken.add(path);
    if (!(await filesHere.exists(path))) return path;
    taken.delete(path);
  }
  throw new Error("there are names without end");
}
