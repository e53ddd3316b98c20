// Functions between numbers and indices, and random numbers.

import { apply, type Value } from "../graph/node.js";
import { gatherOp, scatterAddOp } from "../ops/gather.js";
import { argMaxOp, iotaOp, oneHotOp, randomUniformOp } from "../ops/indexing.js";
import { normalizeAxes, type Shape, sizeOf } from "../shape.js";
import { cos, log, mul, sqrt, sub } from "./elementwise.js";
import { broadcastTo, reshape, sliceAxis } from "./shaping.js";

/** Index of the largest along the last axis, int32. */
export const argMax = (x: Value): Value => apply(argMaxOp, [x], {});

/** int32 indices to float32 rows of `depth` with a single 1. */
export const oneHot = (indices: Value, depth: number): Value => apply(oneHotOp, [indices], { depth });

/** Uniform numbers in [0, 1) from an int32 [3] state (seed low, seed high, step) and a stream number. */
export const randomUniform = (shape: Shape, state: Value, stream: number): Value =>
  apply(randomUniformOp, [state], { shape, stream });

/** Standard normal numbers, two uniform ones for each (Box and Muller, 1958). */
export function randomNormal(shape: Shape, state: Value, stream: number): Value {
  const size = sizeOf(shape);
  const uniform = randomUniform([2, size], state, stream);
  const [a, b] = [0, 1].map((row) => reshape(sliceAxis(uniform, 0, row, 1), shape)) as [Value, Value];
  return mul(sqrt(mul(log(sub(1, a)), -2)), cos(mul(b, 2 * Math.PI)));
}

/** The position along `axis` of every element of `shape`, float32. */
export function iota(shape: Shape, axis: number): Value {
  const [at] = normalizeAxes([axis], shape.length);
  const size = shape[at!]!;
  const along = shape.map((_, i) => (i === at ? size : 1));
  return broadcastTo(reshape(apply(iotaOp, [], { size }), along), shape);
}

/** Rows [n, p, c] picked by int32 indices [n, q]: [n, q, c]; an index out of range gives zeros. */
export const gather = (rows: Value, indices: Value): Value => apply(gatherOp, [rows, indices], {});

/** Rows [n, q, c] added up at int32 indices [n, q] of [n, rows, c]; an index out of range adds nothing. */
export const scatterAdd = (x: Value, indices: Value, rows: number): Value =>
  apply(scatterAddOp, [x, indices], { rows });
