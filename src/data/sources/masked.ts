// Images with masks: a folder of photos beside a folder of masks with the same names, also within class folders; or a manifest
// whose images lie so, or whose column names their masks. Names alone pair them; pixels are read later.
import { FoveaError } from "../../core/errors.js";
import { textOfBytes } from "../../core/text-bytes.js";
import { byCodePoint } from "../../core/text-order.js";
import { baseName } from "../../platform/paths.js";
import { leavesOf, walkFolder } from "../../platform/walk.js";
import { isImageName, SPLIT_NAMES } from "../folders.js";
import { stemOf } from "../masks.js";
import { counted, listedNames } from "../messages.js";
import { PART_NAMES, type PartName } from "../split/part-name.js";
import { CLASS_NAMES_FILE, MASK_FOLDERS, PHOTO_FOLDERS } from "../usual-names.js";
import { type FileSet, folderFiles } from "./file-set.js";
import type { ListedImage, ListedMasks, Listing } from "./listing.js";

/** Columns of a manifest that name masks where nobody says which does. */
export const MASK_COLUMNS: readonly string[] = ["mask", "masks", "mask_path", "segmentation"];

/** The files of a folder and of all folders in it. */
export async function allFiles(folder: string): Promise<FileSet> {
  const files = await folderFiles(folder);
  const paths = [...leavesOf(await walkFolder(folder, new Set(), ""), "")].map(({ path }) => path);
  return { ...files, paths: paths.sort(byCodePoint) };
}

/** The path of a photo or a mask, taken apart at the folder that says which of the two it is. */
interface Placed {
  readonly path: string;
  /** Folders before that one. */
  readonly prefix: string;
  /** Folders behind it. */
  readonly folders: readonly string[];
  /** Name that photo and mask share. */
  readonly key: string;
}

/** Takes a path apart at the first folder of such a name; undefined where there is none. */
function placed(path: string, names: RegExp): Placed | undefined {
  const parts = path.split("/");
  const at = parts.slice(0, -1).findIndex((part) => names.test(part));
  if (at < 0) return undefined;
  const prefix = parts.slice(0, at).join("/");
  const key = `${prefix}/${stemOf(parts.slice(at + 1).join("/"))}`.normalize("NFC");
  return { path, prefix, folders: parts.slice(at + 1, -1), key };
}

/**
 * Image files without the masks that lie beside photos of the same names, as in `images/1.jpg` and `masks/1.png`.
 * @param paths paths of images below one folder
 * @example withoutMasks(["images/1.jpg", "masks/1.png"]); // ["images/1.jpg"]
 */
export function withoutMasks(paths: readonly string[]): string[] {
  const photos = new Set(paths.flatMap((path) => placed(path, PHOTO_FOLDERS)?.key ?? []));
  return paths.filter((path) => !photos.has(placed(path, MASK_FOLDERS)?.key ?? ""));
}

const listed = (files: FileSet, path: string): ListedImage => {
  const file = files.file(path)!;
  return { path, size: file.size, source: file.disk ?? file.bytes };
};

/** Masks by the name that they share with their photos. @throws FoveaError for two masks of one photo */
function masksByKey(files: FileSet): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of files.paths.filter(isImageName)) {
    const mask = placed(path, MASK_FOLDERS);
    if (mask === undefined) continue;
    const other = found.get(mask.key);
    if (other !== undefined)
      throw new FoveaError(
        "duplicate",
        `${files.where}: ${other} and ${path} are masks of one image; keep one of them`,
      );
    found.set(mask.key, path);
  }
  return found;
}

/**
 * Counts the images that lie in a folder of images, and those of them that have a mask of the same name.
 * @returns `where`, the folder of the first mask; absent where there is none
 */
export function photosWithMasks(files: FileSet): {
  readonly photos: number;
  readonly masked: number;
  readonly where?: string;
} {
  const images = files.paths.filter(isImageName);
  const masks = images.flatMap((path) => placed(path, MASK_FOLDERS) ?? []);
  const [first] = masks;
  if (first === undefined) return { photos: 0, masked: 0 };
  const keys = new Set(masks.map(({ key }) => key));
  const photos = images
    .filter((path) => placed(path, MASK_FOLDERS) === undefined)
    .flatMap((path) => placed(path, PHOTO_FOLDERS) ?? []);
  const where = first.path.split("/").find((part) => MASK_FOLDERS.test(part))!;
  return { photos: photos.length, masked: photos.filter(({ key }) => keys.has(key)).length, where };
}

/**
 * Lists the images of a set of files that have masks.
 * @throws FoveaError where there are no such folders, and naming images without a mask
 */
