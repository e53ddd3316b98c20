// Measures of one picture that tell its faults: how dark, flat, blurred or grey it is, what stands around it. A decoding
// thread takes them while it has the pixels; the checks decide what they mean.
import { convertColor, type Pixels } from "../pixels.js";
import { resizeImage } from "../resize.js";
import { borderOf } from "./border.js";

/** Names of the measures, in the order in which threads hand them over. */
export const MEASURES = [
  /** Mean grey level, from 0 to 1. */
  "brightness",
  /** Grey levels that 1, 5 and 99 of 100 pixels do not exceed, from 0 to 1. */
  "level1",
  "level5",
  "level99",
  /** Standard deviation of the grey levels, from 0 to 0.5. */
  "contrast",
  /** Variance of the Laplacian in the sharpest part, over the variance of the grey levels; 0 for a picture of one level. */
  "sharpness",
  /** Difference between the largest and the smallest channel that 99 of 100 pixels do not exceed, from 0 to 1. */
  "chroma",
  /** Share of the pixels that equal their neighbours to the right and below. */
  "repeats",
  /** Share of the picture that borders of one colour take, from 0 to 1. */
  "border",
  /** Grey level of these borders, from 0 to 1. */
  "borderLevel",
] as const;

/** The name of a measure of pictures. */
export type Measure = (typeof MEASURES)[number];

/** Pictures are shrunk to this many pixels along the longer side before their sharpness is measured. */
const WORKING_SIDE = 512;
/** Parts along each side of which the sharpest counts: a photo may be blurred around its subject. */
const TILES = 4;

/** The measures of a picture, in the order of `MEASURES`. */
export function measuresOf(pixels: Pixels): Float32Array {
  const { grey, chroma } = greyOf(pixels);
  const levels = distributionOf(grey.data);
  const border = borderOf(grey);
  const values: Record<Measure, number> = {
    brightness: levels.mean / 255,
    level1: levels.level1 / 255,
    level5: levels.level5 / 255,
    level99: levels.level99 / 255,
    contrast: levels.deviation / 255,
    sharpness: sharpnessOf(grey, levels.deviation),
    chroma: chroma / 255,
    repeats: repeatsOf(grey),
    border: border.share,
    borderLevel: border.level / 255,
  };
  return Float32Array.from(MEASURES, (name) => values[name]);
}

/** The grey picture, and the difference of channels that 99 of 100 pixels do not exceed. */
function greyOf(pixels: Pixels): { readonly grey: Pixels; readonly chroma: number } {
  const grey = convertColor(pixels, "grayscale");
  if (pixels.channels < 3) return { grey, chroma: 0 };
  const { data, channels } = pixels;
  const counts = new Uint32Array(256);
  for (let at = 0; at < data.length; at += channels) {
    const red = data[at]!;
    const green = data[at + 1]!;
    const blue = data[at + 2]!;
    const high = red > green ? Math.max(red, blue) : Math.max(green, blue);
    const low = red < green ? Math.min(red, blue) : Math.min(green, blue);
    counts[high - low]!++;
  }
  return { grey, chroma: levelIn(counts, 0.99 * grey.data.length) };
}

interface Distribution {
  readonly mean: number;
  readonly deviation: number;
  /** Levels that 1, 5 and 99 of 100 pixels do not exceed. */
  readonly level1: number;
  readonly level5: number;
  readonly level99: number;
}

function distributionOf(levels: Uint8Array): Distribution {
  const counts = new Uint32Array(256);
  for (let i = 0; i < levels.length; i++) counts[levels[i]!]!++;
  let sum = 0;
  let squares = 0;
  for (let level = 0; level < 256; level++) {
    sum += level * counts[level]!;
    squares += level * level * counts[level]!;
  }
  const count = levels.length;
  const mean = sum / count;
  return {
    mean,
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    level1: levelIn(counts, 0.01 * count),
    level5: levelIn(counts, 0.05 * count),
    level99: levelIn(counts, 0.99 * count),
  };
}

/** The lowest level with so many pixels at or below it. */
function levelIn(counts: Uint32Array, wanted: number): number {
  let seen = 0;
  for (let level = 0; level < 255; level++) {
    seen += counts[level]!;
    if (seen >= wanted) return level;
  }
  return 255;
}

/**
 * Variance of the Laplacian (Pech-Pacheco and others 2000, LAPV of Pertuz and others 2013) in the sharpest of 4 x 4 parts,
 * over the variance of the whole picture, at no more than 512 pixels: so it depends neither on the size nor the contrast.
 * @param deviation standard deviation of the grey levels
 */
function sharpnessOf(grey: Pixels, deviation: number): number {
  const scale = Math.min(1, WORKING_SIDE / Math.max(grey.width, grey.height));
  const height = Math.max(1, Math.round(grey.height * scale));
  const width = Math.max(1, Math.round(grey.width * scale));
  if (height < 3 || width < 3 || deviation === 0) return 0;
  const data = scale === 1 ? grey.data : resizeImage(grey, height, width, "box").data;
  const tiles = Math.min(TILES, Math.floor((height - 2) / 8) || 1, Math.floor((width - 2) / 8) || 1);
  let sharpest = 0;
  for (let row = 0; row < tiles; row++)
    for (let column = 0; column < tiles; column++) {
      const [top, bottom] = edgesOf(row, tiles, height);
      const [left, right] = edgesOf(column, tiles, width);
      sharpest = Math.max(sharpest, laplacianVariance(data, width, { top, bottom, left, right }));
    }
  return sharpest / deviation ** 2;
}

/** First and last inner pixel of a part along an axis. */
const edgesOf = (part: number, parts: number, length: number): [number, number] => [
  1 + Math.floor((part * (length - 2)) / parts),
  1 + Math.floor(((part + 1) * (length - 2)) / parts),
];

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function laplacianVariance(data: Uint8Array, width: number, { top, bottom, left, right }: Box): number {
  let sum = 0;
  let squares = 0;
  for (let y = top; y < bottom; y++)
    for (let at = y * width + left; at < y * width + right; at++) {
      const value = data[at - width]! + data[at + width]! + data[at - 1]! + data[at + 1]! - 4 * data[at]!;
      sum += value;
      squares += value * value;
    }
  const count = (bottom - top) * (right - left);
  return squares / count - (sum / count) ** 2;
}

function repeatsOf({ data, width, height }: Pixels): number {
  if (width < 2 || height < 2) return 0;
  let same = 0;
  for (let y = 0; y < height - 1; y++)
    for (let at = y * width, end = at + width - 1; at < end; at++) {
      const level = data[at];
      if (level === data[at + 1] && level === data[at + width]) same++;
    }
  return same / ((width - 1) * (height - 1));
}
