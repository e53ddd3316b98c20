// Images decoded by threads of their own while the model computes: the pixels, answers and sentences are those of
// predict-inputs.ts, and each file's SHA-256 comes with them.
import { FoveaError } from "../../core/errors.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { channelsOf, DecodePool, type Target, targetFrom } from "../../data/index.js";
import type { Preprocessing } from "../../formats/run/recipe.js";
import { type BadFile, badFile, namedIn } from "../data/bad-files.js";
import { lookOf } from "../data/look.js";
import type { Samples } from "./answerer.js";
import type { AskedFile } from "./predict-sources.js";

/** Samples of images, with hashes. */
export interface HashedSamples extends Samples {
  /** Pixels of all images that could be read, `[n, height, width, channels]`; undefined where none could. */
  readonly x: Tensor<"uint8"> | undefined;
  /** SHA-256 of each file in the order of `items`; "" for one that could not be read. */
  readonly hashes: readonly string[];
}

/** Length that is assumed of files whose length nobody knows, so that few of them are in memory at once. */
const UNKNOWN_BYTES = 1 << 20;
/** Files of a job: small, so that all threads have some. */
const FILES_OF_JOB = 32;

/**
 * Decoding threads for the images of one model.
 * @example
 * const { preprocessing } = await openModel("model.keras");
 * const pool = await PooledImages.open(preprocessing, 0);
 * const { x, hashes } = await pool.read([{ name: "the photo", source: "photo.png" }]);
 * await pool.close();
 */
export class PooledImages {
  readonly #pool: DecodePool;
  readonly #target: Target;

  private constructor(pool: DecodePool, target: Target) {
    this.#pool = pool;
    this.#target = target;
  }

  /**
   * Starts decoding threads.
   * @param preprocessing preprocessing of the model's images
   * @param threads decoding threads; 0 for none besides the calling one. Default: as many as the machine has
   */
  static async open(preprocessing: Preprocessing, threads?: number): Promise<PooledImages> {
    return new PooledImages(
      await DecodePool.open(threads),
      targetFrom({ ...lookOf(preprocessing), color: preprocessing.color }),
    );
  }

  /**
   * Reads images; those that cannot be read are among the items, with the reason.
   * @param files images by names and sources
   * @param isFatal picks the errors of sources that end the reading. Default: none
   * @throws Error of a source that is no FoveaError, and those that `isFatal` picks
   */
  async read(
    files: readonly AskedFile[],
    isFatal: (error: FoveaError) => boolean = () => false,
  ): Promise<HashedSamples> {
    const { height, width, color } = this.#target;
    const shape = [height, width, channelsOf(color)] as const;
    const size = height * width * channelsOf(color);
    const failed = new Map<number, BadFile>();
    const hashes = files.map(() => "");
    const sizes = files.map((): readonly [number, number] => [height, width]);
    const pixels = new Uint8Array(files.length * size);
    const pending = files.map(({ name, source }, at) => ({
      name,
      size: typeof source === "string" ? 0 : UNKNOWN_BYTES,
      source:
        typeof source === "string"
          ? source
          : async (): Promise<Uint8Array> => {
              try {
                return await source();
              } catch (error) {
                if (!(error instanceof FoveaError) || isFatal(error)) throw error;
                failed.set(at, badFile(name, error));
                return new Uint8Array(0);
              }
            },
    }));
    await this.#pool.decode(pending, { target: this.#target, batchFiles: FILES_OF_JOB }, (first, result) => {
      pixels.set(result.pixels, first * size);
      for (const [i, hash] of result.hashes.entries()) if (!failed.has(first + i)) hashes[first + i] = hash;
      for (const [i, high] of result.heights.entries()) sizes[first + i] = [high, result.widths[i]!];
      for (const { at, sentence, code } of result.errors) {
        const { name } = files[first + at]!;
        if (!failed.has(first + at)) failed.set(first + at, { image: name, error: namedIn(name, sentence), code });
      }
    });
    const items = files.map(({ name }, at): string | BadFile => failed.get(at) ?? name);
    let good = 0;
    for (const at of files.keys()) if (!failed.has(at)) pixels.copyWithin(size * good++, size * at, size * (at + 1));
    const x = good === 0 ? undefined : tensor(pixels.subarray(0, good * size), [good, ...shape], "uint8");
    return { items, x, hashes, sizes: sizes.filter((_, at) => !failed.has(at)) };
  }

  /** Ends the decoding threads. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
