// Opens whatever images come in: tells from a path, or from files of a page, which kind of source it is, lists its images
// and says in a sentence what it was taken for. Tells by names and first bytes; nothing is run, fetched or unpacked to disk.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { blockingFiles, stat } from "../../platform/files.js";
import { baseName, joinPath, parentFolder } from "../../platform/paths.js";
import { leavesOf, visibleEntries, walkFolder } from "../../platform/walk.js";
import { findSplits, isImageName } from "../folders.js";
import { hasNoClasses } from "../loose-images.js";
import { counted, listedNames } from "../messages.js";
import { PART_NAMES } from "../split/part-name.js";
import { csvRows } from "../table/csv.js";
import { isTextTableName } from "../usual-names.js";
import { boxTableIn } from "./box-table.js";
import { boxedListing, withBoxes } from "./boxed.js";
import { CLASS_COLUMN, classFolderListing, fileSetListing, looseListing } from "./class-folders.js";
import { type FileSet, folderFiles } from "./file-set.js";
import { gntListing, isGntName } from "./gnt.js";
import { idxListing, idxPairs } from "./idx.js";
import { looksLikeIdx } from "./idx-format.js";
import type { Listing } from "./listing.js";
import {
  COLUMN_OPTIONS,
  delimiterOf,
  MANIFEST_NAME,
  manifestListing,
  pathColumnIn,
  type SourceOptions,
} from "./manifest.js";
import { allFiles, maskedListing, withMasks } from "./masked.js";
import { type PageFile, pageFiles } from "./page-files.js";
import { zipFiles } from "./zip-files.js";

/** Kinds of sources of images; `images` are those without labels. */
export type SourceKind = "manifest" | "idx" | "gnt" | "classFolders" | "images" | "masks" | "boxes";

/** A source of images that was opened. */
export interface OpenedSource {
  /** The kind of source. */
  readonly kind: SourceKind;
  /** Its images. */
  readonly listing: Listing;
  /** A sentence on what the source was taken for, with a full stop. */
  readonly sentence: string;
}

/**
 * Opens a source of images on the disk: a manifest (`.csv`, `.tsv`) or a folder with a `manifest.csv`, IDX pairs, GNT
 * files, or class folders (of Train, Val and Test where there are such). A folder of images without labels, a single image,
 * and a zip archive of any of these are sources too.
 * @param options names of a manifest's columns; `imagesOnly` unless they are requested
 * @param path A file or folder.
 * @throws FoveaError for a path that leads to none of these, and for what is wrong with the one that it is.
 * @example (await openSource("pets")).sentence; // the source in words: class folders, 30 images
 */
export async function openSource(path: string, options: SourceOptions = {}): Promise<OpenedSource> {
  checkOptions("openSource", options, [...COLUMN_OPTIONS, "imagesOnly"]);
  const facts = await stat(path);
  if (facts === undefined)
    throw new FoveaError(
      "not-found",
      `${path}: there is no such file or folder; give a folder of images, a manifest or an archive`,
    );
  return withColumns(await (facts.isDirectory ? openFolder(path, options) : openFile(path, options)), options);
}

/** A source as it is. @throws FoveaError where columns are named and it has none */
function withColumns(opened: OpenedSource, options: SourceOptions): OpenedSource {
  if (opened.kind !== "manifest") checkNoColumns(opened.listing.where, options);
  return opened;
}

/**
 * Refuses names of columns for a source without a manifest, which has no columns and would ignore the names in silence.
 * @param where the source, for messages
 * @throws FoveaError where a column is named
 * @example checkNoColumns("photos", {});
 */
export function checkNoColumns(where: string, options: SourceOptions): void {
  for (const role of COLUMN_OPTIONS)
    if (options[role] !== undefined)
      throw new FoveaError(
        "unsuited-option",
        `${where}: ${options[role]} is named as the column of the ${role}, and only a manifest has columns; leave it out, or give a manifest`,
      );
}

/**
 * Opens files of a page as a source: a picked folder, a zip archive, a manifest with its images, IDX or GNT files.
 * @param files The files of the page.
 * @throws FoveaError as openSource does
 */
