// Operators of TensorFlow that ONNX does not have, or whose result depends on sizes that are known only while layers are
// made: resizing, blocks of channels as pixels, and transposed convolutions that state the size of their result.
import type { Shape } from "../../../core/shape.js";
import { conv2dTranspose, cropping2d, resizing } from "../../../nn/layers/index.js";
import { filled, reordered } from "../onnx/constants/index.js";
import type { Flowing, GraphReader } from "../onnx/graph-reader.js";
import { BATCH, IMAGE_LAYOUT, plainLayout } from "../onnx/layout.js";
import { arranged, regroup } from "../onnx/moves.js";
import type { OnnxNode, OnnxTensor } from "../onnx/proto.js";
import type { Reader } from "../onnx/read-ops.js";
import { denseOn, relabelled } from "../onnx/read-products.js";
import { DOMAIN } from "./translation.js";

/** The most numbers that a resized image may have. */
const MOST_PIXELS = 2 ** 26;

/** Images whose four axes lie as [batch, height, width, channels] here. */
function images(reader: GraphReader, node: OnnxNode, x: Flowing): Flowing["tensor"] {
  const [batch, ...others] = x.layout;
  if (others.length !== 3 || batch!.some((part) => part !== BATCH && x.tensor.shape[part - 1] !== 1))
    throw reader.refusal(node, `expects images [batch, height, width, channels], received ${reader.shown(x)}`);
  return arranged(reader, x.tensor, others);
}

/** The place of position `to` of a longer or shorter axis on the axis of `from` positions, as TensorFlow computes it. */
function sourceOf(to: number, from: number, size: number, corners: boolean, half: boolean): number {
  if (corners) return size > 1 ? (to * (from - 1)) / (size - 1) : 0;
  return half ? ((to + 0.5) * from) / size - 0.5 : (to * from) / size;
}

/** The share of each position of an axis in each of the resized axis: [from, size]. */
function shares(from: number, size: number, node: OnnxNode): OnnxTensor {
  const [corners, half] = [node.attributes.corners === 1, node.attributes.half === 1];
  const out = filled("float", [from, size], 0);
  const data = out.data as Float32Array;
  for (let to = 0; to < size; to++) {
    const at = sourceOf(to, from, size, corners, half);
    if (node.attributes.mode === "nearest") {
      const nearest = corners ? Math.round(at) : half ? Math.floor(at + 0.5) : Math.floor(at);
      data[Math.min(from - 1, Math.max(0, nearest)) * size + to] = 1;
      continue;
    }
    const low = Math.max(0, Math.floor(at));
    const high = Math.min(from - 1, Math.ceil(at));
    const share = Math.max(0, at) - low;
    data[Math.min(low, from - 1) * size + to]! += 1 - share;
    data[high * size + to]! += share;
  }
  return out;
}

function resized(reader: GraphReader, node: OnnxNode): Flowing {
  const { absorb: _, ...x } = reader.flowing(node);
  const [height, width] = reader.fixed(node, 1).data as unknown as [number, number];
  const tensor = images(reader, node, x);
  const [rows, columns, channels] = tensor.shape as [number, number, number];
  const isSize = (extent: number): boolean => Number.isInteger(extent) && extent > 0;
  if (!isSize(height) || !isSize(width) || height * width * channels > MOST_PIXELS)
    throw reader.refusal(node, `makes images of ${height}x${width}, which have no such size or are too large`);
  const positive = x.positive === true;
  if (height === rows && width === columns) return { ...x, tensor, layout: plainLayout(3) };
  const lies = { kind: "flowing", layout: plainLayout(3), positive } as const;
  const { mode, corners, half } = node.attributes;
  if (mode === "bilinear" && half === 1 && corners === 0)
    return { ...lies, tensor: reader.apply(resizing(height, width), tensor) };
  // No layer of Keras places pixels so; each axis by itself is a product with the shares.
  const down = denseOn(reader, relabelled({ ...lies, tensor }, [0, 2, 3, 1]), shares(rows, height, node));
  const across = denseOn(reader, relabelled(down, [0, 3, 2, 1]), shares(columns, width, node));
  const { absorb: __, ...done } = relabelled(across, [0, 1, 3, 2]);
  return { ...done, positive };
}

