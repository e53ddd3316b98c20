// Images of a listing that were decoded once before, decoded again: for the stores that do not keep their pixels. The
// threads stay for the next rows. A file that is no longer the one it was is an error, never other pixels.
import { FoveaError } from "../../core/errors.js";
import { DecodePool } from "../decode-pool.js";
import type { ListedImage } from "../sources/listing.js";
import { imageBytes, type Target } from "../target.js";
import type { DecodedFacts } from "./decoded-facts.js";

/** Files of a batch for a thread. */
const BATCH_FILES = 16;

export class DecodedRows {
  #pool: Promise<DecodePool> | undefined;

  /** @param threads default: what the machine has */
  constructor(
    private readonly images: readonly ListedImage[],
    private readonly facts: Pick<DecodedFacts, "kept" | "hashes">,
    private readonly target: Target,
    private readonly threads: number | undefined,
  ) {}

  /**
   * Decodes rows into `pixels`, one image after the other.
   * @throws FoveaError for an image that has changed since its facts were read
   */
  async read(rows: ArrayLike<number>, pixels: Uint8Array): Promise<void> {
    const { images, target, facts } = this;
    const size = imageBytes(target);
    this.#pool ??= DecodePool.open(this.threads);
    const pool = await this.#pool;
    const files = Array.from(rows, (row) => {
      const { path, size: bytes, source } = images[facts.kept[row]!]!;
      return { name: path, size: bytes, source };
    });
    await pool.decode(files, { target, batchFiles: BATCH_FILES }, (first, result) => {
      const reasons = new Map(result.errors.map(({ at, reason }) => [at, reason]));
      for (const [i, hash] of result.hashes.entries())
        if (reasons.has(i) || hash !== facts.hashes[rows[first + i]!])
          throw new FoveaError(
            "file-changed",
            `${files[first + i]!.name}: this image has changed since it was first read` +
              `${reasons.has(i) ? ` (${reasons.get(i)})` : ""}; leave the images as they are and start again`,
          );
      pixels.set(result.pixels, first * size);
    });
  }

  async close(): Promise<void> {
    await (await this.#pool)?.close();
    this.#pool = undefined;
  }
}
