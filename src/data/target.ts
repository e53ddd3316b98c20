// Targets of images for a model: a size, a colour, a way of resizing, upright. Fits decoded images to them.
import { FoveaError, oneOf } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { readBytes } from "../platform/files.js";
import { CROPS, type Crop, cropImage } from "./crop.js";
import { type DecodedImage, type Depth, decodeImage, decodingBytes, readImageHeader } from "./decoders/index.js";
import { decodingBudget, type Reserve, SMALL_BYTES } from "./memory-budget.js";
import { turnUpright } from "./orientation.js";
import { channelsOf, colorOf, convertColor, type PixelForm, type Pixels } from "./pixels.js";
import { checkImageSize, INTERPOLATIONS, type Interpolation, resizeImage } from "./resize.js";

/** Form of every image for a model. Without `orientation` and `depth` it is the form from before Fovea had these. */
export interface Target {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** Grey, RGB, or the stored numbers. */
  readonly color: PixelForm;
  /** One of Pillow's filters. */
  readonly interpolation: Interpolation;
  /** Cuts images to the target's proportions about their middle, a way of `crop.ts`, instead of stretching them. */
  readonly crop?: Crop;
  /** Turns images upright by their EXIF orientation, instead of taking them as they are stored. */
  readonly orientation?: "exif";
  /** Takes 16-bit grey by its high byte, instead of cutting it off at 255. */
  readonly depth?: "scaled";
}

/** A target of which anything may be left out. */
export interface TargetOptions {
  /** Height in pixels, together with `width`. Default: as the images are. */
  readonly height?: number | undefined;
  /** Width in pixels, together with `height`. Default: as the images are. */
  readonly width?: number | undefined;
  /**
   * `"grayscale"` (default), `"rgb"`, or `"numbers"` for a map of classes: places in a palette, or grey as it is
   * stored.
   */
  readonly color?: PixelForm | undefined;
  /** One of Pillow's filters. Default `"lanczos"`. */
  readonly interpolation?: Interpolation | undefined;
  /** Cuts images to the proportions about their middle, in a way of `crop.ts`; by default they are stretched. */
  readonly crop?: Crop | undefined;
  /** `"exif"` (default) turns images upright, `"stored"` takes them as they are stored. */
  readonly orientation?: "exif" | "stored" | undefined;
  /** 16-bit grey by its high byte (`"scaled"`, default), or cut off at 255 as in Pillow's convert (`"cut"`). */
  readonly depth?: Depth | undefined;
}

/** The names of its options. */
export const TARGET_OPTIONS = ["height", "width", "color", "interpolation", "crop", "orientation", "depth"] as const;

type Size = Pick<Target, "height" | "width">;

/** Checks all options but the size and fills in what is left out. @throws FoveaError for a value that cannot be. */
function settingsFrom(options: TargetOptions): Omit<Target, "height" | "width" | "color"> {
  const { color = "rgb", interpolation = "lanczos", crop, orientation = "exif", depth = "scaled" } = options;
  oneOf("color", color, ["grayscale", "rgb", "numbers"]);
  return {
    interpolation: oneOf("interpolation", interpolation, INTERPOLATIONS),
    ...(crop === undefined ? {} : { crop: oneOf("crop", crop, CROPS) }),
    ...(oneOf("orientation", orientation, ["exif", "stored"]) === "exif" ? { orientation: "exif" } : {}),
    ...(oneOf("depth", depth, ["scaled", "cut"]) === "scaled" ? { depth: "scaled" } : {}),
  };
}

/**
 * The target of options that settle size and colour.
 * @param options Size, colours and interpolation.
 * @throws FoveaError for a value that cannot be.
 * @example targetFrom({ height: 80, width: 60, color: "rgb" }).interpolation; // "lanczos"
 */
export function targetFrom(options: TargetOptions & Size & Pick<Target, "color">): Target {
  const { height, width, color } = options;
  checkImageSize(height, width);
  return { height, width, color, ...settingsFrom(options) };
}

