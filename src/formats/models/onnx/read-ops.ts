// What each ONNX operator that classifiers of images use is in layers. Windows have a file of their own.
import { showShape, sizeOf } from "../../../core/shape.js";
import {
  activation,
  add,
  batchNormalization,
  concatenate,
  dense,
  elu,
  globalAveragePooling2d,
  globalMaxPooling2d,
  leakyRelu,
  maximum,
  minimum,
  multiply,
  permute,
  pReLU,
  relu,
  rescaling,
  reshape,
  softmax,
  subtract,
  zeroPadding2d,
} from "../../../nn/layers/index.js";
import type { Layer } from "../../../nn/layers/layer.js";
import { type Constant, transposed } from "./builder.js";
import { type Flowing, type GraphReader, type Known, spread } from "./graph-reader.js";
import type { OnnxNode } from "./proto.js";
import { gather, joinedLists, shape, unsqueeze } from "./read-shapes.js";
import { convolution, pooling, transposedConvolution } from "./read-windows.js";

type Reader = (reader: GraphReader, node: OnnxNode) => Known;

const vector = (length: number, value: number): Constant => ({
  kind: "constant",
  shape: [length],
  data: new Float64Array(length).fill(value),
});

/** x * scale + offset, one of each a channel: a normalization that knows mean 0 and variance 1. */
function affine(reader: GraphReader, x: Flowing, scale: Float64Array, offset: Float64Array): Flowing {
  const length = scale.length;
  const list = (data: Float64Array): Constant => ({ kind: "constant", shape: [length], data });
  const weights = [list(scale), list(offset), vector(length, 0), vector(length, 1)];
  return reader.apply(batchNormalization({ epsilon: 0 }), { ...x, positive: false }, weights);
}

const MERGES: Readonly<Record<string, () => Layer>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Max: maximum,
  Min: minimum,
};

function arithmetic(reader: GraphReader, node: OnnxNode): Known {
  const [a, b] = [reader.at(node, 0), reader.at(node, 1)];
  if (a.kind === "flowing" && b.kind === "flowing") return merged(reader, node);
  if (a.kind !== "flowing" && b.kind !== "flowing") throw reader.refusal(node, "computes with constants only");
  const swapped = a.kind !== "flowing";
  const x = reader.flowing(node, swapped ? 1 : 0);
  const by = spread(x, reader.constant(node, swapped ? 0 : 1));
  if (by === undefined) throw reader.refusal(node, "has a constant that is neither one number nor one a channel");
  const values = "all" in by ? Float64Array.of(by.all) : by.channels;
  const line = lineOf(node.op, swapped);
  if (line === undefined) {
    if (!("all" in by) || !["Max", "Min"].includes(node.op)) throw reader.refusal(node, "is not supported here");
    return bounded(reader, x, node.op === "Max" ? { low: by.all } : { high: by.all });
  }
  const [scale, offset] = [values.map((value) => line(value)[0]), values.map((value) => line(value)[1])];
  if ("all" in by) return reader.apply(rescaling(scale[0]!, offset[0]!), { ...x, positive: false });
  return affine(reader, x, scale, offset);
}

/** The scale and offset that an operation with a constant comes to. */
function lineOf(op: string, swapped: boolean): ((value: number) => readonly [number, number]) | undefined {
  if (op === "Add") return (value) => [1, value];
  if (op === "Mul") return (value) => [value, 0];
  if (op === "Sub") return swapped ? (value) => [-1, value] : (value) => [1, -value];
  return op === "Div" && !swapped ? (value) => [1 / value, 0] : undefined;
}

function merged(reader: GraphReader, node: OnnxNode): Flowing {
  const make = MERGES[node.op];
  if (make === undefined) throw reader.refusal(node, "of two tensors is not supported");
  const given = node.inputs.map((_, index) => reader.flowing(node, index));
  const images = given.some((one) => one.images);
  const all = images ? given.map((_, index) => reader.images(node, index)) : given;
  const positive = node.op !== "Sub" && all.every((one) => one.positive);
  return { kind: "flowing", tensor: make().apply(all.map(({ tensor }) => tensor)), images, positive };
}

