// Functions between numbers and indices, and random numbers.

import { apply, type Value } from "../graph/node.js";
import { gatherOp, scatterAddOp } from "../ops/gather.js";
import { argMaxOp, iotaOp, oneHotOp, randomUniformOp } from "../ops/indexing.js";
import { argSortOp, cumsumOp } from "../ops/sorting.js";
import { normalizeAxes, type Shape, sizeOf } from "../shape.js";
import { cos, log, mul, sqrt, sub } from "./elementwise.js";
import { broadcastTo, reshape, sliceAxis } from "./shaping.js";

/**
 * Index of the largest along the last axis, int32.
 * @param x Values, `[..., n]`.
 */
export const argMax = (x: Value): Value => apply(argMaxOp, [x], {});

/**
 * Indices along the last axis from the smallest to the largest element, int32. Equal elements keep their order, and NaN comes last.
 * @param x Values, `[..., n]`.
 * @example
 * const x = input("x", [2, 5]);
 * gather(reshape(x, [2, 5, 1]), argSort(x)); // the rows, sorted
 */
export const argSort = (x: Value): Value => apply(argSortOp, [x], {});

/**
 * Sums along the last axis of each element and all before it, added up in float32 from the first on.
 * @param x Values, `[..., n]`.
 * @param reverse True for the sums of each element and all behind it. Default false.
 * @example cumsum(input("x", [2, 5]));
 */
export const cumsum = (x: Value, reverse = false): Value => apply(cumsumOp, [x], { reverse });

/**
 * int32 indices to float32 rows of `depth` with a single 1.
 * @param indices Whole numbers from 0 to `depth - 1`, int32.
 * @example oneHot(argMax(input("x", [4, 10])), 10); // [4, 10]
 */
export const oneHot = (indices: Value, depth: number): Value => apply(oneHotOp, [indices], { depth });

/**
 * Uniform numbers in [0, 1) from an int32 [3] state (seed low, seed high, step) and a stream number.
 * @param shape The shape of the draws.
 * @param state The seed's two words and the step, int32 `[3]`.
 * @param stream Draws of different streams are independent.
 */
export const randomUniform = (shape: Shape, state: Value, stream: number): Value =>
  apply(randomUniformOp, [state], { shape, stream });

/**
 * Standard normal numbers, two uniform ones for each (Box and Muller, 1958).
 * @param shape The shape of the draws.
 * @param state The seed's two words and the step, int32 `[3]`.
 * @param stream Draws of different streams are independent.
 * @example
 * const state = input("state", [3], "int32");
 * randomNormal([2, 2], state, 0), iota([2, 3], 1);
 */
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

/**
 * Rows [n, p, c] picked by int32 indices [n, q]: [n, q, c]; an index out of range gives zeros.
 * @param rows `[n, p, c]`.
 * @param indices Whole numbers from 0 to `p - 1`, int32 `[n, q]`.
 * @example
 * const indices = input("indices", [1, 2], "int32");
 * const picked = gather(input("rows", [1, 5, 3]), indices); // [1, 2, 3]
 * scatterAdd(picked, indices, 5); // [1, 5, 3]
 */
export const gather = (rows: Value, indices: Value): Value => apply(gatherOp, [rows, indices], {});

/**
 * Rows [n, q, c] added up at int32 indices [n, q] of [n, rows, c]; an index out of range adds nothing.
 * @param x `[n, q, c]`.
 * @param indices Whole numbers from 0 to `rows - 1`, int32 `[n, q]`.
 * @param rows Rows of the result.
 */
export const scatterAdd = (x: Value, indices: Value, rows: number): Value =>
  apply(scatterAddOp, [x, indices], { rows });
