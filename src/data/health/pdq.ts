// PDQ, the perceptual hash of ThreatExchange ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm",
// Facebook 2019): luminance, two box filters each way, 64 x 64 samples, their cosine transform, 256 bits about its median.
// Its bits are those of the reference, so all sums are of 32-bit floats in the reference's order.
import { cos } from "../../core/math.js";
import type { Pixels } from "../pixels.js";
import { resizeImage } from "../resize.js";

/** Bits of a hash, and the 32-bit words that hold them: bit `k` of the published text is bit `k % 32` of word `k / 32`. */
export const HASH_BITS = 256;
/** Words of 32 bits in a hash. */
export const HASH_WORDS = 8;

/** A hash, 8 words, and how much a picture has to tell, from 0 for a blank one to 100. */
export interface PdqHash {
  /** Eight words. */
  readonly hash: Uint32Array;
  /** Detail of the picture, from 0 for a blank one to 100. */
  readonly quality: number;
}

/** All hashes of a picture's turns and mirror images, 8 words each in the order of `TURNS`. */
export interface PdqHashes {
  /** Eight hashes of eight words each. */
  readonly hashes: Uint32Array;
  /** Detail of the picture, from 0 for a blank one to 100. */
  readonly quality: number;
  /** The mean luminance, from 0 to 255. */
  readonly brightness: number;
}

/**
 * The turns and mirror images of a picture, in the reference's order: as it is, turned anticlockwise by 90, 180 and 270
 * degrees, upside down, left and right exchanged, transposed, transposed across the other diagonal.
 */
export const TURNS = [
  "upright",
  "turned-90",
  "turned-180",
  "turned-270",
  "flipped",
  "mirrored",
  "transposed",
  "transversed",
] as const;
/** The name of a turn or mirror image. */
export type TurnName = (typeof TURNS)[number];

/** Moves of coefficients by each turn: their signs change in even rows (y) or columns (x) of 16, then rows become columns. */
const SIGNS: Readonly<Record<TurnName, { readonly x: boolean; readonly y: boolean; readonly swaps: boolean }>> = {
  upright: { x: false, y: false, swaps: false },
  "turned-90": { x: true, y: false, swaps: true },
  "turned-180": { x: true, y: true, swaps: false },
  "turned-270": { x: false, y: true, swaps: true },
  flipped: { x: false, y: true, swaps: false },
  mirrored: { x: true, y: false, swaps: false },
  transposed: { x: false, y: false, swaps: true },
  transversed: { x: true, y: true, swaps: true },
};

/** Larger pictures are first sampled to so many pixels each way, as the reference does. */
const LARGEST = 512;
/** Smaller pictures have no hash. */
const SMALLEST = 5;
/** Samples each way, and coefficients each way. */
const SAMPLES = 64;
const WAVES = 16;

const { fround } = Math;

/** The shares of red, green and blue for each value of a byte, rounded to 32 bits. */
const shares = (weight: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, value) => fround(weight) * value);
const [RED, GREEN, BLUE] = [shares(0.299), shares(0.587), shares(0.114)];

/** Rows 1 to 16 of the cosine transform of 64 samples. */
const COSINES = Float32Array.from({ length: WAVES * SAMPLES }, (_, at) => {
  const [wave, sample] = [Math.floor(at / SAMPLES), at % SAMPLES];
  return fround(Math.sqrt(2 / SAMPLES)) * cos((Math.PI / 2 / SAMPLES) * (wave + 1) * (2 * sample + 1));
});

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly levels: Float32Array;
}

/**
 * The PDQ hash of a picture.
 * @param picture grey, grey with alpha, RGB or RGBA, at least 5 pixels each way; transparency is ignored
 * @returns `hash`, 8 words, and `quality` from 0 to 100; 0 for both where the picture is smaller. The authors match hashes
 * at a distance of at most 31, and set those of a quality below 50 aside.
 * @example
 * const photo = await decodeImage(await readFile("photo.png"), "photo.png");
 * const { hash, quality } = pdqHash(convertColor(photo, "rgb"));
 * hashText(hash).length; // 64
 */
export function pdqHash(picture: Pixels): PdqHash {
  const samples = samplesOf(picture);
  return samples === undefined ? { hash: new Uint32Array(HASH_WORDS), quality: 0 } : pdqOfSamples(samples);
}

