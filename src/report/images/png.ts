// Pictures as PNG files.
import { encode } from "fast-png";

/** The bytes of a PNG of 8 bits per channel: grey for one channel, RGB for three. */
export const pngBytes = (picture: {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}): Uint8Array => encode({ ...picture, depth: 8 });
