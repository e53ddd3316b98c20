// Samples of a part of some data that are most like an image, by a network's own features: what it takes for alike.
import { FoveaError } from "../../core/errors.js";
import { breather } from "../../platform/breather.js";
import { imagesOf, type Part } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import type { Embedder } from "./embedding.js";

/** A sample among some vectors that is like another. */
export interface Neighbour {
  /** Position of the sample among the vectors, from 0. */
  readonly at: number;
  /** Cosine between both vectors, from -1 to 1; 1 for the same. */
  readonly similarity: number;
}

/** Images that are in memory at once. */
const BATCH = 32;

/**
 * The vectors of a part's images, one after the other, `[rows, embedder.size]`.
 * @param embedder the network whose features are compared
 * @param part images of one part of the data
 * @param options.onProgress receives the number of images that are done; an error that it throws ends the work
 * @example
 * const opened = await openModel("model.keras", { labels: ["cat", "dog", "fox"] });
 * const { part } = await partFor(opened, "pets");
 * const embedder = await embedderOf(opened);
 * const vectors = await partVectors(embedder, part);
 * const [, other] = await nearestVectors(vectors, vectors.slice(0, embedder.size), 2); // most like the first image
 */
export async function partVectors(
  embedder: Embedder,
  part: Part<ImageSamples>,
  { onProgress }: { readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<Float32Array> {
  const total = part.rows.length;
  const vectors = new Float32Array(total * embedder.size);
  for (let from = 0; from < total; from += BATCH) {
    const positions = Int32Array.from({ length: Math.min(BATCH, total - from) }, (_, i) => from + i);
    const found = await embedder.embedImages(await imagesOf(part, positions));
    for (const [i, vector] of found.entries()) vectors.set(vector, (from + i) * embedder.size);
    onProgress?.(from + found.length, total);
  }
  return vectors;
}

/**
 * The vectors most like another, the most similar first; equal ones in their order.
 * @param vectors of length 1 each, one after the other
 * @param wanted of length 1
 * @param count the most that are returned. Default 5.
 * @throws FoveaError for vectors of another length
 * @example
 * const vectors = Float32Array.of(1, 0, 0, 1, 0.6, 0.8);
 * await nearestVectors(vectors, Float32Array.of(0, 1), 2); // [{ at: 1, similarity: 1 }, { at: 2, similarity: 0.8 }]
 */
export async function nearestVectors(vectors: Float32Array, wanted: Float32Array, count = 5): Promise<Neighbour[]> {
  const size = wanted.length;
  if (size === 0 || vectors.length % size !== 0)
    throw new FoveaError(
      "length-mismatch",
      `nearestVectors: expected vectors of ${size} numbers, received ${vectors.length} in all`,
    );
  const nearest: Neighbour[] = [];
  const breathe = breather();
  for (let at = 0; at * size < vectors.length; at++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += vectors[at * size + i]! * wanted[i]!;
    // Of length 1 to single precision: a vector and itself may come to a little more.
    const similarity = Math.min(1, sum);
    const last = nearest[count - 1];
    if (last === undefined || similarity > last.similarity) {
      const index = nearest.findIndex((known) => known.similarity < similarity);
      nearest.splice(index < 0 ? nearest.length : index, 0, { at, similarity });
      nearest.length = Math.min(nearest.length, count);
    }
    if (at % 1024 === 0) await breathe();
  }
  return nearest;
}
