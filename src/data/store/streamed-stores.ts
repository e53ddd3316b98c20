// Stores that hold no pixels: one reads them from a cache file, the other decodes images whenever they are asked for.
import { type Tensor, tensor } from "../../core/tensor.js";
import { channelsOf } from "../pixels.js";
import type { ListedImage } from "../sources/listing.js";
import { imageBytes, type Target } from "../target.js";
import type { CacheFile } from "./cache-file.js";
import type { DecodedFacts } from "./decoded-facts.js";
import { DecodedRows } from "./decoded-rows.js";
import type { ImageStore } from "./image-store.js";

/** Origin of pixels that are not in memory. */
export interface Origin {
  readonly images: readonly ListedImage[];
  readonly facts: DecodedFacts;
  readonly target: Target;
  readonly threads: number | undefined;
}

/** Images decoded for each batch of rows. */
export class OnDemandStore implements ImageStore {
  readonly count: number;
  readonly shape: ImageStore["shape"];
  protected readonly imageBytes: number;
  protected readonly decoded: DecodedRows;

  constructor({ images, facts, target, threads }: Origin) {
    this.count = facts.kept.length;
    this.shape = [target.height, target.width, channelsOf(target.color)];
    this.imageBytes = imageBytes(target);
    this.decoded = new DecodedRows(images, facts, target, threads);
  }

  async rows(indices: Int32Array): Promise<Tensor<"uint8">> {
    const pixels = new Uint8Array(indices.length * this.imageBytes);
    await this.fill(indices, pixels);
    return tensor(pixels, [indices.length, ...this.shape], "uint8");
  }

  protected fill(indices: Int32Array, pixels: Uint8Array): Promise<void> {
    return this.decoded.read(indices, pixels);
  }

  close(): Promise<void> {
    return this.decoded.close();
  }
}

/** Images read from a cache file; those that are damaged there are decoded again. */
export class CacheStore extends OnDemandStore {
  readonly #file: CacheFile;
  readonly #kept: Int32Array;
  readonly #onDamage: () => Promise<void>;

  /** @param onDamage called when the file turns out to be damaged, so that the next program makes another */
  constructor(file: CacheFile, origin: Omit<Origin, "facts">, onDamage: () => Promise<void>) {
    super({ ...origin, facts: file.facts });
    this.#file = file;
    this.#kept = file.facts.kept;
    this.#onDamage = onDamage;
  }

  protected override async fill(indices: Int32Array, pixels: Uint8Array): Promise<void> {
    const slots = indices.map((index) => this.#kept[index]!);
    const damaged = await this.#file.read(slots, pixels);
    if (damaged.length === 0) return;
    await this.#onDamage();
    const again = new Uint8Array(damaged.length * this.imageBytes);
    await this.decoded.read(
      damaged.map((row) => indices[row]!),
      again,
    );
    for (const [i, row] of damaged.entries())
      pixels.set(again.subarray(i * this.imageBytes, (i + 1) * this.imageBytes), row * this.imageBytes);
  }

  override async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      await super.close();
    }
  }
}
