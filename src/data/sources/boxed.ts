// Images with objects: a folder of images and annotation files in any format, or a manifest of such images with annotation files
// beside it. Annotations find their images by names; pixels are read later.
import { FoveaError } from "../../core/errors.js";
import { extensionOf } from "../../platform/paths.js";
import {
  type AnnotationFormatName,
  annotationFormat,
  type ImageSize,
  type ReadAnnotations,
  readAnnotations,
  recognizedFormat,
} from "../annotations/index.js";
import { readImageHeader } from "../decoders/index.js";
import type { Finding } from "../findings.js";
import { isImageName, SPLIT_NAMES } from "../folders.js";
import { counted, listedNames } from "../messages.js";
import { uprightSize } from "../orientation.js";
import { PART_NAMES, type PartName } from "../split/part-name.js";
import { boxTableIn, readBoxTable } from "./box-table.js";
import type { FileSet, StoredFile } from "./file-set.js";
import type { ListedImage, Listing } from "./listing.js";
import { listingRows } from "./listing-rows.js";

/** Extensions of annotation files, those first that are seldom anything else. */
const EXTENSIONS: readonly (readonly string[])[] = [[".json"], [".xml"], [".txt", ".yaml", ".yml"]];
export const ANNOTATION_EXTENSIONS: readonly string[] = EXTENSIONS.flat();
/** The largest annotation file, and all of them together. */
const MOST_BYTES = 512 * 2 ** 20;
/** Bytes that tell the size of nearly every image. */
const HEAD = 1 << 16;
/** Formats whose reader lists the images without annotations. */
const PER_IMAGE: readonly string[] = ["voc", "labelme", "yolo", "label-studio"];
/** Headers that are read at a time. */
const AT_ONCE = 64;

/**
 * Lists the images of a set of files that annotation files tell the objects of.
 * @throws FoveaError where there are no images or no annotations
 */
export async function boxedListing(files: FileSet): Promise<Listing> {
  const paths = files.paths.filter(isImageName);
  if (paths.length === 0)
    throw new FoveaError(
      "no-images",
      `${files.where}: expected images and annotation files of their objects, found no image`,
    );
  const images = paths.map((path): ListedImage => {
    const file = files.file(path)!;
    return { path, size: file.size, source: file.disk ?? file.bytes };
  });
  const parts = paths.map(partOf);
  const isSplit = parts.every((part) => part !== undefined) && new Set(parts).size > 1;
  const listing = { where: files.where, images, columns: {}, ...(isSplit && { split: parts }), findings: [] };
  return withBoxes(listing, files);
}

/** The part that a folder of an image's path says. */
const partOf = (path: string): PartName | undefined => {
  const folders = path.split("/").slice(0, -1);
  return PART_NAMES.find((part) => folders.some((folder) => SPLIT_NAMES[part].includes(folder.toLowerCase())));
};

/**
 * A listing with the objects of its images, as the annotation files beside them have them. Images that no file speaks of are left
 * out, but for YOLO's, where such an image shows nothing.
 * @param files all files below the folder
 * @throws FoveaError where there are no annotations, and where they speak of none of the images
 */
export async function withBoxes(listing: Listing, files: FileSet): Promise<Listing> {
  const sizes = await sizesOf(listing, files);
  const { where, format, set, findings } = await annotationsIn(files, sizes);
  const byName = new Map(set.images.map((image) => [image.name.normalize("NFC"), image]));
  const found = listing.images.map(({ path }) => {
    const image = byName.get(path.normalize("NFC"));
    const size = sizes.get(path);
    const empty =
      format === "yolo" && size !== undefined ? { width: size.width, height: size.height, objects: [] } : undefined;
    return image ?? empty;
  });
  const rows = [...found.keys()].filter((row) => found[row] !== undefined);
  if (rows.length === 0)
    throw new FoveaError(
      "annotation-mismatch",
      `${where}: these annotations speak of none of the ${counted(listing.images.length, "image")} in ${listing.where}, such as ` +
        `${listedNames(listing.images.slice(0, 2).map(({ path }) => path))}; give the folder that their names start in`,
    );
  const worst = findings.find(({ severity }) => severity === "error");
  if (worst !== undefined && set.images.every(({ objects }) => objects.length === 0))
    throw new FoveaError("missing-labels", `${where}: found no usable object: ${worst.evidence}; ${worst.remedy}`);
  const left = rows.length === found.length ? listing : listingRows(listing, rows);
  const missing = listing.images.filter((_, row) => found[row] === undefined).map(({ path }) => path);
  return {
    ...left,
    boxes: { where, categories: set.categories, images: rows.map((row) => found[row]!) },
    findings: [...listing.findings, ...findings, ...(PER_IMAGE.includes(format) ? [] : unspoken(missing))],
  };
}

