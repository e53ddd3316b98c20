// The place of a label journal: beside the data.
import { FoveaError } from "../../core/errors.js";
import { LABEL_JOURNAL, SPLIT_NAMES } from "../../data/index.js";
import type { Files } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { baseName, joinPath, parentFolder } from "../../platform/paths.js";

/** Places of journals. */
export interface JournalPlace {
  /** Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
}

/**
 * Path of the label journal of some data: `labels.journal` in a folder of images, also in one with a `manifest.csv`, and
 * `NAME.labels.journal` beside a file such as an archive. There need be none.
 * @param path Folder, manifest or archive.
 * @example await journalPath("photos.zip") // "photos.zip.labels.journal"
 */
export async function journalPath(path: string, { files = filesHere }: JournalPlace = {}): Promise<string> {
  if ((await files.stat(path))?.isDirectory) return joinPath(path, LABEL_JOURNAL);
  if (baseName(path).toLowerCase() === "manifest.csv") return joinPath(parentFolder(path), LABEL_JOURNAL);
  return `${path}.${LABEL_JOURNAL}`;
}

const SPLIT_FOLDERS: readonly string[] = Object.values(SPLIT_NAMES).flat();

/** Paths of the parts of some data. */
export interface PartPaths {
  readonly train: string;
  readonly validation?: string | undefined;
  readonly test?: string | undefined;
}

/** Path of the label journal that lies beside some data, where there is one. @throws FoveaError for two */
export async function journalBeside(
  paths: PartPaths,
  { files = filesHere }: JournalPlace = {},
): Promise<string | undefined> {
  const found = new Set<string>();
  for (const path of [paths.train, paths.validation, paths.test]) {
    if (path === undefined) continue;
    const beside = await journalPath(path, { files });
    // The folder that a program runs in has no name of its own.
    const named = /^\.{1,2}$/.test(baseName(path)) ? await files.realPath(path) : path;
    const isPart = SPLIT_FOLDERS.includes(baseName(named).toLowerCase());
    for (const candidate of [beside, ...(isPart ? [joinPath(parentFolder(named), LABEL_JOURNAL)] : [])])
      if ((await files.stat(candidate))?.isDirectory === false) found.add(candidate);
  }
  const [first, second] = found;
  if (second !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `${first} and ${second}: data have one label journal; keep the one beside all of their folders`,
    );
  return first;
}
