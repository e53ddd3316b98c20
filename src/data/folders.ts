// Contents of a folder of images: the classes (its subfolders), the files of each and the splits (Train, Test),
// always in code-point order. It looks at names only; nothing is opened.

import { FoveaError, shown } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { byCodePoint } from "../core/text-order.js";
import { realPath, stat } from "../platform/files.js";
import { extensionOf, joinPath } from "../platform/paths.js";
import { type Branch, leavesOf, visibleEntries, walkFolder } from "../platform/walk.js";
import { counted, listedNames } from "./messages.js";
import { isTextTableName, LABEL_JOURNAL, MASK_FOLDERS, PHOTO_FOLDERS } from "./usual-names.js";

/** One image of a class. */
export interface ImageFile {
  /** Relative to the scanned folder, with `/`: `东/1.png`. */
  readonly path: string;
  /** The name of its class folder, as the disk spells it. */
  readonly label: string;
  /** The number of its class, from 0. */
  readonly classIndex: number;
}

/** Something that is not as it should be, and yet no reason to stop. */
export interface Problem {
  /** The file or folder. */
  readonly path: string;
  /** The reason, in one sentence. */
  readonly reason: string;
}

/** The images of a folder of classes. */
export interface ImageFolder {
  /** The names of the classes, in code-point order. */
  readonly classNames: readonly string[];
  /** The images, class by class. */
  readonly files: readonly ImageFile[];
  /** Files that are no images, class folders without any. */
  readonly problems: readonly Problem[];
}

export interface ScanOptions {
  /** The classes to expect, from a training folder or a model; by default those that are found. */
  readonly classNames?: readonly string[] | undefined;
  /** Receives the number of images found so far, after each class folder. */
  readonly onProgress?: ((images: number) => void) | undefined;
}

const IMAGE_EXTENSIONS = [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".webp"];

/**
 * Checks whether a name has the extension of an image that can be decoded.
 * @param name A file's name or path.
 * @example isImageName("a.JPG"); // true
 */
export const isImageName = (name: string): boolean => IMAGE_EXTENSIONS.includes(extensionOf(name));

const WITHOUT_IMAGES = "a class folder without images";

async function checkFolder(folder: string): Promise<void> {
  const facts = await stat(folder);
  if (facts === undefined)
    throw new FoveaError(
      "not-found",
      `data folder ${folder} does not exist; give a folder that holds one folder of images per class`,
    );
  if (!facts.isDirectory)
    throw new FoveaError(
      "wrong-file-kind",
      `${folder} is a file; give a folder that holds one folder of images per class`,
    );
}

/**
 * Lists the images of a folder with one subfolder per class; folders within a class folder belong to it.
 * Hidden files and folders are left out. Names are kept as the disk has them.
 * @param folder The folder.
 * @throws FoveaError when the folder is missing, has no images, fewer than two classes, other classes than expected,
 * or holds splits instead of classes.
 */
export async function scanImageFolder(folder: string, options: ScanOptions = {}): Promise<ImageFolder> {
  checkOptions("scanImageFolder", options, ["classNames", "onProgress"]);
  await checkFolder(folder);
  const splits = Object.values(await findSplits(folder));
  if (splits.length > 1)
    throw new FoveaError(
      "unsuited-data",
      `${folder} holds splits and no classes; load ${splits.join(" and ")} each by itself`,
    );
  const found = new Map<string, string[]>();
  const problems: Problem[] = [];
  let count = 0;
  for (const entry of await visibleEntries(folder)) {
    if (entry.isDirectory) {
      const images = await imagesBelow(folder, entry.name, problems);
      if (images.length > 0) found.set(entry.name, images);
      else problems.push({ path: entry.name, reason: WITHOUT_IMAGES });
      count += images.length;
      options.onProgress?.(count);
    } else if (entry.name !== LABEL_JOURNAL)
      problems.push({ path: entry.name, reason: "a file outside of the class folders" });
  }
  const table = problems.find(({ path }) => isTextTableName(path));
  if (count === 0 && problems.some(({ path }) => isImageName(path)))
    throw new FoveaError(
      "unsuited-data",
      `${folder} holds images and no class folders${table ? `, and a table, ${table.path}, which is not read` : ""}; ` +
        "give a folder that holds one folder of images per class, or label the images in `fovea studio`",
    );
  const [only = ""] = found.keys();
  const beside = problems.find(({ path, reason }) => reason === WITHOUT_IMAGES && MASK_FOLDERS.test(path));
  if (found.size === 1 && PHOTO_FOLDERS.test(only) && beside !== undefined && options.classNames === undefined)
    throw new FoveaError(
      "too-little-data",
      `${folder} has images in the folder ${only} only, and ${beside.path} holds none, as annotations lie beside their ` +
        "images; a classifier needs one folder of images for each class",
    );
  const labelled = [...found].flatMap(([label, paths]) => paths.map((path) => ({ path, label })));
  return { ...toClasses(folder, labelled, options.classNames), problems };
}

