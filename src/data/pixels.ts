// From a decoded image in whatever mode to grey or RGB bytes, exactly as Pillow's convert does it: alpha is ignored,
// palettes go by their colours.
import { FoveaError } from "../core/errors.js";
import type { DecodedImage } from "./decoders/image.js";

/** Colours that a model sees: one channel or three. */
export type Color = "grayscale" | "rgb";
/** Colours, or the numbers that a map of classes holds: those of a palette's entries, or grey as it is stored. */
export type PixelForm = Color | "numbers";

/**
 * The number of channels of pixels in a form.
 * @param form `"grayscale"`, `"rgb"`, or the stored numbers.
 * @example channelsOf("rgb"); // 3
 */
export const channelsOf = (form: PixelForm): number => (form === "rgb" ? 3 : 1);

/** Pixels without any notion of a file: `channels` bytes per pixel, rows from the top. */
export interface Pixels {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** 1 for grey, 3 for RGB, 4 with transparency. */
  readonly channels: number;
  /** Values from 0 to 255, row by row. */
  readonly data: Uint8Array;
}

/** ITU-R 601 luma in 16-bit fixed point, rounded: the weights and the rounding of Pillow's convert("L"). */
const luma = (red: number, green: number, blue: number): number =>
  (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;

/** The colour in which an image loses nothing but its transparency: grey where it has no other colours. */
export const colorOf = ({ channels, palette }: Pick<DecodedImage, "channels" | "palette">): Color =>
  channels < 3 && palette === undefined ? "grayscale" : "rgb";

/** A decoded image, or pixels: grey, grey with alpha, RGB or RGBA by their number of channels. */
type Colored = Pixels & Pick<DecodedImage, "palette">;

/**
 * Pillow's `convert("L")` or `convert("RGB")`, or the numbers that are stored. The result may share the image's data.
 * @param image A decoded image.
 * @param form `"grayscale"` or `"rgb"`.
 * @throws FoveaError for the numbers of an image that has colours without a palette
 * @example const grey = convertColor(await decodeImage(await readFile("photo.png"), "photo.png"), "grayscale");
 */
export function convertColor(image: Colored, form: PixelForm): Pixels {
  if (form === "numbers") return toNumbers(image);
  return form === "rgb" ? toRgb(image) : toGrey(image);
}

function toNumbers(image: Colored): Pixels {
  const { width, height, channels, data, palette } = image;
  if (palette !== undefined) return { width, height, channels: 1, data };
  if (channels > 2)
    for (let at = 0; at < data.length; at += channels)
      if (data[at] !== data[at + 1] || data[at] !== data[at + 2])
        throw new FoveaError(
          "unsupported-image",
          "it has colours and no palette; a mask is grey or has a palette, save it so",
        );
  return toGrey(image);
}

function toGrey({ width, height, channels, data, palette }: Colored): Pixels {
  const grey = { width, height, channels: 1 };
  if (palette === undefined && channels === 1) return { ...grey, data };
  const out = new Uint8Array(width * height);
  if (palette !== undefined) {
    const greys = Uint8Array.from({ length: 256 }, (_, i) =>
      luma(palette[3 * i]!, palette[3 * i + 1]!, palette[3 * i + 2]!),
    );
    for (let i = 0; i < out.length; i++) out[i] = greys[data[i]!]!;
  } else if (channels === 2) for (let i = 0; i < out.length; i++) out[i] = data[2 * i]!;
  else
    for (let i = 0, from = 0; i < out.length; i++, from += channels)
      out[i] = luma(data[from]!, data[from + 1]!, data[from + 2]!);
  return { ...grey, data: out };
}

function toRgb({ width, height, channels, data, palette }: Colored): Pixels {
  if (channels === 3) return { width, height, channels, data };
  const out = new Uint8Array(width * height * 3);
  if (palette !== undefined)
    for (let i = 0, to = 0; to < out.length; i += channels, to += 3)
      for (let c = 0; c < 3; c++) out[to + c] = palette[3 * data[i]! + c]!;
  else {
    // Grey gives its one level three times.
    const [green, blue] = channels === 4 ? [1, 2] : [0, 0];
    for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
      out[to] = data[from]!;
      out[to + 1] = data[from + green]!;
      out[to + 2] = data[from + blue]!;
    }
  }
  return { width, height, channels: 3, data: out };
}
