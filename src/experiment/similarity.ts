// Which images of a folder are most like one, and which images are there twice. What "like" means is the embedder's
// business; equal bytes are told apart from images that only look the same.
import { FoveaError } from "../core/errors.js";
import { tensor } from "../core/tensor.js";
import { VERSION } from "../core/version.js";
import { isImageName } from "../data/index.js";
import { readBytes } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { leavesOf, walkFolder } from "../platform/walk.js";
import { type BadFile, eachReadable } from "./bad-files.js";
import type { Embedder } from "./embedding.js";
import { keptPath, readKept, writeKept } from "./kept-numbers.js";

/** An image and how much it is like another: the cosine between their vectors, 1 for the same. */
export interface Similar {
  readonly image: string;
  readonly similarity: number;
}

/** Two images that look alike. */
export interface Pair {
  readonly images: readonly [string, string];
  readonly similarity: number;
  /** Whether the files hold the same bytes. */
  readonly identical: boolean;
}

/** Told how many of all images are done. */
type Progress = (done: number, total: number) => void;

/**
 * All image files in folders and the folders in these, in code-point order; of a folder that several paths lead to once.
 * @throws FoveaError when there are none in one of the folders.
 */
export const imagesIn = (...folders: readonly string[]): Promise<string[]> => imagesBelow(folders, new Set());

/** As `imagesIn`; the real paths in `entered` are not entered, and those that are will be among them. */
export async function imagesBelow(folders: readonly string[], entered: Set<string>): Promise<string[]> {
  const images: string[] = [];
  for (const folder of folders) {
    const leaves = [...leavesOf(await walkFolder(folder, entered))];
    const found = leaves.filter(({ path, branch }) => !branch.isDirectory && isImageName(path));
    if (found.length === 0 && !leaves.some(({ branch }) => branch.again))
      throw new FoveaError(`${folder}: there are no images in it, nor in the folders in it`);
    for (const { path } of found) images.push(path);
  }
  return images;
}

/** Images between two reports of progress. */
const STEP = 32;

const hashOf = async (image: string): Promise<string> => sha256Hex(await readBytes(image));

/** Told of each file that cannot be read, which is then left out; without it the first is an error. */
type OnBad = (file: BadFile) => void;

/** Vectors of images, the files that cannot be read left out. */
interface Embedded {
  readonly images: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** The images' vectors: those of files that were embedded before, under any name, are kept in the cache folder. */
async function vectorsOf(
  embedder: Embedder,
  all: readonly string[],
  { onProgress, onBad }: { readonly onProgress?: Progress | undefined; readonly onBad?: OnBad | undefined } = {},
): Promise<Embedded> {
  const path = await keptPath({ version: VERSION, ...embedder.settings }, "vectors");
  const known = path === undefined ? new Map<string, Float32Array>() : await knownVectors(path, embedder.size);
  const before = known.size;
  const images: string[] = [];
  const vectors: Float32Array[] = [];
  for (let start = 0; start < all.length; start += STEP) {
    const hashes = await readable(all.slice(start, start + STEP), hashOf, onBad);
    const missing = hashes.filter(({ value }) => !known.has(value)).map(({ path: image }) => image);
    const found = new Map((await embedded(embedder, missing, onBad)).map((one) => [one.path, one.value]));
    for (const { path: image, value: hash } of hashes) {
      const vector = known.get(hash) ?? found.get(image);
      if (vector === undefined) continue;
      known.set(hash, vector);
      images.push(image);
      vectors.push(vector);
    }
    onProgress?.(Math.min(all.length, start + STEP), all.length);
  }
  if (path !== undefined && known.size > before) await keepVectors(path, embedder.size, known);
  return { images, vectors };
}

type Read<T> = { readonly path: string; readonly value: T };

/** What is read of each file; those that cannot be read are told to `onBad`, or thrown where there is none. */
async function readable<T>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
  onBad: OnBad | undefined,
): Promise<readonly Read<T>[]> {
  const { good, bad } = await eachReadable(paths, read);
  for (const file of bad) {
    if (onBad === undefined) throw new FoveaError(file.error);
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

async function keepVectors(path: string, size: number, known: ReadonlyMap<string, Float32Array>): Promise<void> {
  const data = new Float32Array(known.size * size);
  for (const [i, vector] of [...known.values()].entries()) data.set(vector, i * size);
  const table = tensor(data, [known.size, size], "float32");
  await writeKept(path, { table, notes: { images: [...known.keys()].join(" ") } });
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  // Of length 1 to single precision: a vector and itself may come to a little more.
  return Math.min(1, sum);
}

/**
 * The images most like `image`, the most similar first.
 * @param options.onBad told of each file of `among` that cannot be read; without it the first is an error
 */
export async function similarImages(
  embedder: Embedder,
  image: string,
  among: readonly string[],
  options: { readonly top?: number; readonly onProgress?: Progress; readonly onBad?: OnBad } = {},
): Promise<Similar[]> {
  const { top = 10, onProgress, onBad } = options;
  const {
    vectors: [wanted],
  } = await vectorsOf(embedder, [image]);
  const { images, vectors } = await vectorsOf(embedder, among, { onProgress, onBad });
  return vectors
    .map((vector, i) => ({ image: images[i]!, similarity: cosine(wanted!, vector) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, top);
}

/**
 * Pairs of images that are at least `above` alike, the most similar first.
 * @param options.onBad told of each file that cannot be read; without it the first is an error
 */
export async function duplicateImages(
  embedder: Embedder,
  all: readonly string[],
  options: { readonly above?: number; readonly onProgress?: Progress; readonly onBad?: OnBad } = {},
): Promise<Pair[]> {
  const { above = 0.98, onProgress, onBad } = options;
  const { images, vectors } = await vectorsOf(embedder, all, { onProgress, onBad });
  const close: { readonly i: number; readonly j: number; readonly similarity: number }[] = [];
  for (let i = 0; i < images.length; i++)
    for (let j = i + 1; j < images.length; j++) {
      const similarity = cosine(vectors[i]!, vectors[j]!);
      if (similarity >= above) close.push({ i, j, similarity });
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
