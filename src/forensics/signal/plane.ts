// A picture's brightness as numbers, on which all methods of pixels and compression work.
import type { Pixels } from "../../data/index.js";

/** Brightness by rows from the top, 0 to 255. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** The luma of JFIF (ITU-R BT.601) of grey or RGB pixels, not rounded. */
export function luminanceOf({ width, height, channels, data }: Pixels): Plane {
  const values = new Float32Array(width * height);
  if (channels < 3) for (let i = 0; i < values.length; i++) values[i] = data[i * channels]!;
  else
    for (let i = 0, at = 0; i < values.length; i++, at += channels)
      values[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  return { width, height, values };
}
