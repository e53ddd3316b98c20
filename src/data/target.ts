// What images become before a model sees them: a size, a colour, a way of resizing; and making a decoded image so.
import { oneOf } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { readBytes } from "../platform/files.js";
import { CROPS, type Crop, cropImage } from "./crop.js";
import { type DecodedImage, decodeImage } from "./decoders/index.js";
import { type Color, channelsOf, convertColor } from "./pixels.js";
import { checkImageSize, INTERPOLATIONS, type Interpolation, resizeImage } from "./resize.js";

/** What every image becomes. */
export interface Target {
  readonly height: number;
  readonly width: number;
  readonly color: Color;
  readonly interpolation: Interpolation;
  /** Cut images to the target's proportions about their middle instead of stretching them; how, says `crop.ts`. */
  readonly crop?: Crop;
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
    ...(options.crop === undefined ? {} : { crop: oneOf("crop", options.crop, CROPS) }),
  };
}

/** Bytes of one image. */
export const imageBytes = ({ height, width, color }: Target): number => height * width * channelsOf(color);

/** Converts, then resizes, as `Image.open(path).convert(mode).resize(size, filter)` does in Pillow. */
export function fitImage(image: DecodedImage, { height, width, color, interpolation, crop }: Target): Uint8Array {
  const pixels = convertColor(image, color);
  const resized =
    crop === undefined
      ? resizeImage(pixels, height, width, interpolation)
      : cropImage(pixels, crop, height, width, interpolation);
  return resized.data;
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
