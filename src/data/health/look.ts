// Measures of one picture that tell its faults: how dark, flat, blurred or grey it is, what stands around it. A decoding
// thread takes them while it has the pixels; the checks decide what they mean.
import type { DecodedImage } from "../decoders/index.js";
import { turnUpright } from "../orientation.js";
import { colorOf, convertColor, type Pixels } from "../pixels.js";
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

export type Measure = (typeof MEASURES)[number];

/** Pictures are shrunk to this many pixels along the longer side before their sharpness is measured. */
const WORKING_SIDE = 512;
/** Parts along each side of which the sharpest counts: a photo may be blurred around its subject. */
const TILES = 4;

/** The upright pixels of an image in colours that lose nothing, for measures and for hashes. */
export const uprightPixels = (image: DecodedImage): Pixels =>
  turnUpright(convertColor(image, colorOf(image)), image.orientation);

/** The measures of a picture, in the order of `MEASURES`. */
export function measuresOf(pixels: Pixels): Float32Array {
  const grey = convertColor(pixels, "grayscale");
  const { mean, deviation, levelAt } = distributionOf(grey.data);
  const border = borderOf(grey);
  const values: Record<Measure, number> = {
    brightness: mean / 255,
    level1: levelAt(0.01) / 255,
    level5: levelAt(0.05) / 255,
    level99: levelAt(0.99) / 255,
    contrast: deviation / 255,
    sharpness: sharpnessOf(grey),
    chroma: pixels.channels < 3 ? 0 : chromaOf(pixels) / 255,
    repeats: repeatsOf(grey),
    border: border.share,
    borderLevel: border.level / 255,
  };
  return Float32Array.from(MEASURES, (name) => values[name]);
}

interface Distribution {
  readonly mean: number;
  readonly deviation: number;
  /** The level that a share of the pixels does not exceed. */
  levelAt(share: number): number;
}

function distributionOf(levels: Uint8Array): Distribution {
  const counts = new Float64Array(256);
  for (const level of levels) counts[level]!++;
  let sum = 0;
  let squares = 0;
  for (const [level, count] of counts.entries()) {
    sum += level * count;
    squares += level * level * count;
  }
  const mean = sum / levels.length;
  return {
    mean,
    deviation: Math.sqrt(Math.max(0, squares / levels.length - mean * mean)),
    levelAt: (share) => levelIn(counts, share * levels.length),
  };
}

/** The lowest level with so many pixels at or below it. */
function levelIn(counts: Float64Array, wanted: number): number {
  let seen = 0;
  for (const [level, count] of counts.entries()) {
    seen += count;
    if (seen >= wanted) return level;
  }
  return 255;
}

/**
 * Variance of the Laplacian (Pech-Pacheco and others 2000, LAPV of Pertuz and others 2013) in the sharpest of 4 x 4 parts,
 * over the variance of the whole picture, at no more than 512 pixels: so it depends neither on the size nor the contrast.
 */
function sharpnessOf(grey: Pixels): number {
  const scale = Math.min(1, WORKING_SIDE / Math.max(grey.width, grey.height));
  const [height, width] = [grey.height, grey.width].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const { data } = scale === 1 ? grey : resizeImage(grey, height, width, "box");
  const { deviation } = distributionOf(data);
  if (height < 3 || width < 3 || deviation === 0) return 0;
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

function chromaOf({ data, channels, width, height }: Pixels): number {
  const counts = new Float64Array(256);
  for (let at = 0; at < data.length; at += channels) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    counts[Math.max(red, green, blue) - Math.min(red, green, blue)]!++;
  }
  return levelIn(counts, 0.99 * width * height);
}

function repeatsOf({ data, width, height }: Pixels): number {
  if (width < 2 || height < 2) return 0;
  let same = 0;
  for (let y = 0; y < height - 1; y++)
    for (let at = y * width; at < (y + 1) * width - 1; at++)
      if (data[at] === data[at + 1] && data[at] === data[at + width]) same++;
  return same / ((width - 1) * (height - 1));
}