/** x held within bounds, by what layers there are: relu from 0 to a cap. */
function bounded(reader: GraphReader, x: Flowing, { low, high }: { low?: number; high?: number }): Flowing {
  const shift = (by: number, from: Flowing): Flowing => (by === 0 ? from : reader.apply(rescaling(1, by), from));
  if (low === undefined && high === undefined) return x;
  if (low === undefined) {
    const flipped = bounded(reader, reader.apply(rescaling(-1), x), { low: -high! });
    return { ...reader.apply(rescaling(-1), flipped), positive: false };
  }
  const rectified = reader.apply(relu(high === undefined ? {} : { maxValue: high - low }), shift(-low, x));
  return { ...shift(low, rectified), positive: low >= 0 };
}

function clip(reader: GraphReader, node: OnnxNode): Flowing {
  const bound = (index: number, name: string): number | undefined => {
    const value = reader.has(node, index) ? reader.constant(node, index).data[0] : node.attributes[name];
    return typeof value === "number" && Math.abs(value) < 3e38 ? value : undefined;
  };
  const [low, high] = [bound(1, "min"), bound(2, "max")];
  return bounded(reader, reader.flowing(node), {
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  });
}

const pointwise =
  (make: (reader: GraphReader, node: OnnxNode) => Layer, positive = false): Reader =>
  (reader, node) => ({ ...reader.apply(make(reader, node), reader.flowing(node)), positive });
const named = (name: string, positive = false): Reader => pointwise(() => activation(name), positive);
const same: Reader = (reader, node) => reader.at(node, 0);

function gemm(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flat(reader.flowing(node));
  const b = reader.constant(node, 1);
  const [alpha, beta] = [reader.number(node, "alpha", 1), reader.number(node, "beta", 1)];
  if (reader.number(node, "transA", 0) !== 0 || b.shape.length !== 2) throw reader.refusal(node, "is no dense layer");
  const turned = reader.number(node, "transB", 0) === 1 ? transposed(b, [1, 0]) : b;
  const kernel = { ...turned, data: turned.data.map((value) => value * alpha) };
  const units = kernel.shape[1]!;
  const useBias = reader.has(node, 2);
  const given = useBias ? reader.constant(node, 2).data : new Float64Array(0);
  if (useBias && given.length !== 1 && given.length !== units)
    throw reader.refusal(node, "has a bias that is no vector");
  const bias = { ...vector(units, 0), data: vector(units, 0).data.map((_, i) => beta * given[i % given.length]!) };
  return { ...reader.apply(dense(units, { useBias }), x, useBias ? [kernel, bias] : [kernel]), positive: false };
}

function matmul(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.plain(reader.flowing(node));
  const kernel = reader.constant(node, 1);
  if (kernel.shape.length !== 2) throw reader.refusal(node, "multiplies with something that is no matrix");
  return { ...reader.apply(dense(kernel.shape[1]!, { useBias: false }), x, [kernel]), positive: false };
}

function normalization(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  if (!x.images && x.tensor.shape.length !== 1) throw reader.refusal(node, "normalises neither images nor rows");
  const weights = [1, 2, 3, 4].map((index) => reader.constant(node, index));
  const layer = batchNormalization({ epsilon: reader.number(node, "epsilon", 1e-5) });
  return { ...reader.apply(layer, x, weights), positive: false };
}

function slopes(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const by = spread(x, reader.constant(node, 1));
  if (by === undefined) throw reader.refusal(node, "has slopes that are neither one number nor one a channel");
  const channels = x.tensor.shape.at(-1)!;
  const data = "all" in by ? new Float64Array(channels).fill(by.all) : by.channels;
  const layer = pReLU(x.tensor.shape.length === 3 ? { sharedAxes: [1, 2] } : {});
  return { ...reader.apply(layer, x, [{ kind: "constant", shape: [channels], data }]), positive: false };
}

