// Tests whether one picture shows a part of another, mirrored or not: searches the part from coarse to fine, then
// compares the details, which only the same picture has in common. No network, nothing learned.
import { searchedPart } from "./part-search.js";
import {
  correlation,
  details,
  halved,
  mirrored,
  type Part,
  SIDE,
  type Square,
  sampled,
  standardized,
  type Thumbnail,
  WHOLE,
} from "./thumbnail.js";

/** Position of one picture in another. */
export interface Alignment {
  /** The part of the other picture that it shows. */
  readonly part: Part;
  readonly isMirrored: boolean;
  /** The correlation of the details, 1 for the same. */
  readonly similarity: number;
}

/** Levels along each side of the pictures of the first look, the two of the search, and of the comparison. */
const [COARSE, ROUGH, MIDDLE, FINE] = [8, 16, 32, 48];

/** The least correlations that are worth a closer look: of whole pictures, with the best part, after a rough search. */
const WORTH_PARTS = 0.1;
const WORTH_SEARCH = 0.75;
const WORTH_DETAILS = 0.5;

/** A picture that shows less of another in width or height is none of its copies. */
const LEAST_EXTENT = 0.7;

/** The parts that are tried first: the whole, then 90 % and 80 % in nine places each, then a tenth off one side. */
const PARTS: readonly Part[] = [
  WHOLE,
  ...[0.1, 0.2].flatMap((cut) =>
    [0, 0.5, 1].flatMap((x) =>
      [0, 0.5, 1].map((y) => ({ left: cut * x, right: 1 - cut * (1 - x), top: cut * y, bottom: 1 - cut * (1 - y) })),
    ),
  ),
  { ...WHOLE, left: 0.1 },
  { ...WHOLE, right: 0.9 },
  { ...WHOLE, top: 0.1 },
  { ...WHOLE, bottom: 0.9 },
];

/** A picture at several sizes, made on demand. */
export class Candidate {
  readonly #levels = new Map<number, Square>();
  readonly #looks = new Map<number, Float32Array>();
  #parts: readonly Float32Array[] | undefined;

  constructor(picture: Thumbnail) {
    this.#levels.set(SIDE, { side: SIDE, levels: picture });
  }

  /** The picture with `side` levels along each side. */
  at(side: number): Square {
    const known = this.#levels.get(side);
    if (known !== undefined) return known;
    const made = halved(this.at(2 * side));
    this.#levels.set(side, made);
    return made;
  }

  /** The whole picture at a size, standardized. */
  look(side: number): Float32Array {
    let look = this.#looks.get(side);
    if (look === undefined) {
      look = standardized(Float32Array.from(this.at(side).levels));
      if (side === COARSE) this.#looks.set(side, look);
    }
    return look;
  }

  /** The parts that are tried first, as coarse pictures. */
  get parts(): readonly Float32Array[] {
    this.#parts ??= PARTS.map((part) => standardized(sampled(this.at(ROUGH), part, COARSE)));
    return this.#parts;
  }
}

/** Checks whether two pictures could be copies at all, by 64 or 128 products. */
export function mayBeCopies(a: Candidate, b: Candidate): boolean {
  const [first, second] = [a.look(COARSE), b.look(COARSE)];
  return correlation(first, second) > WORTH_PARTS || mirroredCorrelation(first, second) > WORTH_PARTS;
}

/** The correlation of a coarse picture's mirror image with another. */
function mirroredCorrelation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row += COARSE)
    for (let x = 0; x < COARSE; x++) sum += a[row + COARSE - 1 - x]! * b[row + x]!;
  return sum;
}

/** Position of `a` in `b`; undefined when `a` clearly shows no part of `b`. */
export function alignmentOf(a: Candidate, b: Candidate): Alignment | undefined {
  let [score, guess, isMirrored] = [WORTH_SEARCH, undefined as Part | undefined, false];
  const whole = a.look(COARSE);
  for (const [i, part] of b.parts.entries()) {
    const [straight, turned] = [correlation(whole, part), mirroredCorrelation(whole, part)];
    if (Math.max(straight, turned) <= score) continue;
    [score, guess, isMirrored] = [Math.max(straight, turned), PARTS[i]!, turned > straight];
  }
  if (guess === undefined) return undefined;
  const wanted = (side: number): Float32Array => {
    const levels = Float32Array.from(a.at(side).levels);
    return isMirrored ? mirrored(levels, side) : levels;
  };
  const rough = searched(wanted(ROUGH), b.at(ROUGH), guess, [0.05, 0.025]);
  if (detailsAlike(wanted(ROUGH), b.at(ROUGH), rough, ROUGH) < WORTH_DETAILS) return undefined;
  const part = searched(wanted(MIDDLE), b.at(MIDDLE), rough, [0.02, 0.01, 0.005]);
  const similarity = detailsAlike(wanted(SIDE), b.at(SIDE), part, FINE);
  return { part, isMirrored, similarity };
}

/** The correlation of the details of a whole square and of a part of another. */
const detailsAlike = (a: Float32Array, b: Square, part: Part, extent: number): number =>
  correlation(
    details(sampled({ side: b.side, levels: a }, WHOLE, extent), extent),
    details(sampled(b, part, extent), extent),
  );

/** The part of `b` that is most like the square `a`, near a first guess, in ever smaller steps. */
function searched(a: Float32Array, b: Square, guess: Part, steps: readonly number[]): Part {
  const wanted = standardized(a);
  return searchedPart(
    guess,
    steps.map((step) => ({ across: step, down: step })),
    (part) => correlation(wanted, standardized(sampled(b, part, b.side))),
    ({ left, right, top, bottom }) => right - left >= LEAST_EXTENT && bottom - top >= LEAST_EXTENT,
  );
}
