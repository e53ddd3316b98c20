// Each primitive op as ONNX operators: one entry an op, and a sentence for those that inference never needs. What is
// computed from weights alone is computed here, by the ops' own references.
import { FoveaError } from "../../../core/errors.js";
import type { OpNode, ReferenceArray, Value } from "../../../core/graph/node.js";
import { isOp, type NodeOf, type OpName } from "../../../core/ops/index.js";
import { dilatedExtent, type WindowAttrs } from "../../../core/ops/window.js";
import { broadcastShapes, type Shape, sizeOf } from "../../../core/shape.js";
import type { TensorType } from "../../../core/tensor.js";
import { type Constant, type OnnxBuilder, type Operand, type Stored, transposed } from "./builder.js";
import type { OpenGraph, OpenShape } from "./symbolic.js";

/** Where each axis of [n, h, w, c] lies when channels are first. */
const PLACE = [0, 2, 3, 1] as const;

export interface Translation {
  readonly graph: OpenGraph;
  readonly builder: OnnxBuilder;
  /** What a value has become. */
  readonly operand: (value: Value) => Operand;
  /** How many nodes and outputs read a value. */
  readonly readers: (value: Value) => number;
}

type Handler<K extends OpName> = (node: NodeOf<K>, to: Translation) => Operand;

const stored = (name: string, shape: OpenShape, channelsFirst: boolean): Stored => ({
  kind: "stored",
  name,
  shape,
  channelsFirst,
});

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

/** Operands of an elementwise op in one layout; broadcasting is left to the operator. */
function aligned(node: OpNode, { builder, operand }: Translation): { all: Stored[]; shape: OpenShape; first: boolean } {
  const given = node.inputs.map(operand);
  const rank = node.outputs[0]!.type.shape.length;
  const first = rank === 4 && given.some((one) => one.kind === "stored" && one.channelsFirst);
  const all = given.map((one) => (first ? builder.channelsFirst(one) : builder.plain(one)));
  // The batch counts as an extent of its own.
  const shape = all.map((one) => one.shape).reduce((a, b) => broadcastShapes(a, b));
  return { all, shape, first };
}

function unary(op: string): (node: OpNode, to: Translation) => Operand {
  return (node, to) => {
    const x = to.operand(node.inputs[0]!) as Stored;
    return stored(to.builder.node(op, [x.name]), x.shape, x.channelsFirst);
  };
}

