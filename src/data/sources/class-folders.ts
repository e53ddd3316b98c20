// Class folders as a listing: one folder of images for each class, or Train, Val and Test with such folders in each; and
// images without classes, which a model is asked about. On the disk the scan is that of folders.ts.
import { FoveaError } from "../../core/errors.js";
import { byCodePoint } from "../../core/text-order.js";
import { blockingFiles } from "../../platform/files.js";
import { baseName, joinPath } from "../../platform/paths.js";
import { findSplits, isImageName, type Problem, SPLIT_NAMES, scanImageFolder, toClasses } from "../folders.js";
import { scanLooseImages } from "../loose-images.js";
import { PART_NAMES, type PartName } from "../split/part-name.js";
import type { FileSet } from "./file-set.js";
import type { ListedImage, Listing } from "./listing.js";

/** The column of class folders. */
export const CLASS_COLUMN = "class";

/** A listing, and what lies among its images and is none. */
export interface FolderListing extends Listing {
  /** Files that are no images, and class folders without any. */
  readonly problems: readonly Problem[];
}

/** Images on the disk by their paths below a folder. @param prefix stands before these paths in the listing */
export async function imagesOnDisk(folder: string, paths: readonly string[], prefix = ""): Promise<ListedImage[]> {
  const disk = await blockingFiles();
  return paths.map((path) => {
    const source = joinPath(folder, path);
    return { path: joinPath(prefix, path), size: disk.stat(source)?.size ?? 0, source };
  });
}

/** Lists class folders on the disk; those of splits say which part their images are in. @throws as scanImageFolder */
export async function classFolderListing(folder: string): Promise<FolderListing> {
  const splits = await findSplits(folder);
  const parts = PART_NAMES.flatMap((part) => (splits[part] === undefined ? [] : [{ part, path: splits[part] }]));
  const images: ListedImage[] = [];
  const labels: string[] = [];
  const split: PartName[] = [];
  const problems: Problem[] = [];
  let classNames: readonly string[] | undefined;
  for (const { part, path } of parts.length === 0 ? [{ part: undefined, path: folder }] : parts) {
    const prefix = part === undefined ? "" : baseName(path);
    const scanned = await scanImageFolder(path, { classNames });
    // Later parts have no others than the first, and may lack some.
    classNames ??= scanned.classNames;
    const paths = scanned.files.map((file) => file.path);
    for (const image of await imagesOnDisk(path, paths, prefix)) images.push(image);
    for (const { classIndex } of scanned.files) {
      labels.push(classNames[classIndex]!);
      if (part !== undefined) split.push(part);
    }
    for (const problem of scanned.problems) problems.push({ ...problem, path: joinPath(prefix, problem.path) });
  }
  const columns = { [CLASS_COLUMN]: labels };
  return { where: folder, images, columns, ...(split.length > 0 && { split }), findings: [], problems };
}

/** Lists the images of a folder on the disk that are in no class folders. @throws as scanLooseImages */
export async function looseListing(folder: string): Promise<FolderListing> {
  const { files, problems } = await scanLooseImages(folder);
  const images = await imagesOnDisk(
    folder,
    files.map(({ path }) => path),
  );
  return { where: folder, images, columns: {}, findings: [], problems };
}

/**
 * Lists the images of a set of files: by class folders, by those of splits, or without classes where images lie in
 * fewer than two folders.
 * @throws FoveaError where there is no image, and for a class that the first part lacks
 */
export function fileSetListing(files: FileSet): FolderListing {
  const { where } = files;
  const paths = files.paths.filter(isImageName);
  const problems = files.paths
    .filter((path) => !isImageName(path))
    .map((path) => ({ path, reason: "not an image by its extension" }));
  if (paths.length === 0)
    throw new FoveaError(
      "no-images",
      `${where} holds no images; expected PNG, JPEG, GIF, BMP or WebP files, or folders of them`,
    );
  const images = paths.sort(byCodePoint).map((path): ListedImage => {
    const file = files.file(path)!;
    return { path, size: file.size, source: file.disk ?? file.bytes };
  });
  const parts = paths.map(splitOf);
  const isSplit = parts.every((part) => part !== undefined) && new Set(parts).size > 1;
  const classes = paths.map((path) => path.split("/").slice(isSplit ? 1 : 0, -1)[0] ?? "");
  if (new Set(classes).size < 2 || classes.includes("")) return { where, images, columns: {}, findings: [], problems };
  if (!isSplit) return { where, images, columns: { [CLASS_COLUMN]: classes }, findings: [], problems };
  const labels = labelsOfParts(where, paths, parts, classes);
  return { where, images, columns: { [CLASS_COLUMN]: labels }, split: parts, findings: [], problems };
}

/** Classes of images as the first part spells them, as on the disk. */
function labelsOfParts(
  where: string,
  paths: readonly string[],
  parts: readonly (PartName | undefined)[],
  classes: readonly string[],
): string[] {
  const labels = [...classes];
  let classNames: readonly string[] | undefined;
  for (const part of PART_NAMES) {
    const rows = [...parts.keys()].filter((row) => parts[row] === part);
    if (rows.length === 0) continue;
    const labelled = rows.map((row) => ({ path: paths[row]!, label: classes[row]! }));
    const found = toClasses(joinPath(where, paths[rows[0]!]!.split("/")[0]!), labelled, classNames);
    classNames ??= found.classNames;
    for (const [i, { classIndex }] of found.files.entries()) labels[rows[i]!] = classNames[classIndex]!;
  }
  return labels;
}

/** The part whose folder a path begins with, where class folders lie in it. */
function splitOf(path: string): PartName | undefined {
  const folders = path.toLowerCase().split("/").slice(0, -1);
  return folders.length < 2 ? undefined : PART_NAMES.find((part) => SPLIT_NAMES[part].includes(folders[0]!));
}
