// Pairs of images that show the same picture: scaled, saved again, mirrored or cut. Works on thumbnails alone; the
// caller reads the files.
import { checkOptions, numberWithin } from "../../core/options.js";
import { breather } from "../../platform/breather.js";
import { type Alignment, alignmentOf, Candidate, mayBeCopies } from "./alignment.js";
import type { Thumbnail } from "./thumbnail.js";

/** Two images, by their places in the list, that show the same picture. */
export interface CopyPair {
  /** The first image, by its index in the list. */
  readonly first: number;
  /** The second image, by its index in the list. */
  readonly second: number;
  /** From `above` to 1: the correlation of their details once they lie on each other. */
  readonly similarity: number;
  /** True where one is the other's mirror image. */
  readonly isMirrored: boolean;
  /** The share of one's area that the other shows; 1 when nothing is cut off. */
  readonly shown: number;
}

/** Copies of photos have 0.95 and more, different photos at most 0.65 (node dist/tools/measure-copies.js). */
export const COPIES_ABOVE = 0.85;

/**
 * Finds the pairs of copies among thumbnails, in their order.
 * @param options.above the least similarity of a pair, from 0 to 1. Default 0.85.
 * @param options.onProgress receives the number of thumbnails that have been compared with all before them.
 * @param thumbnails Thumbnails of all images.
 * @param options The least similarity, and a function that hears of progress.
 * @throws FoveaError for unknown options, and a similarity that is not from 0 to 1.
 * @example
 * const picture = Uint8Array.from({ length: THUMBNAIL_SIDE ** 2 }, (_, i) => images.data[(i * 31) % images.data.length]);
 * const [pair] = await findCopies([picture, picture.slice()]);
 * pair.similarity; // 1
 */
export async function findCopies(
  thumbnails: readonly Thumbnail[],
  options: { readonly above?: number; readonly onProgress?: (done: number, total: number) => void } = {},
): Promise<CopyPair[]> {
  checkOptions("findCopies", options, ["above", "onProgress"]);
  const { above = COPIES_ABOVE, onProgress } = options;
  numberWithin("findCopies above", above, 0, 1);
  const breathe = breather();
  const candidates = thumbnails.map((picture) => new Candidate(picture));
  const pairs: CopyPair[] = [];
  for (const [second, b] of candidates.entries()) {
    for (let first = 0; first < second; first++) {
      const a = candidates[first]!;
      if (mayBeCopies(a, b)) {
        const found = better(alignmentOf(a, b), alignmentOf(b, a));
        if (found !== undefined && found.similarity >= above) pairs.push(pairOf(first, second, found));
      }
      // Looking at the clock costs as much as a first look at a pair.
      if (first % 64 === 0) await breathe();
    }
    onProgress?.(second + 1, candidates.length);
  }
  return pairs;
}

function better(a: Alignment | undefined, b: Alignment | undefined): Alignment | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.similarity >= b.similarity ? a : b;
}

function pairOf(first: number, second: number, { part, isMirrored, similarity }: Alignment): CopyPair {
  const shown = (part.right - part.left) * (part.bottom - part.top);
  return { first, second, similarity: Math.min(1, similarity), isMirrored, shown };
}