function binary(op: string): (node: OpNode, to: Translation) => Operand {
  return (node, to) => {
    const { all, shape, first } = aligned(node, to);
    return stored(
      to.builder.node(
        op,
        all.map(({ name }) => name),
      ),
      shape,
      first,
    );
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

/** A constant with one number a channel, or one for all; undefined for anything else. */
function perChannel(operand: Operand, channels: number): Constant | undefined {
  if (operand.kind !== "constant" || operand.data.length !== (operand.shape.at(-1) ?? 1)) return undefined;
  if (operand.data.length !== 1 && operand.data.length !== channels) return undefined;
  return {
    kind: "constant",
    shape: [channels],
    data: new Float64Array(channels).map((_, i) => operand.data[i % operand.data.length]!),
  };
}

/** A bias goes into the operator before it. */
function add(node: NodeOf<"add">, to: Translation): Operand {
  const channels = node.outputs[0]!.type.shape.at(-1) ?? 1;
  for (const [product, bias] of [node.inputs, [...node.inputs].reverse()] as [Value, Value][]) {
    const x = to.operand(product);
    const addend = perChannel(to.operand(bias), channels);
    if (x.kind !== "stored" || addend === undefined || to.readers(product) !== 1) continue;
    const before = to.builder.producer(x);
    if (before === undefined || !["Conv", "ConvTranspose", "Gemm"].includes(before.op) || before.inputs.length !== 2)
      continue;
    if (sizeOf(x.shape) !== sizeOf(to.graph.shapeOf(node.outputs[0]!))) continue;
    before.inputs.push(to.builder.floats(addend, "bias"));
    return x;
  }
  return binary("Add")(node, to);
}

/** A sum divided by its count is a mean. */
function mul(node: NodeOf<"mul">, to: Translation): Operand {
  for (const [total, factor] of [node.inputs, [...node.inputs].reverse()] as [Value, Value][]) {
    const scale = to.operand(factor);
    const x = to.operand(total);
    if (scale.kind !== "constant" || scale.data.length !== 1 || x.kind !== "stored" || to.readers(total) !== 1)
      continue;
    const sum = isOp(total.node, "reshape") ? total.node.inputs[0]! : total;
    if (!isOp(sum.node, "sum") || to.readers(sum) !== 1) continue;
    const { shape } = sum.node.inputs[0]!.type;
    const count = sum.node.attrs.axes.reduce((product, axis) => product * shape[axis]!, 1);
    const before = to.builder.producer(to.operand(sum) as Stored);
    if (before?.op !== "ReduceSum" || Math.abs(scale.data[0]! * count - 1) > 1e-6) continue;
    const { places } = reduction(sum.node, to);
    const global = places.join() === "2,3" && shape.length === 4;
    before.op = global ? "GlobalAveragePool" : "ReduceMean";
    before.inputs.splice(1);
    before.attributes = global ? {} : { axes: places, keepdims: 1 };
    return x;
  }
  return binary("Mul")(node, to);
}

/** max(0, min(x, c)) is a clip. */
function minimum(node: NodeOf<"minimum">, to: Translation): Operand {
  const [x, limit] = node.inputs.map(to.operand) as [Operand, Operand];
  if (
    x.kind === "stored" &&
    limit.kind === "constant" &&
    limit.data.length === 1 &&
    to.readers(node.inputs[0]!) === 1
  ) {
    const before = to.builder.producer(x);
    if (before?.op === "Relu") {
      const bound = (value: number): string => to.builder.floats({ shape: [], data: Float64Array.of(value) }, "bound");
      before.op = "Clip";
      before.inputs.push(bound(0), bound(limit.data[0]!));
      return x;
    }
  }
  return binary("Min")(node, to);
}

/** exp(x - max) / sum(exp(x - max)) along one axis is a softmax. */
function div(node: NodeOf<"div">, to: Translation): Operand {
  const [powers, spread] = node.inputs as [Value, Value];
  const unspread = (value: Value): Value => (isOp(value.node, "broadcastTo") ? value.node.inputs[0]! : value);
  const sum = unspread(spread).node;
  if (isOp(powers.node, "exp") && isOp(sum, "sum") && sum.inputs[0] === powers && sum.attrs.axes.length === 1) {
    const shift = powers.node.inputs[0]!.node;
    const most = isOp(shift, "sub") ? unspread(shift.inputs[1]!).node : undefined;
    if (isOp(shift, "sub") && most !== undefined && isOp(most, "max") && most.inputs[0] === shift.inputs[0]) {
      const x = to.builder.plain(to.operand(shift.inputs[0]!));
      return stored(to.builder.node("Softmax", [x.name], { axis: sum.attrs.axes[0]! }), x.shape, false);
    }
  }
  return binary("Div")(node, to);
}

function select(node: NodeOf<"select">, to: Translation): Operand {
  const { all, shape, first } = aligned(node, to);
  const condition = to.operand(node.inputs[0]!);
  const direct = condition.kind === "stored" && condition.channelsFirst === first ? condition.truth : undefined;
  const truth = direct ?? to.builder.node("Cast", [all[0]!.name], { to: 9 });
  return stored(to.builder.node("Where", [truth, all[1]!.name, all[2]!.name]), shape, first);
}

/** The operand in full, with channels first where it has images. */
function whole(value: Value, { builder, operand, graph }: Translation): { x: Stored; place: (axis: number) => number } {
  const shape = graph.shapeOf(value);
  const full = builder.whole(operand(value), shape);
  const first = full.kind === "stored" && full.channelsFirst;
  return { x: first ? full : builder.plain(full), place: (axis) => (first ? PLACE[axis]! : axis) };
}

function reduction(node: NodeOf<"sum"> | NodeOf<"max">, to: Translation): { x: Stored; places: number[] } {
  const { x, place } = whole(node.inputs[0]!, to);
  return { x, places: node.attrs.axes.map(place).sort((a, b) => a - b) };
}
const reduced = (shape: OpenShape, axes: readonly number[]): OpenShape =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));

const window = ({ strides, padding: [top, bottom, left, right], dilation }: WindowAttrs) => ({
  strides,
  pads: [top, left, bottom, right],
  ...(dilation && { dilations: dilation }),
});

/** Filters must be known: they are stored in another order. */
function filters(value: Value, { operand }: Translation): Constant {
  const found = operand(value);
  if (found.kind === "constant") return found;
  throw new FoveaError("onnx: the model computes its filters from its input, which cannot be exported");
}

