// Readers that turn ONNX operators of image classifiers into layers: the one list of operators that are read. Families
// have files of their own; constants/evaluate.ts computes operators on constants alone.

import type { ActivationName } from "../../../nn/activations.js";
import { activation, eLU, leakyReLU, reLU, rescaling } from "../../../nn/layers/index.js";
import type { Layer } from "../../../nn/layers/layer.js";
import { isReal } from "./elements.js";
import type { Flowing, GraphReader, Known } from "./graph-reader.js";
import { approximateGelu, pointwiseOperation } from "./operations.js";
import type { OnnxNode } from "./proto.js";
import { arithmetic, bounded, chosen, clip, power } from "./read-arithmetic.js";
import { joined } from "./read-joins.js";
import { expanded, flattened, pad, reshaped, squeezed, transposed, unsqueezed } from "./read-moves.js";
import { batchNormalized, droppedOut, groupNormalized, layerNormalized, slopes } from "./read-normalizations.js";
import { gather, slice, split } from "./read-parts.js";
import { einsum, gemm, matmul } from "./read-products.js";
import { dequantized, quantized } from "./read-quantized.js";
import { global, largest, logSoftmaxes, reduction, softmaxes } from "./read-reductions.js";
import { resized } from "./read-resize.js";
import { convolution, pooling, transposedConvolution } from "./read-windows.js";

/** Reads a node into its first output or all of them. */
export type Reader = (reader: GraphReader, node: OnnxNode) => Known | readonly Known[];

const pointwise =
  (make: (reader: GraphReader, node: OnnxNode) => Layer, positive = false): Reader =>
  (reader, node) => {
    const { layout, tensor } = reader.flowing(node);
    return { kind: "flowing", layout, tensor: reader.apply(make(reader, node), tensor), positive };
  };
const named = (name: ActivationName, positive = false): Reader => pointwise(() => activation(name), positive);
const operation = (name: string, positive = false): Reader => pointwise(() => pointwiseOperation(name), positive);
const same: Reader = (reader, node) => reader.at(node, 0);

/** Real numbers of any width are computed in float32 here; whole ones are cut off elsewhere, which no layer does. */
function cast(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const isCut = node.op === "Cast" && !isReal(reader.number(node, "to", 1)) && x.whole !== true;
  if (isCut) throw reader.refusal(node, "rounds a tensor of the model, which is not supported");
  return x;
}

function hardSigmoid(reader: GraphReader, node: OnnxNode): Flowing {
  const [alpha, beta] = [reader.number(node, "alpha", 0.2), reader.number(node, "beta", 0.5)];
  const { layout, tensor } = reader.flowing(node);
  if (Math.abs(alpha - 1 / 6) < 1e-6 && beta === 0.5)
    return { kind: "flowing", layout, tensor: reader.apply(activation("hard_sigmoid"), tensor), positive: true };
  const line: Flowing = { kind: "flowing", layout, tensor: reader.apply(rescaling(alpha, beta), tensor) };
  return bounded(reader, line, { low: 0, high: 1 });
}

/** max(0, x) + min(0, alpha (exp(x / alpha) - 1)): an Elu of alpha 1 of x / alpha, times alpha. */
function celu(reader: GraphReader, node: OnnxNode): Flowing {
  const alpha = reader.number(node, "alpha", 1);
  if (!(alpha > 0)) throw reader.refusal(node, `has alpha ${alpha}; expected a number above 0`);
  const { layout, tensor } = reader.flowing(node);
  const elu = (x: Flowing["tensor"]): Flowing["tensor"] => reader.apply(eLU(), x);
  const scaled = (x: Flowing["tensor"], by: number): Flowing["tensor"] => reader.apply(rescaling(by), x);
  return { kind: "flowing", layout, tensor: alpha === 1 ? elu(tensor) : scaled(elu(scaled(tensor, 1 / alpha)), alpha) };
}

/** Keras's constants, which are ONNX's defaults. */
const SELU = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 } as const;

