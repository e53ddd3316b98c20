// Functions that fold axes: sums, means, extremes, softmax, products of matrices.

import { apply, applyAll, type OpRecord, type Value } from "../graph/node.js";
import { type MatmulAttrs, matmulOp } from "../ops/matmul.js";
import { maxOp, sumOp } from "../ops/reduce.js";
import { softmaxCrossentropyOp } from "../ops/softmax-crossentropy.js";
import { checkOptions } from "../options.js";
import { broadcastShapes, normalizeAxes, sameShape, sizeOf } from "../shape.js";
import { div, exp, log, mul, neg, sub } from "./elementwise.js";
import { broadcastTo, reshape } from "./shaping.js";

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
/**
 * Smallest over `axes` (all when absent).
 * @param x Any float32 value.
 * @param keepDims True keeps the axes with extent 1; default false.
 * @example
 * const x = input("x", [4, 10]);
 * min(x, [1]), logSoftmax(x), softmaxCrossentropy(x, input("targets", [4, 10])), matmul(x, input("w", [10, 2]));
 */
export const min: Reduction = (x, axes, keepDims) => neg(max(neg(x), axes, keepDims));
/**
 * Mean over `axes` (all when absent).
 * @param x Any float32 value.
 * @param keepDims True keeps the axes with extent 1; default false.
 * @example mean(cast(iota([8, 4], 1), "float32"), [1]).type.shape; // [8]: of each row
 */
export const mean: Reduction = (x, axes, keepDims) => {
  const count = normalizeAxes(axes, x.type.shape.length).reduce((product, axis) => product * x.type.shape[axis]!, 1);
  return mul(sum(x, axes, keepDims), 1 / count);
};

/**
 * x - log(sum(exp(x))) along the last axis, shifted by the maximum so that nothing overflows.
 * @param x Logits, `[..., classes]`.
 */
export function logSoftmax(x: Value): Value {
  const shifted = sub(x, max(x, [-1], true));
  return sub(shifted, log(sum(exp(shifted), [-1], true)));
}

/**
 * exp(x) / sum(exp(x)) along the last axis, shifted by the maximum.
 * @param x Logits, `[..., classes]`.
 */
export function softmax(x: Value): Value {
  const powers = exp(sub(x, max(x, [-1], true)));
  return div(powers, sum(powers, [-1], true));
}

/**
 * Losses [n] of logits against targets, both [n, classes]: -sum(targets log(softmax(logits))), without the detour over
 * probabilities that may be 0.
 * @param logits `[n, classes]`.
 * @param targets Probabilities, `[n, classes]`.
 */
export const softmaxCrossentropy = (logits: Value, targets: Value): Value =>
  applyAll(softmaxCrossentropyOp, [logits, targets], {})[0]!;

/**
 * Products [..., m, n] of matrices [..., m, k] and [..., k, n], each optionally given transposed. The leading axes are
 * broadcast against each other; all rows of `a` make one product where `b` is a single matrix.
 * @param options `transposeA` and `transposeB`: true where a matrix is given transposed; default false.
 */
export function matmul(a: Value, b: Value, options: Partial<MatmulAttrs> = {}): Value {
  checkOptions("matmul", options, ["transposeA", "transposeB"]);
  const { transposeA = false, transposeB = false } = options;
  const [lead, other] = [a.type.shape.slice(0, -2), b.type.shape.slice(0, -2)];
  if (sameShape(lead, other)) return apply(matmulOp, [a, b], { transposeA, transposeB });
  if (other.length === 0 && !transposeA) {
    const rows = reshape(a, [sizeOf(a.type.shape.slice(0, -1)), a.type.shape.at(-1)!]);
    const product = apply(matmulOp, [rows, b], { transposeA, transposeB });
    return reshape(product, [...a.type.shape.slice(0, -1), product.type.shape[1]!]);
  }
  const common = broadcastShapes(lead, other);
  const wide = (x: Value): Value => broadcastTo(x, [...common, ...x.type.shape.slice(-2)]);
  return apply(matmulOp, [wide(a), wide(b)], { transposeA, transposeB });
}