/**
 * The PDQ hashes of a picture's eight turns and mirror images, all from one transform.
 * @param picture Grey or RGB pixels.
 * @returns `hashes`, 8 times 8 words in the order of `TURNS`, `quality` from 0 to 100, `brightness` from 0 to 255; all 0
 * where the picture is smaller than 5 pixels
 * @example const { hashes, quality } = pdqHashes({ height: 8, width: 8, channels: 1, data: new Uint8Array(64) });
 */
export function pdqHashes(picture: Pixels): PdqHashes {
  const hashes = new Uint32Array(TURNS.length * HASH_WORDS);
  const samples = samplesOf(picture);
  if (samples === undefined) return { hashes, quality: 0, brightness: 0 };
  const waves = wavesOf(samples);
  for (const [n, turn] of TURNS.entries()) putBits(waves, turn, hashes.subarray(n * HASH_WORDS, (n + 1) * HASH_WORDS));
  const brightness = samples.reduce((sum, level) => sum + level, 0) / samples.length;
  return { hashes, quality: qualityOf(samples), brightness };
}

/** The PDQ hash of 64 x 64 levels, such as a part of a picture sampled to that size. */
export function pdqOfSamples(samples: Float32Array): PdqHash {
  const hash = new Uint32Array(HASH_WORDS);
  putBits(wavesOf(samples), "upright", hash);
  return { hash, quality: qualityOf(samples) };
}

/**
 * A small picture enlarged to the size at which the algorithm looks at large ones; undefined for others. Samples of a picture
 * that was reduced lie elsewhere than those of the original, and pixels that are few to a sample make that tell: enlarged, it
 * has nearly the original's hash.
 */
export function enlargedPicture(picture: Pixels): Pixels | undefined {
  const scale = LARGEST / Math.max(picture.width, picture.height);
  if (scale <= 1 || Math.min(picture.width, picture.height) < SMALLEST) return undefined;
  const side = (length: number): number => Math.max(SMALLEST, Math.round(length * scale));
  return resizeImage(picture, side(picture.height), side(picture.width), "bicubic");
}

/** Luminance, of pictures beyond 512 pixels that of pixels at equal distances. */
function luminance({ width, height, channels, data }: Pixels): Plane {
  const isLarge = width > LARGEST || height > LARGEST;
  const [columns, rows] = isLarge ? [LARGEST, LARGEST] : [width, height];
  const levels = new Float32Array(columns * rows);
  const places = Uint32Array.from({ length: columns }, (_, x) => Math.floor((x * width) / columns) * channels);
  for (let y = 0, to = 0; y < rows; y++) {
    const row = Math.floor((y * height) / rows) * width * channels;
    for (let x = 0; x < columns; x++) {
      const at = row + places[x]!;
      levels[to++] = channels < 3 ? data[at]! : fround(RED[data[at]!]! + GREEN[data[at + 1]!]!) + BLUE[data[at + 2]!]!;
    }
  }
  return { width: columns, height: rows, levels };
}

/** 64 x 64 samples of a picture that box filters, twice each way, have smoothed to about their distance. */
function samplesOf(picture: Pixels): Float32Array | undefined {
  if (picture.width < SMALLEST || picture.height < SMALLEST) return undefined;
  const plane = luminance(picture);
  const { width, height, levels } = plane;
  if (width === SAMPLES && height === SAMPLES) return levels;
  const [across, down] = [windowOf(width), windowOf(height)];
  const other = new Float32Array(levels.length);
  boxRows(plane, across, other);
  boxColumns({ width, height, levels: other }, down, levels);
  boxRows(plane, across, other);
  // The last filter is only needed where a sample is.
  const places = centres(width);
  const narrow = new Float32Array(SAMPLES * height);
  for (let y = 0, to = 0; y < height; y++) for (const x of places) narrow[to++] = other[y * width + x]!;
  const smooth = new Float32Array(narrow.length);
  boxColumns({ width: SAMPLES, height, levels: narrow }, down, smooth);
  const samples = new Float32Array(SAMPLES * SAMPLES);
  for (const [i, y] of centres(height).entries())
    samples.set(smooth.subarray(y * SAMPLES, (y + 1) * SAMPLES), i * SAMPLES);
  return samples;
}

