// Each primitive op as ONNX operators: one entry an op, and a sentence for ops that inference never needs. Values that
// depend on weights alone are computed here, by the reference functions of the ops.
import { FoveaError } from "../../../core/errors.js";
import type { OpNode, ReferenceArray } from "../../../core/graph/node.js";
import type { NodeOf, OpName } from "../../../core/ops/index.js";
import { broadcastShapes, type Shape } from "../../../core/shape.js";
import type { TensorType } from "../../../core/tensor.js";
import type { Constant, Operand, Stored } from "./builder.js";
import type { OpenShape } from "./symbolic.js";
import { add, div, minimum, mul } from "./translate-fusions.js";
import { conv2d, conv2dInputGrad, depthwiseConv2d, pool } from "./translate-windows.js";
import { aligned, binary, PLACE, reduction, stored, type Translation, whole } from "./translation.js";

type Handler<K extends OpName> = (node: NodeOf<K>, to: Translation) => Operand;

const UNARY = {
  neg: "Neg",
  abs: "Abs",
  exp: "Exp",
  log: "Log",
  sqrt: "Sqrt",
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  sin: "Sin",
  cos: "Cos",
  erf: "Erf",
  floor: "Floor",
  relu: "Relu",
} as const;
const BINARY = { add: "Add", sub: "Sub", mul: "Mul", div: "Div", maximum: "Max", minimum: "Min" } as const;
const COMPARISON = { greater: "Greater", equal: "Equal" } as const;

function unary(op: string): (node: OpNode, to: Translation) => Operand {
  return (node, to) => {
    const x = to.operand(node.inputs[0]!) as Stored;
    return stored(to.builder.node(op, [x.name]), x.shape, x.channelsFirst);
  };
}

function comparison(op: string): (node: OpNode, to: Translation) => Operand {
  return (node, to) => {
    const { all, shape, first } = aligned(node, to);
    const truth = to.builder.node(
      op,
      all.map(({ name }) => name),
    );
    return { ...stored(to.builder.node("Cast", [truth], { to: 1 }), shape, first), truth };
  };
}

function select(node: NodeOf<"select">, to: Translation): Operand {
  const { all, shape, first } = aligned(node, to);
  const condition = to.operand(node.inputs[0]!);
  const direct = condition.kind === "stored" && condition.channelsFirst === first ? condition.truth : undefined;
  const truth = direct ?? to.builder.node("Cast", [all[0]!.name], { to: 9 });
  return stored(to.builder.node("Where", [truth, all[1]!.name, all[2]!.name]), shape, first);
}

const reduced = (shape: OpenShape, axes: readonly number[]): OpenShape =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));