export async function openPageFiles(files: Iterable<PageFile>, options: SourceOptions = {}): Promise<OpenedSource> {
  checkOptions("openPageFiles", options, [...COLUMN_OPTIONS, "imagesOnly"]);
  const set = pageFiles(files);
  const [only = ""] = set.paths;
  const file = set.file(only);
  const isArchive = set.paths.length === 1 && file !== undefined && (await isZip(file));
  return withColumns(await openSet(isArchive ? await zipFiles(file, only) : set, options), options);
}

/**
 * Checks whether a file is a table without a column of image paths: data without images.
 * @param path A file.
 * @example await isTable("policies.csv"); // false where no such file is
 */
export async function isTable(path: string): Promise<boolean> {
  if (!isTextTableName(path) || (await stat(path))?.isDirectory !== false) return false;
  const head = new TextDecoder().decode((await blockingFiles()).readHead(path, HEAD));
  return pathColumnIn(headOf(head, path)) < 0;
}

/**
 * Checks whether a path is a folder of class folders, as far as names tell: no manifest, IDX or GNT files lie in it. Cheaper than
 * opening it, for folders of a hundred thousand images.
 * @param path A folder.
 * @example await isClassFolder("pets"); // true
 */
export async function isClassFolder(path: string): Promise<boolean> {
  if ((await stat(path))?.isDirectory !== true) return false;
  const files = await folderFiles(path);
  if ((await manifestIn(files)) !== undefined || files.paths.some(isGntName)) return false;
  return idxPairs([...files.paths]).length === 0 && (await gntBelow(path)).length === 0;
}

/**
 * Checks whether a path is a folder of images that lie in no class folders, and that no table tells the labels of: `openSource`
 * takes it for images without labels. False for a file, and for a path where nothing is.
 * @param path A folder.
 * @example await isLooseFolder("photos") // true where photos/ has 1.jpg, 2.jpg, ...
 */
export const isLooseFolder = async (path: string): Promise<boolean> =>
  (await isClassFolder(path)) && !(await hasClassFolders(path));

/**
 * Opens images with their masks: a folder or an archive with a folder of images and one of masks, or a manifest of such images.
 * @param column the manifest's column of masks. Default: the one that is called so, else the folder beside that of the images
 * @param source A path, or files of a page.
 * @throws FoveaError for a source without masks, and naming images that have none
 * @example
 * await writeHail("hail-masks", { count: 6, height: 32, width: 32 });
 * (await openMasked("hail-masks")).listing.masks.images.length; // 6
 */
export async function openMasked(
  source: string | Iterable<PageFile>,
  options: SourceOptions = {},
  column?: string,
): Promise<OpenedSource> {
  checkOptions("openMasked", options, COLUMN_OPTIONS);
  const [files, manifest] = typeof source === "string" ? await filesAt(source) : await manifestOf(pageFiles(source));
  const masked = async (listing: Listing): Promise<Listing> => withMasks(listing, files, column);
  if (manifest !== undefined) {
    const { listing, ...opened } = described("manifest", await masked(await manifestListing(manifest, files, options)));
    return { ...opened, listing, sentence: opened.sentence.replace(/\.$/, ", with a mask for each image.") };
  }
  checkNoColumns(files.where, options);
  if (column !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `${files.where}: ${column} is named as the column of masks, and there is no manifest; leave it out`,
    );
  return described("masks", await maskedListing(files));
}

/**
 * Opens images with the objects that annotation files tell of: a folder or an archive of both, or a manifest of images beside
 * such files.
 * @param source A path, or files of a page.
 * @throws FoveaError for a source without annotations
 * @example
 * await writeHail("dents", { count: 6, height: 32, width: 32 });
 * const { boxes } = (await openBoxed("dents")).listing;
 * boxes.images[0].objects; // categories and boxes of the first photo
 */
