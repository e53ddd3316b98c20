// ONNX's convolutions and poolings as layers. Padding is stated cell by cell there: "valid", "same" where it comes to
// that, else a layer of its own before.
import { resolvePadding } from "../../../core/functions/index.js";
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
import type { SymbolicTensor } from "../../../nn/layers/layer.js";
import { affine, BIGGEST } from "./affine.js";
import { filled, reordered } from "./constants/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { BATCH, IMAGE_LAYOUT } from "./layout.js";
import { arranged } from "./moves.js";
import { NodeError } from "./node-error.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

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

/** The images [h, w, c] that the file has as [n, c, h, w]. */
export function imagesOf(reader: GraphReader, node: OnnxNode, x: Flowing): SymbolicTensor {
  const [batch, channels, height, width] = x.layout;
  if (x.layout.length !== 4 || batch!.some((part) => part !== BATCH && x.tensor.shape[part - 1] !== 1))
    throw reader.refusal(node, `expects images [batch, channels, height, width], received ${reader.shown(x)}`);
  return arranged(reader, x.tensor, [height!, width!, channels!]);
}

const asImages = (tensor: SymbolicTensor, positive: boolean): Flowing => ({
  kind: "flowing",
  tensor,
  layout: IMAGE_LAYOUT,
  positive,
});

/** Filters [out, in, h, w] as ours: [h, w, in, out]. */
const filtersLast = (filters: OnnxTensor): OnnxTensor => reordered(filters, [2, 3, 1, 0]);

function windowOf(reader: GraphReader, node: OnnxNode, x: SymbolicTensor, size: Pair): Window {
  const strides = pair(reader, node, "strides", [1, 1]);
  const dilation = pair(reader, node, "dilations", [1, 1]);
  const image: Pair = [x.shape[0]!, x.shape[1]!];
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
      const span = image[axis]! + pads[2 * axis]! + pads[2 * axis + 1]! - cells;
      const over = span % strides[axis]!;
      // A window that begins behind the image is none, as in PyTorch and by ONNX's text since version 22.
      const begins = span - over + strides[axis]!;
      if (over > 0 && begins < image[axis]! + pads[2 * axis]!) pads[2 * axis + 1]! += strides[axis]! - over;
    }
  return { strides, dilation, pads, same: pads.every((cells, i) => cells === same[i]) };
}

const isZero = (pads: readonly number[]): boolean => pads.every((cells) => cells === 0);

/** The images with zeros around them, when padding is neither none nor "same". */
function padded(reader: GraphReader, x: SymbolicTensor, { pads, same }: Window): SymbolicTensor {
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
  const x = imagesOf(reader, node, reader.flowing(node));
  const filters = reader.fixed(node, 1);
  if (filters.shape.length !== 4) throw reader.refusal(node, "is no convolution of images");
  const [out, , kh, kw] = filters.shape as [number, number, number, number];
  const channels = x.shape[2]!;
  const groups = reader.number(node, "group", 1);
  const window = windowOf(reader, node, x, [kh, kw]);
  const input = padded(reader, x, window);
  const layerWith = (bias: readonly OnnxTensor[]): SymbolicTensor => {
    const options = {
      strides: window.strides,
      dilationRate: window.dilation,
      padding: paddingName(window),
      useBias: bias.length > 0,
    };
    if (groups === channels && groups > 1 && filters.shape[1] === 1) {
      const depthMultiplier = out / channels;
      const kernel = reordered({ ...filters, shape: [channels, depthMultiplier, kh, kw] }, [2, 3, 0, 1]);
      return reader.apply(depthwiseConv2d([kh, kw], { ...options, depthMultiplier }), input, [kernel, ...bias]);
    }
    return reader.apply(conv2d(out, [kh, kw], { ...options, groups }), input, [filtersLast(filters), ...bias]);
  };
  if (reader.has(node, 2)) return asImages(layerWith([reader.fixed(node, 2)]), false);
  const absorb: Flowing["absorb"] = (op, constant) =>
    op === "Add" && constant.data.length === out && constant.shape.at(-3) === out
      ? asImages(layerWith([{ ...constant, shape: [out] }]), false)
      : undefined;
  return { ...asImages(layerWith([]), false), absorb };
}

