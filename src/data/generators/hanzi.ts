// The generated handwriting set: which images there are, in which order and by whom. Every image is a function of
// (seed, writer, character), so any part of the set can be made alone. Files are write.ts's business.
import { encode } from "fast-png";
import { FoveaError, oneOf } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import { HANZI_CHARACTERS, strokesOf } from "./characters.js";
import { write } from "./hand.js";
import { rasterize } from "./ink.js";
import { writerOf } from "./writer.js";

/** A part of the generated handwriting. */
export type HanziSplit = "Train" | "Test";

/** Options of generated handwriting. */
export interface HanziOptions {
  /** Share of the full counts (32,206 and 7,684 images); at least two a class remain. Default 1. */
  readonly scale?: number;
  /** Seed of all images. Default 0. */
  readonly seed?: number;
  /** The characters; OTHER_HANZI_CHARACTERS can be written as well. Default: all 55, in code-point order. */
  readonly characters?: readonly string[];
}

/** The names of these options. */
export const HANZI_OPTIONS = ["scale", "seed", "characters"] as const;

/** One image: 8-bit grey, or RGBA with a transparent margin. */
export interface HanziImage {
  /** The part of the set. */
  readonly split: HanziSplit;
  /** The character. */
  readonly character: string;
  /** Counts from 1 within its split and character; the file's name. */
  readonly index: number;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** 1 for grey, 4 for RGBA. */
  readonly channels: 1 | 4;
  /** Row by row, channels last. */
  readonly pixels: Uint8Array;
}

/** The first writer of each split. A writer writes every character once, and nobody writes in both splits. */
const FIRST_WRITER: Record<HanziSplit, number> = { Train: 0, Test: 1 << 20 };

/** The share of Train that comes as RGBA: smaller in its frame and transparent around, a trap of real collections. */
const RGBA_SHARE = 0.2;
const RGBA_SHRINK = 0.76;

/** Two characters are rare, as in the set that this one imitates. */
const RARE: Readonly<Record<string, Record<HanziSplit, number>>> = {
  啖: { Train: 240, Test: 60 },
  囡: { Train: 240, Test: 59 },
};
/** Numbers by which the others fall short of the largest count; the 53 of them repeat this, so that the totals come out. */
const LARGEST: Record<HanziSplit, number> = { Train: 604, Test: 145 };
const SHORTFALL: Record<HanziSplit, readonly number[]> = {
  Train: [0, 5, 6, 5, 7, 4, 6, 6, 5, 8],
  Test: [0, 2, 3, 2, 3, 1, 2, 3, 2, 4],
};
/** One class is the smallest of the common ones by a margin. */
const SMALLEST = { index: 21, Train: 584, Test: 138 } as const;

/** Number of images of a character in the full set. */
function fullCount(split: HanziSplit, character: string): number {
  const rare = RARE[character];
  if (rare !== undefined) return rare[split];
  // Others have no place among them.
  if (!HANZI_CHARACTERS.includes(character)) return LARGEST[split];
  const index = HANZI_CHARACTERS.filter((other) => !(other in RARE)).indexOf(character);
  return index === SMALLEST.index ? SMALLEST[split] : LARGEST[split] - SHORTFALL[split][index % 10]!;
}

/**
 * The number of images of each character in a split, after scaling.
 * @param split The part of the set.
 * @throws FoveaError for a scale outside 0 to 1, and for no characters.
 * @example hanziCounts("Train", { scale: 0.1, characters: ["东"] });
 */
export function hanziCounts(split: HanziSplit, options: HanziOptions = {}): Map<string, number> {
  oneOf("split", split, ["Train", "Test"]);
  checkOptions("hanzi", options, HANZI_OPTIONS);
  const { scale = 1, characters = HANZI_CHARACTERS } = options;
  if (!(scale > 0 && scale <= 1))
    throw new FoveaError("out-of-range", `scale: expected a number above 0 and up to 1, received ${scale}`);
  if (characters.length === 0) throw new FoveaError("empty-input", "characters: expected at least one, received none");
  return new Map(
    characters.map((character) => {
      strokesOf(character);
      return [character, Math.max(2, Math.round(scale * fullCount(split, character)))];
    }),
  );
}

/**
 * The images of the set one after the other: Train before Test, characters in the order given, then by number.
 * @example for (const { character, pixels } of synthesizeHanzi({ scale: 0.01, characters: ["东"] })) console.log(character, pixels.length);
 */
export function* synthesizeHanzi(options: HanziOptions = {}): Generator<HanziImage, void, undefined> {
  for (const split of ["Train", "Test"] as const)
    for (const [character, count] of hanziCounts(split, options))
      for (let index = 1; index <= count; index++) yield hanziImage(split, character, index, options.seed);
}

/**
 * One image of the set, alone; `index` counts from 1.
 * @param split The part of the set.
 * @param character One of the characters that can be written.
 * @param seed Default 0.
 * @throws FoveaError for an image that no set has.
 * @example const png = encodeHanzi(hanziImage("Train", "东", 1));
 */
export function hanziImage(split: HanziSplit, character: string, index: number, seed = 0): HanziImage {
  oneOf("split", split, ["Train", "Test"]);
  wholeNumber("hanziImage index", index);
  const number = FIRST_WRITER[split] + index;
  const writer = writerOf(seed, number);
  const random = new Random(seed, STREAM.generate + number, character.codePointAt(0)!);
  const framed = split === "Train" && random.uniform() < RGBA_SHARE;
  const writing = write(
    strokesOf(character),
    framed ? { ...writer, height: writer.height * RGBA_SHRINK, pen: writer.pen * RGBA_SHRINK } : writer,
    random,
  );
  const grey = rasterize(writing, writer, random);
  const { width, height } = writing;
  const about = { split, character, index };
  return framed ? { ...about, ...frame(grey, width, height) } : { ...about, width, height, channels: 1, pixels: grey };
}

/** The image as the bytes of a PNG file. */
export function encodeHanzi({ width, height, channels, pixels }: HanziImage): Uint8Array {
  // Fast rather than small; a little memory is plenty for images of this size and spares allocating more.
  return encode({ width, height, channels, depth: 8, data: pixels }, { zlib: { level: 1, mem: 4 } });
}

/** Puts grey pixels into the middle of a larger sheet that is white and transparent. */
function frame(
  grey: Uint8Array,
  width: number,
  height: number,
): { width: number; height: number; channels: 4; pixels: Uint8Array } {
  const wide = Math.round(width / RGBA_SHRINK);
  const tall = Math.round(height / RGBA_SHRINK);
  const left = (wide - width) >> 1;
  const top = (tall - height) >> 1;
  const pixels = new Uint8Array(wide * tall * 4).fill(255);
  for (let y = 0; y < tall; y++)
    for (let x = 0; x < wide; x++) {
      const at = 4 * (y * wide + x);
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      if (inside) pixels.fill(grey[(y - top) * width + x - left]!, at, at + 3);
      else pixels[at + 3] = 0;
    }
  return { width: wide, height: tall, channels: 4, pixels };
}