export async function openBoxed(
  source: string | Iterable<PageFile>,
  options: SourceOptions = {},
): Promise<OpenedSource> {
  checkOptions("openBoxed", options, COLUMN_OPTIONS);
  const [files, manifest] = typeof source === "string" ? await filesAt(source) : await manifestOf(pageFiles(source));
  // In an archive or on a page any table of paths may be a manifest, also one of boxes.
  if (manifest === undefined || (await boxTableIn(files)) === manifest) {
    checkNoColumns(files.where, options);
    return described("boxes", await boxedListing(files));
  }
  const listing = await withBoxes(await manifestListing(manifest, files, options), files);
  const opened = described("manifest", listing);
  return { ...opened, sentence: opened.sentence.replace(/\.$/, ", with the objects on each image.") };
}

const manifestOf = async (files: FileSet): Promise<[FileSet, string | undefined]> => [files, await manifestIn(files)];

/** The files below a path and the manifest among them. */
export async function filesAt(path: string): Promise<[FileSet, string | undefined]> {
  const facts = await stat(path);
  if (facts === undefined)
    throw new FoveaError(
      "not-found",
      `${path}: there is no such file or folder; give a folder of images with masks or annotations, or a manifest`,
    );
  if (facts.isDirectory) return manifestOf(await allFiles(path));
  const parent = parentFolder(path);
  const name = baseName(path);
  const file = (await folderFiles(parent)).file(name)!;
  if (await isZip(file)) return manifestOf(await zipFiles(file, path));
  if (isTextTableName(name)) return [await allFiles(parent), name];
  throw new FoveaError(
    "unknown-format",
    `${path}: expected a folder of images with masks or annotations, an archive or a manifest; give one of these`,
  );
}

export const HEAD = 1 << 16;

/** The names of a table's columns, from its beginning; none where that is no CSV. */
export function headOf(text: string, name: string): string[] {
  const line = text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0]!;
  try {
    return (csvRows(line, { delimiter: delimiterOf(line, name) })[0]?.fields ?? []).map((field) => field.trim());
  } catch (error) {
    if (error instanceof FoveaError) return [];
    throw error;
  }
}

async function openFolder(folder: string, options: SourceOptions): Promise<OpenedSource> {
  const files = await folderFiles(folder);
  const special = await openSpecial(files, options);
  if (special !== undefined) return special;
  const gnt = await gntBelow(folder);
  if (gnt.length > 0) return described("gnt", await gntListing(files, gnt));
  if (await hasClassFolders(folder)) return described("classFolders", await classFolderListing(folder));
  return described("images", await looseListing(folder));
}

/** Checks whether the folders in a folder are classes, or parts with classes in them. */
async function hasClassFolders(folder: string): Promise<boolean> {
  const splits = await findSplits(folder);
  const folders = (await visibleEntries(folder)).filter(({ isDirectory }) => isDirectory);
  const areSplits = splits.train !== undefined || Object.values(splits).length === folders.length;
  return folders.length > 0 && (areSplits || !(await hasNoClasses(folder)));
}

/** Folders of a data set that are searched for GNT files. */
const SEARCHED = 8;

/** GNT files in the folders of a folder, such as `HWDB1.1trn_gnt`. */
async function gntBelow(folder: string): Promise<string[]> {
  const folders = (await visibleEntries(folder)).filter(({ isDirectory }) => isDirectory).slice(0, SEARCHED);
  for (const { name } of folders) {
    const entries = await visibleEntries(joinPath(folder, name));
    if (!entries.some((entry) => !entry.isDirectory && isGntName(entry.name))) continue;
    return [...leavesOf(await walkFolder(folder), "")].map(({ path }) => path).filter(isGntName);
  }
  return [];
}