export async function maskedListing(files: FileSet): Promise<Listing> {
  const { where } = files;
  const masks = masksByKey(files);
  const photos = files.paths
    .filter((path) => isImageName(path) && placed(path, MASK_FOLDERS) === undefined)
    .flatMap((path) => placed(path, PHOTO_FOLDERS) ?? []);
  if (photos.length === 0 || masks.size === 0)
    throw new FoveaError(
      "missing-labels",
      `${where}: expected a folder of images and one of masks with the same names, such as images/1.jpg and masks/1.png, found ` +
        `${counted(photos.length, "image")} and ${counted(masks.size, "mask")}; lay them out so, or give a manifest with a column mask`,
    );
  checkMasked(
    where,
    photos.filter(({ key }) => !masks.has(key)).map(({ path }) => path),
    photos.length,
  );
  const parts = photos.map(partOf);
  const isSplit = parts.every((part) => part !== undefined) && new Set(parts).size > 1;
  const folders = photos.map((photo) => photo.folders[isSplit && photo.prefix === "" ? 1 : 0] ?? "");
  const areFolders = folders.every((folder) => folder !== "");
  return {
    where,
    images: photos.map(({ path }) => listed(files, path)),
    columns: {},
    ...(isSplit && { split: parts }),
    masks: {
      where: maskFolderOf(where, masks),
      images: photos.map(({ key }) => listed(files, masks.get(key)!)),
      ...(areFolders && { folders }),
      ...(await classNamesIn(files)),
    },
    findings: [],
  };
}

/** The part that the folder before, or behind, the folder of photos says. */
function partOf({ prefix, folders }: Placed): PartName | undefined {
  const name = (prefix === "" ? folders[0] : prefix.split("/").at(-1))?.toLowerCase();
  return name === undefined ? undefined : PART_NAMES.find((part) => SPLIT_NAMES[part].includes(name));
}

/** Folder of the masks in messages. */
function maskFolderOf(where: string, masks: ReadonlyMap<string, string>): string {
  const [first] = masks.values();
  return `${where}/${first!.split("/").find((part) => MASK_FOLDERS.test(part))}`;
}

/** @throws FoveaError naming images that have no mask */
function checkMasked(where: string, lacking: readonly string[], all: number): void {
  if (lacking.length === 0) return;
  throw new FoveaError(
    "missing-labels",
    `${where}: ${lacking.length} of ${counted(all, "image")} ${lacking.length === 1 ? "has" : "have"} no mask: ${listedNames(lacking)}; ` +
      "add the masks, black ones where nothing is to be seen, or move the images out",
  );
}

/**
 * A manifest's listing with the masks of its images: those that a column names, or those in the folder beside theirs.
 * @param files all files below the manifest's folder
 * @param column the column of masks. Default: the one that is called so, where there is one
 * @throws FoveaError for a column that is not there, and naming images without a mask
 */
export async function withMasks(listing: Listing, files: FileSet, column?: string): Promise<Listing> {
  const { where, images } = listing;
  const names = Object.keys(listing.columns);
  if (column !== undefined && !names.includes(column))
    throw new FoveaError(
      "unknown-column",
      `${where}: there is no column ${column} with the paths of masks; the columns are ${listedNames(names)}`,
    );
  const named = column ?? names.find((name) => MASK_COLUMNS.includes(name.toLowerCase()));
  const found = named === undefined ? masksByKey(files) : undefined;
  const paths =
    named === undefined
      ? images.map(({ path }) => found!.get(placed(path, PHOTO_FOLDERS)?.key ?? ""))
      : (listing.columns[named] as readonly string[]).map(String);
  const masks = paths.map((path) => (path === undefined || files.file(path) === undefined ? undefined : path));
  checkMasked(
    where,
    images.filter((_, row) => masks[row] === undefined).map(({ path }) => path),
    images.length,
  );
  const masked: ListedMasks = {
    where: named === undefined ? maskFolderOf(files.where, found!) : `${where}: column ${named}`,
    images: masks.map((path) => listed(files, path!)),
    ...(await classNamesIn(files)),
    ...(named !== undefined && { column: named }),
  };
  return { ...listing, masks: masked };
}

/** The names in classes.txt, where there is such a file: one per line. @throws FoveaError for fewer than two, or one twice */
async function classNamesIn(files: FileSet): Promise<Pick<ListedMasks, "classNames">> {
  const path = files.paths.find(
    (candidate) => baseName(candidate).toLowerCase() === CLASS_NAMES_FILE && candidate.split("/").length < 3,
  );
  if (path === undefined) return {};
  const text = textOfBytes(path, await files.file(path)!.range(0, MOST_BYTES));
  const classNames = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (classNames.length < 2 || classNames.length > MOST_CLASSES || new Set(classNames).size < classNames.length)
    throw new FoveaError(
      "wrong-field",
      `${files.where}/${path}: expected 2 to ${MOST_CLASSES} different names of classes, one per line from number 0 on, found ${classNames.length}; correct it`,
    );
  return { classNames };
}

const MOST_BYTES = 1 << 16;
/** The values of a byte but the one that is ignored. */
const MOST_CLASSES = 255;
