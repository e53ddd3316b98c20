// Pairs of images whose hashes are near, turned or mirrored ones included, among up to some hundred thousand.
import { checkOptions, numberWithin, wholeNumber } from "../../core/options.js";
import { breather } from "../../platform/breather.js";
import { type FingerprintTable, IMAGE_WORDS } from "./fingerprint.js";
import { HashIndex } from "./hash-index.js";
import { HASH_BITS, HASH_WORDS, TURNS, type TurnName } from "./pdq.js";

/** Two images by their places in the list; the second shows the first after a turn. */
export interface NearPair {
  /** The first image, by its index in the list. */
  readonly first: number;
  /** The second image, by its index in the list. */
  readonly second: number;
  /** Bits in which the hashes differ. */
  readonly distance: number;
  /** The turn that brings the first onto the second. */
  readonly turn: TurnName;
}

/** The distance up to which PDQ's authors take two images for the same. */
export const NEAR_THRESHOLD = 31;
/** Images of a lower quality show too little for their hash to tell anything; so PDQ's authors. */
export const LEAST_QUALITY = 50;
/** Partners of an image. A thousand equal images would be half a million pairs; some of each join them as well. */
const PARTNERS = 20;

/** Options of `nearPairs`. */
export interface NearOptions {
  /** Most bits that differ, 0 to 256. Default 31. */
  readonly threshold?: number;
  /** Least quality of both images, 0 to 100. Default 50. */
  readonly leastQuality?: number;
  /** Most later images that an image is paired with, its nearest. Default 20. */
  readonly most?: number;
  /**
   * Receives the number of images that were compared with all behind them. Default: none.
   * @param done Images that were compared.
   * @param total All images.
   */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The pairs of images that show nearly the same picture, in their order. Each turn of the first is compared with the
 * second as it is, and the nearest turn counts.
 * @returns pairs with `first < second`; `distance` at most `threshold`
 * @throws FoveaError for unknown options and values that cannot be.
 * @example
 * const { hashes, qualities } = await fingerprintsOf(await pendingFiles(["photos/1.png", "photos/2.png"]), { threads: 0 });
 * const pairs = await nearPairs({ hashes, qualities }, { threshold: 31 });
 */
export async function nearPairs(
  { hashes, qualities }: Pick<FingerprintTable, "hashes" | "qualities">,
  options: NearOptions = {},
): Promise<NearPair[]> {
  checkOptions("nearPairs", options, ["threshold", "leastQuality", "most", "onProgress"]);
  const { onProgress } = options;
  const threshold = numberWithin("nearPairs threshold", options.threshold ?? NEAR_THRESHOLD, 0, HASH_BITS);
  const leastQuality = numberWithin("nearPairs leastQuality", options.leastQuality ?? LEAST_QUALITY, 0, 100);
  const most = wholeNumber("nearPairs most", options.most ?? PARTNERS);
  const images = [...qualities.keys()].filter((image) => qualities[image]! >= leastQuality);
  const upright = new Uint32Array(images.length * HASH_WORDS);
  for (const [row, image] of images.entries())
    upright.set(hashes.subarray(image * IMAGE_WORDS, image * IMAGE_WORDS + HASH_WORDS), row * HASH_WORDS);
  const index = new HashIndex(upright);
  const breathe = breather();
  const pairs: NearPair[] = [];
  for (const [row, first] of images.entries()) {
    const partners = new Map<number, NearPair>();
    for (const [n, turn] of TURNS.entries())
      index.near(
        hashes,
        first * TURNS.length + n,
        threshold,
        (other, distance) => {
          if (distance >= (partners.get(other)?.distance ?? Infinity)) return;
          partners.set(other, { first, second: images[other]!, distance, turn });
        },
        row,
      );
    const nearest = [...partners.values()].sort((a, b) => a.distance - b.distance || a.second - b.second);
    pairs.push(...nearest.slice(0, most).sort((a, b) => a.second - b.second));
    if (row % 64 === 0) {
      onProgress?.(row, images.length);
      await breathe();
    }
  }
  onProgress?.(images.length, images.length);
  return pairs;
}