function matmul(node: NodeOf<"matmul">, to: Translation): Operand {
  const [a, b] = node.inputs.map((value) =>
    to.builder.plain(to.builder.whole(to.operand(value), to.graph.shapeOf(value))),
  ) as [Stored, Stored];
  const { transposeA, transposeB } = node.attrs;
  const shape = to.graph.shapeOf(node.outputs[0]!);
  if (shape.length === 2) {
    const name = to.builder.node("Gemm", [a.name, b.name], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
    return stored(name, shape, false);
  }
  const axes = shape.map((_, axis) => axis);
  const perm = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
  const turned = (name: string, turn: boolean): string =>
    turn ? to.builder.node("Transpose", [name], { perm }) : name;
  return stored(to.builder.node("MatMul", [turned(a.name, transposeA), turned(b.name, transposeB)]), shape, false);
}

function reshape(node: NodeOf<"reshape">, to: Translation): Operand {
  const [from, shape] = [to.graph.shapeOf(node.inputs[0]!), to.graph.shapeOf(node.outputs[0]!)];
  const operand = to.operand(node.inputs[0]!);
  // A value that is the same for every sample stays so under another shape of the samples.
  const lead = from.length - operand.shape.length;
  const shared = from[0] !== undefined && from[0] < 0 && from[0] === shape[0] && (lead > 0 || operand.shape[0] === 1);
  const full = to.builder.whole(operand, shared ? [1, ...from.slice(1)] : from);
  const target = shared ? [1, ...shape.slice(1)] : shape;
  return full.kind === "constant" ? { ...full, shape: target } : to.builder.reshape(full, target);
}

function transpose(node: NodeOf<"transpose">, to: Translation): Operand {
  const { x, positionOf } = whole(node.inputs[0]!, to);
  const perm = node.attrs.permutation.map(positionOf);
  const shape = to.graph.shapeOf(node.outputs[0]!);
  if (perm.every((axis, index) => axis === index)) return stored(x.name, shape, false);
  return stored(to.builder.node("Transpose", [x.name], { perm }), shape, false);
}

/** A list with one entry an axis, in the order in which the axes lie. */
const laid = (list: readonly number[], positionOf: (axis: number) => number): number[] => {
  const out = new Array<number>(list.length);
  list.forEach((value, axis) => {
    out[positionOf(axis)] = value;
  });
  return out;
};

function pad(node: NodeOf<"pad">, to: Translation): Operand {
  const { before, after, spacing, value } = node.attrs;
  if (spacing.some((step) => step !== 1))
    throw new FoveaError("not-exportable", "onnx: padding between elements cannot be exported");
  const { x, positionOf } = whole(node.inputs[0]!, to);
  const pads = to.builder.ints([...laid(before, positionOf), ...laid(after, positionOf)], "pads");
  const fill = to.builder.floats({ shape: [], data: Float64Array.of(value) }, "fill");
  return stored(to.builder.node("Pad", [x.name, pads, fill]), to.graph.shapeOf(node.outputs[0]!), x.channelsFirst);
}

function slice(node: NodeOf<"slice">, to: Translation): Operand {
  const { x, positionOf } = whole(node.inputs[0]!, to);
  const shape = to.graph.shapeOf(node.outputs[0]!);
  const { begin, size, strides } = node.attrs;
  const { shape: from } = node.inputs[0]!.type;
  const axes = begin.map((_, axis) => axis).filter((axis) => size[axis] !== from[axis] || strides[axis] !== 1);
  const stops = axes.map((axis) => {
    const stop = begin[axis]! + size[axis]! * strides[axis]!;
    return stop < 0 ? -(2 ** 31) : stop;
  });
  if (axes.some((axis) => shape[axis]! < 0))
    throw new FoveaError("not-exportable", "onnx: a part of the batch cannot be exported");
  const lists = [axes.map((axis) => begin[axis]!), stops, axes.map(positionOf), axes.map((axis) => strides[axis]!)];
  const inputs = lists.map((list) => to.builder.ints(list, "slice"));
  return stored(to.builder.node("Slice", [x.name, ...inputs]), shape, x.channelsFirst);
}

function concatenate(node: NodeOf<"concatenate">, to: Translation): Operand {
  const all = node.inputs.map((value) => to.builder.whole(to.operand(value), to.graph.shapeOf(value)));
  const first = all.some((operand) => operand.kind === "stored" && operand.channelsFirst);
  const names = all.map((operand) => (first ? to.builder.channelsFirst(operand) : to.builder.plain(operand)).name);
  const axis = first ? PLACE[node.attrs.axis]! : node.attrs.axis;
  return stored(to.builder.node("Concat", names, { axis }), to.graph.shapeOf(node.outputs[0]!), first);
}

/** The same rows of every sample. */
function gather(node: NodeOf<"gather">, to: Translation): Operand {
  const rows = to.operand(node.inputs[1]!);
  if (rows.kind !== "constant" || rows.data.length !== rows.shape.at(-1))
    throw new FoveaError("not-exportable", "onnx: picking pixels that depend on the sample cannot be exported");
  const { x } = whole(node.inputs[0]!, to);
  const indices = to.builder.ints([...rows.data], "rows");
  const name = to.builder.node("Gather", [to.builder.plain(x).name, indices], { axis: 1 });
  return stored(name, to.graph.shapeOf(node.outputs[0]!), false);
}

/** Ops that inference of a model never has, or whose results this format cannot hold. */
function none<K extends OpName>(node: NodeOf<K>): Operand {
  throw new FoveaError("not-exportable", `onnx: ${node.record.name} cannot be exported`);
}

const HANDLERS: { readonly [K in OpName]: Handler<K> } = {
  ...mapped(UNARY, unary),
  ...mapped(BINARY, binary),
  ...mapped(COMPARISON, comparison),
  add,
  mul,
  minimum,
  div,
  select,
  conv2d,
  depthwiseConv2d,
  conv2dInputGrad,
  matmul,
  reshape,
  transpose,
  pad,
  slice,
  concatenate,
  gather,
  constant: ({ attrs: { value } }) => ({ kind: "constant", shape: [], data: Float64Array.of(value) }),
  broadcastTo: ({ inputs: [x] }, { operand }) => operand(x!),
  cast: (node, { operand }) => (node.attrs.dtype === "float32" ? operand(node.inputs[0]!) : none(node)),
  sum: (node, to) => {
    const { x, places } = reduction(node, to);
    const name = to.builder.node("ReduceSum", [x.name, to.builder.ints(places, "axes")], { keepdims: 1 });
    return stored(name, reduced(x.shape, node.attrs.axes), x.channelsFirst);
  },
  max: (node, to) => {
    const { x, places } = reduction(node, to);
    const name = to.builder.node("ReduceMax", [x.name], { axes: places, keepdims: 1 });
    return stored(name, reduced(x.shape, node.attrs.axes), x.channelsFirst);
  },
  maxPool2d: pool("MaxPool"),
  averagePool2d: pool("AveragePool"),
  stopGradient: ({ inputs: [x] }, { operand }) => operand(x!),
  argMax: none,
  oneHot: none,
  randomUniform: none,
  iota: none,
  scatterAdd: none,
  argSort: none,
  cumsum: none,
  softmaxCrossentropy: none,
  conv2dFilterGrad: none,
  depthwiseConv2dInputGrad: none,
  depthwiseConv2dFilterGrad: none,
  maxPool2dGrad: none,
  averagePool2dGrad: none,
};

function mapped<K extends string>(
  table: Readonly<Record<K, string>>,
  make: (op: string) => (node: OpNode, to: Translation) => Operand,
): Record<K, (node: OpNode, to: Translation) => Operand> {
  return Object.fromEntries(Object.entries<string>(table).map(([key, op]) => [key, make(op)])) as never;
}

/** The translation of a node's first output. */
export function translate(node: OpNode, to: Translation): Operand {
  const known = node.inputs.map(to.operand);
  const passive = ["constant", "broadcastTo", "reshape"].includes(node.record.name);
  if (!passive && known.every((operand) => operand.kind === "constant")) return folded(node, known as Constant[], to);
  return HANDLERS[node.record.name as OpName](node as never, to);
}

/** Elementwise results of constants keep the smallest shape that says it all; others are computed in full. */
function folded(node: OpNode, known: readonly Constant[], to: Translation): Constant {
  const elementwise = { ...UNARY, ...BINARY, ...COMPARISON, select: "", cast: "" };
  const small = node.record.name in elementwise;
  const common = known.map(({ shape }) => shape).reduce<Shape>((a, b) => broadcastShapes(a, b), []);
  const inputs = known.map((operand, index): ReferenceArray => {
    const shape = small ? common : to.graph.shapeOf(node.inputs[index]!);
    const { data } = to.builder.whole(operand, shape) as Constant;
    return { shape, data };
  });
  const shape = small ? common : to.graph.shapeOf(node.outputs[0]!);
  const reference = node.record.reference as (
    inputs: readonly ReferenceArray[],
    attrs: object,
    outputs: readonly TensorType[],
  ) => readonly Float64Array[];
  const [data] = reference(inputs, node.attrs, [{ dtype: "float32", shape }]);
  return { kind: "constant", shape, data: data! };
}