function global(make: (options: { keepdims: boolean }) => Layer): Reader {
  return (reader, node) => {
    const x = reader.images(node);
    const isReduction = node.op.startsWith("Reduce");
    const axes = isReduction
      ? (reader.list(node, 1, "axes") ?? []).map((axis) => (axis < 0 ? axis + 4 : axis))
      : [2, 3];
    if ([...axes].sort().join() !== "2,3") throw reader.refusal(node, "folds other axes than height and width");
    const keepdims = !isReduction || reader.number(node, "keepdims", 1) === 1;
    return { ...reader.apply(make({ keepdims }), x), images: keepdims };
  };
}

/** The axis as Keras counts it for the tensor as it lies. */
function axisOf(reader: GraphReader, node: OnnxNode, x: Flowing, fallback: number): number {
  const rank = x.tensor.shape.length + 1;
  const given = reader.number(node, "axis", fallback);
  const axis = given < 0 ? given + rank : given;
  if (!Number.isInteger(axis) || axis < 1 || axis >= rank) throw reader.refusal(node, `has the axis ${given}`);
  return x.images ? [0, 3, 1, 2][axis]! : axis;
}

function joined(reader: GraphReader, node: OnnxNode): Flowing {
  const given = node.inputs.map((_, index) => reader.flowing(node, index));
  const images = given.some((one) => one.images);
  const all = images ? given.map((_, index) => reader.images(node, index)) : given;
  const axis = axisOf(reader, node, all[0]!, 1);
  const tensor = concatenate({ axis }).apply(all.map((one) => one.tensor));
  return { kind: "flowing", tensor, images, positive: all.every((one) => one.positive) };
}

function reshaped(reader: GraphReader, node: OnnxNode): Known {
  const given = reader.at(node, 0);
  const wanted = [...(reader.list(node, 1, "shape") ?? [])];
  if (given.kind !== "flowing")
    return { ...given, shape: wanted.map((extent) => (extent === -1 ? given.data.length / known(wanted) : extent)) };
  const x = given;
  const [h, w, c] = x.tensor.shape as [number, number, number];
  const before = x.images ? [c, h, w] : x.tensor.shape;
  const sample = wanted.slice(1).map((extent, axis) => (extent === 0 ? (before[axis] ?? 0) : extent));
  const size = sizeOf(x.tensor.shape);
  const full = sample.map((extent) => (extent === -1 ? size / known(sample) : extent));
  if (sizeOf(full) !== size || wanted.length === 0)
    throw reader.refusal(
      node,
      `makes ${showShape(wanted)} of samples ${showShape(x.tensor.shape)}, which mixes samples`,
    );
  if (full.length === 1) return reader.flat(x);
  return reader.apply(reshape(full), reader.plain(x));
}
const known = (shape: readonly number[]): number => sizeOf(shape.filter((extent) => extent > 0));

function turned(reader: GraphReader, node: OnnxNode): Known {
  const x = reader.flowing(node);
  const perm = (node.attributes.perm ?? []) as readonly number[];
  const order = perm.join();
  if (x.images && order === "0,2,3,1") return { ...x, images: false };
  if (!x.images && order === "0,3,1,2") return { ...x, images: true };
  if (perm[0] !== 0) throw reader.refusal(node, "moves the batch axis");
  return reader.apply(permute(perm.slice(1)), reader.plain(x));
}

function padded(reader: GraphReader, node: OnnxNode): Known {
  const pads = reader.list(node, 1, "pads") ?? [];
  const x = reader.flowing(node);
  if (pads.every((cells) => cells === 0)) return x;
  const images = reader.images(node);
  const fill = reader.has(node, 2) ? reader.constant(node, 2).data[0] : reader.number(node, "value", 0);
  const [n0, c0, top = 0, left = 0, n1, c1, bottom = 0, right = 0] = pads;
  const inside = [n0, c0, n1, c1].every((cells) => cells === 0) && pads.length === 8;
  if ((node.attributes.mode ?? "constant") !== "constant" || fill !== 0 || !inside || pads.some((cells) => cells < 0))
    throw reader.refusal(node, "pads otherwise than with zeros around images");
  return reader.apply(
    zeroPadding2d([
      [top, bottom],
      [left, right],
    ]),
    images,
  );
}

