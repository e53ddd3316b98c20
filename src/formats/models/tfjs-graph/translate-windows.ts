// Convolutions, poolings and products of TensorFlow graphs, alone or with a bias and an activation in one node.
import { FoveaError } from "../../../core/errors.js";
import { reordered } from "../onnx/constants/index.js";
import type { OnnxAttribute } from "../onnx/proto.js";
import { type GraphNode, numberOf, numbersOf, textOf, textsOf } from "./graph.js";
import { DOMAIN, type Translate, type Translation } from "./translation.js";

/** The heights and widths among four numbers, one for each axis of images. */
function pair(node: GraphNode, name: string, isFirst: boolean): readonly [number, number] {
  const all = numbersOf(node, name);
  const [height = 1, width = 1] = isFirst ? all.slice(2) : all.slice(1);
  return [height, width];
}

const isChannelsFirst = (node: GraphNode): boolean => textOf(node, "data_format", "NHWC") === "NCHW";

/** Strides, dilation and padding in ONNX's words. */
function windowOf(node: GraphNode): Record<string, OnnxAttribute> {
  const first = isChannelsFirst(node);
  const padding = textOf(node, "padding", "VALID");
  const attributes: Record<string, OnnxAttribute> = {
    strides: [...pair(node, "strides", first)],
    dilations: [...pair(node, "dilations", first)],
  };
  if (padding === "SAME") return { ...attributes, auto_pad: "SAME_UPPER" };
  if (padding !== "EXPLICIT") return attributes;
  const cells = numbersOf(node, "explicit_paddings").slice(first ? 4 : 2);
  const [top = 0, bottom = 0, left = 0, right = 0] = cells;
  return { ...attributes, pads: [top, left, bottom, right] };
}

/** The node between images as ONNX wants them. */
function onImages(node: GraphNode, to: Translation, work: (x: string, output?: string) => string): string {
  const [x = ""] = node.inputs;
  return isChannelsFirst(node) ? work(x) : to.channelsLast(work(to.channelsFirst(x)));
}

/** Activations that a fused node may end in. */
const ACTIVATIONS: Readonly<Record<string, (x: string, node: GraphNode, to: Translation, slope: string) => string>> = {
  Relu: (x, _, to) => to.emit("Relu", [x]),
  Relu6: (x, _, to) => to.emit("Clip", [x], { min: 0, max: 6 }),
  Elu: (x, _, to) => to.emit("Elu", [x]),
  Sigmoid: (x, _, to) => to.emit("Sigmoid", [x]),
  Tanh: (x, _, to) => to.emit("Tanh", [x]),
  LeakyRelu: (x, node, to) => to.emit("LeakyRelu", [x], { alpha: numberOf(node, "leakyrelu_alpha", 0.2) }),
  Prelu: (x, _, to, slope) => to.emit("PRelu", [x, slope]),
};

/** The bias and activation of a fused node; `bias` is its name where `BiasAdd` is among them. */
function fusedParts(node: GraphNode): { bias?: string; activation?: string; slope: string } {
  const parts = textsOf(node, "fused_ops");
  const [, , bias = "", slope = ""] = node.inputs;
  const others = parts.filter((part) => part !== "BiasAdd");
  const unknown = others.find((part) => !Object.hasOwn(ACTIVATIONS, part));
  if (others.length > 1 || unknown !== undefined)
    throw new FoveaError("unsupported-operator", `${node.op} ends in ${others.join(" and ")}, which is not supported`);
  return {
    ...(parts.includes("BiasAdd") && { bias }),
    ...(others[0] !== undefined && { activation: others[0] }),
    slope,
  };
}

function finished(node: GraphNode, to: Translation, x: string): void {
  const { activation, slope } = fusedParts(node);
  const done = activation === undefined ? x : ACTIVATIONS[activation]!(x, node, to, slope);
  to.emit("Identity", [done], {}, node.name);
}

