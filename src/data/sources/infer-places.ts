// Targets that lie on images, told from the layout of a source: a folder of masks beside that of the images, or annotation files that
// tell objects. Names and the first bytes of annotation files decide; what a manifest's columns or class folders say comes first.
import { FoveaError } from "../../core/errors.js";
import { blockingFiles, stat } from "../../platform/files.js";
import { extensionOf, joinPath } from "../../platform/paths.js";
import { visibleEntries } from "../../platform/walk.js";
import { isImageName, SPLIT_NAMES } from "../folders.js";
import { counted } from "../messages.js";
import { isTextTableName, MASK_FOLDERS, PHOTO_FOLDERS } from "../usual-names.js";
import { ANNOTATION_EXTENSIONS, annotationFilesIn } from "./boxed.js";
import type { FileSet } from "./file-set.js";
import { COLUMN_OPTIONS, MANIFEST_NAME, pathColumnIn } from "./manifest.js";
import { MASK_COLUMNS, photosWithMasks } from "./masked.js";
import { filesAt, HEAD, headOf } from "./open.js";

/** Kind of the targets of a source, with the reason. */
export interface InferredPlaces {
  /** `classes` where the folders are classes and annotation files lie beside, which are not used then. */
  readonly kind: "masks" | "boxes" | "classes";
  /** Main clause without a full stop: `tiles/masks has masks for 1,344 of 1,344 images`. */
  readonly because: string;
}

/** Checks whether a folder's name is that of images, of their annotations or of a part, and so of no class. */
const isUsual = (name: string): boolean => PHOTO_FOLDERS.test(name) || MASK_FOLDERS.test(name) || isPart(name);
const isPart = (name: string): boolean =>
  Object.values(SPLIT_NAMES).some((names) => names.includes(name.toLowerCase()));

const isAnnotationName = (name: string): boolean => ANNOTATION_EXTENSIONS.includes(extensionOf(name).toLowerCase());

/** Checks whether files of annotations may lie in a folder, by the names directly in it and in its parts. */
async function mayHavePlaces(folder: string): Promise<boolean> {
  for (const { name, isDirectory } of await visibleEntries(folder)) {
    if (isDirectory ? MASK_FOLDERS.test(name) : isAnnotationName(name) || isTextTableName(name)) return true;
    if (isDirectory && isPart(name) && (await mayHavePlaces(joinPath(folder, name)))) return true;
  }
  return false;
}

/**
 * Columns of a manifest that are no paths and have no other role, by its first line; undefined where there is no such file, or it is
 * no manifest.
 */
async function targetsInHead(path: string): Promise<readonly string[] | undefined> {
  if ((await stat(path))?.isDirectory !== false) return undefined;
  const names = headOf(new TextDecoder().decode((await blockingFiles()).readHead(path, HEAD)), path);
  const paths = pathColumnIn(names);
  if (paths < 0) return undefined;
  return names.filter((name, i) => i !== paths && !COLUMN_OPTIONS.some((role) => role === name.toLowerCase()));
}

/** Checks whether images lie in folders of classes: others than those of images, annotations and parts. */
const haveClassFolders = ({ paths }: FileSet): boolean =>
  paths.some((path) => {
    if (!isImageName(path)) return false;
    const [first, second] = path.split("/").slice(0, -1);
    return first !== undefined && (!isUsual(first) || (isPart(first) && second !== undefined && !isUsual(second)));
  });

/**
 * Checks whether a folder's annotation files lie beside the folders of its parts, which then belong together.
 * @param path of the folder
 * @example await areToldBeside("pets"); // false: no boxes.csv tells objects in Train and Test
 */
export async function areToldBeside(path: string): Promise<boolean> {
  const [files] = await filesAt(path);
  const [first] = (await annotationFilesIn(files))?.split("/") ?? [];
  return first !== undefined && !isPart(first);
}

/**
 * Tells masks or objects that lie on the images of a source; undefined where its classes, or the columns of its manifest, are all
 * that there is to learn.
 * @param path of a folder, a manifest or an archive
 * @throws FoveaError where a source has both masks and objects, of which one has to be named
 * @example (await inferPlaces("magnetic-tile"))?.because // "magnetic-tile/masks has masks for 1,344 of 1,344 images"
 */
export async function inferPlaces(path: string): Promise<InferredPlaces | undefined> {
  const facts = await stat(path);
  if (facts === undefined) return undefined;
  const manifest = facts.isDirectory ? joinPath(path, MANIFEST_NAME) : isTextTableName(path) ? path : undefined;
  const targets = manifest === undefined ? undefined : await targetsInHead(manifest);
  // A table without paths has no images.
  if (targets === undefined && !facts.isDirectory && manifest !== undefined) return undefined;
  if (targets?.some((name) => !MASK_COLUMNS.includes(name.toLowerCase()))) return undefined;
  if (targets?.[0] !== undefined)
    return { kind: "masks", because: `the only column of targets in ${manifest} is ${targets[0]}, of masks` };
  if (facts.isDirectory ? !(await mayHavePlaces(path)) : !isTextTableName(path) && extensionOf(path) !== ".zip")
    return undefined;
  const [files, inside] = await filesAt(path);
  const boxes = await annotationFilesIn(files);
  // A table in an archive that is no table of boxes has columns of its own.
  if (manifest === undefined && inside !== undefined && inside !== boxes) return undefined;
  const { photos, masked, where } = photosWithMasks(files);
  // Of a few images alone they say nothing about the others.
  const hasMasks = where !== undefined && masked > 0 && 2 * masked >= photos;
  if (hasMasks && boxes !== undefined)
    throw new FoveaError(
      "missing-option",
      `${files.where} has masks in ${where} and objects in ${boxes}; say --task segmentation or --task detection`,
    );
  if (hasMasks)
    return {
      kind: "masks",
      because: `${files.where}/${where} has masks for ${masked.toLocaleString("en-US")} of ${counted(photos, "image")}`,
    };
  if (boxes === undefined) return undefined;
  const told = `${files.where}/${boxes} lists the objects on the images`;
  return haveClassFolders(files)
    ? { kind: "classes", because: `the images of ${files.where} lie in folders of classes, and ${told}` }
    : { kind: "boxes", because: told };
}
