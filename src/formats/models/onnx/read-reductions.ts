// Operators that fold axes as layers: means, sums and extremes, softmax along an axis, the index of the largest.
import { sizeOf } from "../../../core/shape.js";
import {
  activation,
  averagePooling2d,
  globalAveragePooling2d,
  globalMaxPooling2d,
  maxPooling2d,
  multiply,
  rescaling,
  softmax,
} from "../../../nn/layers/index.js";
import type { SymbolicTensor } from "../../../nn/layers/layer.js";
import { foldedAxes } from "./constants/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { BATCH } from "./layout.js";
import { arranged, coarse, inOrder, layoutOf, reshapedTo, slotKey } from "./moves.js";
import { largestIndex, pointwiseOperation } from "./operations.js";
import type { OnnxNode } from "./proto.js";

type Fold = "mean" | "max";

/** Means or largest values along axes of the file. */
export function folded(reader: GraphReader, x: Flowing, axes: readonly number[], keep: boolean, fold: Fold): Flowing {
  const lying = coarse(reader, x);
  const isFolded = (key: number): boolean => axes.includes(key >> 1);
  const keys = lying.slots.map(slotKey);
  const left = keys.filter((key) => !isFolded(key));
  const layout = layoutOf(left, lying.rank, lying.batch).filter((_, axis) => keep || !axes.includes(axis));
  const done = (tensor: SymbolicTensor): Flowing => ({
    kind: "flowing",
    tensor: reshapedTo(
      reader,
      tensor,
      left.map((key) => lying.tensor.shape[keys.indexOf(key)]!),
    ),
    layout,
    positive: x.positive === true,
  });
  if (!keys.some(isFolded)) return done(lying.tensor);
  const first = keys.findIndex(isFolded);
  const count = keys.filter(isFolded).length;
  const together = keys.slice(first, first + count).every(isFolded);
  const order = together ? keys : [...keys.filter(isFolded), ...left];
  const tensor = together ? lying.tensor : inOrder(reader, lying, order);
  const start = together ? first : 0;
  const { shape } = tensor;
  const [before, width, after] = [
    sizeOf(shape.slice(0, start)),
    sizeOf(shape.slice(start, start + count)),
    sizeOf(shape.slice(start + count)),
  ];
  if (before === 1) {
    const images =
      shape.length === 3 && count === 2 && start === 0 ? tensor : reshapedTo(reader, tensor, [width, 1, after]);
    return done(reader.apply(fold === "mean" ? globalAveragePooling2d() : globalMaxPooling2d(), images));
  }
  const rows = reshapedTo(reader, tensor, [before, width, after]);
  return done(reader.apply(fold === "mean" ? averagePooling2d([1, width]) : maxPooling2d([1, width]), rows));
}

/** The number of elements that axes of the file have together. */
const countOf = (reader: GraphReader, x: Flowing, axes: readonly number[]): number =>
  sizeOf(axes.map((axis) => reader.extent(x, axis)[0]));

export function reduction(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const input = reader.has(node, 1) ? reader.fixed(node, 1) : undefined;
  const axes = foldedAxes({ node, opset: reader.opset, inputs: [undefined, input], most: 0 }, x.layout.length);
  if (axes.some((axis) => x.layout[axis]!.includes(BATCH)))
    throw reader.refusal(node, "folds the batch, which mixes samples");
  const keep = reader.number(node, "keepdims", 1) === 1;
  const count = countOf(reader, x, axes);
  const scaledBy = (from: Flowing, factor: number): Flowing =>
    factor === 1 ? from : { ...from, tensor: reader.apply(rescaling(factor), from.tensor) };
  const squared = (): Flowing => ({ ...x, tensor: reader.apply(multiply(), [x.tensor, x.tensor]), positive: true });
  const root = (from: Flowing): Flowing => ({ ...from, tensor: reader.apply(pointwiseOperation("Sqrt"), from.tensor) });
  const absolute = (): Flowing => ({
    ...x,
    tensor: reader.apply(pointwiseOperation("Absolute"), x.tensor),
    positive: true,
  });
  switch (node.op) {
    case "ReduceMean":
      return folded(reader, x, axes, keep, "mean");
    case "ReduceSum":
      return scaledBy(folded(reader, x, axes, keep, "mean"), count);
    case "ReduceMax":
      return folded(reader, x, axes, keep, "max");
    case "ReduceMin":
      return { ...scaledBy(folded(reader, scaledBy(x, -1), axes, keep, "max"), -1), positive: x.positive === true };
    case "ReduceL1":
      return scaledBy(folded(reader, absolute(), axes, keep, "mean"), count);
    case "ReduceSumSquare":
      return scaledBy(folded(reader, squared(), axes, keep, "mean"), count);
    default:
      return root(scaledBy(folded(reader, squared(), axes, keep, "mean"), count));
  }
}

