// Characters that do not exist: pieces of two of the 55 in the places that components have in a character. Each has a
// code point of Unicode's private use area for its name and is written by the same hands. A network that learns to
// tell them apart has seen strokes of the 55, but none of the characters.
import { FoveaError } from "../../core/errors.js";
import { Random, STREAM } from "../../core/random.js";
import { HANZI_MEDIANS } from "./hanzi-medians.js";
import { decodedStrokes, type Line } from "./strokes.js";

/** The first code point of the private use area, and how many characters there can be. */
const FIRST = 0xe000;
export const MOST_INVENTED = 2000;

/** `count` characters that do not exist; the first of them are the same for every count. */
export function inventedHanzi(count: number): string[] {
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_INVENTED))
    throw new FoveaError(`inventedHanzi: expected 1 to ${MOST_INVENTED} characters, received ${count}`);
  return Array.from({ length: count }, (_, i) => String.fromCodePoint(FIRST + i));
}

/** The number of an invented character; undefined for those that exist. */
function inventedNumber(character: string): number | undefined {
  const number = character.codePointAt(0)! - FIRST;
  return number >= 0 && number < MOST_INVENTED ? number : undefined;
}

/** Where a component lies: left, top, width and height in an em of 1. */
type Box = readonly [left: number, top: number, width: number, height: number];

/** Beside each other, one above the other, one inside the other. */
const LAYOUTS: readonly (readonly [Box, Box])[] = [
  [
    [0.08, 0.1, 0.36, 0.78],
    [0.5, 0.1, 0.42, 0.8],
  ],
  [
    [0.1, 0.08, 0.5, 0.82],
    [0.66, 0.12, 0.26, 0.74],
  ],
  [
    [0.14, 0.07, 0.72, 0.38],
    [0.1, 0.5, 0.8, 0.42],
  ],
  [
    [0.1, 0.07, 0.8, 0.5],
    [0.16, 0.64, 0.68, 0.28],
  ],
  [
    [0.1, 0.08, 0.8, 0.84],
    [0.32, 0.38, 0.38, 0.4],
  ],
];

/** Fewest and most strokes of a component. */
const STROKES = [2, 5] as const;
/** No component is stretched more than this, or lone horizontals would fill the em. */
const MOST_STRETCH = 1.5;
const CHARACTERS = Object.keys(HANZI_MEDIANS);
/** Apart from those of writers, which are numbered from 0. */
const STREAM_OF_SHAPES = STREAM.generate + (1 << 27);

/** The strokes of an invented character in writing order, in an em of 1; undefined for a character that exists. */
export function inventedStrokes(character: string): readonly Line[] | undefined {
  const number = inventedNumber(character);
  if (number === undefined) return undefined;
  const random = new Random(0, STREAM_OF_SHAPES, number);
  const layout = random.pick(LAYOUTS);
  const [first, second] = random.shuffle([...CHARACTERS]) as [string, string];
  return [...component(first, layout[0], random), ...component(second, layout[1], random)];
}

/** A few strokes of a character that follow one another, moved into a box. */
function component(character: string, box: Box, random: Random): Line[] {
  const all = decodedStrokes(HANZI_MEDIANS[character]!);
  const [fewest, most] = STROKES;
  const count = Math.min(all.length, fewest + random.integer(most - fewest + 1));
  const start = random.integer(all.length - count + 1);
  return fitted(all.slice(start, start + count), box);
}

/** Lines scaled and moved into the middle of a box. */
function fitted(lines: readonly Line[], [left, top, width, height]: Box): Line[] {
  const [x, y] = [0, 1].map((axis) => {
    const [start, extent] = axis === 0 ? [left, width] : [top, height];
    const values = lines.flatMap((line) => line.filter((_, i) => i % 2 === axis));
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const stretch = Math.min(MOST_STRETCH, extent / Math.max(high - low, 1e-6));
    return (value: number): number => start + extent / 2 + (value - (low + high) / 2) * stretch;
  }) as [(value: number) => number, (value: number) => number];
  return lines.map((line) => line.map((value, i) => (i % 2 === 0 ? x(value) : y(value))));
}
