// Turns the stored rows and columns of decoded images upright by their EXIF orientation, as Pillow's
// ImageOps.exif_transpose does.
import type { Orientation } from "./decoders/index.js";
import type { Pixels } from "./pixels.js";

/** Turn of an orientation: rows become columns where it swaps, then each direction that it flips is reversed. */
interface Turn {
  readonly swaps: boolean;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

const turn = (swaps: boolean, flipX: boolean, flipY: boolean): Turn => ({ swaps, flipX, flipY });

const TURNS: Readonly<Record<Orientation, Turn>> = {
  1: turn(false, false, false),
  2: turn(false, true, false),
  3: turn(false, true, true),
  4: turn(false, false, true),
  5: turn(true, false, false),
  6: turn(true, true, false),
  7: turn(true, true, true),
  8: turn(true, false, true),
};

/** The size of an image as its file has it, and how it is turned to be shown. */
interface StoredSize {
  readonly width: number;
  readonly height: number;
  /** EXIF's number, 1 to 8. */
  readonly orientation: Orientation;
}

/**
 * The size of an image as it is shown.
 * @param stored Height, width and orientation of the file.
 * @example
 * uprightSize({ height: 40, width: 60, orientation: 6 });
 * turnUpright({ height: 1, width: 2, channels: 1, data: Uint8Array.of(1, 2) }, 6); // two rows
 */
export function uprightSize(stored: StoredSize): { readonly width: number; readonly height: number } {
  const { width, height, orientation } = stored;
  return TURNS[orientation].swaps ? { width: height, height: width } : { width, height };
}

/** A position on the image as it is shown, in pixels from its top left, by the position on the stored one. */
export function uprightPoint(stored: StoredSize, x: number, y: number): [x: number, y: number] {
  const { swaps, flipX, flipY } = TURNS[stored.orientation];
  const { width, height } = uprightSize(stored);
  const [across, down] = swaps ? [y, x] : [x, y];
  return [flipX ? width - across : across, flipY ? height - down : down];
}

/**
 * The pixels as they are shown. The result shares the image's data where nothing is to be turned.
 * @param image Pixels as stored.
 * @param orientation EXIF's number, 1 to 8.
 */
export function turnUpright(image: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return image;
  const { channels, data } = image;
  const { swaps, flipX, flipY } = TURNS[orientation];
  const { width, height } = uprightSize({ ...image, orientation });
  // From one pixel of the result to the next, and from one row to the next, in the stored data.
  const right = (swaps ? image.width : 1) * channels * (flipX ? -1 : 1);
  const down = (swaps ? 1 : image.width) * channels * (flipY ? -1 : 1);
  const first = (flipX ? -(width - 1) * right : 0) + (flipY ? -(height - 1) * down : 0);
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0, from = first + y * down; x < width; x++, from += right)
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
  return { width, height, channels, data: out };
}