/** All axes of images but the channels. */
export const global =
  (fold: Fold) =>
  (reader: GraphReader, node: OnnxNode): Flowing => {
    const x = reader.flowing(node);
    const axes = x.layout.map((_, axis) => axis).slice(2);
    if (axes.some((axis) => x.layout[axis]!.includes(BATCH)))
      throw reader.refusal(node, "folds the batch, which mixes samples");
    return folded(reader, x, axes, true, fold);
  };

/** The tensor with one axis here for the axis of the file that a softmax is over. */
function overAxis(
  reader: GraphReader,
  node: OnnxNode,
  x: Flowing,
): { tensor: SymbolicTensor; part: number; layout: Flowing["layout"] } {
  const rank = x.layout.length;
  const stated = reader.axis(node, reader.number(node, "axis", reader.opset < 13 ? 1 : -1), rank);
  // Until version 13 all axes from the stated one on counted as one, of which axes of extent 1 are no part.
  const axes = x.layout.map((_, axis) => axis).slice(stated, reader.opset < 13 ? rank : stated + 1);
  if (axes.some((axis) => x.layout[axis]!.includes(BATCH)))
    throw reader.refusal(node, "is over the batch, which mixes samples");
  const long = axes.filter((axis) => countOf(reader, x, [axis]) !== 1);
  if (long.length > 1) throw reader.refusal(node, "is over several axes, which is not supported");
  const reduced = long[0] ?? stated;
  const lying = coarse(reader, x);
  const keys = lying.slots.map(slotKey);
  const at = keys.indexOf(2 * reduced);
  if (at >= 0) return { tensor: lying.tensor, part: at + 1, layout: layoutOf(keys, rank, lying.batch) };
  const tensor = reshapedTo(reader, lying.tensor, [...lying.tensor.shape, 1]);
  return { tensor, part: tensor.shape.length, layout: layoutOf(keys, rank, lying.batch) };
}

export function softmaxes(reader: GraphReader, node: OnnxNode): Flowing {
  const { tensor, part, layout } = overAxis(reader, node, reader.flowing(node));
  return { kind: "flowing", tensor: reader.apply(softmax({ axis: part }), tensor), layout, positive: true };
}

export function logSoftmaxes(reader: GraphReader, node: OnnxNode): Flowing {
  const { tensor, part, layout } = overAxis(reader, node, reader.flowing(node));
  const last = tensor.shape.length;
  if (part === last) return { kind: "flowing", tensor: reader.apply(activation("log_softmax"), tensor), layout };
  const order = [...Array.from({ length: last }, (_, index) => index + 1).filter((axis) => axis !== part), part];
  const turned = arranged(
    reader,
    tensor,
    order.map((axis) => [axis]),
  );
  const moved = layout.map((parts) => parts.map((axis) => (axis === BATCH ? BATCH : order.indexOf(axis) + 1)));
  return { kind: "flowing", tensor: reader.apply(activation("log_softmax"), turned), layout: moved };
}

/** The index of the largest along an axis, as a number. */
export function largest(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const axis = reader.axis(node, reader.number(node, "axis", 0), x.layout.length);
  if (reader.number(node, "select_last_index", 0) === 1)
    throw reader.refusal(node, "takes the last among equals, which is not supported");
  if (x.layout[axis]!.includes(BATCH)) throw reader.refusal(node, "is over the batch, which mixes samples");
  const lying = coarse(reader, x);
  const keys = lying.slots.map(slotKey);
  const others = keys.filter((key) => key !== 2 * axis);
  const sign = node.op === "ArgMin" ? reader.apply(rescaling(-1), lying.tensor) : lying.tensor;
  const tensor = reader.apply(largestIndex(), inOrder(reader, { ...lying, tensor: sign }, [...others, 2 * axis]));
  const keep = reader.number(node, "keepdims", 1) === 1;
  const layout = layoutOf(others, lying.rank, lying.batch).filter((_, index) => keep || index !== axis);
  return { kind: "flowing", tensor, layout, positive: true, whole: true };
}
