// Facts that decoding finds out about the images of a listing, collected batch by batch in whatever order these come.
// Numbers lie in flat arrays, so that a million images are no burden.
import { hashContents } from "../dataset.js";
import type { BatchResult } from "../decode-batch.js";
import type { Problem } from "../folders.js";
import type { ListedImage } from "../sources/listing.js";

/** Facts about the images that can be decoded, in the order of their listing. */
export interface DecodedFacts {
  /** Numbers of the images in their listing, ascending. */
  readonly kept: Int32Array;
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  /** Indices into COLOR_MODES. */
  readonly modes: Uint8Array;
  /** SHA-256 of each file, in hexadecimal. */
  readonly hashes: readonly string[];
  /** Images that cannot be decoded. */
  readonly skipped: readonly Problem[];
  readonly contentHash: string;
}

/** Collects the results of a listing's batches. */
export class FactsCollector {
  readonly #heights: Uint32Array;
  readonly #widths: Uint32Array;
  readonly #modes: Uint8Array;
  readonly #hashes: string[];
  readonly #reasons = new Map<number, string>();

  constructor(private readonly images: readonly ListedImage[]) {
    this.#heights = new Uint32Array(images.length);
    this.#widths = new Uint32Array(images.length);
    this.#modes = new Uint8Array(images.length);
    this.#hashes = new Array<string>(images.length);
  }

  /** @param first number of the batch's first image */
  add(first: number, { heights, widths, modes, hashes, errors }: BatchResult): void {
    this.#heights.set(heights, first);
    this.#widths.set(widths, first);
    this.#modes.set(modes, first);
    for (const [i, hash] of hashes.entries()) this.#hashes[first + i] = hash;
    for (const { at, reason } of errors) this.#reasons.set(first + at, reason);
  }

  async facts(): Promise<DecodedFacts> {
    const { images } = this;
    const bad = this.#reasons;
    const kept = Int32Array.from(images.keys()).filter((i) => !bad.has(i));
    const hashes = Array.from(kept, (i) => this.#hashes[i]!);
    return {
      kept,
      heights: Uint32Array.from(kept, (i) => this.#heights[i]!),
      widths: Uint32Array.from(kept, (i) => this.#widths[i]!),
      modes: Uint8Array.from(kept, (i) => this.#modes[i]!),
      hashes,
      skipped: [...bad.keys()].sort((a, b) => a - b).map((i) => ({ path: images[i]!.path, reason: bad.get(i)! })),
      contentHash: await hashContents(
        Array.from(kept, (i) => images[i]!.path),
        hashes,
      ),
    };
  }
}