/** Width of a box: half of the distance of samples, rounded up. */
const windowOf = (length: number): number => Math.ceil(length / (2 * SAMPLES));

const centres = (length: number): Uint32Array =>
  Uint32Array.from({ length: SAMPLES }, (_, i) => Math.floor(((i + 0.5) * length) / SAMPLES));

/** Means of the `box` levels about each along its row; fewer at the ends. */
function boxRows({ width, height, levels }: Plane, box: number, out: Float32Array): void {
  const ahead = ((box + 2) >> 1) - 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = 0; x < ahead; x++) sum = fround(sum + levels[row + x]!);
    for (let x = 0, next = ahead; x < width; x++, next++) {
      if (next < width) sum = fround(sum + levels[row + next]!);
      if (next >= box) sum = fround(sum - levels[row + next - box]!);
      out[row + x] = sum / (Math.min(next, width - 1) - Math.max(next - box, -1));
    }
  }
}

/** Means of the `box` levels about each along its column, row by row for the sake of the processor's cache. */
function boxColumns({ width, height, levels }: Plane, box: number, out: Float32Array): void {
  const ahead = ((box + 2) >> 1) - 1;
  const sums = new Float32Array(width);
  for (let at = 0; at < ahead * width; at++) sums[at % width]! += levels[at]!;
  for (let y = 0, next = ahead; y < height; y++, next++) {
    if (next < height) for (let x = 0, at = next * width; x < width; x++) sums[x]! += levels[at++]!;
    if (next >= box) for (let x = 0, at = (next - box) * width; x < width; x++) sums[x]! -= levels[at++]!;
    const count = Math.min(next, height - 1) - Math.max(next - box, -1);
    for (let x = 0, at = y * width; x < width; x++) out[at++] = sums[x]! / count;
  }
}

/** 100 where neighbours differ much: the sum of their differences in whole percents, over 90. */
function qualityOf(samples: Float32Array): number {
  let sum = 0;
  const add = (a: number, b: number): void => {
    sum += Math.abs(Math.trunc(fround(fround(fround(a - b) * 100) / 255)));
  };
  for (let at = 0; at < samples.length - SAMPLES; at++) add(samples[at]!, samples[at + SAMPLES]!);
  for (let at = 0; at < samples.length; at++) if ((at + 1) % SAMPLES !== 0) add(samples[at]!, samples[at + 1]!);
  return Math.min(100, Math.floor(sum / 90));
}

/** Coefficients 1 to 16 each way of the cosine transform. */
function wavesOf(samples: Float32Array): Float32Array {
  const rows = new Float32Array(WAVES * SAMPLES);
  for (let wave = 0; wave < WAVES; wave++)
    for (let k = 0; k < SAMPLES; k++) {
      const weight = COSINES[wave * SAMPLES + k]!;
      const to = wave * SAMPLES;
      const from = k * SAMPLES;
      for (let x = 0; x < SAMPLES; x++) rows[to + x]! += fround(weight * samples[from + x]!);
    }
  const waves = new Float32Array(HASH_BITS);
  for (let y = 0; y < WAVES; y++)
    for (let x = 0; x < WAVES; x++) {
      let sum = 0;
      for (let k = 0; k < SAMPLES; k++) sum = fround(sum + fround(rows[y * SAMPLES + k]! * COSINES[x * SAMPLES + k]!));
      waves[y * WAVES + x] = sum;
    }
  return waves;
}

/** Sets the bits of the coefficients that lie above the lower median of all, after a turn. */
function putBits(waves: Float32Array, turn: TurnName, hash: Uint32Array): void {
  const { x: changesX, y: changesY, swaps } = SIGNS[turn];
  const turned = new Float32Array(HASH_BITS);
  for (let y = 0; y < WAVES; y++)
    for (let x = 0; x < WAVES; x++) {
      const isNegative = (changesX && x % 2 === 0) !== (changesY && y % 2 === 0);
      const wave = waves[y * WAVES + x]!;
      turned[swaps ? x * WAVES + y : y * WAVES + x] = isNegative ? -wave : wave;
    }
  const median = turned.slice().sort()[HASH_BITS / 2 - 1]!;
  for (let bit = 0; bit < HASH_BITS; bit++) if (turned[bit]! > median) hash[bit >> 5]! |= 1 << (bit & 31);
}
