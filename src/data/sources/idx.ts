// Images and labels as pairs of IDX files (MNIST, Fashion-MNIST, EMNIST), gzipped or not, one pair or one for each part.
import { FoveaError } from "../../core/errors.js";
import { baseName } from "../../platform/paths.js";
import type { PartName } from "../split/part-name.js";
import type { FileSet, StoredFile } from "./file-set.js";
import { gunzip, looksLikeGzip } from "./gunzip.js";
import { IDX_HEAD, idxHeader } from "./idx-format.js";
import type { ListedImage, Listing } from "./listing.js";
import { storedPng, storedPngSize } from "./pixel-file.js";

/** An images file with its labels file. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

const IMAGES = /images([-._]idx3)?([-._]ubyte)?(\.gz)?$/i;

/** The name of the labels that belong to images: `train-labels-idx1-ubyte.gz` for `train-images-idx3-ubyte.gz`. */
const labelsOf = (images: string): string =>
  images.replace(/images(?!.*images)/i, (word) => (word === "IMAGES" ? "LABELS" : "labels")).replace("idx3", "idx1");

const withGzip = (name: string): string => (name.endsWith(".gz") ? name.slice(0, -3) : `${name}.gz`);

/** Pairs of IDX files among names, images first; a gzipped twin of a file is left out. */
export function idxPairs(paths: readonly string[]): IdxPair[] {
  const names = new Set(paths);
  return paths.flatMap((images): IdxPair[] => {
    if (!IMAGES.test(images) || (images.endsWith(".gz") && names.has(withGzip(images)))) return [];
    const wanted = labelsOf(images);
    const labels = [wanted, withGzip(wanted)].find((name) => names.has(name));
    return labels === undefined ? [] : [{ images, labels }];
  });
}

/** The part that a file's name speaks of; `t10k` is MNIST's word for its test images. */
function partOf(path: string): PartName | undefined {
  const name = baseName(path).toLowerCase();
  if (/(^|[-_.])t(10|5)k|(^|[-_.])test/.test(name)) return "test";
  if (/(^|[-_.])val(id|idation)?[-_.]/.test(name)) return "validation";
  return /(^|[-_.])train/.test(name) ? "train" : undefined;
}

/** Bytes of a file by range, unpacked first where it is gzipped: then all of it stays in memory. */
async function opened(file: StoredFile, name: string): Promise<Pick<StoredFile, "size" | "range">> {
  if (!looksLikeGzip(await file.range(0, 2))) return file;
  const content = gunzip(await file.bytes(), name);
  return { size: content.length, range: async (start, length) => content.subarray(start, start + length) };
}

/**
 * Lists the images of IDX pairs with their labels in the column `label`.
 * @throws FoveaError for a file that is damaged or no IDX of images or labels, or counts that differ.
 */
export async function idxListing(files: FileSet, pairs: readonly IdxPair[]): Promise<Listing> {
  if (pairs.length === 0)
    throw new FoveaError(
      "not-found",
      `${files.where}: there is no pair of IDX files; expected names such as train-images-idx3-ubyte and ` +
        "train-labels-idx1-ubyte, gzipped or not",
    );
  const images: ListedImage[] = [];
  const labels: string[] = [];
  const split: (PartName | undefined)[] = [];
  const prefixes = new Set<string>();
  for (const pair of pairs) {
    const part = partOf(pair.images);
    const listed = await pairImages(files, pair, prefixFor(part, prefixes));
    for (const image of listed.images) images.push(image);
    for (const label of listed.labels) {
      labels.push(String(label));
      split.push(part);
    }
  }
  const isSplit = split.some((part) => part !== undefined);
  return { where: files.where, images, columns: { label: labels }, ...(isSplit && { split }), findings: [] };
}

/** A name for the images of a pair that no other pair has. */
function prefixFor(part: PartName | undefined, taken: Set<string>): string {
  const name = part ?? "images";
  const free = taken.has(name) ? `${name}-${taken.size + 1}` : name;
  taken.add(free);
  return free;
}

async function pairImages(
  files: FileSet,
  pair: IdxPair,
  prefix: string,
): Promise<{ readonly images: readonly ListedImage[]; readonly labels: Uint8Array }> {
  const open = async (path: string) => {
    const file = await opened(files.file(path)!, path);
    return { file, ...idxHeader(await file.range(0, IDX_HEAD), file.size, path) };
  };
  const pixels = await open(pair.images);
  const [count = 0, height = 0, width = 0, channels = 1] = pixels.axes;
  if (pixels.axes.length < 3 || (channels !== 1 && channels !== 3) || height * width === 0)
    throw new FoveaError(
      "shape-mismatch",
      `${pair.images}: expected images as [count, height, width], or with 1 or 3 channels behind, found ` +
        `[${pixels.axes.join(", ")}]; give the file of the images`,
    );
  const labels = await open(pair.labels);
  if (labels.axes.length !== 1)
    throw new FoveaError(
      "shape-mismatch",
      `${pair.labels}: expected labels as [count], found [${labels.axes.join(", ")}]; give the file of the labels`,
    );
  if (labels.axes[0] !== count)
    throw new FoveaError(
      "mismatched-parts",
      `${pair.images} has ${count} images and ${pair.labels} has ${labels.axes[0]} labels; give files that belong together`,
    );
  const shape = { height, width, channels } as const;
  const bytes = height * width * channels;
  const size = storedPngSize(shape);
  const images = Array.from(
    { length: count },
    (_, i): ListedImage => ({
      path: `${prefix}/${i}.png`,
      size,
      source: async () => storedPng({ ...shape, data: await pixels.file.range(pixels.start + i * bytes, bytes) }),
    }),
  );
  return { images, labels: await labels.file.range(labels.start, count) };
}