/** The size that options ask for, `undefined` where they leave it out. @throws FoveaError for half a size. */
export function sizeFrom(what: string, { height, width }: TargetOptions): Size | undefined {
  if (height === undefined && width === undefined) return undefined;
  if (height !== undefined && width !== undefined) return { height, width };
  const [named, missing] = height === undefined ? ["width", "height"] : ["height", "width"];
  throw new FoveaError(
    "missing-option",
    `${what}: expected height and width together, received the ${named} alone; add the ${missing}`,
  );
}

/** Bytes of one image. */
export const imageBytes = ({ height, width, color }: Target): number => height * width * channelsOf(color);

/** The pixels in a target's colour and orientation, before cutting and resizing. */
const shownPixels = (image: DecodedImage, { color, orientation }: Pick<Target, "color" | "orientation">): Pixels =>
  turnUpright(convertColor(image, color), orientation === undefined ? 1 : image.orientation);

/** Converts, turns upright and resizes, as Pillow's `convert(mode)`, `exif_transpose` and `resize(size, filter)` do. */
export function fitImage(image: DecodedImage, target: Target): Uint8Array {
  const { height, width, interpolation, crop } = target;
  const pixels = shownPixels(image, target);
  const resized =
    crop === undefined
      ? resizeImage(pixels, height, width, interpolation)
      : cropImage(pixels, crop, height, width, interpolation);
  return resized.data;
}

/**
 * Loads a single image. Its size and its colours (grey or RGB) stay as the file has them where options leave them out.
 * A model wants a batch: `expandDims(image, 0)` makes one.
 * @param source a path, or the bytes of a file
 * @returns `[height, width, channels]`, 0 to 255
 * @throws FoveaError when the file cannot be read or decoded, and for a height without a width.
 * @example const image = await loadImage("photo.png", { height: 224, width: 224, color: "rgb" });
 */
export async function loadImage(source: string | Uint8Array, options: TargetOptions = {}): Promise<Tensor<"uint8">> {
  checkOptions("loadImage", options, TARGET_OPTIONS);
  const size = sizeFrom("loadImage", options);
  settingsFrom(options);
  if (size !== undefined) checkImageSize(size.height, size.width);
  else if (options.crop !== undefined)
    throw new FoveaError(
      "missing-option",
      "loadImage: expected height and width beside crop; add the size to whose proportions it cuts",
    );
  const isPath = typeof source === "string";
  return pixelsIn(isPath ? await readBytes(source) : source, isPath ? source : "the image", options);
}

/** The same of bytes whose name is known, for options that loadImage has checked. */
export async function pixelsIn(bytes: Uint8Array, name: string, options: TargetOptions = {}): Promise<Tensor<"uint8">> {
  const size = sizeFrom("loadImage", options);
  const settings = settingsFrom(options);
  return withinBudget(decodingBudget.reserve, bytes, name, async () => {
    const image = await decodeImage(bytes, name, options.depth);
    const { color = colorOf(image) } = options;
    if (size !== undefined) {
      const data = fitImage(image, { ...size, color, ...settings });
      return tensor(data, [size.height, size.width, channelsOf(color)], "uint8");
    }
    const { height, width, channels, data } = shownPixels(image, { color, ...settings });
    return tensor(data, [height, width, channels], "uint8");
  });
}

/** Calls `decode` for an image once there is memory for it. */
export async function withinBudget<T>(
  reserve: Reserve,
  bytes: Uint8Array,
  name: string,
  decode: () => Promise<T>,
): Promise<T> {
  const header = await readImageHeader(bytes, name);
  const needed = header === undefined ? 0 : decodingBytes(header);
  if (needed <= SMALL_BYTES) return decode();
  const release = await reserve(needed);
  try {
    return await decode();
  } finally {
    release();
  }
}
