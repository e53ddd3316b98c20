// Which images of a folder are most like one, and which images are there twice. What "like" means is the embedder's
// business; equal bytes are told apart from images that only look the same.
import { FoveaError } from "../core/errors.js";
import { tensor } from "../core/tensor.js";
import { VERSION } from "../core/version.js";
import { isImageName } from "../data/index.js";
import { readBytes } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { leavesOf, walkFolder } from "../platform/walk.js";
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
export async function imagesIn(...folders: readonly string[]): Promise<string[]> {
  const entered = new Set<string>();
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

/** The images' vectors: those of files that were embedded before, under any name, are kept in the cache folder. */
async function vectorsOf(
  embedder: Embedder,
  images: readonly string[],
  onProgress?: Progress,
): Promise<Float32Array[]> {
  const path = await keptPath({ version: VERSION, ...embedder.settings }, "vectors");
  const known = path === undefined ? new Map<string, Float32Array>() : await knownVectors(path, embedder.size);
  const before = known.size;
  const vectors: Float32Array[] = [];
  for (let start = 0; start < images.length; start += STEP) {
    const some = images.slice(start, start + STEP);
    const hashes = await Promise.all(some.map(hashOf));
    const missing = some.filter((_, i) => !known.has(hashes[i]!));
    const found = missing.length === 0 ? [] : await embedder.embed(missing);
    for (const [i, vector] of found.entries()) known.set(hashes[some.indexOf(missing[i]!)]!, vector);
    vectors.push(...hashes.map((hash) => known.get(hash)!));
    onProgress?.(vectors.length, images.length);
  }
  if (path !== undefined && known.size > before) await keepVectors(path, embedder.size, known);
  return vectors;
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

/** The images most like `image`, the most similar first. */
export async function similarImages(
  embedder: Embedder,
  image: string,
  among: readonly string[],
  options: { readonly top?: number; readonly onProgress?: Progress } = {},
): Promise<Similar[]> {
  const { top = 10, onProgress } = options;
  const [wanted] = await vectorsOf(embedder, [image]);
  const vectors = await vectorsOf(embedder, among, onProgress);
  return vectors
    .map((vector, i) => ({ image: among[i]!, similarity: cosine(wanted!, vector) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, top);
}

/** Pairs of images that are at least `above` alike, the most similar first. */
export async function duplicateImages(
  embedder: Embedder,
  images: readonly string[],
  options: { readonly above?: number; readonly onProgress?: Progress } = {},
): Promise<Pair[]> {
  const { above = 0.98, onProgress } = options;
  const vectors = await vectorsOf(embedder, images, onProgress);
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
