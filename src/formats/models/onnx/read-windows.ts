// ONNX's convolutions and poolings as layers. Padding is stated cell by cell there: "valid", "same" where it comes to
// that, else a layer of its own before.
import { resolvePadding } from "../../../core/graph/functions.js";
import { dilatedExtent } from "../../../core/ops/window.js";
import {
  averagePooling2d,
  conv2d,
  conv2dTranspose,
  cropping2d,
  depthwiseConv2d,
  maxPooling2d,
  zeroPadding2d,
} from "../../../nn/layers/index.js";
import { transposed } from "./builder.js";
import { type Flowing, filtersLast, type GraphReader } from "./graph-reader.js";
import type { OnnxNode } from "./proto.js";

type Pair = readonly [number, number];

interface Window {
  readonly strides: Pair;
  readonly dilation: Pair;
  /** `[top, bottom, left, right]` */
  readonly pads: readonly [number, number, number, number];
  readonly same: boolean;
}

function pair(reader: GraphReader, node: OnnxNode, name: string, fallback: Pair): Pair {
  const value = node.attributes[name];
  if (value === undefined) return fallback;
  if (Array.isArray(value) && value.length === 2) return value as unknown as Pair;
  throw reader.refusal(node, `has ${name} for another number of axes than the two of images`);
}

function windowOf(reader: GraphReader, node: OnnxNode, x: Flowing, size: Pair): Window {
  const strides = pair(reader, node, "strides", [1, 1]);
  const dilation = pair(reader, node, "dilations", [1, 1]);
  const image: Pair = [x.tensor.shape[0]!, x.tensor.shape[1]!];
  const same = resolvePadding("same", image, size, strides, dilation);
  const auto = node.attributes.auto_pad ?? "NOTSET";
  if (auto === "SAME_UPPER") return { strides, dilation, pads: same, same: true };
  if (auto !== "NOTSET" && auto !== "VALID") throw reader.refusal(node, `pads by ${auto}, which is not supported`);
  const [top, left, bottom, right] = (auto === "VALID" ? undefined : (node.attributes.pads as number[])) ?? [
    0, 0, 0, 0,
  ];
  const pads: [number, number, number, number] = [top ?? 0, bottom ?? 0, left ?? 0, right ?? 0];
  if (reader.number(node, "ceil_mode", 0) === 1)
    for (const axis of [0, 1]) {
      const cells = dilatedExtent(size[axis]!, dilation[axis]!);
      const over = (image[axis]! + pads[2 * axis]! + pads[2 * axis + 1]! - cells) % strides[axis]!;
      if (over > 0) pads[2 * axis + 1]! += strides[axis]! - over;
    }
  return { strides, dilation, pads, same: pads.every((cells, i) => cells === same[i]) };
}

const isZero = (pads: readonly number[]): boolean => pads.every((cells) => cells === 0);

/** The images with zeros around them, when padding is neither none nor "same". */
function padded(reader: GraphReader, x: Flowing, { pads, same }: Window): Flowing {
  const [top, bottom, left, right] = pads;
  return same || isZero(pads)
    ? x
    : reader.apply(
        zeroPadding2d([
          [top, bottom],
          [left, right],
        ]),
        x,
      );
}
const paddingName = ({ pads, same }: Window): "same" | "valid" => (same && !isZero(pads) ? "same" : "valid");

export function convolution(reader: GraphReader, node: OnnxNode): Flowing {
  const x = { ...reader.images(node), positive: false };
  const filters = reader.constant(node, 1);
  if (filters.shape.length !== 4) throw reader.refusal(node, "is no convolution of images");
  const [out, , kh, kw] = filters.shape as [number, number, number, number];
  const channels = x.tensor.shape[2]!;
  const groups = reader.number(node, "group", 1);
  const window = windowOf(reader, node, x, [kh, kw]);
  const options = {
    strides: window.strides,
    dilationRate: window.dilation,
    padding: paddingName(window),
    useBias: reader.has(node, 2),
  };
  const bias = options.useBias ? [reader.constant(node, 2)] : [];
  const input = padded(reader, x, window);
  if (groups === channels && groups > 1 && filters.shape[1] === 1) {
    const depthMultiplier = out / channels;
    const split = { ...filters, shape: [channels, depthMultiplier, kh, kw] };
    const kernel = transposed(split, [2, 3, 0, 1]);
    return reader.apply(depthwiseConv2d([kh, kw], { ...options, depthMultiplier }), input, [kernel, ...bias]);
  }
  return reader.apply(conv2d(out, [kh, kw], { ...options, groups }), input, [filtersLast(filters), ...bias]);
}

export function transposedConvolution(reader: GraphReader, node: OnnxNode): Flowing {
  const x = { ...reader.images(node), positive: false };
  const filters = reader.constant(node, 1);
  const { output_shape: given, auto_pad: auto = "NOTSET" } = node.attributes;
  const isPlain = auto === "NOTSET" || auto === "VALID";
  if (filters.shape.length !== 4 || reader.number(node, "group", 1) !== 1 || given !== undefined || !isPlain)
    throw reader.refusal(node, "has groups, an output_shape, auto_pad or no images, which is not supported");
  const [, out, kh, kw] = filters.shape as [number, number, number, number];
  const { strides, dilation, pads } = windowOf(reader, node, x, [kh, kw]);
  const useBias = reader.has(node, 2);
  const layer = conv2dTranspose(out, [kh, kw], {
    strides,
    dilationRate: dilation,
    useBias,
    outputPadding: pair(reader, node, "output_padding", [0, 0]),
  });
  const whole = reader.apply(layer, x, [filtersLast(filters), ...(useBias ? [reader.constant(node, 2)] : [])]);
  const [top, bottom, left, right] = pads;
  return isZero(pads)
    ? whole
    : reader.apply(
        cropping2d([
          [top, bottom],
          [left, right],
        ]),
        whole,
      );
}

export function pooling(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.images(node);
  const size = pair(reader, node, "kernel_shape", [1, 1]);
  const window = windowOf(reader, node, x, size);
  const options = { strides: window.strides, padding: paddingName(window) };
  if (!isZero(window.dilation.map((step) => step - 1)))
    throw reader.refusal(node, "is dilated, which is not supported");
  const counted = reader.number(node, "count_include_pad", 0) === 1;
  if (node.op === "MaxPool") {
    if (!window.same && !isZero(window.pads) && !x.positive)
      throw reader.refusal(node, "pads numbers that may be negative, which is not supported");
    return reader.apply(maxPooling2d(size, options), padded(reader, x, window));
  }
  if (isZero(window.pads) || (window.same && !counted)) return reader.apply(averagePooling2d(size, options), x);
  if (!counted) throw reader.refusal(node, "leaves padding out of its means, which is supported for SAME_UPPER only");
  if (reader.number(node, "ceil_mode", 0) === 1)
    throw reader.refusal(node, "counts padding but not what ceil_mode adds to it, which is not supported");
  const input = padded(reader, x, { ...window, same: false });
  return reader.apply(averagePooling2d(size, { ...options, padding: "valid" }), input);
}
