// Files that a model is asked about, as a user names them: images, arrays and tables of numbers, folders, and the images of
// manifests, archives, IDX and GNT files, whose targets nobody asks for.
import { FoveaError } from "../../core/errors.js";
import { isClassFolder, isTable, openSource } from "../../data/index.js";
import { blockingFiles, stat } from "../../platform/files.js";
import { extensionOf, joinPath } from "../../platform/paths.js";
import { expanded, imagePaths } from "../data/image-paths.js";

/** An image that is not read before its turn comes. */
export interface AskedFile {
  /** Name in answers and messages. */
  readonly name: string;
  /** A path, or a function that brings the bytes of an image file. */
  readonly source: string | (() => Promise<Uint8Array>);
}

const ARCHIVES = [".zip", ".gnt", ".gz"];
const TABLES = [".csv", ".tsv"];

/** Checks whether a path is a source of images beside plain images and folders of them. */
async function isSource(path: string): Promise<boolean> {
  const facts = await stat(path);
  if (facts === undefined) return false;
  if (facts.isDirectory) return !(await isClassFolder(path));
  const extension = extensionOf(path).toLowerCase();
  if (TABLES.includes(extension)) return !(await isTable(path));
  return ARCHIVES.includes(extension) || /-ubyte$/.test(path);
}

/**
 * All files that are named: as `imagePaths` gives them, and the images of manifests, of folders with one, of archives,
 * IDX and GNT files. Tables without a column of paths stay as they are: rows of numbers. A row of a manifest without an
 * image is an error when its turn comes.
 * @param typed paths, folders and patterns with `*`, as users type them
 * @throws FoveaError for a pattern that matches nothing, a folder without images, and a source that cannot be opened
 * @example await askedFiles(["photos", "claims.csv", "new.zip"])
 */
export async function askedFiles(typed: readonly string[]): Promise<AskedFile[]> {
  const files: AskedFile[] = [];
  const plain: string[] = [];
  const flush = async (): Promise<void> => {
    for (const path of await imagePaths(plain)) files.push({ name: path, source: path });
    plain.length = 0;
  };
  for (const text of typed) {
    const matches = await expanded([text]);
    // A pattern may match a folder and the files in it, which `imagePaths` tells apart.
    if (matches.length !== 1 || matches[0] !== text || !(await isSource(text))) {
      plain.push(text);
      continue;
    }
    await flush();
    for (const file of await imagesOf(text)) files.push(file);
  }
  await flush();
  return files;
}

async function imagesOf(path: string): Promise<AskedFile[]> {
  const { listing } = await openSource(path, { imagesOnly: true });
  if (listing.images.length === 0) throw new FoveaError("no-images", `${path}: there are no images in it`);
  const disk = await blockingFiles();
  const folder = disk.stat(path)?.isDirectory === true ? path : undefined;
  return listing.images.map(({ path: name, source, isLost }) => ({
    name: typeof source === "string" ? source : isLost ? name : joinPath(folder ?? path, name),
    source,
  }));
}
