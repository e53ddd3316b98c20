// What images become before a model sees them: a size, a colour, a way of resizing; and making a decoded image so.
import { oneOf } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { readBytes } from "../platform/files.js";
import { type DecodedImage, decodeImage } from "./decoders/index.js";
import { type Color, channelsOf, convertColor, type Pixels } from "./pixels.js";
import { checkImageSize, INTERPOLATIONS, type Interpolation, resizeImage } from "./resize.js";

/** What every image becomes. */
export interface Target {
  readonly height: number;
  readonly width: number;
  readonly color: Color;
  readonly interpolation: Interpolation;
  /** Cut images to the target's proportions about their middle before resizing, instead of stretching them. */
  readonly crop?: "center";
}

/** A target of which anything may be left out. */
export type TargetOptions = { readonly [K in keyof Target]?: Target[K] | undefined };

/** The names of its options. */
export const TARGET_OPTIONS = ["height", "width", "color", "interpolation", "crop"] as const;

/** The lecture's size and Pillow's best filter. */
const DEFAULTS: Target = { height: 80, width: 60, color: "grayscale", interpolation: "lanczos" };

/** Fills in what is left out: 80 x 60, `"grayscale"`, `"lanczos"`. @throws FoveaError for a value that cannot be. */
export function targetFrom(options: TargetOptions): Target {
  const { height = DEFAULTS.height, width = DEFAULTS.width } = options;
  checkImageSize(height, width);
  return {
    height,
    width,
    color: oneOf("color", options.color ?? DEFAULTS.color, ["grayscale", "rgb"]),
    interpolation: oneOf("interpolation", options.interpolation ?? DEFAULTS.interpolation, INTERPOLATIONS),
    ...(options.crop === undefined ? {} : { crop: oneOf("crop", options.crop, ["center"]) }),
  };
}

/** Bytes of one image. */
export const imageBytes = ({ height, width, color }: Target): number => height * width * channelsOf(color);

/** The largest part about the middle that has the proportions of `height` x `width`, in whole pixels. */
function cropToProportions(image: Pixels, height: number, width: number): Pixels {
  const w = Math.max(1, Math.min(image.width, Math.round((image.height * width) / height)));
  const h = Math.max(1, Math.min(image.height, Math.round((image.width * height) / width)));
  if (w === image.width && h === image.height) return image;
  const [left, top] = [Math.floor((image.width - w) / 2), Math.floor((image.height - h) / 2)];
  const row = w * image.channels;
  const data = new Uint8Array(h * row);
  for (let y = 0; y < h; y++) {
    const from = ((top + y) * image.width + left) * image.channels;
    data.set(image.data.subarray(from, from + row), y * row);
  }
  return { width: w, height: h, channels: image.channels, data };
}

/** Converts, then resizes, as `Image.open(path).convert(mode).resize(size, filter)` does in Pillow. */
export function fitImage(image: DecodedImage, { height, width, color, interpolation, crop }: Target): Uint8Array {
  const pixels = convertColor(image, color);
  const fitting = crop === undefined ? pixels : cropToProportions(pixels, height, width);
  return resizeImage(fitting, height, width, interpolation).data;
}

/**
 * Loads a single image. A model wants a batch: `expandDims(image, 0)` makes one.
 * @param source a path, or the bytes of a file
 * @returns `[height, width, channels]`, 0 to 255
 * @throws FoveaError when the file cannot be read or decoded.
 * @example const image = await loadImage("photo.jpg", { height: 224, width: 224, color: "rgb" });
 */
export async function loadImage(source: string | Uint8Array, options: TargetOptions = {}): Promise<Tensor<"uint8">> {
  checkOptions("loadImage", options, TARGET_OPTIONS);
  const target = targetFrom(options);
  const isPath = typeof source === "string";
  const image = await decodeImage(isPath ? await readBytes(source) : source, isPath ? source : "the image");
  return tensor(fitImage(image, target), [target.height, target.width, channelsOf(target.color)], "uint8");
}