async function openFile(path: string, options: SourceOptions): Promise<OpenedSource> {
  const files = await folderFiles(parentFolder(path));
  const name = baseName(path);
  const file = files.file(name)!;
  const head = await file.range(0, 4);
  if (await isZip(file)) return openSet(await zipFiles(file, path), options);
  if (isTextTableName(name)) return described("manifest", await manifestListing(name, files, options));
  if (isGntName(name)) return described("gnt", await gntListing({ ...files, where: path }, [name]));
  const pairs = idxPairs([...files.paths]).filter(({ images, labels }) => [images, labels].includes(name));
  if (pairs.length > 0 || looksLikeIdx(head))
    return described("idx", await idxListing({ ...files, where: path }, pairs));
  if (isImageName(name)) {
    const images = [{ path: name, size: file.size, source: path }];
    return described("images", { where: path, images, columns: {}, findings: [] });
  }
  throw new FoveaError(
    "unknown-format",
    `${path} is no source of images; expected a folder, a manifest (.csv), a zip archive, IDX files, GNT files or an image`,
  );
}

async function openSet(files: FileSet, options: SourceOptions): Promise<OpenedSource> {
  const special = await openSpecial(files, options);
  if (special !== undefined) return special;
  const gnt = files.paths.filter(isGntName);
  if (gnt.length > 0) return described("gnt", await gntListing(files, gnt));
  const listing = fileSetListing(files);
  return described(CLASS_COLUMN in listing.columns ? "classFolders" : "images", listing);
}

/** A source that files are told by: a manifest, IDX pairs or GNT files. */
async function openSpecial(files: FileSet, options: SourceOptions): Promise<OpenedSource | undefined> {
  const manifest = await manifestIn(files);
  if (manifest !== undefined) return described("manifest", await manifestListing(manifest, files, options));
  const pairs = idxPairs(files.paths);
  if (pairs.length > 0) return described("idx", await idxListing(files, pairs));
  const gnt = files.paths.filter((path) => isGntName(path) && !path.includes("/"));
  return gnt.length > 0 ? described("gnt", await gntListing(files, files.paths.filter(isGntName))) : undefined;
}

/** The manifest in a set; in an archive or on a page the only table with a column of paths is one, whatever its name. */
async function manifestIn(files: FileSet): Promise<string | undefined> {
  const named = files.paths.find((path) => path.toLowerCase() === MANIFEST_NAME);
  if (named !== undefined || files.folder !== undefined) return named;
  const tables = files.paths.filter((path) => isTextTableName(path) && !path.includes("/"));
  const [only] = tables;
  if (only === undefined || tables.length > 1) return undefined;
  const head = new TextDecoder().decode(await files.file(only)!.range(0, HEAD));
  return pathColumnIn(headOf(head, only)) < 0 ? undefined : only;
}

const ZIP_STARTS = ["PK\u0003\u0004", "PK\u0005\u0006"];

const isZip = async (file: { range(start: number, length: number): Promise<Uint8Array> }): Promise<boolean> =>
  ZIP_STARTS.includes(String.fromCharCode(...(await file.range(0, 4))));

const KINDS: Readonly<Record<SourceKind, string>> = {
  manifest: "is a manifest",
  idx: "has pairs of IDX files",
  gnt: "has GNT files",
  classFolders: "has a folder for each class",
  images: "has images without labels",
  masks: "has images and masks",
  boxes: "has images with annotated objects",
};

const number = (count: number): string => count.toLocaleString("en-US");

function described(kind: SourceKind, listing: Listing): OpenedSource {
  const { where, images, columns, split, group } = listing;
  const names = Object.keys(columns);
  const [labels] = kind === "manifest" ? [] : Object.values(columns);
  const classes = labels && new Set<unknown>(labels);
  const parts = new Set(split);
  const facts = [
    `${number(images.length)} ${images.length === 1 ? "image" : "images"}`,
    ...(classes ? [counted(classes.size, "class", "classes")] : []),
    ...(kind === "manifest"
      ? [names.length === 0 ? "no columns beside the paths" : `columns ${listedNames(names)}`]
      : []),
    ...(group ? [`${number(new Set(group).size)} groups`] : []),
    ...(split ? [`parts ${PART_NAMES.filter((part) => parts.has(part)).join(", ")}`] : []),
    ...(["weight", "exposure", "date"] as const).filter((role) => listing[role] !== undefined),
  ];
  return { kind, listing, sentence: `${where} ${KINDS[kind]}: ${facts.join(", ")}.` };
}
