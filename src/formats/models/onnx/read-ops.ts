// What each ONNX operator that classifiers of images use is in layers. Arithmetic, windows and shapes have files of
// their own.

import { showShape, sizeOf } from "../../../core/shape.js";
import type { ActivationLike } from "../../../nn/activations.js";
import {
  activation,
  batchNormalization,
  concatenate,
  dense,
  eLU,
  globalAveragePooling2d,
  globalMaxPooling2d,
  leakyReLU,
  permute,
  pReLU,
  reLU,
  rescaling,
  reshape,
  softmax,
  zeroPadding2d,
} from "../../../nn/layers/index.js";
import type { Layer } from "../../../nn/layers/layer.js";
import { transposed } from "./builder.js";
import { type Flowing, type GraphReader, type Known, spread } from "./graph-reader.js";
import type { OnnxNode } from "./proto.js";
import { arithmetic, bounded, clip, vector } from "./read-arithmetic.js";
import { gather, joinedLists, shape, unsqueeze } from "./read-shapes.js";
import { convolution, pooling, transposedConvolution } from "./read-windows.js";

type Reader = (reader: GraphReader, node: OnnxNode) => Known;

const pointwise =
  (make: (reader: GraphReader, node: OnnxNode) => Layer, positive = false): Reader =>
  (reader, node) => ({ ...reader.apply(make(reader, node), reader.flowing(node)), positive });
const named = (name: ActivationLike, positive = false): Reader => pointwise(() => activation(name), positive);
const same: Reader = (reader, node) => reader.at(node, 0);

/** FLOAT, FLOAT16, DOUBLE, BFLOAT16: what is computed in float32 here anyway. */
const REALS: readonly number[] = [1, 10, 11, 16];

function cast(reader: GraphReader, node: OnnxNode): Known {
  const x = reader.at(node, 0);
  if (x.kind === "flowing" && !REALS.includes(reader.number(node, "to", 1)))
    throw reader.refusal(node, "rounds a tensor of the model, which is not supported");
  return x;
}

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

/** The tensor of a softmax with the axis that it is over. */
function normalized(reader: GraphReader, node: OnnxNode): { x: Flowing; axis: number } {
  const x = reader.flowing(node);
  const last = x.tensor.shape.length;
  const axis = axisOf(reader, node, x, reader.opset < 13 ? 1 : -1);
  // Until then all axes from the stated one on counted as one; only where they are is it the same.
  const isOne = x.images ? axis === 2 || sizeOf(x.tensor.shape.slice(0, 2)) === 1 : axis === last;
  if (reader.opset < 13 && !isOne) throw reader.refusal(node, "is over several axes, which is not supported");
  return { x, axis };
}

function logSoftmax(reader: GraphReader, node: OnnxNode): Flowing {
  const { x, axis } = normalized(reader, node);
  if (axis !== x.tensor.shape.length) throw reader.refusal(node, "is not over the channels or the last axis");
  return { ...reader.apply(activation("log_softmax"), x), positive: false };
}

function flattened(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const axis = reader.number(node, "axis", 1);
  if (axis !== 1 && axis !== -x.tensor.shape.length) throw reader.refusal(node, "mixes samples");
  return reader.flat(x);
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
  Cast: cast,
  Clip: clip,
  Concat: (reader, node) => joinedLists(reader, node) ?? joined(reader, node),
  Constant: constant,
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  Div: arithmetic,
  Dropout: same,
  Elu: pointwise((reader, node) => eLU({ alpha: reader.number(node, "alpha", 1) })),
  Exp: named("exponential", true),
  Flatten: flattened,
  Gather: gather,
  Gelu: pointwise((reader, node) => {
    if ((node.attributes.approximate ?? "none") !== "none") throw reader.refusal(node, "is approximate");
    return activation("gelu");
  }),
  Gemm: gemm,
  GlobalAveragePool: global(globalAveragePooling2d),
  GlobalMaxPool: global(globalMaxPooling2d),
  HardSigmoid: (reader, node) => {
    const [alpha, beta] = [reader.number(node, "alpha", 0.2), reader.number(node, "beta", 0.5)];
    return bounded(reader, reader.apply(rescaling(alpha, beta), reader.flowing(node)), { low: 0, high: 1 });
  },
  HardSwish: named("hard_silu"),
  Identity: same,
  LeakyRelu: pointwise((reader, node) => leakyReLU({ negativeSlope: reader.number(node, "alpha", 0.01) })),
  LogSoftmax: logSoftmax,
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
  Relu: pointwise(() => reLU(), true),
  Reshape: reshaped,
  Selu: named("selu"),
  Shape: shape,
  Sigmoid: named("sigmoid", true),
  Softmax: (reader, node) => {
    const { x, axis } = normalized(reader, node);
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
