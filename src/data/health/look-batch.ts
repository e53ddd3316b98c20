// The looks of a batch of images on a decoding thread: measures in one array, which is handed over whole, and what cameras
// wrote.
import type { DecodedImage } from "../decoders/index.js";
import { shownImage } from "./fingerprint.js";
import { MEASURES, measuresOf } from "./look.js";
import { type PhotoFacts, photoFactsOf } from "./photo-facts.js";

/** Looks of a batch, a place per file. */
export interface LookResult {
  /** Bytes of each file. */
  readonly sizes: Float64Array;
  /** `MEASURES` of each image, one after the other. */
  readonly measures: Float32Array;
  readonly photos: readonly { readonly at: number; readonly photo: PhotoFacts }[];
}

/** Takes the looks of images while their pixels are there. */
export class LookCollector {
  readonly result: LookResult;
  readonly #photos: { at: number; photo: PhotoFacts }[] = [];

  constructor(count: number) {
    this.result = {
      sizes: new Float64Array(count),
      measures: new Float32Array(count * MEASURES.length),
      photos: this.#photos,
    };
  }

  /** @param at place of the image in the batch */
  async add(at: number, image: DecodedImage, bytes: Uint8Array): Promise<void> {
    this.result.sizes[at] = bytes.length;
    this.result.measures.set(measuresOf(shownImage(image)), at * MEASURES.length);
    const photo = await photoFactsOf(image.format, bytes);
    if (photo !== undefined) this.#photos.push({ at, photo });
  }
}