function images(value: Value, to: Translation): Stored {
  return to.builder.channelsFirst(to.builder.whole(to.operand(value), to.graph.shapeOf(value)));
}

function conv2d(node: NodeOf<"conv2d">, to: Translation): Operand {
  const filter = filters(node.inputs[1]!, to);
  const weight = to.builder.floats(transposed(filter, [3, 2, 0, 1]), "kernel");
  const attributes = { ...window(node.attrs), kernel_shape: filter.shape.slice(0, 2) };
  const name = to.builder.node("Conv", [images(node.inputs[0]!, to).name, weight], attributes);
  return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
}

function depthwiseConv2d(node: NodeOf<"depthwiseConv2d">, to: Translation): Operand {
  const { shape, data } = filters(node.inputs[1]!, to);
  const weight = to.builder.floats(transposed({ shape: [...shape, 1], data }, [2, 3, 0, 1]), "kernel");
  const attributes = { ...window(node.attrs), kernel_shape: shape.slice(0, 2), group: shape[2]! };
  const name = to.builder.node("Conv", [images(node.inputs[0]!, to).name, weight], attributes);
  return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
}

function conv2dInputGrad(node: NodeOf<"conv2dInputGrad">, to: Translation): Operand {
  const filter = filters(node.inputs[1]!, to);
  const { inputSize, strides, padding, dilation = [1, 1] } = node.attrs;
  const missing = [0, 1].map((axis) => {
    const cells = dilatedExtent(filter.shape[axis]!, dilation[axis]!);
    const made = (node.inputs[0]!.type.shape[axis + 1]! - 1) * strides[axis]! + cells;
    return inputSize[axis]! - (made - padding[2 * axis]! - padding[2 * axis + 1]!);
  });
  const weight = to.builder.floats(transposed(filter, [3, 2, 0, 1]), "kernel");
  const attributes = { ...window(node.attrs), kernel_shape: filter.shape.slice(0, 2), output_padding: missing };
  const name = to.builder.node("ConvTranspose", [images(node.inputs[0]!, to).name, weight], attributes);
  return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
}

const pool =
  (op: string) =>
  (node: NodeOf<"maxPool2d"> | NodeOf<"averagePool2d">, to: Translation): Operand => {
    const attributes = { ...window(node.attrs), kernel_shape: node.attrs.size };
    const name = to.builder.node(op, [images(node.inputs[0]!, to).name], attributes);
    return stored(name, to.graph.shapeOf(node.outputs[0]!), true);
  };

