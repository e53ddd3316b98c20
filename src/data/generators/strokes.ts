// Polylines: the centre lines of characters decoded, measured, resampled and smoothed. Geometry only; how a hand
// bends them is hand.ts's business.
import type { Random } from "../../core/random.js";

/** A polyline as x0, y0, x1, y1, ...; y runs downwards. */
export type Line = readonly number[];

/** A stroke on its way to paper, with the pressure at each point (1 is normal). */
export interface Stroke {
  readonly line: number[];
  readonly pressure: number[];
}

/** Distance between the points of a stroke that a hand writes, in ems. */
export const SPACING = 0.035;
/** Strokes up to this length, in ems, are dots. */
export const DOT = 0.16;

/** Strokes as the table of medians has them, as lines in an em of 1. */
export const decodedStrokes = (text: string): Line[] =>
  text.split(" ").map((stroke) => (stroke.match(/../g) ?? []).map((pair) => parseInt(pair, 36) / 1024));

/** Distance between points i and j of a line. */
export function distance(line: Line, i: number, j: number): number {
  const dx = line[2 * j]! - line[2 * i]!;
  const dy = line[2 * j + 1]! - line[2 * i + 1]!;
  return Math.sqrt(dx * dx + dy * dy);
}

/** The length of a line. */
export function lengthOf(line: Line): number {
  let length = 0;
  for (let i = 1; 2 * i < line.length; i++) length += distance(line, i - 1, i);
  return length;
}

/** The same line as points about `spacing` apart, both ends kept; at least three points. */
export function resample(line: Line, spacing: number): number[] {
  const length = lengthOf(line);
  const steps = Math.max(2, Math.round(length / spacing));
  const out = [line[0]!, line[1]!];
  let i = 1;
  let before = 0;
  let segment = distance(line, 0, 1);
  for (let step = 1; step < steps; step++) {
    const at = (length * step) / steps;
    while (before + segment < at && 2 * (i + 1) < line.length) {
      before += segment;
      i++;
      segment = distance(line, i - 1, i);
    }
    const t = segment > 0 ? (at - before) / segment : 0;
    out.push(
      line[2 * i - 2]! + t * (line[2 * i]! - line[2 * i - 2]!),
      line[2 * i - 1]! + t * (line[2 * i + 1]! - line[2 * i - 1]!),
    );
  }
  out.push(line.at(-2)!, line.at(-1)!);
  return out;
}

/** Rounds corners: `passes` of the binomial filter 1/4, 1/2, 1/4, the ends kept. Changes the line in place. */
export function smooth(line: number[], passes: number): void {
  for (let pass = 0; pass < passes; pass++)
    for (let axis = 0; axis < 2; axis++) {
      let previous = line[axis]!;
      for (let i = axis + 2; i + 2 < line.length; i += 2) {
        const here = line[i]!;
        line[i] = 0.25 * previous + 0.5 * here + 0.25 * line[i + 2]!;
        previous = here;
      }
    }
}

/**
 * Beginning of a closing hook: the index of the last sharp turn (more than 75 degrees) when what follows it is short
 * beside the stroke, else -1.
 */
export function hookStart(line: Line): number {
  const points = line.length / 2;
  const whole = lengthOf(line);
  let rest = 0;
  for (let i = points - 2; i >= 1; i--) {
    rest += distance(line, i, i + 1);
    if (rest > 0.35 * whole || rest > 0.22) return -1;
    const ax = line[2 * i]! - line[2 * i - 2]!;
    const ay = line[2 * i + 1]! - line[2 * i - 1]!;
    const bx = line.at(-2)! - line[2 * i]!;
    const by = line.at(-1)! - line[2 * i + 1]!;
    const cosine = (ax * bx + ay * by) / Math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by));
    if (cosine < 0.26) return i;
  }
  return -1;
}

/** Smooth noise of unit variance over 0..1, along a line of that length: a knot about every eighth of an em. */
export function wander(length: number, random: Random): (t: number) => number {
  const knots = Math.max(2, Math.ceil(length / 0.125)) + 1;
  const values = Array.from({ length: knots }, () => random.normal());
  return (t) => {
    const at = t * (knots - 1);
    const i = Math.min(knots - 2, Math.floor(at));
    const u = at - i;
    const w = u * u * (3 - 2 * u);
    return values[i]! * (1 - w) + values[i + 1]! * w;
  };
}
