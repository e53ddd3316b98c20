// Images of a folder that are most like one, and images that are there twice. The embedder decides what "like" means,
// or for copies the data room; pairs of equal bytes are marked, unlike images that only look the same.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import { VERSION } from "../../core/version.js";
import { findCopies, loadImage, THUMBNAIL_SIDE, type Thumbnail } from "../../data/index.js";
import { breather } from "../../platform/breather.js";
import type { TooLarge } from "../../platform/cache.js";
import { readBytes } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { type BadFile, eachReadable } from "../data/bad-files.js";
import type { Embedder } from "./embedding.js";
import { keptPath, readKept, writeKept } from "./feature-cache.js";

/** An image that is like another. */
export interface Similar {
  /** Path of the image. */
  readonly image: string;
  /** Cosine between both vectors, from -1 to 1; 1 for the same. */
  readonly similarity: number;
}

/** Two images that look alike. */
export interface Pair {
  /** Paths of both images, in the order in which they were given. */
  readonly images: readonly [string, string];
  /** Likeness of both images: the cosine of their vectors, or for copies that of their details; 1 for the same. */
  readonly similarity: number;
  /** True where the files hold the same bytes. */
  readonly identical: boolean;
  /** Change of the picture: "mirrored", "cut to 81 %"; empty where none shows. Only copies have it. */
  readonly change?: string;
}

/** Copies among images, and the files that no picture could be read from. */
export interface Copies {
  /** Pairs that show the same picture, the most similar first. */
  readonly pairs: readonly Pair[];
  /** Files that no picture could be read from. */
  readonly failed: readonly BadFile[];
}

/** Receives how many of all images are done. */
type Progress = (done: number, total: number) => void;

/** Images between two reports of progress. */
const STEP = 32;

const hashOf = async (image: string): Promise<string> => sha256Hex(await readBytes(image));

/** Told of each file that cannot be read, which is then left out; without it the first is an error. */
type OnBad = (file: BadFile) => void;

interface Told {
  readonly onProgress?: Progress | undefined;
  readonly onBad?: OnBad | undefined;
  /** Told when the vectors are larger than the whole cache may be. */
  readonly onNotKept?: ((why: TooLarge) => void) | undefined;
}

/** Vectors of images, the files that cannot be read left out. */
interface Embedded {
  readonly images: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** The images' vectors: those of files that were embedded before, under any name, are kept in the cache folder. */
async function vectorsOf(
  embedder: Embedder,
  all: readonly string[],
  { onProgress, onBad, onNotKept }: Told = {},
): Promise<Embedded> {
  const path = await keptPath({ version: VERSION, ...embedder.settings }, "vectors");
  const known = path === undefined ? new Map<string, Float32Array>() : await knownVectors(path, embedder.size);
  const before = known.size;
  const images: string[] = [];
  const vectors: Float32Array[] = [];
  for (let start = 0; start < all.length; start += STEP) {
    const hashes = await readable(all.slice(start, start + STEP), hashOf, onBad);
    const missing = hashes.filter(({ value }) => !known.has(value)).map(({ path: image }) => image);
    const found = new Map((await embedded(embedder, missing, onBad)).map((image) => [image.path, image.value]));
    for (const { path: image, value: hash } of hashes) {
      const vector = known.get(hash) ?? found.get(image);
      if (vector === undefined) continue;
      known.set(hash, vector);
      images.push(image);
      vectors.push(vector);
    }
    onProgress?.(Math.min(all.length, start + STEP), all.length);
  }
  const isNew = path !== undefined && known.size > before;
  const notKept = isNew ? await keepVectors(path, embedder.size, known) : undefined;
  if (notKept !== undefined) onNotKept?.(notKept);
  return { images, vectors };
}

type Read<T> = { readonly path: string; readonly value: T };

/** Reads each file. `onBad` receives the files that cannot be read; without it the first of them throws. */
async function readable<T>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
  onBad: OnBad | undefined,
): Promise<readonly Read<T>[]> {
  const { good, bad } = await eachReadable(paths, read);
  for (const file of bad) {
    if (onBad === undefined) throw new FoveaError(file.code, file.error);
    onBad(file);
  }
  return good;
}

