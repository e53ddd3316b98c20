// Random movements: the ranges that a recipe names, and one draw from them for an image.
import { oneOf } from "../../core/errors.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import type { Random } from "../../core/random.js";
import type { ImageSize } from "../annotations/index.js";
import {
  cropped,
  flipped,
  joinedMovement,
  type Movement,
  resized,
  shifted,
  still,
  turned,
  zoomed,
} from "./movement.js";

const FLIPS = ["none", "horizontal", "vertical", "both"] as const;

/** Ranges of random movements; a number f is the interval from -f to f. What is left out does not happen. */
export interface MovementRanges {
  /** Directions that are mirrored, each with probability one half. Default "none" */
  readonly flip?: (typeof FLIPS)[number];
  /** Shares of a full turn, up to 0.5. */
  readonly turn?: number;
  /** Shares by which more or less is shown, below 1. */
  readonly zoom?: number;
  /** Shares of height and width. */
  readonly shift?: number;
  /** Largest share of each side that is cut off, below 1; the rest is enlarged to the image's size. */
  readonly crop?: number;
}

/** Numbers that a movement takes, whatever the ranges: one more range changes none of the others. */
const DRAWS = 9;

/**
 * A movement drawn from ranges: flip, then turn, zoom, shift and crop.
 * @param random generator of the image's draws, such as `new Random(seed, STREAM.augment + layer, step)`
 * @param ranges Ranges of turn, zoom, shift and crop, and the kind of flip.
 * @param size Size of the image in pixels.
 * @throws FoveaError for ranges beyond their bounds
 * @example drawMovement(random, { flip: "horizontal", turn: 0.03 }, { width: 64, height: 48 }).to; // { width: 64, height: 48 }
 */
export function drawMovement(random: Random, ranges: MovementRanges, size: ImageSize): Movement {
  checkOptions("drawMovement", ranges, ["flip", "turn", "zoom", "shift", "crop"]);
  const flip = oneOf("drawMovement flip", ranges.flip ?? "none", FLIPS);
  const most = (name: "turn" | "zoom" | "shift" | "crop", limit: number): number =>
    numberWithin(`drawMovement ${name}`, ranges[name] ?? 0, 0, limit);
  const [turn, zoom, shift, crop] = [most("turn", 0.5), most("zoom", 0.99), most("shift", 1), most("crop", 0.99)];
  const draws = Array.from({ length: DRAWS }, () => random.uniform());
  const around = (draw: number, range: number): number => (2 * draws[draw]! - 1) * range;
  const chance = (draw: number, direction: (typeof FLIPS)[number]): boolean =>
    draws[draw]! < 0.5 && (flip === direction || flip === "both");
  const kept = 1 - crop * draws[6]!;
  const window = {
    width: Math.max(1, Math.round(kept * size.width)),
    height: Math.max(1, Math.round(kept * size.height)),
  };
  const placed = (draw: number, room: number): number => Math.floor(draws[draw]! * (room + 1));
  const [left, top] = [placed(7, size.width - window.width), placed(8, size.height - window.height)];
  const steps = [
    ...(flip === "none" ? [] : [flipped(size, { across: chance(0, "horizontal"), down: chance(1, "vertical") })]),
    ...(turn === 0 ? [] : [turned(size, around(2, turn))]),
    ...(zoom === 0 ? [] : [zoomed(size, around(3, zoom))]),
    ...(shift === 0 ? [] : [shifted(size, around(4, shift), around(5, shift))]),
    ...(crop === 0 ? [] : [joinedMovement(cropped(size, left, top, window), resized(window, size))]),
  ];
  return steps.reduce(joinedMovement, still(size));
}
