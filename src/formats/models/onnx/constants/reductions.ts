// Operators that fold axes of constants.
import { exp, log } from "../../../../core/math.js";
import { sizeOf, stridesOf } from "../../../../core/shape.js";
import type { OnnxTensor } from "../proto.js";
import type { Application, Evaluate } from "./application.js";
import { picked, whole } from "./arrays.js";
import { axisWithin, listOf, numberOf, operand } from "./operands.js";

type Fold = (numbers: Float64Array) => number;

/** Folds the axes of `x`, which are put last for it. */
function folded(x: OnnxTensor, axes: readonly number[], keep: boolean, fold: Fold): OnnxTensor {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...kept, ...axes];
  const strides = stridesOf(x.shape);
  const turned = picked(
    x,
    order.map((axis) => x.shape[axis]!),
    order.map((axis) => strides[axis]!),
  ).data;
  const numbers = Float64Array.from(turned);
  const width = sizeOf(axes.map((axis) => x.shape[axis]!));
  const results = kept.reduce((product, axis) => product * x.shape[axis]!, 1);
  const data = Array.from({ length: results }, (_, i) => fold(numbers.subarray(i * width, (i + 1) * width)));
  const shape = keep
    ? x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    : kept.map((axis) => x.shape[axis]!);
  const all = x.kind === "float" ? Float32Array.from(data) : Float64Array.from(data);
  return { kind: x.kind, shape, data: all };
}

/** The axes that a reduction folds, sorted: all where none are named, unless it says that none means none. */
export function foldedAxes(application: Application, rank: number): readonly number[] {
  const listed = listOf(application, 1, "axes") ?? [];
  if (listed.length === 0)
    return numberOf(application, "noop_with_empty_axes", 0) === 1 ? [] : Array.from({ length: rank }, (_, i) => i);
  return listed.map((axis) => axisWithin(axis, rank)).sort((a, b) => a - b);
}

const reduction =
  (fold: Fold): Evaluate =>
  (application) => {
    const x = operand(application, 0);
    return folded(x, foldedAxes(application, x.shape.length), numberOf(application, "keepdims", 1) === 1, fold);
  };

const total: Fold = (numbers) => numbers.reduce((a, b) => a + b, 0);
const squares: Fold = (numbers) => numbers.reduce((a, b) => a + b * b, 0);

/** The first of the extremes, or the last. */
const extreme =
  (better: (a: number, b: number) => boolean): Evaluate =>
  (application) => {
    const x = operand(application, 0);
    const axis = axisWithin(numberOf(application, "axis", 0), x.shape.length);
    const last = numberOf(application, "select_last_index", 0) === 1;
    const fold: Fold = (numbers) =>
      numbers.reduce((best, value, i) => {
        const [now, old] = [value, numbers[best]!];
        return better(now, old) || (last && now === old) ? i : best;
      }, 0);
    const found = folded(x, [axis], numberOf(application, "keepdims", 1) === 1, fold);
    return whole(Array.from(found.data), found.shape);
  };

/** exp(x) divided by its sum along an axis; before operator set 13 along all axes from that one on. */
function softmax(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const isFlat = application.opset < 13;
  const axis = axisWithin(numberOf(application, "axis", isFlat ? 1 : -1), x.shape.length);
  const [extent, inner] = isFlat ? [sizeOf(x.shape.slice(axis)), 1] : [x.shape[axis]!, sizeOf(x.shape.slice(axis + 1))];
  const data = new Float32Array(x.data.length);
  for (let start = 0; start < data.length; start += extent * inner)
    for (let i = 0; i < inner; i++) {
      const at = (index: number): number => start + index * inner + i;
      let largest = Number.NEGATIVE_INFINITY;
      for (let index = 0; index < extent; index++) largest = Math.max(largest, x.data[at(index)]!);
      let sum = 0;
      for (let index = 0; index < extent; index++) sum += exp(x.data[at(index)]! - largest);
      for (let index = 0; index < extent; index++) data[at(index)] = exp(x.data[at(index)]! - largest) / sum;
    }
  return { kind: "float", shape: x.shape, data };
}

export const REDUCTIONS: Readonly<Record<string, Evaluate>> = {
  ArgMax: extreme((a, b) => a > b),
  ArgMin: extreme((a, b) => a < b),
  ReduceL1: reduction((numbers) => numbers.reduce((a, b) => a + Math.abs(b), 0)),
  ReduceL2: reduction((numbers) => Math.sqrt(squares(numbers))),
  ReduceLogSumExp: reduction((numbers) => log(numbers.reduce((a, b) => a + exp(b), 0))),
  ReduceMax: reduction((numbers) => numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
  ReduceMean: reduction((numbers) => total(numbers) / numbers.length),
  ReduceMin: reduction((numbers) => numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
  ReduceProd: reduction((numbers) => numbers.reduce((a, b) => a * b, 1)),
  ReduceSum: reduction(total),
  ReduceSumSquare: reduction(squares),
  Softmax: softmax,
};