/** Vectors of images together, or one by one where one of them cannot be read. */
async function embedded(
  embedder: Embedder,
  paths: readonly string[],
  onBad: OnBad | undefined,
): Promise<readonly Read<Float32Array>[]> {
  if (paths.length === 0) return [];
  try {
    return (await embedder.embed(paths)).map((value, i) => ({ path: paths[i]!, value }));
  } catch (error) {
    if (!(error instanceof FoveaError) || onBad === undefined) throw error;
    return readable(paths, async (path) => (await embedder.embed([path]))[0]!, onBad);
  }
}

async function knownVectors(path: string, size: number): Promise<Map<string, Float32Array>> {
  const kept = await readKept(path);
  const hashes = kept?.notes.images?.split(" ") ?? [];
  if (kept === undefined || String(kept.table.shape) !== String([hashes.length, size])) return new Map();
  return new Map(hashes.map((hash, i) => [hash, kept.table.data.slice(i * size, (i + 1) * size)]));
}

function keepVectors(
  path: string,
  size: number,
  known: ReadonlyMap<string, Float32Array>,
): Promise<TooLarge | undefined> {
  const data = new Float32Array(known.size * size);
  for (const [i, vector] of [...known.values()].entries()) data.set(vector, i * size);
  const table = tensor(data, [known.size, size], "float32");
  return writeKept(path, { table, notes: { images: [...known.keys()].join(" ") } });
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  // Of length 1 to single precision: a vector and itself may come to a little more.
  return Math.min(1, sum);
}

/**
 * The images most like `image`, the most similar first. Vectors are kept in the cache folder.
 * @param embedder the network whose features are compared
 * @param among paths of the images that are looked through
 * @param options length of the answer, progress, and the treatment of bad files
 * @param options.top largest number of images in the answer. Default 10
 * @param options.onProgress receives the number of images that are done
 * @param options.onBad receives each file of `among` that cannot be read; without it the first is an error
 * @param options.onNotKept receives the reason when the vectors are larger than the cache may be
 * @throws FoveaError for an image that cannot be read
 * @example
 * const embedder = await openEmbedder("model.keras"); // or "photos", for photos
 * const images = await imagesIn("pets");
 * const [nearest] = await similarImages(embedder, "pets/cat/1.png", images, { top: 3 });
 * const twice = await duplicateImages(embedder, images, { above: 0.99 });
 * await embedder.close();
 */