function matmul(node: NodeOf<"matmul">, to: Translation): Operand {
  const [a, b] = node.inputs.map((value) =>
    to.builder.plain(to.builder.whole(to.operand(value), to.graph.shapeOf(value))),
  ) as [Stored, Stored];
  const { transposeA, transposeB } = node.attrs;
  const name = to.builder.node("Gemm", [a.name, b.name], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
  return stored(name, to.graph.shapeOf(node.outputs[0]!), false);
}

function reshape(node: NodeOf<"reshape">, to: Translation): Operand {
  const [from, shape] = [to.graph.shapeOf(node.inputs[0]!), to.graph.shapeOf(node.outputs[0]!)];
  const given = to.operand(node.inputs[0]!);
  // What is the same for every sample stays so under another shape of the samples.
  const lead = from.length - given.shape.length;
  const shared = from[0] !== undefined && from[0] < 0 && from[0] === shape[0] && (lead > 0 || given.shape[0] === 1);
  const full = to.builder.whole(given, shared ? [1, ...from.slice(1)] : from);
  const target = shared ? [1, ...shape.slice(1)] : shape;
  return full.kind === "constant" ? { ...full, shape: target } : to.builder.reshape(full, target);
}

function transpose(node: NodeOf<"transpose">, to: Translation): Operand {
  const { x, place } = whole(node.inputs[0]!, to);
  const perm = node.attrs.permutation.map(place);
  const shape = to.graph.shapeOf(node.outputs[0]!);
  if (perm.every((axis, index) => axis === index)) return stored(x.name, shape, false);
  return stored(to.builder.node("Transpose", [x.name], { perm }), shape, false);
}

/** A list with one entry an axis, in the order in which the axes lie. */
const laid = (list: readonly number[], place: (axis: number) => number): number[] => {
  const out = new Array<number>(list.length);
  list.forEach((value, axis) => {
    out[place(axis)] = value;
  });
  return out;
};

function pad(node: NodeOf<"pad">, to: Translation): Operand {
  const { before, after, spacing, value } = node.attrs;
  if (spacing.some((step) => step !== 1)) throw new FoveaError("onnx: padding between elements cannot be exported");
  const { x, place } = whole(node.inputs[0]!, to);
  const pads = to.builder.ints([...laid(before, place), ...laid(after, place)], "pads");
  const fill = to.builder.floats({ shape: [], data: Float64Array.of(value) }, "fill");
  return stored(to.builder.node("Pad", [x.name, pads, fill]), to.graph.shapeOf(node.outputs[0]!), x.channelsFirst);
}

function slice(node: NodeOf<"slice">, to: Translation): Operand {
  const { x, place } = whole(node.inputs[0]!, to);
  const shape = to.graph.shapeOf(node.outputs[0]!);
  const { begin, size, strides } = node.attrs;
  const { shape: from } = node.inputs[0]!.type;
  const axes = begin.map((_, axis) => axis).filter((axis) => size[axis] !== from[axis] || strides[axis] !== 1);
  const stops = axes.map((axis) => {
    const stop = begin[axis]! + size[axis]! * strides[axis]!;
    return stop < 0 ? -(2 ** 31) : stop;
  });
  if (axes.some((axis) => shape[axis]! < 0)) throw new FoveaError("onnx: a part of the batch cannot be exported");
  const lists = [axes.map((axis) => begin[axis]!), stops, axes.map(place), axes.map((axis) => strides[axis]!)];
  const inputs = lists.map((list) => to.builder.ints(list, "slice"));
  return stored(to.builder.node("Slice", [x.name, ...inputs]), shape, x.channelsFirst);
}

function concatenate(node: NodeOf<"concatenate">, to: Translation): Operand {
  const all = node.inputs.map((value) => to.builder.whole(to.operand(value), to.graph.shapeOf(value)));
  const first = all.some((one) => one.kind === "stored" && one.channelsFirst);
  const names = all.map((one) => (first ? to.builder.channelsFirst(one) : to.builder.plain(one)).name);
  const axis = first ? PLACE[node.attrs.axis]! : node.attrs.axis;
  return stored(to.builder.node("Concat", names, { axis }), to.graph.shapeOf(node.outputs[0]!), first);
}

/** The same rows of every sample. */
function gather(node: NodeOf<"gather">, to: Translation): Operand {
  const rows = to.operand(node.inputs[1]!);
  if (rows.kind !== "constant" || rows.data.length !== rows.shape.at(-1))
    throw new FoveaError("onnx: picking pixels that depend on the sample cannot be exported");
  const { x } = whole(node.inputs[0]!, to);
  const indices = to.builder.ints([...rows.data], "rows");
  const name = to.builder.node("Gather", [to.builder.plain(x).name, indices], { axis: 1 });
  return stored(name, to.graph.shapeOf(node.outputs[0]!), false);
}

/** Ops that inference of a model never has, or whose results this format cannot hold. */
function none<K extends OpName>(node: NodeOf<K>): Operand {
  throw new FoveaError(`onnx: ${node.record.name} cannot be exported`);
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
  argMax: none,
  oneHot: none,
  randomUniform: none,
  iota: none,
  scatterAdd: none,
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

/** What the first output of a node becomes. */
export function translate(node: OpNode, to: Translation): Operand {
  const known = node.inputs.map(to.operand);
  const passive = ["constant", "broadcastTo", "reshape"].includes(node.record.name);
  if (!passive && known.every((one) => one.kind === "constant")) return folded(node, known as Constant[], to);
  return HANDLERS[node.record.name as OpName](node as never, to);
}

/** Elementwise results of constants keep the smallest shape that says it all; others are computed in full. */
function folded(node: OpNode, known: readonly Constant[], to: Translation): Constant {
  const elementwise = { ...UNARY, ...BINARY, ...COMPARISON, select: "", cast: "" };
  const small = node.record.name in elementwise;
  const common = known.map(({ shape }) => shape).reduce<Shape>((a, b) => broadcastShapes(a, b), []);
  const inputs = known.map((one, index): ReferenceArray => {
    const shape = small ? common : to.graph.shapeOf(node.inputs[index]!);
    const { data } = to.builder.whole(one, shape) as Constant;
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
