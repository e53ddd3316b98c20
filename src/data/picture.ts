// Tensors as pictures: grey levels, RGB, or one of matplotlib's colour maps, written as PNG.
import { encode } from "fast-png";
import { FoveaError, oneOf, shown } from "../core/errors.js";
import { checkOptions, numberWithin } from "../core/options.js";
import { showShape } from "../core/shape.js";
import type { Tensor } from "../core/tensor.js";
import { writeAtomic } from "../platform/files.js";
import { COLORMAP_BYTES } from "./colormap-table.js";
import type { Pixels } from "./pixels.js";

/** matplotlib's colour maps by their names. */
export type Colormap = keyof typeof COLORMAP_BYTES;
/** The names of all colour maps. */
export const COLORMAPS = Object.keys(COLORMAP_BYTES) as readonly Colormap[];

/** Options of turning numbers into pictures. */
export interface PictureOptions {
  /** Colours for one channel of numbers. Default: grey. */
  readonly colormap?: Colormap;
  /**
   * The values that become the darkest and the brightest; beyond them nothing changes any more. Default: 0 and 255 for
   * uint8 without a colour map, as they are; else the least and the largest value.
   */
  readonly range?: readonly [least: number, largest: number];
}

const tables = new Map<Colormap, Uint8Array>();

function tableOf(name: Colormap): Uint8Array {
  let table = tables.get(name);
  if (table === undefined) {
    table = Uint8Array.from(atob(COLORMAP_BYTES[name]), (character) => character.charCodeAt(0));
    tables.set(name, table);
  }
  return table;
}

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** @throws FoveaError unless the tensor is one picture. */
function sizeOfPicture({ shape }: Tensor): Size {
  const single = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  const [height, width, channels = 1] = single;
  const fits =
    (single.length === 2 || single.length === 3) && (channels === 1 || channels === 3) && height! * width! > 0;
  if (fits) return { height: height!, width: width!, channels };
  const hint = shape.length === 4 ? "; sliceRows(x, n, n + 1) is one of them" : "";
  throw new FoveaError(
    "shape-mismatch",
    `picture: expected a tensor [height, width], or with 1 or 3 channels behind, received ${showShape(shape)}${hint}`,
  );
}

/** @throws FoveaError for values that are not finite, or a range that is none. */
function rangeOf({ dtype, data }: Tensor, { colormap, range }: PictureOptions): readonly [number, number] {
  if (range !== undefined) {
    if (!Array.isArray(range) || range.length !== 2)
      throw new FoveaError("wrong-type", `picture range: expected [least, largest], received ${shown(range)}`);
    const least = numberWithin("picture range", range[0]);
    return [least, numberWithin("picture range", range[1], least)];
  }
  if (dtype === "uint8" && colormap === undefined) return [0, 255];
  let [least, largest] = [Infinity, -Infinity];
  for (const value of data) [least, largest] = [Math.min(least, value), Math.max(largest, value)];
  return [least, largest];
}

/** Each value's share of the way through the range, from 0 to 1, in matplotlib's precision; 0 where all are equal. */
function sharesOf({ dtype, data }: Tensor, [least, largest]: readonly [number, number]): (index: number) => number {
  const round = dtype === "int32" ? (x: number): number => x : Math.fround;
  const [from, extent] = [round(least), round(round(largest) - round(least))];
  return (index) => {
    const value = Math.max(least, Math.min(largest, data[index]!));
    return extent === 0 ? 0 : round(round(round(value) - from) / extent);
  };
}

/**
 * A tensor as the pixels of a picture: grey or RGB as it is, or one channel in colours.
 * @param x `[height, width]`, `[height, width, 1]` or `[height, width, 3]`, any dtype, or a batch of one of these.
 * @throws FoveaError for another shape, values that are not finite, or a colour map for three channels.
 * @example pictureOf(tensor([[0, 1], [2, 3]]), { colormap: "viridis" });
 */
export function pictureOf(x: Tensor, options: PictureOptions = {}): Pixels {
  checkOptions("picture", options, ["colormap", "range"]);
  const { height, width, channels } = sizeOfPicture(x);
  const { colormap } = options;
  const spoiled = x.data.find((value) => !Number.isFinite(value));
  if (spoiled !== undefined)
    throw new FoveaError("not-finite", `picture: expected finite numbers, received ${spoiled}`);
  const share = sharesOf(x, rangeOf(x, options));
  if (colormap === undefined)
    return { width, height, channels, data: Uint8Array.from(x.data, (_, i) => Math.round(share(i) * 255)) };
  if (channels !== 1)
    throw new FoveaError(
      "shape-mismatch",
      `picture: expected one channel for a colour map, received ${showShape(x.shape)}`,
    );
  const table = tableOf(oneOf("picture colormap", colormap, COLORMAPS));
  const data = new Uint8Array(height * width * 3);
  for (let i = 0; i < height * width; i++) {
    const colour = Math.min(255, Math.trunc(Math.fround(share(i) * 256)));
    data.set(table.subarray(3 * colour, 3 * colour + 3), 3 * i);
  }
  return { width, height, channels: 3, data };
}

/**
 * A tensor as the bytes of a PNG file of 8 bits per channel; see `pictureOf`.
 * @param x `[height, width]`, with 1 or 3 channels, or a batch of one.
 * @example encodePng(tensor([[0, 0.5], [0.7, 1]]), { colormap: "viridis", range: [0, 1] })
 */
export const encodePng = (x: Tensor, options: PictureOptions = {}): Uint8Array =>
  encode({ ...pictureOf(x, options), depth: 8 });

/**
 * Writes a tensor to a PNG file, whole or not at all; see `encodePng`.
 * @param x `[height, width]`, with 1 or 3 channels, or a batch of one.
 * @param path The file's name, which ends in .png.
 * @throws FoveaError for another extension, and for tensors that are no picture.
 * @example await saveImage(sliceRows(images, 0, 1), "first.png", { colormap: "viridis" });
 */
export async function saveImage(x: Tensor, path: string, options: PictureOptions = {}): Promise<void> {
  if (typeof path !== "string" || !path.toLowerCase().endsWith(".png"))
    throw new FoveaError("unknown-format", `saveImage: expected a path that ends in .png, received ${shown(path)}`);
  await writeAtomic(path, encodePng(x, options));
}