export const convolution: Translate = (node, to) => {
  const filters = to.fixed(node, 1);
  if (filters.shape.length !== 4)
    throw new FoveaError("unsupported-operator", `${node.op} has filters of ${filters.shape.length} axes; expected 4`);
  const isDepthwise = node.op.includes("Depthwise");
  const [height, width, channels, multiplier] = filters.shape as [number, number, number, number];
  const turned = isDepthwise
    ? { ...reordered(filters, [2, 3, 0, 1]), shape: [channels * multiplier, 1, height, width] }
    : reordered(filters, [3, 2, 0, 1]);
  const { bias } = fusedParts(node);
  const attributes = { ...windowOf(node), ...(isDepthwise && { group: channels }) };
  const kernel = to.keep(turned);
  const inputs = (x: string): string[] => (bias === undefined ? [x, kernel] : [x, kernel, bias]);
  finished(
    node,
    to,
    onImages(node, to, (x) => to.emit("Conv", inputs(x), attributes)),
  );
};

/** The gradient of a convolution, which is the transposed convolution; its result has the size that input 0 states. */
export const transposedConvolution: Translate = (node, to) => {
  const filters = to.keep(reordered(to.fixed(node, 1), [3, 2, 0, 1]));
  if (isChannelsFirst(node))
    throw new FoveaError("unsupported-operator", `${node.op} has channels first, which is not supported`);
  const [size = "", , x = ""] = node.inputs;
  const attributes = { strides: [...pair(node, "strides", false)], padding: textOf(node, "padding", "VALID") };
  const images = to.channelsFirst(x);
  to.channelsLast(to.emit("ConvTranspose", [images, filters, size], attributes, undefined, DOMAIN), node.name);
};

export const pooling: Translate = (node, to) => {
  const op = node.op.startsWith("Max") ? "MaxPool" : "AveragePool";
  const { dilations: _, ...window } = windowOf(node);
  const attributes = { ...window, kernel_shape: [...pair(node, "ksize", isChannelsFirst(node))] };
  const done = onImages(node, to, (x) => to.emit(op, [x], attributes));
  to.emit("Identity", [done], {}, node.name);
};

/** Rows times a matrix, plus a bias. */
export const product: Translate = (node, to) => {
  const [a = "", b = ""] = node.inputs;
  if (numberOf(node, "transpose_a", 0) === 1 || numberOf(node, "adj_x", 0) === 1)
    throw new FoveaError("unsupported-operator", `${node.op} turns its first matrix, which is not supported`);
  const isTurned = numberOf(node, "transpose_b", 0) === 1 || numberOf(node, "adj_y", 0) === 1;
  const right = to.constants.get(b);
  if (isTurned && right?.shape.length !== 2)
    throw new FoveaError("unsupported-operator", `${node.op} turns a matrix that is computed, which is not supported`);
  const kernel = isTurned ? to.keep(reordered(right!, [1, 0])) : b;
  const { bias } = fusedParts(node);
  const rows = to.emit("MatMul", [a, kernel]);
  finished(node, to, bias === undefined ? rows : to.emit("Add", [rows, bias]));
};

/** Images made larger or smaller; input 1 states the height and width. */
export const resized: Translate = (node, to) => {
  const [x = "", size = ""] = node.inputs;
  const attributes = {
    mode: node.op === "ResizeBilinear" ? "bilinear" : "nearest",
    corners: numberOf(node, "align_corners", 0),
    half: numberOf(node, "half_pixel_centers", 0),
  };
  to.emit("Resize", [x, size], attributes, node.name, DOMAIN);
};

export const normalization: Translate = (node, to) => {
  const epsilon = numberOf(node, "epsilon", 0.001);
  const done = onImages(node, to, (x) => to.emit("BatchNormalization", [x, ...node.inputs.slice(1, 5)], { epsilon }));
  to.emit("Identity", [done], {}, node.name);
};
