// Search spaces as vectors of numbers, for samplers that calculate with points: numerical parameters on their own
// scale brought to [0, 1], a choice as one coordinate each.

import { put } from "../../core/lookup.js";
import { log } from "../../core/math.js";
import { type Choice, type Distribution, toExternal, toInternal } from "../distribution.js";
import { drawingBounds, fromDrawn } from "../draws.js";
import type { SearchSpace } from "./search-space.js";

const widthOf = (distribution: Distribution): number =>
  distribution.type === "categorical" ? distribution.choices.length : 1;

/** The coordinates of a point of a space. */
export const dimensionsOf = (space: SearchSpace): number =>
  [...space.values()].reduce((sum, distribution) => sum + widthOf(distribution), 0);

/** Parameters as a point in the unit cube. */
export function encode(space: SearchSpace, params: Readonly<Record<string, Choice>>): Float64Array {
  const point: number[] = [];
  for (const [name, distribution] of space) {
    const internal = toInternal(name, distribution, params[name]!);
    if (distribution.type === "categorical")
      point.push(...distribution.choices.map((_, i) => (i === internal ? 1 : 0)));
    else {
      const { low, high } = drawingBounds(distribution);
      point.push(((distribution.log ? log(internal) : internal) - low) / (high - low));
    }
  }
  return Float64Array.from(point);
}

/** A point in the unit cube as parameters; of a choice's coordinates the highest wins. */
export function decode(space: SearchSpace, point: Float64Array): Record<string, Choice> {
  const params: Record<string, Choice> = {};
  let at = 0;
  for (const [name, distribution] of space) {
    const width = widthOf(distribution);
    if (distribution.type === "categorical") {
      const coordinates = point.subarray(at, at + width);
      put(params, name, distribution.choices[coordinates.indexOf(Math.max(...coordinates))]!);
    } else {
      const { low, high } = drawingBounds(distribution);
      put(params, name, toExternal(distribution, fromDrawn(distribution, low + (high - low) * point[at]!)));
    }
    at += width;
  }
  return params;
}
