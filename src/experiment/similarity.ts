// Which images of a folder are most like one, and which images are there twice. What "like" means is the embedder's
// business; equal bytes are told apart from images that only look the same.
import { FoveaError } from "../core/errors.js";
import { isImageName } from "../data/index.js";
import { listDirectory, readBytes } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { joinPath } from "../platform/paths.js";
import type { Embedder } from "./embedding.js";

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

/** All image files in a folder and the folders in it, in code-point order. @throws FoveaError when there are none. */
export async function imagesIn(folder: string): Promise<string[]> {
  const walk = async (path: string): Promise<string[]> => {
    const entries = (await listDirectory(path)).filter(({ name }) => !name.startsWith("."));
    const found = await Promise.all(
      entries.map(async ({ name, isDirectory }) => {
        if (isDirectory) return walk(joinPath(path, name));
        return isImageName(name) ? [joinPath(path, name)] : [];
      }),
    );
    return found.flat();
  };
  const images = await walk(folder);
  if (images.length === 0) throw new FoveaError(`${folder}: there are no images in it, nor in the folders in it`);
  return images;
}

/** Images between two reports of progress. */
const STEP = 32;

async function vectorsOf(
  embedder: Embedder,
  images: readonly string[],
  onProgress?: Progress,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < images.length; start += STEP) {
    vectors.push(...(await embedder.embed(images.slice(start, start + STEP))));
    onProgress?.(vectors.length, images.length);
  }
  return vectors;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The images most like `image`, the most similar first. */
export async function similarImages(
  embedder: Embedder,
  image: string,
  among: readonly string[],
  options: { readonly top?: number; readonly onProgress?: Progress } = {},
): Promise<Similar[]> {
  const { top = 10, onProgress } = options;
  const [wanted] = await embedder.embed([image]);
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
  const close = images.flatMap((_, i) =>
    images.slice(i + 1).flatMap((_, k) => {
      const similarity = cosine(vectors[i]!, vectors[i + 1 + k]!);
      return similarity >= above ? [{ i, j: i + 1 + k, similarity }] : [];
    }),
  );
  const hashes = new Map<number, Promise<string>>();
  const hashOf = (i: number): Promise<string> => {
    const hash = hashes.get(i) ?? readBytes(images[i]!).then((bytes) => sha256Hex(bytes));
    hashes.set(i, hash);
    return hash;
  };
  const pairs = await Promise.all(
    close.map(
      async ({ i, j, similarity }): Promise<Pair> => ({
        images: [images[i]!, images[j]!],
        similarity,
        identical: (await hashOf(i)) === (await hashOf(j)),
      }),
    ),
  );
  return pairs.sort((a, b) => b.similarity - a.similarity);
}
