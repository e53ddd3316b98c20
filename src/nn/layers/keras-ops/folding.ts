// The operations of keras.ops that fold axes: sums and their kin, softmax, norms, products of matrices.
import {
  abs,
  add,
  argMax,
  cast,
  einsum,
  einsumAxes,
  exp,
  log,
  logSoftmax,
  matmul,
  max,
  mean,
  min,
  mul,
  reshape,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  transpose,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import { normalizeAxes } from "../../../core/shape.js";
import { unitLength } from "../normalization/unit-normalization.js";
import type { Operation, OperationCall } from "./operation-call.js";

type Fold = (x: Value, axes: readonly number[], keepDims: boolean) => Value;

function axesOf(call: OperationCall, x: Value): readonly number[] {
  const rank = x.type.shape.length;
  const axes = call.numbers("axis")?.map((axis) => call.axis(axis, rank)) ?? normalizeAxes(undefined, rank);
  if (axes.includes(0)) throw call.refusal("folds the axis of samples, which is not supported");
  return axes;
}

const folding =
  (fold: Fold): Operation =>
  (call) => {
    if (typeof call.config.initial === "number") throw call.refusal("an initial value is not supported");
    const x = call.value();
    return fold(x, axesOf(call, x), call.flag("keepdims"));
  };

const variance: Fold = (x, axes, keepDims) => mean(square(sub(x, mean(x, axes, true))), axes, keepDims);

const logSumExp: Fold = (x, axes, keepDims) => {
  const most = max(x, axes, true);
  const total = add(log(sum(exp(sub(x, most)), axes, true)), most);
  return keepDims
    ? total
    : reshape(
        total,
        total.type.shape.filter((_, axis) => !axes.includes(axis)),
      );
};

/** Applies what works along the last axis along another one. */
function along(of: (x: Value) => Value): Operation {
  return (call) => {
    const x = call.value();
    const axes = axesOf(call, x);
    const others = x.type.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const order = [...others, ...axes];
    if (axes.length === 1 && axes[0] === order.length - 1) return of(x);
    const last = transpose(x, order);
    const lead = last.type.shape.slice(0, others.length);
    const result = reshape(of(reshape(last, [...lead, -1])), last.type.shape);
    return transpose(
      result,
      order.map((_, axis) => order.indexOf(axis)),
    );
  };
}

function norm(call: OperationCall): Value {
  const { ord } = call.config;
  const x = call.value();
  const axes = axesOf(call, x);
  const keep = call.flag("keepdims");
  const matrix = call.numbers("axis") === undefined ? false : axes.length > 1;
  if (ord === null || ord === undefined || (ord === 2 && !matrix) || ord === "fro")
    return sqrt(sum(square(x), axes, keep));
  if (ord === 1 && !matrix) return sum(abs(x), axes, keep);
  throw call.refusal(`ord = ${JSON.stringify(ord)} is not supported`);
}

function normalize(call: OperationCall): Value {
  if (call.number("order", 2) !== 2) throw call.refusal("an order other than 2 is not supported");
  const x = call.value();
  const epsilon = typeof call.config.epsilon === "number" ? call.config.epsilon : 1e-7;
  return unitLength(x, axesOf(call, x), epsilon);
}

/** Products of matrices as NumPy has them: a vector stands for a row in front, a column behind. */
function product(call: OperationCall): Value {
  const [a, b] = [call.value(0), call.value(1)];
  const [left, right] = [a.type.shape.length, b.type.shape.length];
  if (left === 0 || right === 0) return mul(a, b);
  const rows = left === 1 ? reshape(a, [1, -1]) : a;
  const columns = right === 1 ? reshape(b, [-1, 1]) : b;
  const result = matmul(rows, columns);
  const { shape } = result.type;
  const kept = shape.filter(
    (_, axis) => !(left === 1 && axis === shape.length - 2) && !(right === 1 && axis === shape.length - 1),
  );
  return reshape(result, kept);
}

/** The product of matrices without broadcasting: the second tensor is a matrix or a vector. */
function dot(call: OperationCall): Value {
  if (call.value(1).type.shape.length > 2) throw call.refusal("a second tensor of more than two axes is not supported");
  return product(call);
}

function largest(call: OperationCall): Value {
  const x = call.value();
  const [axis] = axesOf(call, x);
  if (axis !== x.type.shape.length - 1 || call.flag("keepdims"))
    throw call.refusal("another axis than the last is not supported");
  return cast(argMax(x), "float32");
}

/** Einstein's summation, in which the first axis of each tensor but constants is the samples'. */
function summed(call: OperationCall): Value {
  const tensors = call.args.map((_, index) => call.value(index));
  const equation = String(call.config.subscripts);
  const { operands, result } = einsumAxes(
    equation,
    tensors.map(({ type }) => type.shape.length),
  );
  tensors.forEach(({ node }, i) => {
    if (node.kind !== "variable" && operands[i]![0] !== result[0])
      throw call.refusal(`the equation "${equation}" mixes the samples of a batch, which is not supported`);
  });
  return einsum(equation, ...tensors);
}

export const FOLDING_OPERATIONS: Readonly<Record<string, Operation>> = {
  Amax: folding(max),
  Amin: folding(min),
  Argmax: largest,
  Dot: dot,
  Einsum: summed,
  LogSoftmax: along(logSoftmax),
  Logsumexp: folding(logSumExp),
  Matmul: product,
  Max: folding(max),
  Mean: folding(mean),
  Min: folding(min),
  Norm: norm,
  Normalize: normalize,
  Softmax: along(softmax),
  Std: folding((x, axes, keepDims) => sqrt(variance(x, axes, keepDims))),
  Sum: folding(sum),
  Var: folding(variance),
};
