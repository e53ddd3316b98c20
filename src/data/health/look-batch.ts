// The looks of a batch of images on a decoding thread: measures in one array, which is handed over whole, hashes of pixels and
// what cameras wrote.
import { sha256Hex } from "../../platform/hashing.js";
import type { DecodedImage } from "../decoders/index.js";
import type { Pixels } from "../pixels.js";
import { MEASURES, measuresOf, uprightPixels } from "./look.js";
import { type PhotoFacts, photoFactsOf } from "./photo-facts.js";

/** Looks of a batch, a place per file. */
export interface LookResult {
  /** Bytes of each file. */
  readonly sizes: Float64Array;
  /** `MEASURES` of each image, one after the other. */
  readonly measures: Float32Array;
  /** SHA-256 of the upright pixels with their size; empty where an image cannot be decoded. */
  readonly pixelHashes: readonly string[];
  readonly photos: readonly { readonly at: number; readonly photo: PhotoFacts }[];
}

/** Takes the looks of images while their pixels are there. */
export class LookCollector {
  readonly result: LookResult;
  readonly #pixelHashes: string[];
  readonly #photos: { at: number; photo: PhotoFacts }[] = [];

  constructor(count: number) {
    this.#pixelHashes = new Array<string>(count).fill("");
    this.result = {
      sizes: new Float64Array(count),
      measures: new Float32Array(count * MEASURES.length),
      pixelHashes: this.#pixelHashes,
      photos: this.#photos,
    };
  }

  /** @param at place of the image in the batch */
  async add(at: number, image: DecodedImage, bytes: Uint8Array): Promise<void> {
    const pixels = uprightPixels(image);
    this.result.sizes[at] = bytes.length;
    this.result.measures.set(measuresOf(pixels), at * MEASURES.length);
    this.#pixelHashes[at] = await pixelHash(pixels);
    const photo = await photoFactsOf(image.format, bytes);
    if (photo !== undefined) this.#photos.push({ at, photo });
  }
}

/** SHA-256 of pixels and of their size, without which stripes of other widths would be the same. */
const pixelHash = ({ width, height, channels, data }: Pixels): Promise<string> =>
  sha256Hex(new TextEncoder().encode(`${width} ${height} ${channels}\n`), data);