export async function similarImages(
  embedder: Embedder,
  image: string,
  among: readonly string[],
  options: { readonly top?: number } & Told = {},
): Promise<Similar[]> {
  const { top = 10, ...told } = options;
  const {
    vectors: [wanted],
  } = await vectorsOf(embedder, [image]);
  const { images, vectors } = await vectorsOf(embedder, among, told);
  return vectors
    .map((vector, i) => ({ image: images[i]!, similarity: cosine(wanted!, vector) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, top);
}

/**
 * Pairs of images that are at least `above` alike, the most similar first. All pairs are compared, so that the time
 * grows with the square of their number.
 * @param embedder the network whose features are compared
 * @param all paths of the images
 * @param options the least likeness, progress, and the treatment of bad files
 * @param options.above least cosine of a pair, from -1 to 1. Default 0.98
 * @param options.onProgress receives the number of images that are done
 * @param options.onBad receives each file that cannot be read; without it the first is an error
 * @param options.onNotKept receives the reason when the vectors are larger than the cache may be
 * @throws FoveaError for an image that cannot be read, without `onBad`
 */
export async function duplicateImages(
  embedder: Embedder,
  all: readonly string[],
  options: { readonly above?: number } & Told = {},
): Promise<Pair[]> {
  const { above = 0.98, ...told } = options;
  const { images, vectors } = await vectorsOf(embedder, all, told);
  const close: { readonly i: number; readonly j: number; readonly similarity: number }[] = [];
  const breathe = breather();
  for (let i = 0; i < images.length; i++) {
    for (let j = i + 1; j < images.length; j++) {
      const similarity = cosine(vectors[i]!, vectors[j]!);
      if (similarity >= above) close.push({ i, j, similarity });
    }
    await breathe();
  }
  const hashes = new Map<number, string>();
  for (const { i, j } of close) for (const at of [i, j]) if (!hashes.has(at)) hashes.set(at, await hashOf(images[at]!));
  const pairs = close.map(
    ({ i, j, similarity }): Pair => ({
      images: [images[i]!, images[j]!],
      similarity,
      identical: hashes.get(i) === hashes.get(j),
    }),
  );
  return pairs.sort((a, b) => b.similarity - a.similarity);
}

/**
 * Pairs of images that show the same picture, scaled, saved again, mirrored or cut, the most similar first. Needs no
 * network.
 * @param images paths of the images; those that cannot be read are in `failed`
 * @param options the least likeness, and progress
 * @param options.above least similarity of a pair, from 0 to 1. Default 0.85
 * @param options.onProgress receives the number of images that were read
 * @param options.onCompared receives the number of images that were compared with all others
 * @example
 * const { pairs, failed } = await copiesAmong(["photo.png", "photo.png", "lost.png"]);
 * pairs[0].identical; // true: both files hold the same bytes
 * failed[0].image; // "lost.png"
 */
export async function copiesAmong(
  images: readonly string[],
  options: { readonly above?: number; readonly onProgress?: Progress; readonly onCompared?: Progress } = {},
): Promise<Copies> {
  const { above, onProgress, onCompared } = options;
  const failed: BadFile[] = [];
  const readable: { readonly image: string; readonly hash: string; readonly picture: Thumbnail }[] = [];
  for (let start = 0; start < images.length; start += STEP) {
    const { good, bad } = await eachReadable(images.slice(start, start + STEP), thumbnailOf);
    for (const { path, value } of good) readable.push({ image: path, ...value });
    failed.push(...bad);
    onProgress?.(Math.min(start + STEP, images.length), images.length);
  }
  const found = await findCopies(
    readable.map(({ picture }) => picture),
    defined({ above, onProgress: onCompared }),
  );
  const isPair = new Set(found.map(({ first, second }) => `${first} ${second}`));
  const pairs = found.map(({ first, second, similarity, isMirrored, shown }): Pair => {
    const identical = readable[first]!.hash === readable[second]!.hash;
    const changes = [
      ...(isMirrored ? ["mirrored"] : []),
      ...(shown < CUT ? [`cut to ${Math.round(100 * shown)} %`] : []),
    ];
    return {
      images: [readable[first]!.image, readable[second]!.image],
      similarity: identical ? 1 : similarity,
      identical,
      change: identical ? "" : changes.join(", "),
    };
  });
  // Files of one colour have no details to compare; the same bytes are copies all the same.
  for (const [first, second] of sameBytes(readable.map(({ hash }) => hash)))
    if (!isPair.has(`${first} ${second}`))
      pairs.push({
        images: [readable[first]!.image, readable[second]!.image],
        similarity: 1,
        identical: true,
        change: "",
      });
  return { pairs: pairs.sort((a, b) => b.similarity - a.similarity), failed };
}

/** A picture of which less is shown was cut; what is above may as well be rounding. */
const CUT = 0.97;

async function thumbnailOf(image: string): Promise<{ readonly hash: string; readonly picture: Thumbnail }> {
  const look = { height: THUMBNAIL_SIDE, width: THUMBNAIL_SIDE, color: "grayscale", interpolation: "lanczos" } as const;
  return { hash: await hashOf(image), picture: (await loadImage(image, look)).data };
}

/** The pairs of places whose hashes are equal. */
function* sameBytes(hashes: readonly string[]): Generator<[first: number, second: number]> {
  const places = new Map<string, number[]>();
  for (const [index, hash] of hashes.entries()) {
    const before = places.get(hash) ?? [];
    for (const first of before) yield [first, index];
    places.set(hash, [...before, index]);
  }
}
