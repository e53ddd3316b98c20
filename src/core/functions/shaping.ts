// Functions that change what a tensor is, not what it holds: dtypes, shapes, the order of axes; parts cut out, put
// together and padded.
import type { DType } from "../dtype.js";
import { apply, type Value } from "../graph/node.js";
import { castOp } from "../ops/elementwise.js";
import { broadcastToOp, reshapeOp, transposeOp } from "../ops/reduce.js";
import { concatenateOp, padOp, sliceOp } from "../ops/shaping.js";
import { normalizeAxes, type Shape, sameShape, sizeOf } from "../shape.js";

/**
 * The value in another element type; fractions are cut off towards zero.
 * @param x Any value.
 * @param dtype `"float32"`, `"int32"`, `"uint8"` or `"int8"`.
 * @example
 * const x = input("x", [2, 3], "uint8");
 * const y = cast(x, "float32");
 * transpose(y, [1, 0]), pad(y, [[0, 0], [1, 2]]), slice(y, [0, 0], [2, 2]), sliceAxis(y, 1, 0, 2), flip(y, [0]);
 * broadcastTo(reshape(y, [1, 6]), [4, 6]);
 */
export const cast = (x: Value, dtype: DType): Value => (x.type.dtype === dtype ? x : apply(castOp, [x], { dtype }));

/**
 * The value repeated along new axes and axes of extent 1.
 * @param x Any value.
 * @param shape The shape of the result.
 */
export const broadcastTo = (x: Value, shape: Shape): Value =>
  sameShape(x.type.shape, shape) ? x : apply(broadcastToOp, [x], { shape });

/**
 * `reshape(x, [-1, 10])`: one extent may be -1, which takes what is left.
 * @param shape The new shape.
 */
export function reshape(x: Value, shape: Shape): Value {
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const full = shape.map((extent) => (extent === -1 ? sizeOf(x.type.shape) / known : extent));
  return sameShape(x.type.shape, full) ? x : apply(reshapeOp, [x], { shape: full });
}

/**
 * The value with its axes in another order.
 * @param x Any value.
 * @param permutation Numbers of the axes in their new order.
 */
export const transpose = (x: Value, permutation: readonly number[]): Value => apply(transposeOp, [x], { permutation });

/**
 * `pad(x, [[0, 0], [1, 2]])`: elements of `value` in front of and behind each axis.
 * @param widths Elements before and behind, for each axis.
 */
export function pad(x: Value, widths: readonly (readonly [number, number])[], value = 0): Value {
  if (widths.length === x.type.shape.length && widths.every(([before, after]) => before === 0 && after === 0)) return x;
  return apply(padOp, [x], {
    before: widths.map(([before]) => before),
    after: widths.map(([, after]) => after),
    spacing: widths.map(() => 1),
    value,
  });
}

/**
 * `size` elements from `begin` on along each axis, every `strides`-th; a negative stride walks backwards.
 * @param x Any value.
 */
export function slice(
  x: Value,
  begin: readonly number[],
  size: readonly number[],
  strides: readonly number[] = size.map(() => 1),
): Value {
  const filled = (value: number): number[] => size.map(() => value);
  const whole = sameShape(size, x.type.shape) && sameShape(begin, filled(0)) && sameShape(strides, filled(1));
  return whole ? x : apply(sliceOp, [x], { begin, size, strides });
}

/**
 * `size` elements from `begin` on along one axis; all of the others.
 * @param x Any value.
 * @param axis The axis, from 0.
 */
export function sliceAxis(x: Value, axis: number, begin: number, size: number): Value {
  const [at] = normalizeAxes([axis], x.type.shape.length);
  return slice(
    x,
    x.type.shape.map((_, i) => (i === at ? begin : 0)),
    x.type.shape.map((extent, i) => (i === at ? size : extent)),
  );
}

/**
 * The elements in reverse order along some axes.
 * @param x Any value.
 * @param axes The axes, from 0.
 */
export function flip(x: Value, axes: readonly number[]): Value {
  const { shape } = x.type;
  const backward = new Set(normalizeAxes(axes, shape.length));
  return slice(
    x,
    shape.map((extent, axis) => (backward.has(axis) ? extent - 1 : 0)),
    shape,
    shape.map((_, axis) => (backward.has(axis) ? -1 : 1)),
  );
}

/**
 * Tensors one after another along an axis, the last unless told.
 * @param values Values whose shapes differ along `axis` at most.
 * @param axis Negative axes count from the end; default -1.
 */
export function concatenate(values: readonly Value[], axis = -1): Value {
  const [at] = normalizeAxes([axis], values[0]?.type.shape.length ?? 0);
  if (values.length === 1) return values[0]!;
  return apply(concatenateOp, values, { axis: at! });
}
