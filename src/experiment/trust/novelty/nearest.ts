// Distance of an embedding to those of training images: how unlike an image is to all that the model was trained on.
import { FoveaError } from "../../../core/errors.js";
import { MOST_EMBEDDING_BYTES, type NoveltyFacts } from "../../../formats/models/trust-facts.js";

type Nearest = NonNullable<NoveltyFacts["nearest"]>;

/** Embeddings as bytes: number = low + step * byte. */
export interface EmbeddingBank extends Pick<Nearest, "width" | "low" | "step" | "neighbours"> {
  /** Numbers of all embeddings, one embedding after the other, `[embeddings, width]`. */
  readonly bytes: Uint8Array;
}

/** Neighbours whose mean distance counts. */
const NEIGHBOURS = 5;

/**
 * The largest number of embeddings of a `width` that a model's file may store: 1000, and fewer of wide ones.
 * @param width numbers of an embedding
 */
export const mostEmbeddings = (width: number): number => Math.min(1000, Math.floor(MOST_EMBEDDING_BYTES / width));

/** The vector over its length; one of zeros stays. */
function unit(vector: ArrayLike<number>): Float64Array {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += vector[i]! ** 2;
  const length = square === 0 ? 1 : Math.sqrt(square);
  return Float64Array.from({ length: vector.length }, (_, i) => vector[i]! / length);
}

/**
 * Stores embeddings with one byte per number.
 * @param embeddings of training images, of one width; each is taken at length 1
 * @throws FoveaError for none, or for more than may be stored
 * @example
 * const bank = embeddingBank([[1, 0], [0, 1], [1, 1]].slice(0, mostEmbeddings(2)));
 * nearestDistance([1, 0.1], bank); // 0.754, the mean of the three squared distances
 */
export function embeddingBank(embeddings: readonly ArrayLike<number>[]): EmbeddingBank {
  const width = embeddings[0]?.length ?? 0;
  if (width === 0 || embeddings.length > mostEmbeddings(width))
    throw new FoveaError(
      "out-of-range",
      `embeddingBank: expected 1 to ${width === 0 ? 0 : mostEmbeddings(width)} embeddings, received ${embeddings.length} of ${width} numbers`,
    );
  const vectors = embeddings.map(unit);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const vector of vectors)
    for (const value of vector) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  const step = (high - low) / 255;
  const bytes = new Uint8Array(vectors.length * width);
  for (const [n, vector] of vectors.entries())
    for (let i = 0; i < width; i++) bytes[n * width + i] = step === 0 ? 0 : Math.round((vector[i]! - low) / step);
  return { width, low, step, neighbours: Math.min(NEIGHBOURS, vectors.length), bytes };
}

/**
 * The mean squared distance of an embedding, at length 1, to its nearest ones (Sun, Ming, Zhu and Li,
 * Out-of-distribution detection with deep nearest neighbors, ICML 2022).
 * @param embedding numbers of an image, as many as those of the bank have; taken at length 1
 * @param bank embeddings of training images
 * @returns the mean over the nearest five, or over all of a smaller bank; from 0 to 4
 * @throws FoveaError for an embedding of another width
 */
export function nearestDistance(
  embedding: ArrayLike<number>,
  { width, low, step, neighbours, bytes }: EmbeddingBank,
): number {
  if (embedding.length !== width)
    throw new FoveaError(
      "length-mismatch",
      `nearestDistance: expected an embedding of ${width} numbers, received ${embedding.length}`,
    );
  const vector = unit(embedding);
  const nearest: number[] = new Array(neighbours).fill(Number.POSITIVE_INFINITY);
  for (let start = 0; start < bytes.length; start += width) {
    let sum = 0;
    const worst = nearest[neighbours - 1]!;
    for (let i = 0; i < width && sum < worst; i++) sum += (low + step * bytes[start + i]! - vector[i]!) ** 2;
    if (sum >= worst) continue;
    let at = neighbours - 1;
    for (; at > 0 && nearest[at - 1]! > sum; at--) nearest[at] = nearest[at - 1]!;
    nearest[at] = sum;
  }
  return nearest.reduce((total, distance) => total + distance, 0) / neighbours;
}

/** A bank as a model's file has it. */
export function storedBank({ bytes, ...bank }: EmbeddingBank): Omit<Nearest, "middle" | "high"> {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return { ...bank, embeddings: btoa(binary) };
}

/**
 * The bank of a model's file, whose numbers stand there in base 64.
 * @param nearest the facts of distances in the file's novelty
 */
export const bankOf = ({ width, low, step, neighbours, embeddings }: Nearest): EmbeddingBank => ({
  ...{ width, low, step, neighbours },
  bytes: Uint8Array.from(atob(embeddings), (character) => character.charCodeAt(0)),
});
