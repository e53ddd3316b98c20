// Annotations on the disk or in a zip archive: which of the files are annotations, of what format, and how large the images
// beside them are. Annotation files are read whole, of images the header only.
import { FoveaError } from "../../core/errors.js";
import { stat } from "../../platform/files.js";
import { baseName, extensionOf, parentFolder } from "../../platform/paths.js";
import { leavesOf, walkFolder } from "../../platform/walk.js";
import { readImageHeader, UndecodableImage } from "../decoders/index.js";
import { isImageName } from "../folders.js";
import { counted, listedNames } from "../messages.js";
import { uprightSize } from "../orientation.js";
import { type FileSet, folderFiles } from "../sources/file-set.js";
import { zipFiles } from "../sources/zip-files.js";
import { MASK_FOLDERS } from "../usual-names.js";
import {
  ANNOTATION_FORMATS,
  type AnnotationFormatName,
  formatOfFile,
  readAnnotations,
  recognizedFormat,
} from "./formats.js";
import type { ImageSize } from "./image-names.js";
import type { ReadAnnotations } from "./set-builder.js";

/** Options of `openAnnotations`. */
export interface OpenAnnotationsOptions {
  /** Format of the files. Default: recognized by their names and beginnings. */
  readonly format?: AnnotationFormatName;
  /** Folder or zip archive of the images. Default: the images in the folder of the annotations, where it has any. */
  readonly images?: string;
  /** Value of pixels of masks that count nowhere. Default 255, where a mask has other values than 0 and 255 */
  readonly ignored?: number;
}

/** Annotations with the format of their files. */
export interface OpenedAnnotations extends ReadAnnotations {
  /** The format of the files. */
  readonly format: AnnotationFormatName;
}

/** Extensions of annotation files, and of lists of classes beside them. */
const TEXTS = [".json", ".xml", ".txt"];
const LISTS = ["data.yaml", "data.yml", "dataset.yaml", "obj.names", "classes.names"];
const HEADER_BYTES = 64 * 1024;

/** The files of a folder with all below it, of an archive, or one file alone. */
async function filesAt(path: string): Promise<FileSet> {
  const facts = await stat(path);
  if (facts === undefined)
    throw new FoveaError("not-found", `cannot find ${path}; give a file, a folder or a zip archive of annotations`);
  if (facts.isDirectory) {
    const below = [...leavesOf(await walkFolder(path, new Set(), ""))].filter(({ branch }) => !branch.isDirectory);
    return { ...(await folderFiles(path)), paths: below.map((leaf) => leaf.path) };
  }
  const folder = await folderFiles(parentFolder(path));
  if (extensionOf(path) === ".zip") return zipFiles(folder.file(baseName(path))!, path);
  return { ...folder, where: path, paths: [baseName(path)] };
}

const isText = (path: string): boolean =>
  TEXTS.includes(extensionOf(path)) || LISTS.includes(baseName(path).toLowerCase());
const isMask = (path: string): boolean =>
  path
    .split("/")
    .slice(0, -1)
    .some((part) => MASK_FOLDERS.test(part));

/** PNG files that are masks: those in folders that are called so, all where none is. */
function maskPaths({ paths }: FileSet): string[] {
  const all = paths.filter((path) => extensionOf(path) === ".png");
  return all.some(isMask) ? all.filter(isMask) : all;
}

async function bytesOf(files: FileSet, paths: readonly string[]): Promise<Map<string, Uint8Array>> {
  const all = new Map<string, Uint8Array>();
  for (const path of paths) all.set(path, await files.file(path)!.bytes());
  return all;
}

/** The files of a format among others; the formats that are there where none is asked for. */
async function annotationsIn(files: FileSet, wanted: AnnotationFormatName | undefined) {
  const texts =
    wanted === "mask-png"
      ? files.paths.filter((path) => baseName(path) === "labelmap.txt")
      : files.paths.filter(isText);
  const all = await bytesOf(files, texts);
  const formats = new Map<string, AnnotationFormatName | undefined>();
  // An empty file may be YOLO's for an image without objects, or anything else.
  for (const [path, bytes] of all)
    if (bytes.length > 0)
      formats.set(path, await formatOfFile(path, bytes, wanted === undefined ? ANNOTATION_FORMATS : [wanted]));
  const present = [...new Set([...formats.values()].filter((name) => name !== undefined))];
  if (present.length > 1)
    throw new FoveaError(
      "missing-option",
      `${files.where} has annotations of several formats (${listedNames(present)}); say which with --from, or give one folder or file`,
    );
  if (present.length === 0 && (wanted === undefined || wanted === "mask-png")) {
    for (const [path, bytes] of await bytesOf(files, maskPaths(files))) all.set(path, bytes);
    return { format: wanted ?? (await recognizedFormat(all)), files: all };
  }
  return { format: wanted ?? present[0]!, files: all };
}

/** The sizes of images as they are shown, by path; and those that cannot be read. */
async function sizesIn(files: FileSet, paths: readonly string[]) {
  const sizes = new Map<string, ImageSize>();
  const unreadable: string[] = [];
  for (const path of paths) {
    const file = files.file(path)!;
    try {
      const header =
        (await readImageHeader(await file.range(0, Math.min(HEADER_BYTES, file.size)), path)) ??
        (await readImageHeader(await file.bytes(), path));
      if (header === undefined) unreadable.push(path);
      else sizes.set(path, { ...uprightSize(header), orientation: header.orientation });
    } catch (error) {
      if (!(error instanceof UndecodableImage)) throw error;
      unreadable.push(path);
    }
  }
  return { sizes, unreadable };
}

/**
 * Opens annotations: a file, a folder with all below it, or a zip archive.
 * @param path A file, a folder or a zip archive.
 * @returns the set, its format, and a finding for each kind of fault
 * @throws FoveaError where nothing is there to be read, or formats are mixed
 * @example
 * const image = { name: "1.png", width: 12, height: 12, objects: [{ category: 0, box: [2, 2, 5, 5] }] };
 * const files = await writeAnnotations("coco", { categories: [{ name: "dent" }], images: [image] });
 * await writeFile("dents.json", files.values().next().value);
 * const { set, findings, format } = await openAnnotations("dents.json"); // "coco"
 */
export async function openAnnotations(path: string, options: OpenAnnotationsOptions = {}): Promise<OpenedAnnotations> {
  const files = await filesAt(path);
  const { format, files: annotations } = await annotationsIn(files, options.format);
  const imageFiles = options.images === undefined ? files : await filesAt(options.images);
  const all = imageFiles.paths.filter((name) => isImageName(name) && !(imageFiles === files && annotations.has(name)));
  const photos = all.filter((name) => !isMask(name));
  // Masks beside photos are no photos; where all lies in such a folder, it is called so for another reason.
  const images = photos.length > 0 ? photos : all;
  if (images.length === 0 && options.images !== undefined)
    throw new FoveaError(
      "no-images",
      `${options.images} has no images; give the folder that the annotated images are in`,
    );
  const { sizes, unreadable } = await sizesIn(imageFiles, images);
  const read = await readAnnotations(format, annotations, {
    ...(images.length > 0 && { images: sizes }),
    ...(options.ignored !== undefined && { ignored: options.ignored }),
  });
  if (unreadable.length === 0) return { ...read, format };
  const undecodable = {
    kind: "undecodable",
    severity: "error",
    files: unreadable,
    evidence: `${counted(unreadable.length, "image")} that cannot be read (${listedNames(unreadable, 3)})`,
    remedy: "copy them again, or leave them out",
  } as const;
  return { ...read, format, findings: [undecodable, ...read.findings] };
}