export function transposedConvolution(reader: GraphReader, node: OnnxNode): Flowing {
  const x = imagesOf(reader, node, reader.flowing(node));
  const filters = reader.fixed(node, 1);
  const { output_shape: outputShape, auto_pad: auto = "NOTSET" } = node.attributes;
  const isPlain = auto === "NOTSET" || auto === "VALID";
  if (filters.shape.length !== 4 || reader.number(node, "group", 1) !== 1 || outputShape !== undefined || !isPlain)
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
  const whole = reader.apply(layer, x, [filtersLast(filters), ...(useBias ? [reader.fixed(node, 2)] : [])]);
  const [top, bottom, left, right] = pads;
  if (isZero(pads)) return asImages(whole, false);
  const cut = cropping2d([
    [top, bottom],
    [left, right],
  ]);
  return asImages(reader.apply(cut, whole), false);
}

/** The images with a border below all numbers, which no maximum takes. */
function sunken(reader: GraphReader, x: SymbolicTensor, window: Window): SymbolicTensor {
  const [top, bottom, left, right] = window.pads;
  const tensor = padded(reader, x, window);
  const [height, width] = tensor.shape as [number, number];
  if (height * width > reader.bounds.constants)
    throw new NodeError("pads images to more numbers than the file may need");
  const offset = filled("float", [height, width, 1], Number.NEGATIVE_INFINITY);
  const data = offset.data as Float32Array;
  for (let row = top; row < height - bottom; row++) data.fill(0, row * width + left, (row + 1) * width - right);
  const slots = [2, 3, 1].map((axis, index) => ({ axis, behind: false, parts: [index + 1] }));
  const infinite = { ...offset, data: data.map((value) => (value === 0 ? 0 : -BIGGEST)) };
  const done = affine(reader, { tensor, slots, rank: 4, batch: 0 }, { offset: infinite });
  return arranged(
    reader,
    done.tensor,
    [2, 3, 1].map((axis) => [done.slots.findIndex((slot) => slot.axis === axis) + 1]),
  );
}

export function pooling(reader: GraphReader, node: OnnxNode): Flowing {
  const flowing = reader.flowing(node);
  const positive = flowing.positive === true;
  const x = imagesOf(reader, node, flowing);
  const size = pair(reader, node, "kernel_shape", [1, 1]);
  const window = windowOf(reader, node, x, size);
  // The padding that rounding up adds behind an image is less than a stride.
  const most = window.pads.map((_, side) => size[side >> 1]! + (side % 2) * (window.strides[side >> 1]! - 1));
  if (window.pads.some((cells, side) => cells < 0 || cells >= most[side]!))
    throw reader.refusal(node, `pads by [${window.pads.join(", ")}]; expected fewer cells than its window has`);
  const options = { strides: window.strides, padding: paddingName(window) };
  if (!isZero(window.dilation.map((step) => step - 1)))
    throw reader.refusal(node, "is dilated, which is not supported");
  const counted = reader.number(node, "count_include_pad", 0) === 1;
  if (node.op === "MaxPool") {
    const plain = window.same || isZero(window.pads) || positive;
    const input = plain ? padded(reader, x, window) : sunken(reader, x, window);
    return asImages(reader.apply(maxPooling2d(size, options), input), positive);
  }
  if (isZero(window.pads) || (window.same && !counted))
    return asImages(reader.apply(averagePooling2d(size, options), x), positive);
  if (!counted) throw reader.refusal(node, "leaves padding out of its means, which is supported for SAME_UPPER only");
  if (reader.number(node, "ceil_mode", 0) === 1)
    throw reader.refusal(node, "counts padding but not the rows that ceil_mode adds, which is not supported");
  const input = padded(reader, x, { ...window, same: false });
  return asImages(reader.apply(averagePooling2d(size, { ...options, padding: "valid" }), input), positive);
}