/** Axes of extent 1 taken away: from pooled images, all but the channels. */
function squeezed(reader: GraphReader, node: OnnxNode): Known {
  const x = reader.flowing(node);
  const axes = (reader.list(node, 1, "axes") ?? []).map((axis) => (axis < 0 ? axis + x.tensor.shape.length + 1 : axis));
  const flat = reader.flat(x);
  const left = x.tensor.shape.length - axes.length;
  if (left !== 1 || flat.tensor.shape[0] !== Math.max(...x.tensor.shape))
    throw reader.refusal(node, "leaves more than one axis");
  return flat;
}

function constant(reader: GraphReader, node: OnnxNode): Known {
  const { value, value_float: float, value_int: int, value_ints: ints } = node.attributes;
  if (typeof value === "object" && "kind" in value) return value;
  if (typeof float === "number") return { kind: "float", shape: [], data: Float32Array.of(float) };
  if (typeof int === "number") return { kind: "int", shape: [], data: [int] };
  if (Array.isArray(ints)) return { kind: "int", shape: [ints.length], data: ints as readonly number[] };
  throw reader.refusal(node, "holds neither an array nor numbers");
}

export const OPERATORS: Readonly<Record<string, Reader>> = {
  Add: arithmetic,
  AveragePool: pooling,
  BatchNormalization: normalization,
  Cast: same,
  Clip: clip,
  Concat: (reader, node) => joinedLists(reader, node) ?? joined(reader, node),
  Constant: constant,
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  Div: arithmetic,
  Dropout: same,
  Elu: pointwise((reader, node) => elu({ alpha: reader.number(node, "alpha", 1) })),
  Exp: named("exponential", true),
  Flatten: (reader, node) => reader.flat(reader.flowing(node)),
  Gather: gather,
  Gelu: named("gelu"),
  Gemm: gemm,
  GlobalAveragePool: global(globalAveragePooling2d),
  GlobalMaxPool: global(globalMaxPooling2d),
  HardSigmoid: (reader, node) => {
    const [alpha, beta] = [reader.number(node, "alpha", 0.2), reader.number(node, "beta", 0.5)];
    return bounded(reader, reader.apply(rescaling(alpha, beta), reader.flowing(node)), { low: 0, high: 1 });
  },
  HardSwish: named("hard_silu"),
  Identity: same,
  LeakyRelu: pointwise((reader, node) => leakyRelu({ negativeSlope: reader.number(node, "alpha", 0.01) })),
  LogSoftmax: (reader, node) => reader.apply(activation("log_softmax"), reader.flat(reader.flowing(node))),
  MatMul: matmul,
  Max: arithmetic,
  MaxPool: pooling,
  Min: arithmetic,
  Mish: named("mish"),
  Mul: arithmetic,
  Neg: pointwise(() => rescaling(-1)),
  PRelu: slopes,
  Pad: padded,
  ReduceMax: global(globalMaxPooling2d),
  ReduceMean: global(globalAveragePooling2d),
  Relu: pointwise(() => relu(), true),
  Reshape: reshaped,
  Selu: named("selu"),
  Shape: shape,
  Sigmoid: named("sigmoid", true),
  Softmax: (reader, node) => {
    const x = reader.flowing(node);
    const axis = axisOf(reader, node, x, reader.opset < 13 ? 1 : -1);
    return { ...reader.apply(softmax({ axis }), x), positive: true };
  },
  Softplus: named("softplus", true),
  Softsign: named("softsign"),
  Squeeze: squeezed,
  Sub: arithmetic,
  Tanh: named("tanh"),
  Transpose: turned,
  Unsqueeze: unsqueeze,
};