const unspoken = (files: readonly string[]): Finding[] =>
  files.length === 0
    ? []
    : [
        {
          kind: "annotation",
          severity: "note",
          files,
          evidence: `${counted(files.length, "image")} ${files.length === 1 ? "has" : "have"} no annotations and ${files.length === 1 ? "is" : "are"} not used`,
          remedy: "annotate them, with no objects where nothing is to be seen",
        },
      ];

/** Sizes of images by their paths, upright; those that cannot be read are left out, and loading tells of them. */
async function sizesOf({ images }: Listing, files: FileSet): Promise<Map<string, ImageSize>> {
  const sizes = new Map<string, ImageSize>();
  for (let start = 0; start < images.length; start += AT_ONCE)
    await Promise.all(
      images.slice(start, start + AT_ONCE).map(async ({ path }) => {
        const file = files.file(path);
        const size = file && (await sizeOf(file, path));
        if (size !== undefined) sizes.set(path, size);
      }),
    );
  return sizes;
}

async function sizeOf(file: StoredFile, path: string): Promise<ImageSize | undefined> {
  try {
    const head = await readImageHeader(await file.range(0, Math.min(HEAD, file.size)), path);
    const header = head ?? (await readImageHeader(await file.bytes(), path));
    if (header === undefined) return undefined;
    return { ...uprightSize(header), orientation: header.orientation };
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** Fields of annotations in JSON, where any object or list might be taken for such a file. */
const TELLING = /"(images|annotations|categories|shapes|imagePath)"\s*:/;
/** Files of an extension that are looked at: captions and notes may lie beside every image. */
const MOST_LOOKED_AT = 50;

/** The first file of objects in a set, by names and first bytes; undefined where there is none. */
export async function annotationFilesIn(files: FileSet): Promise<string | undefined> {
  for (const extensions of EXTENSIONS)
    for (const path of files.paths
      .filter((candidate) => extensions.includes(extensionOf(candidate)))
      .slice(0, MOST_LOOKED_AT)) {
      const head = await files.file(path)!.range(0, HEAD);
      const isTelling = extensionOf(path) !== ".json" || TELLING.test(new TextDecoder().decode(head));
      if (head.length > 0 && isTelling && (await formatOf(new Map([[path, head]]))) !== undefined) return path;
    }
  return boxTableIn(files);
}

type Found = ReadAnnotations & { readonly where: string; readonly format: AnnotationFormatName | "table" };

/** The annotations in a set of files. @throws FoveaError where there are none */
async function annotationsIn(files: FileSet, sizes: ReadonlyMap<string, ImageSize>): Promise<Found> {
  for (const extensions of EXTENSIONS) {
    const found = await annotationsOf(files, extensions);
    if (found === undefined) continue;
    const { format, bytes } = found;
    const where = namedFiles(files.where, [...bytes.keys()]);
    return { where, format, ...(await readAnnotations(format, bytes, { images: sizes })) };
  }
  const table = await boxTableIn(files);
  if (table !== undefined)
    return { where: `${files.where}/${table}`, format: "table", ...(await readBoxTable(files, table, sizes)) };
  throw new FoveaError(
    "missing-labels",
    `${files.where}: found no annotation files; expected COCO's JSON, Pascal VOC's XML, YOLO's text files, or a table boxes.csv with ` +
      "the columns file, label, xmin, ymin, xmax and ymax beside the images",
  );
}

const namedFiles = (where: string, paths: readonly string[]): string =>
  paths.length === 1 ? `${where}/${paths[0]}` : `${where} (${counted(paths.length, "annotation file")})`;

/** Files with such extensions that are of one format; undefined where none is an annotation file. */
async function annotationsOf(
  files: FileSet,
  extensions: readonly string[],
): Promise<{ readonly format: AnnotationFormatName; readonly bytes: ReadonlyMap<string, Uint8Array> } | undefined> {
  const paths = files.paths.filter((path) => extensions.includes(extensionOf(path).toLowerCase()));
  const bytes = new Map<string, Uint8Array>();
  let total = 0;
  for (const path of paths) {
    const file = files.file(path)!;
    total += file.size;
    if (total > MOST_BYTES)
      throw new FoveaError("too-large", `${files.where}/${path}: annotation files of more than 512 MB; split them`);
    bytes.set(path, await file.bytes());
  }
  const format = await formatOf(bytes);
  if (format === undefined) return undefined;
  // YOLO's text files say nothing of themselves, and belong to one list of classes.
  if (format === "yolo") return { format, bytes };
  const ofFormat = new Map<string, Uint8Array>();
  for (const [path, content] of bytes)
    if ((await formatOf(new Map([[path, content]]))) === format) ofFormat.set(path, content);
  return { format, bytes: ofFormat };
}

/** The format of files, of those that boxes come from; undefined where it is not known. */
async function formatOf(bytes: ReadonlyMap<string, Uint8Array>): Promise<AnnotationFormatName | undefined> {
  if (bytes.size === 0) return undefined;
  try {
    const format = await recognizedFormat(bytes);
    return (await annotationFormat(format)).holds.has("instances") ? format : undefined;
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}
