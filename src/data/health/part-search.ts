// The search for the part of a picture that is most like another: from a first guess, one side at a time is moved, in ever
// smaller steps, for as long as that is better.
import type { Part } from "./thumbnail.js";

/** A step of the sides: left and right across, top and bottom down, as shares of the picture. */
export interface PartStep {
  readonly across: number;
  readonly down: number;
}

/** Rounds of a search with steps of one size. */
const ROUNDS = 4;

/**
 * The part of the best score near a first guess.
 * @param steps sizes of the steps, the largest first
 * @param mayBe tells whether a part is large enough to count
 */
export function searchedPart(
  guess: Part,
  steps: readonly PartStep[],
  scoreOf: (part: Part) => number,
  mayBe: (part: Part) => boolean,
): Part {
  let [part, score] = [guess, scoreOf(guess)];
  for (const { across, down } of steps)
    for (let round = 0, improved = true; round < ROUNDS && improved; round++) {
      improved = false;
      for (const side of ["left", "right", "top", "bottom"] as const) {
        const step = side === "left" || side === "right" ? across : down;
        for (const change of [-step, step]) {
          const next = { ...part, [side]: Math.max(0, Math.min(1, part[side] + change)) };
          if (!mayBe(next)) continue;
          const now = scoreOf(next);
          if (now > score) [part, score, improved] = [next, now, true];
        }
      }
    }
  return part;
}
