// Generated pages of handwritten characters: which stand where, and in which box the ink of each lies. Every page is a function of
// (seed, index), and one writer writes it.
import { encode } from "fast-png";
import { FoveaError } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import { resizeImage } from "../resize.js";
import { HANZI_CHARACTERS } from "./characters.js";
import { hanziImage } from "./hanzi.js";

/** Options of generated pages. */
export interface PagesOptions {
  /** Number of pages. Default 400. */
  readonly count?: number;
  /** Seed of all pages. Default 0. */
  readonly seed?: number;
  /** Height of the pages in pixels, 64 to 512. Default 128. */
  readonly height?: number;
  /** Width of the pages in pixels, 64 to 512. Default 128. */
  readonly width?: number;
}

/** The names of these options. */
export const PAGES_OPTIONS = ["count", "seed", "height", "width"] as const;
/** The default number of pages. */
export const PAGES_COUNT = 400;
/** The default side of pages in pixels. */
export const PAGES_SIDE = 128;
const MOST_PAGES = 100_000;
const SIDES = [64, 512] as const;

/** The characters of all pages, classes of their boxes. */
export const PAGE_CHARACTERS: readonly string[] = HANZI_CHARACTERS.slice(0, 10);

/** Side of a place for a character, in pixels; characters are a little smaller, and not in its middle. */
const PLACE = 32;
const [SMALLEST, LARGEST] = [0.6, 0.95];
/** The share of places that have a character. */
const FILLED = 0.7;
/** Grey values below this are ink. */
const INK = 160;

/** Ink of a character on a page. */
export interface PageBox {
  /** The character. */
  readonly character: string;
  /** Column of the left edge of the ink, in pixels. */
  readonly x: number;
  /** Row of its upper edge, in pixels. */
  readonly y: number;
  /** Width of the ink in pixels. */
  readonly width: number;
  /** Height of the ink in pixels. */
  readonly height: number;
}

/** A page of generated handwriting, with the box of each character. */
export interface Page {
  /** Counts from 1. */
  readonly index: number;
  /** `P0001`. */
  readonly name: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Grey, row by row. */
  readonly pixels: Uint8Array;
  /** The characters in the order in which they were written. */
  readonly boxes: readonly PageBox[];
}

/** Options with their defaults. @throws FoveaError for one that cannot be */
export function pagesSettings(options: PagesOptions = {}): Required<PagesOptions> {
  checkOptions("pages", options, PAGES_OPTIONS);
  const bounded = (name: string, value: number, least: number, most: number): number => {
    if (wholeNumber(`pages ${name}`, value) >= least && value <= most) return value;
    throw new FoveaError("out-of-range", `pages ${name}: expected ${least} to ${most}, received ${value}`);
  };
  return {
    count: bounded("count", options.count ?? PAGES_COUNT, 1, MOST_PAGES),
    seed: options.seed ?? 0,
    height: bounded("height", options.height ?? PAGES_SIDE, ...SIDES),
    width: bounded("width", options.width ?? PAGES_SIDE, ...SIDES),
  };
}

/**
 * One page of the set, alone; `index` counts from 1.
 * @example const png = encodePage(pageImage(1));
 */
export function pageImage(index: number, options: PagesOptions = {}): Page {
  const { seed, height, width } = pagesSettings(options);
  const random = new Random(seed, STREAM.generate, index);
  const pixels = new Uint8Array(height * width).fill(235 + random.integer(20));
  const boxes: PageBox[] = [];
  for (let top = 0; top + PLACE <= height; top += PLACE)
    for (let left = 0; left + PLACE <= width; left += PLACE) {
      if (random.uniform() >= FILLED) continue;
      const character = PAGE_CHARACTERS[random.integer(PAGE_CHARACTERS.length)]!;
      const side = Math.round(PLACE * (SMALLEST + (LARGEST - SMALLEST) * random.uniform()));
      const [x, y] = [left + random.integer(PLACE - side + 1), top + random.integer(PLACE - side + 1)];
      const box = written({ pixels, width }, { x, y, side }, greyOf(character, index, seed));
      if (box !== undefined) boxes.push({ character, ...box });
    }
  const name = `P${String(index).padStart(4, "0")}`;
  return { index, name, width, height, pixels, boxes };
}

/** A character as grey pixels, white where its picture is transparent. */
function greyOf(character: string, index: number, seed: number) {
  const { width, height, channels, pixels } = hanziImage("Train", character, index, seed);
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at++)
    data[at] = channels === 1 || pixels[4 * at + 3] === 255 ? pixels[channels * at]! : 255;
  return { width, height, channels: 1, data };
}

/** Writes a character into a square, its proportions kept, and gives the edges of its ink; none where there is no ink. */
function written(
  page: { readonly pixels: Uint8Array; readonly width: number },
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
  glyph: ReturnType<typeof greyOf>,
): Omit<PageBox, "character"> | undefined {
  const scale = side / Math.max(glyph.width, glyph.height);
  const [wide, high] = [glyph.width, glyph.height].map((size) => Math.max(1, Math.round(size * scale))) as [
    number,
    number,
  ];
  const { data } = resizeImage(glyph, high, wide, "lanczos");
  let [left, top, right, bottom] = [wide, high, 0, 0];
  for (let row = 0; row < high; row++)
    for (let column = 0; column < wide; column++) {
      const grey = data[row * wide + column]!;
      const at = (y + row) * page.width + x + column;
      page.pixels[at] = Math.min(page.pixels[at]!, grey);
      if (grey >= INK) continue;
      [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    }
  return right === 0 ? undefined : { x: x + left, y: y + top, width: right - left, height: bottom - top };
}

/** The page as the bytes of a PNG file. */
export const encodePage = ({ width, height, pixels }: Page): Uint8Array =>
  encode({ width, height, channels: 1, depth: 8, data: pixels }, { zlib: { level: 1, mem: 4 } });