/** gamma x above 0, else gamma alpha (exp(x) - 1). */
function selu(reader: GraphReader, node: OnnxNode): Flowing {
  const { alpha, gamma } = SELU;
  const attributes = { alpha: reader.number(node, "alpha", alpha), gamma: reader.number(node, "gamma", gamma) };
  const { layout, tensor } = reader.flowing(node);
  const isKeras = Math.abs(attributes.alpha - alpha) < 1e-6 && Math.abs(attributes.gamma - gamma) < 1e-6;
  if (isKeras) return { kind: "flowing", layout, tensor: reader.apply(activation("selu"), tensor) };
  const elu = reader.apply(eLU({ alpha: attributes.alpha }), tensor);
  return { kind: "flowing", layout, tensor: reader.apply(rescaling(attributes.gamma), elu) };
}

const gelu = pointwise((_, node) => (node.attributes.approximate === "tanh" ? approximateGelu() : activation("gelu")));

export const OPERATORS: Readonly<Record<string, Reader>> = {
  Abs: operation("Absolute", true),
  Add: arithmetic,
  ArgMax: largest,
  ArgMin: largest,
  AveragePool: pooling,
  BatchNormalization: batchNormalized,
  Cast: cast,
  CastLike: cast,
  Ceil: operation("Ceil"),
  Celu: celu,
  Clip: clip,
  Concat: joined,
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  Cos: operation("Cos"),
  DequantizeLinear: dequantized,
  Div: arithmetic,
  Dropout: droppedOut,
  Einsum: einsum,
  Elu: pointwise((reader, node) => eLU({ alpha: reader.number(node, "alpha", 1) })),
  Erf: operation("Erf"),
  Exp: named("exponential", true),
  Expand: expanded,
  Flatten: flattened,
  Floor: operation("Floor"),
  Gather: gather,
  Gelu: gelu,
  Gemm: gemm,
  GlobalAveragePool: global("mean"),
  GlobalMaxPool: global("max"),
  GroupNormalization: groupNormalized,
  HardSigmoid: hardSigmoid,
  HardSwish: named("hard_silu"),
  Identity: same,
  InstanceNormalization: groupNormalized,
  LayerNormalization: layerNormalized,
  LeakyRelu: pointwise((reader, node) => leakyReLU({ negativeSlope: reader.number(node, "alpha", 0.01) })),
  Log: operation("Log"),
  LogSoftmax: logSoftmaxes,
  MatMul: matmul,
  Max: arithmetic,
  MaxPool: pooling,
  Min: arithmetic,
  Mish: named("mish"),
  Mul: arithmetic,
  Neg: pointwise(() => rescaling(-1)),
  PRelu: slopes,
  Pad: pad,
  Pow: power,
  QuantizeLinear: quantized,
  Reciprocal: operation("Reciprocal"),
  ReduceL1: reduction,
  ReduceL2: reduction,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceSum: reduction,
  ReduceSumSquare: reduction,
  Relu: pointwise(() => reLU(), true),
  Reshape: reshaped,
  Resize: resized,
  Round: operation("Round"),
  Selu: selu,
  Shape: (reader, node) => {
    const all = reader.shape(reader.flowing(node));
    const [start, end] = [reader.number(node, "start", 0), reader.number(node, "end", all.data.length)];
    const part = (sizes: typeof all): typeof all => {
      const data = Float64Array.from(sizes.data).slice(start, end);
      return { kind: "int", shape: [data.length], data };
    };
    return all.twin === undefined ? part(all) : { ...part(all), twin: part(all.twin) };
  },
  Sigmoid: named("sigmoid", true),
  Sign: operation("Sign"),
  Sin: operation("Sin"),
  Slice: slice,
  Softmax: softmaxes,
  Softplus: named("softplus", true),
  Softsign: named("softsign"),
  Split: split,
  Sqrt: operation("Sqrt", true),
  Squeeze: squeezed,
  Sub: arithmetic,
  Sum: arithmetic,
  Tanh: named("tanh"),
  Transpose: transposed,
  Unsqueeze: unsqueezed,
  Upsample: resized,
  Where: chosen,
};