const imagesBelow = async (root: string, folder: string, problems: Problem[]): Promise<string[]> =>
  imagesIn(await walkFolder(joinPath(root, folder), new Set([await realPath(root)]), folder), problems);

/** The paths of all images of a walked folder. @param problems collects what is none */
export function imagesIn(walked: Branch, problems: Problem[]): string[] {
  const images: string[] = [];
  for (const { path, branch } of leavesOf(walked))
    if (branch.again) problems.push({ path, reason: "a folder that the class has already, or that it lies in" });
    else if (isImageName(path)) images.push(path);
    else if (path !== LABEL_JOURNAL) problems.push({ path, reason: "not an image by its extension" });
  return images;
}

/**
 * Gives images their class indices: by `expected` classes, or by those that occur, in code-point order.
 * @param where names the source in messages
 */
export function toClasses(
  where: string,
  images: readonly { path: string; label: string }[],
  expected?: readonly string[],
): Pick<ImageFolder, "classNames" | "files"> {
  if (images.length === 0)
    throw new FoveaError(
      "no-images",
      `${where} holds no images; expected one folder per class with PNG, JPEG, GIF, BMP or WebP files in each`,
    );
  const occurring = [...new Set(images.map((image) => image.label))].sort(byCodePoint);
  if (expected === undefined && occurring.length < 2)
    throw new FoveaError(
      "too-little-data",
      `${where} has images of one class only (${occurring[0]}); expected at least two class folders with images`,
    );
  const classNames = expected ?? occurring;
  if (!Array.isArray(classNames) || new Set(classNames).size !== classNames.length)
    throw new FoveaError(
      "wrong-type",
      `${where}: expected classNames as a list of different names, received ${shown(classNames)}`,
    );
  const indices = new Map(classNames.map((name, index) => [name, index]));
  // A folder copied from a Mac spells its names otherwise; readers see no difference.
  const alike = new Map(classNames.map((name, index) => [name.normalize("NFC"), index]));
  for (const name of occurring) {
    const index = indices.get(name) ?? alike.get(name.normalize("NFC"));
    if (index !== undefined) indices.set(name, index);
  }
  const strange = occurring.filter((name) => !indices.has(name));
  if (strange.length > 0)
    throw new FoveaError(
      "unknown-class",
      `${where} has ${counted(strange.length, "class folder")} that ${strange.length === 1 ? "is" : "are"} not among the ` +
        `${classNames.length} expected classes: ${listedNames(strange)}; remove ${strange.length === 1 ? "it, or train with it" : "them, or train with them"}`,
    );
  return { classNames, files: images.map((image) => ({ ...image, classIndex: indices.get(image.label)! })) };
}

/** One part of the data as it lies on the disk. */
export interface LaidOut {
  /** Name of its folder. */
  readonly name: string;
  /** Path of the folder. */
  readonly folder: string;
  /** Paths of images relative to the folder, `CLASS/...`. */
  readonly files: readonly string[];
}

/** The images of each class folder. */
export function imagesPerClass(files: readonly string[]): Map<string, string[]> {
  const classes = new Map<string, string[]>();
  for (const file of files) {
    const name = file.slice(0, Math.max(0, file.indexOf("/")));
    // A loose image is of no class.
    if (name === "") continue;
    const known = classes.get(name);
    if (known === undefined) classes.set(name, [file]);
    else known.push(file);
  }
  return classes;
}

/** The parts of a data set that lie in folders of their own. */
export type SplitName = "train" | "validation" | "test";

/** Names of folders that hold splits, in any case. */
export const SPLIT_NAMES: Record<SplitName, readonly string[]> = {
  train: ["train", "training"],
  validation: ["val", "valid", "validation"],
  test: ["test", "testing"],
};

/**
 * The subfolders that hold splits, as paths: `Train` and `Test`, or `train`, `val` and `test`, in any case. A folder of
 * such a name without folders in it is a class, such as that of trains. Empty when the folder holds classes.
 * @param folder The folder.
 * @throws FoveaError when the folder is missing.
 * @example
 * const splits = await findSplits("pets"); // {}: the folder holds classes
 * const { classNames, files } = await scanImageFolder(splits.train ?? "pets");
 * classNames; // ["cat", "dog", "fox"]
 */
export async function findSplits(folder: string): Promise<Partial<Record<SplitName, string>>> {
  await checkFolder(folder);
  const splits: Partial<Record<SplitName, string>> = {};
  const folders = (await visibleEntries(folder)).filter((entry) => entry.isDirectory);
  for (const split of ["train", "validation", "test"] as const) {
    const match = folders.find((entry) => SPLIT_NAMES[split].includes(entry.name.toLowerCase()));
    if (match === undefined) continue;
    const path = joinPath(folder, match.name);
    if ((await visibleEntries(path)).some((entry) => entry.isDirectory)) splits[split] = path;
  }
  return splits;
}
