// An image in the facts of reports: plain pixels, which pages turn into PNG.

/** Pixels, row by row, channels last; 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface ImageFacts {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** Values a pixel, from 1 to 4. */
  readonly channels: number;
  /** The values, `height * width * channels` bytes. */
  readonly data: Uint8Array;
}
