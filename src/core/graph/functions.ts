// Functions that build graphs, as one writes formulas: operands broadcast, numbers become constants, windows are given
// in Keras's words. Composites live here; whatever needs a kernel of its own is a record under ops/.
import type { DType } from "../dtype.js";
import { FoveaError } from "../errors.js";
import * as convolution from "../ops/convolution.js";
import * as elementwise from "../ops/elementwise.js";
import { argMaxOp, oneHotOp, randomUniformOp } from "../ops/indexing.js";
import { type MatmulAttrs, matmulOp } from "../ops/matmul.js";
import { averagePool2dOp, maxPool2dOp } from "../ops/pool.js";
import { broadcastToOp, maxOp, reshapeOp, sumOp, transposeOp } from "../ops/reduce.js";
import type { WindowAttrs } from "../ops/window.js";
import { broadcastShapes, normalizeAxes, type Shape, sameShape, sizeOf } from "../shape.js";
import { apply, applyAll, type OpRecord, type Value } from "./node.js";

/** A value, or a number that stands for a constant of the right shape. */
export type Operand = Value | number;

/** A float32 constant: a scalar unless a shape is given. */
export const constant = (value: number, shape: Shape = []): Value =>
  apply(elementwise.constantOp, [], { value, shape });

function broadcasting(record: OpRecord<string, Record<never, never>>) {
  return (...operands: readonly Operand[]): Value => {
    const shape = operands.reduce<Shape>(
      (all, operand) => (typeof operand === "number" ? all : broadcastShapes(all, operand.type.shape)),
      [],
    );
    const inputs = operands.map((operand) =>
      typeof operand === "number" ? constant(operand, shape) : broadcastTo(operand, shape),
    );
    return apply(record, inputs, {});
  };
}

type Binary = (a: Operand, b: Operand) => Value;
type Unary = (x: Value) => Value;

export const add: Binary = broadcasting(elementwise.addOp);
export const sub: Binary = broadcasting(elementwise.subOp);
export const mul: Binary = broadcasting(elementwise.mulOp);
export const div: Binary = broadcasting(elementwise.divOp);
export const maximum: Binary = broadcasting(elementwise.maximumOp);
export const minimum: Binary = broadcasting(elementwise.minimumOp);
/** 1 where a > b, else 0. */
export const greater: Binary = broadcasting(elementwise.greaterOp);
/** 1 where a = b, else 0. */
export const equal: Binary = broadcasting(elementwise.equalOp);
/** a where the condition is not 0, else b. */
export const select: (condition: Value, a: Operand, b: Operand) => Value = broadcasting(elementwise.selectOp);

export const neg: Unary = broadcasting(elementwise.negOp);
export const abs: Unary = broadcasting(elementwise.absOp);
export const exp: Unary = broadcasting(elementwise.expOp);
export const log: Unary = broadcasting(elementwise.logOp);
export const sqrt: Unary = broadcasting(elementwise.sqrtOp);
export const tanh: Unary = broadcasting(elementwise.tanhOp);
export const sigmoid: Unary = broadcasting(elementwise.sigmoidOp);
export const relu: Unary = broadcasting(elementwise.reluOp);
export const square: Unary = (x) => mul(x, x);

export const cast = (x: Value, dtype: DType): Value =>
  x.type.dtype === dtype ? x : apply(elementwise.castOp, [x], { dtype });

export const broadcastTo = (x: Value, shape: Shape): Value =>
  sameShape(x.type.shape, shape) ? x : apply(broadcastToOp, [x], { shape });

/** `reshape(x, [-1, 10])`: one extent may be -1, which takes what is left. */
export function reshape(x: Value, shape: Shape): Value {
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const full = shape.map((extent) => (extent === -1 ? sizeOf(x.type.shape) / known : extent));
  return sameShape(x.type.shape, full) ? x : apply(reshapeOp, [x], { shape: full });
}

export const transpose = (x: Value, permutation: readonly number[]): Value => apply(transposeOp, [x], { permutation });

function reduction(record: OpRecord<string, { axes: readonly number[] }>) {
  return (x: Value, axes?: readonly number[], keepDims = false): Value => {
    const all = normalizeAxes(axes, x.type.shape.length);
    const kept = all.length === 0 ? x : apply(record, [x], { axes: all });
    return keepDims
      ? kept
      : reshape(
          kept,
          kept.type.shape.filter((_, axis) => !all.includes(axis)),
        );
  };
}

