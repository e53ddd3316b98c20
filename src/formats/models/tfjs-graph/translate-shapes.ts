// Operators of TensorFlow graphs that give numbers other axes, take parts of them or put them together.
import { FoveaError } from "../../../core/errors.js";
import { type GraphNode, numberOf, numbersOf, textOf, typeOf } from "./graph.js";
import { DOMAIN, type Translate, type Translation } from "./translation.js";

/** ONNX's numbers of float32 and int64, which Cast is given. */
const FLOAT = 1;
const INT64 = 7;
/** An end beyond all positions, in both directions. */
const FAR = 2 ** 31 - 1;

export const cast: Translate = (node, to) => {
  const isReal = ["DT_FLOAT", "DT_HALF", "DT_DOUBLE", "DT_BFLOAT16"].includes(typeOf(node, "DstT"));
  to.emit("Cast", [node.inputs[0] ?? ""], { to: isReal ? FLOAT : INT64 }, node.name);
};

export const squeezed: Translate = (node, to) => {
  const axes = numbersOf(node, "squeeze_dims");
  to.emit("Squeeze", [node.inputs[0] ?? "", ...(axes.length > 0 ? [to.whole(axes)] : [])], {}, node.name);
};

export const widened: Translate = (node, to) => {
  to.emit("Unsqueeze", [node.inputs[0] ?? "", to.whole([to.number(node, 1)])], {}, node.name);
};

export const joined: Translate = (node, to) => {
  const last = node.inputs.length - 1;
  to.emit("Concat", node.inputs.slice(0, last), { axis: to.number(node, last) }, node.name);
};

/** Pairs of cells before and behind each axis, as ONNX lists them. */
export const padded: Translate = (node, to) => {
  const cells = to.numbers(node, 1);
  const pads = [...cells.filter((_, index) => index % 2 === 0), ...cells.filter((_, index) => index % 2 === 1)];
  const [x = "", , fill] = node.inputs;
  to.emit("Pad", [x, to.whole(pads), ...(fill === undefined ? [] : [fill])], {}, node.name);
};

export const transposed: Translate = (node, to) => {
  to.emit("Transpose", [node.inputs[0] ?? ""], { perm: to.numbers(node, 1) }, node.name);
};

export const gathered: Translate = (node, to) => {
  if (numberOf(node, "batch_dims", 0) !== 0)
    throw new FoveaError("unsupported-operator", "GatherV2 picks by sample, which is not supported");
  const [x = "", indices = "", axis] = node.inputs;
  to.emit("Gather", [x, indices], { axis: axis === undefined ? 0 : to.number(node, 2) }, node.name);
};

/** From `begin`, so many positions, -1 for all that are left. */
export const sliced: Translate = (node, to) => {
  const [begin, size] = [to.numbers(node, 1), to.numbers(node, 2)];
  const ends = begin.map((first, axis) => (size[axis] === -1 ? FAR : first + size[axis]!));
  const axes = begin.map((_, axis) => axis);
  to.emit("Slice", [node.inputs[0] ?? "", to.whole(begin), to.whole(ends), to.whole(axes)], {}, node.name);
};

/** Python's slices: bits of masks say which bounds are open and which axes go. */
export const stridedSlice: Translate = (node, to) => {
  const [begin, end, steps] = [to.numbers(node, 1), to.numbers(node, 2), to.numbers(node, 3)];
  if (numberOf(node, "ellipsis_mask", 0) !== 0 || numberOf(node, "new_axis_mask", 0) !== 0)
    throw new FoveaError("unsupported-operator", "StridedSlice has an ellipsis or a new axis, which is not supported");
  const has = (mask: string, axis: number): boolean => ((numberOf(node, mask, 0) >> axis) & 1) === 1;
  const gone = begin.flatMap((_, axis) => (has("shrink_axis_mask", axis) ? [axis] : []));
  const starts = begin.map((first, axis) => (has("begin_mask", axis) ? (steps[axis]! > 0 ? 0 : FAR) : first));
  const ends = end.map((last, axis) => {
    if (gone.includes(axis)) return begin[axis] === -1 ? FAR : begin[axis]! + 1;
    if (has("end_mask", axis)) return steps[axis]! > 0 ? FAR : -FAR;
    return last;
  });
  const lists = [
    starts,
    ends,
    begin.map((_, axis) => axis),
    steps.map((step, axis) => (gone.includes(axis) ? 1 : step)),
  ];
  const part = to.emit("Slice", [node.inputs[0] ?? "", ...lists.map((list) => to.whole(list))]);
  to.emit(gone.length > 0 ? "Squeeze" : "Identity", gone.length > 0 ? [part, to.whole(gone)] : [part], {}, node.name);
};

const resultNames = (node: GraphNode, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? node.name : `${node.name}:${index}`));

/** More parts than a tensor is split into. */
const MOST_PARTS = 4096;

function partsOf(node: GraphNode, name: string): number {
  const count = numberOf(node, name, 1);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PARTS) return count;
  throw new FoveaError("unsupported-operator", `${node.op} makes ${count} parts; expected 1 to ${MOST_PARTS}`);
}

export const split: Translate = (node, to) => {
  const isEqual = node.op === "Split";
  const count = partsOf(node, "num_split");
  const axis = to.number(node, isEqual ? 0 : 2);
  const inputs = isEqual ? [node.inputs[1] ?? ""] : [node.inputs[0] ?? "", node.inputs[1] ?? ""];
  to.nodes.push({ op: "Split", inputs, outputs: resultNames(node, count), attributes: { axis } });
};

export const packed: Translate = (node, to) => {
  const axis = numberOf(node, "axis", 0);
  const parts = node.inputs.map((name) => to.emit("Unsqueeze", [name, to.whole([axis])]));
  to.emit("Concat", parts, { axis }, node.name);
};

export const unpacked: Translate = (node, to) => {
  const axis = numberOf(node, "axis", 0);
  const names = resultNames(node, partsOf(node, "num"));
  // One part is the whole, also where the axis is a batch of one.
  if (names.length === 1) {
    to.emit("Squeeze", [node.inputs[0] ?? "", to.whole([axis])], {}, node.name);
    return;
  }
  const parts = names.map(() => to.fresh());
  to.nodes.push({ op: "Split", inputs: [node.inputs[0] ?? ""], outputs: parts, attributes: { axis } });
  for (const [index, name] of names.entries()) to.emit("Squeeze", [parts[index]!, to.whole([axis])], {}, name);
};

/** Blocks of channels laid out as pixels. */
export const depthToSpace: Translate = (node, to) => {
  if (textOf(node, "data_format", "NHWC") !== "NHWC")
    throw new FoveaError("unsupported-operator", "DepthToSpace has channels first");
  const block = numberOf(node, "block_size", 2);
  to.emit("DepthToSpace", [node.inputs[0] ?? ""], { block }, node.name, DOMAIN);
};

/** Folds axes: `op` of ONNX over the axes that input 1 states. */
export const folding =
  (op: string): Translate =>
  (node, to: Translation) => {
    const attributes = { axes: to.numbers(node, 1), keepdims: numberOf(node, "keep_dims", 0) };
    to.emit(op, [node.inputs[0] ?? ""], attributes, node.name);
  };

export const largest: Translate = (node, to) => {
  to.emit(node.op, [node.inputs[0] ?? ""], { axis: to.number(node, 1), keepdims: 0 }, node.name);
};

export const filled: Translate = (node, to) => {
  const value = { kind: "float" as const, shape: [1], data: [to.number(node, 1)] };
  to.emit("ConstantOfShape", [node.inputs[0] ?? ""], { value }, node.name);
};
