// The operators of TensorFlow graphs that are read, each with its translation into ONNX's words: the one list of them.
import { type GraphNode, numberOf } from "./graph.js";
import {
  cast,
  depthToSpace,
  filled,
  folding,
  gathered,
  joined,
  largest,
  packed,
  padded,
  sliced,
  split,
  squeezed,
  stridedSlice,
  transposed,
  unpacked,
  widened,
} from "./translate-shapes.js";
import { convolution, normalization, pooling, product, resized, transposedConvolution } from "./translate-windows.js";
import type { Translate } from "./translation.js";

/** The same operator under another name. */
const named =
  (op: string, attributes: (node: GraphNode) => Readonly<Record<string, number>> = () => ({})): Translate =>
  (node, to) => {
    to.emit(op, node.inputs, attributes(node), node.name);
  };
const same = named("Identity");

/** One number raised to a constant power. */
const power =
  (exponent: number): Translate =>
  (node, to) => {
    to.emit("Pow", [node.inputs[0] ?? "", to.floats([exponent], [])], {}, node.name);
  };

const squaredDifference: Translate = (node, to) => {
  to.emit("Pow", [to.emit("Sub", node.inputs), to.floats([2], [])], {}, node.name);
};

export const TRANSLATIONS: Readonly<Record<string, Translate>> = {
  Abs: named("Abs"),
  Add: named("Add"),
  AddN: named("Sum"),
  AddV2: named("Add"),
  ArgMax: largest,
  ArgMin: largest,
  AvgPool: pooling,
  BatchMatMul: product,
  BatchMatMulV2: product,
  BiasAdd: named("Add"),
  Cast: cast,
  Ceil: named("Ceil"),
  ConcatV2: joined,
  Conv2D: convolution,
  Conv2DBackpropInput: transposedConvolution,
  Cos: named("Cos"),
  DepthToSpace: depthToSpace,
  DepthwiseConv2dNative: convolution,
  Div: named("Div"),
  Elu: named("Elu"),
  Exp: named("Exp"),
  ExpandDims: widened,
  Fill: filled,
  Floor: named("Floor"),
  FusedBatchNorm: normalization,
  FusedBatchNormV2: normalization,
  FusedBatchNormV3: normalization,
  FusedDepthwiseConv2dNative: convolution,
  GatherV2: gathered,
  Identity: same,
  LeakyRelu: named("LeakyRelu", (node) => ({ alpha: numberOf(node, "alpha", 0.2) })),
  Log: named("Log"),
  LogSoftmax: named("LogSoftmax", () => ({ axis: -1 })),
  MatMul: product,
  Max: folding("ReduceMax"),
  MaxPool: pooling,
  Maximum: named("Max"),
  Mean: folding("ReduceMean"),
  Min: folding("ReduceMin"),
  Minimum: named("Min"),
  Mul: named("Mul"),
  Neg: named("Neg"),
  Pack: packed,
  Pad: padded,
  PadV2: padded,
  Pow: named("Pow"),
  Prelu: named("PRelu"),
  Prod: folding("ReduceProd"),
  RealDiv: named("Div"),
  Reciprocal: named("Reciprocal"),
  Relu: named("Relu"),
  Relu6: named("Clip", () => ({ min: 0, max: 6 })),
  Reshape: named("Reshape", () => ({ allowzero: 1 })),
  ResizeBilinear: resized,
  ResizeNearestNeighbor: resized,
  Round: named("Round"),
  Rsqrt: power(-0.5),
  Selu: named("Selu"),
  Shape: named("Shape"),
  Sigmoid: named("Sigmoid"),
  Sign: named("Sign"),
  Sin: named("Sin"),
  Slice: sliced,
  Snapshot: same,
  Softmax: named("Softmax", () => ({ axis: -1 })),
  Softplus: named("Softplus"),
  Split: split,
  SplitV: split,
  Sqrt: named("Sqrt"),
  Square: power(2),
  SquaredDifference: squaredDifference,
  Squeeze: squeezed,
  StopGradient: same,
  StridedSlice: stridedSlice,
  Sub: named("Sub"),
  Sum: folding("ReduceSum"),
  Tanh: named("Tanh"),
  Transpose: transposed,
  Unpack: unpacked,
  _FusedConv2D: convolution,
  _FusedMatMul: product,
};