function depthToSpace(reader: GraphReader, node: OnnxNode): Flowing {
  const { absorb: _, ...x } = reader.flowing(node);
  const block = reader.number(node, "block", 2);
  const [batch, rows, columns, channels] = reader.extents(x);
  if (channels === undefined || channels[0] % (block * block) !== 0)
    throw reader.refusal(node, `makes blocks of ${block}x${block} of ${reader.shown(x)}`);
  const fixed = (extent: number): readonly [number, number] => [extent, extent];
  const depth = channels[0] / (block * block);
  const split = regroup(reader, x, [batch!, rows!, columns!, fixed(block), fixed(block), fixed(depth)]);
  const mixed = relabelled(split, [0, 1, 3, 2, 4, 5]);
  return regroup(reader, mixed, [batch!, fixed(rows![0] * block), fixed(columns![0] * block), fixed(depth)]);
}

/** The extent of a transposed convolution, and the cells of it that "same" padding cuts off before and behind. */
function span(
  extent: number,
  cells: number,
  stride: number,
  wanted: number,
  isSame: boolean,
): readonly [number, number] {
  const whole = (extent - 1) * stride + cells;
  const over = isSame ? Math.max(0, whole - wanted) : 0;
  return [Math.floor(over / 2), over - Math.floor(over / 2)];
}

/** Its images and result have channels first, as ONNX's ConvTranspose has them; input 2 states the result's shape. */
function transposedConvolution(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const [batch, channels, height, width] = x.layout;
  const filters = reader.fixed(node, 1);
  const tensor = arranged(reader, x.tensor, [height!, width!, channels!]);
  const [, out, kh, kw] = filters.shape as Shape & { 1: number; 2: number; 3: number };
  const stated = reader.constant(node, 2).data;
  const wanted = [stated[1] ?? 0, stated[2] ?? 0] as const;
  const strides = node.attributes.strides as readonly [number, number];
  const isSame = node.attributes.padding === "SAME";
  const sizes = [kh, kw] as const;
  const cuts = ([0, 1] as const).map((axis) =>
    span(tensor.shape[axis]!, sizes[axis], strides[axis], wanted[axis], isSame),
  );
  const extra = ([0, 1] as const).map(
    (axis) =>
      wanted[axis] - ((tensor.shape[axis]! - 1) * strides[axis] + sizes[axis]) + cuts[axis]![0] + cuts[axis]![1],
  ) as [number, number];
  if (batch === undefined || extra.some((cells, axis) => cells < 0 || cells >= strides[axis]!))
    throw reader.refusal(node, `makes images of ${wanted.join("x")} of ${reader.shown(x)}, which is not possible`);
  const layer = conv2dTranspose(out, [kh, kw], { strides, useBias: false, outputPadding: extra });
  const whole = reader.apply(layer, tensor, [reordered(filters, [2, 3, 1, 0])]);
  const isWhole = cuts.flat().every((cells) => cells === 0);
  const cut = isWhole ? whole : reader.apply(cropping2d([cuts[0]!, cuts[1]!]), whole);
  return { kind: "flowing", tensor: cut, layout: IMAGE_LAYOUT };
}

/** An operator that was not translated, which is told where layers are made, so that outputs without it are kept. */
function unread(reader: GraphReader, { attributes, outputs, ...node }: OnnxNode): never {
  throw reader.refusal({ ...node, attributes, outputs, op: String(attributes.op) }, String(attributes.reason));
}

/** By their full names, as the reader of graphs looks them up. */
export const EXTRA_OPERATORS: Readonly<Record<string, Reader>> = {
  [`${DOMAIN}.Unread`]: unread,
  [`${DOMAIN}.Resize`]: resized,
  [`${DOMAIN}.DepthToSpace`]: depthToSpace,
  [`${DOMAIN}.ConvTranspose`]: transposedConvolution,
};
