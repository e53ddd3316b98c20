// Class folders as a source: one folder of images for each class on a disk, or images from code or a page whose paths
// say the same. The one column is the class.
import { FoveaError } from "../../core/errors.js";
import { byCodePoint } from "../../core/text-order.js";
import { type ImageFile, scanImageFolder, toClasses } from "../folders.js";
import { CLASS_COLUMN, imagesOnDisk } from "./class-folders.js";
import type { ListedImage, Listing } from "./listing.js";

/** An image that is no file on a disk: one that a user has dropped on a page, for example. */
export interface ImageSource {
  /** `CLASS/NAME`: the part before the first `/` is its class. */
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Reads the file. */
  readonly bytes: () => Promise<Uint8Array>;
}

/** A listing whose images have one class each. */
export interface ClassListing extends Listing {
  readonly classNames: readonly string[];
  /** Index of each image's class. */
  readonly classes: Int32Array;
}

interface ClassOptions {
  /** The classes to expect; default: those that are found. */
  readonly classNames?: readonly string[] | undefined;
  /** Paths of images that are left out. */
  readonly leaveOut?: readonly string[] | undefined;
}

/** @throws FoveaError for a folder that `scanImageFolder` refuses */
export async function listClassFolders(
  folder: string,
  { classNames: expected, leaveOut }: ClassOptions,
): Promise<ClassListing> {
  const { files, classNames } = await scanImageFolder(folder, { classNames: expected });
  const left = new Set(leaveOut);
  const listed = left.size === 0 ? files : files.filter(({ path }) => !left.has(path));
  const images = await imagesOnDisk(
    folder,
    listed.map(({ path }) => path),
  );
  return listing(folder, images, listed, classNames);
}

/** @throws FoveaError for a path without a class, and for classes that are not as expected */
export function listClassPaths(sources: readonly ImageSource[], { classNames: expected }: ClassOptions): ClassListing {
  const where = "the list of images";
  const sorted = [...sources].sort((a, b) => byCodePoint(a.path, b.path));
  const labelled = sorted.map(({ path }) => ({ path, label: path.slice(0, Math.max(0, path.indexOf("/"))) }));
  const stray = labelled.find(({ label }) => label === "");
  if (stray !== undefined)
    throw new FoveaError(
      "unusable-name",
      `${where}: expected paths such as CLASS/NAME, received ${JSON.stringify(stray.path)}`,
    );
  const { files, classNames } = toClasses(where, labelled, expected);
  const images = sorted.map(({ path, size, bytes }): ListedImage => ({ path, size, source: bytes }));
  return listing(where, images, files, classNames);
}

const listing = (
  where: string,
  images: readonly ListedImage[],
  files: readonly ImageFile[],
  classNames: readonly string[],
): ClassListing => ({
  where,
  images,
  columns: { [CLASS_COLUMN]: files.map(({ label }) => label) },
  findings: [],
  classNames,
  classes: Int32Array.from(files, ({ classIndex }) => classIndex),
});
