// An image in the facts of reports: plain pixels, which pages turn into PNG.

/** Pixels, row by row, channels last; 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface ImageFacts {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}