type Reduction = (x: Value, axes?: readonly number[], keepDims?: boolean) => Value;
/** Sum over `axes` (all when absent). */
export const sum: Reduction = reduction(sumOp);
/** Largest over `axes` (all when absent). */
export const max: Reduction = reduction(maxOp);
/** Mean over `axes` (all when absent). */
export const mean: Reduction = (x, axes, keepDims) => {
  const count = normalizeAxes(axes, x.type.shape.length).reduce((product, axis) => product * x.type.shape[axis]!, 1);
  return mul(sum(x, axes, keepDims), 1 / count);
};

/** x - log(sum(exp(x))) along the last axis, shifted by the maximum so that nothing overflows. */
export function logSoftmax(x: Value): Value {
  const shifted = sub(x, max(x, [-1], true));
  return sub(shifted, log(sum(exp(shifted), [-1], true)));
}

/** exp(x) / sum(exp(x)) along the last axis, shifted by the maximum. */
export function softmax(x: Value): Value {
  const powers = exp(sub(x, max(x, [-1], true)));
  return div(powers, sum(powers, [-1], true));
}

/** Index of the largest along the last axis, int32. */
export const argMax = (x: Value): Value => apply(argMaxOp, [x], {});

/** int32 indices to float32 rows of `depth` with a single 1. */
export const oneHot = (indices: Value, depth: number): Value => apply(oneHotOp, [indices], { depth });

/** Uniform numbers in [0, 1) from an int32 [3] state (seed low, seed high, step) and a stream number. */
export const randomUniform = (shape: Shape, state: Value, stream: number): Value =>
  apply(randomUniformOp, [state], { shape, stream });

export const matmul = (
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: Partial<MatmulAttrs> = {},
): Value => apply(matmulOp, [a, b], { transposeA, transposeB });

/** Keras's paddings: "valid" adds nothing; "same" gives ceil(size / stride), the odd cell at the bottom and right. */
export type Padding = "valid" | "same";

/** Zero padding `[top, bottom, left, right]` for a window of `size` over an image `[height, width]`. */
export function resolvePadding(
  padding: Padding,
  image: readonly [number, number],
  size: readonly [number, number],
  strides: readonly [number, number],
): WindowAttrs["padding"] {
  if (padding === "valid") return [0, 0, 0, 0];
  const [vertical, horizontal] = [0, 1].map((axis) => {
    const out = Math.ceil(image[axis]! / strides[axis]!);
    return Math.max(0, (out - 1) * strides[axis]! + size[axis]! - image[axis]!);
  }) as [number, number];
  const top = Math.floor(vertical / 2);
  const left = Math.floor(horizontal / 2);
  return [top, vertical - top, left, horizontal - left];
}

export interface WindowOptions {
  readonly strides?: readonly [number, number];
  readonly padding?: Padding;
}

function windowOf(x: Value, size: readonly [number, number], strides: readonly [number, number], padding: Padding) {
  if (x.type.shape.length !== 4)
    throw new FoveaError(`expected images of rank 4 [batch, height, width, channels], received [${x.type.shape}]`);
  return { strides, padding: resolvePadding(padding, [x.type.shape[1]!, x.type.shape[2]!], size, strides) };
}

/** Convolution of images [n, h, w, cin] with filters [kh, kw, cin, cout]. */
export function conv2d(x: Value, filter: Value, { strides = [1, 1], padding = "valid" }: WindowOptions = {}): Value {
  const [kh, kw] = filter.type.shape;
  return apply(convolution.conv2d.forward, [x, filter], windowOf(x, [kh!, kw!], strides, padding));
}

/** Depthwise convolution of images [n, h, w, c] with one filter a channel, [kh, kw, c]. */
export function depthwiseConv2d(
  x: Value,
  filter: Value,
  { strides = [1, 1], padding = "valid" }: WindowOptions = {},
): Value {
  const [kh, kw] = filter.type.shape;
  return apply(convolution.depthwiseConv2d.forward, [x, filter], windowOf(x, [kh!, kw!], strides, padding));
}

/** Max pooling; strides default to the window's size. */
export function maxPool2d(x: Value, size: readonly [number, number], options: WindowOptions = {}): Value {
  const window = windowOf(x, size, options.strides ?? size, options.padding ?? "valid");
  return applyAll(maxPool2dOp, [x], { size, ...window })[0]!;
}

/** Average pooling; strides default to the window's size. */
export function averagePool2d(x: Value, size: readonly [number, number], options: WindowOptions = {}): Value {
  return apply(averagePool2dOp, [x], {
    size,
    ...windowOf(x, size, options.strides ?? size, options.padding ?? "valid"),
  });
}
