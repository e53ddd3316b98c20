// Files that a page was given, dropped or picked: a browser's `File` objects, those of a folder with their paths in it.
import { FoveaError, shown } from "../../core/errors.js";
import { type FileSet, fileSetOf, type StoredFile } from "./file-set.js";

/** A browser's `File`, as far as it is used; `webkitRelativePath` is set where a whole folder was picked. */
export interface PageFile {
  /** The file's name. */
  readonly name: string;
  /** Bytes of the file. */
  readonly size: number;
  /** The path within a picked folder. */
  readonly webkitRelativePath?: string;
  /** Bytes from `start` to `end`, the end excluded. */
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** The files of a page as a source's files. @throws FoveaError for two files with one path, or none at all. */
export function pageFiles(files: Iterable<PageFile>, where = "the files of the page"): FileSet {
  const found = new Map<string, StoredFile>();
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    if (typeof path !== "string" || typeof file.slice !== "function")
      throw new FoveaError(
        "wrong-type",
        `${where}: expected a list of File objects, received ${shown(file)} among them`,
      );
    if (found.has(path))
      throw new FoveaError(
        "duplicate",
        `${where}: there are two files ${JSON.stringify(path)}; pick their folder, or rename one`,
      );
    found.set(path, storedIn(file));
  }
  if (found.size === 0)
    throw new FoveaError("empty-input", `${where}: expected at least one file, received none; pick files or a folder`);
  return fileSetOf(where, found);
}

function storedIn(file: PageFile): StoredFile {
  const range = async (start: number, length: number): Promise<Uint8Array> =>
    new Uint8Array(await file.slice(start, Math.min(file.size, start + length)).arrayBuffer());
  return { size: file.size, range, bytes: () => range(0, file.size) };
}
