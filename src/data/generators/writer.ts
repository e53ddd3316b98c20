// Writers: the traits of an imagined writer, drawn once from (seed, writer number) and then the same in every character
// of that writer. hand.ts applies the traits to strokes, ink.ts to pixels.
import { exp } from "../../core/math.js";
import { Random, STREAM } from "../../core/random.js";

/** The habits of a hand. Lengths are in ems (1 is the height of a printed character) unless told otherwise. */
export interface Writer {
  /** Height of the em in pixels, for a character of seven strokes. */
  readonly height: number;
  /** Height over width, relative to print. */
  readonly aspect: number;
  /** Lean to the right: x gained per unit of height. */
  readonly slant: number;
  /** Rise of horizontal strokes to the right. */
  readonly rise: number;
  /** Turn of the whole character, in radians. */
  readonly rotation: number;
  /** Distance by which strokes stray from their place; 0.85 in the middle of all writers. */
  readonly disorder: number;
  /** 0 to 1: how readily a stroke runs into the next. */
  readonly cursive: number;
  /** Smoothing passes that round the corners. */
  readonly roundness: number;
  /** Bow of straight strokes, relative to their length. */
  readonly bow: number;
  /** Amplitude of the tremble along a stroke. */
  readonly wobble: number;
  /** 0 to 1: how many closing hooks are left out. */
  readonly hookless: number;
  /** Half the pen's width, in pixels. */
  readonly pen: number;
  /** Variation of the pressure along a stroke. */
  readonly pressure: number;
  /** Thinness of a stroke's end, 0 (blunt) to 1 (to a point). */
  readonly taper: number;
  /** Grey of the ink at its darkest, 0 to 255. */
  readonly ink: number;
  /** 0 to 1: how much the ink breaks up where pressure is low. */
  readonly dryness: number;
  /** Strength of the paper's grain in grey levels; 0 for most, whose scans were cleaned to pure white. */
  readonly grain: number;
}

/** The writer of that number. Writers of different numbers share nothing but the seed. */
export function writerOf(seed: number, number: number): Writer {
  const random = new Random(seed, STREAM.generate + number);
  const around = (mean: number, deviation: number): number => mean + deviation * random.normal();
  const about = (mean: number, spread: number): number => mean * exp(spread * random.normal());
  const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  const eagerness = random.uniform();
  const height = within(about(93, 0.12), 60, 130);
  return {
    height,
    aspect: within(about(1.25, 0.13), 0.85, 1.75),
    slant: within(around(0.07, 0.14), -0.22, 0.34),
    rise: within(around(0.1, 0.085), -0.1, 0.32),
    rotation: within(around(0, 0.04), -0.11, 0.11),
    disorder: within(about(0.86, 0.28), 0.42, 1.6),
    cursive: eagerness * Math.sqrt(eagerness),
    roundness: 1 + random.integer(6),
    bow: around(0.01, 0.02),
    wobble: about(0.006, 0.4),
    hookless: random.uniform() * random.uniform(),
    // Small hands take finer pens, or their characters would be blots.
    pen: within(about(2.75, 0.15), 1.8, 3.8) * Math.sqrt(height / 93),
    pressure: random.between(0.06, 0.24),
    taper: random.between(0.1, 0.75),
    ink: within(around(32, 14), 4, 80),
    dryness: random.uniform() * random.uniform(),
    grain: random.uniform() < 0.15 ? random.between(2, 7) : 0,
  };
}
