// ONNX's Resize of images as layers: repeated pixels, or bilinear between the middles of pixels, as detectors and segmenters have them.
import { resizing, upSampling2d } from "../../../nn/layers/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { IMAGE_LAYOUT } from "./layout.js";
import type { OnnxNode } from "./proto.js";
import { imagesOf } from "./read-windows.js";

/** The most numbers that a resized image may have. */
const MOST_PIXELS = 2 ** 26;

/** Height and width that the file asks for, from its sizes or its scales; Upsample has scales in place of a region. */
function wantedSize(reader: GraphReader, node: OnnxNode, from: readonly number[]): readonly number[] {
  const at = node.op === "Upsample" || reader.opset < 11 ? 1 : 2;
  if (at === 2 && reader.has(node, 3)) return Array.from(reader.constant(node, 3).data).slice(-2);
  if (!reader.has(node, at)) throw reader.refusal(node, "has neither sizes nor scales");
  const scales = Array.from(reader.fixed(node, at).data).slice(-2);
  return from.map((extent, axis) => Math.floor(extent * (scales[axis] ?? 1)));
}

export function resized(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const tensor = imagesOf(reader, node, x);
  const [rows, columns, channels] = tensor.shape as [number, number, number];
  const [height, width] = wantedSize(reader, node, [rows, columns]) as [number, number];
  const isSize = (extent: number): boolean => Number.isInteger(extent) && extent > 0;
  if (!isSize(height) || !isSize(width) || height * width * channels > MOST_PIXELS)
    throw reader.refusal(node, `makes images of ${height}x${width}, which have no such size or are too large`);
  const positive = x.positive === true;
  const done = (result: Flowing["tensor"]): Flowing => ({
    kind: "flowing",
    tensor: result,
    layout: IMAGE_LAYOUT,
    positive,
  });
  if (height === rows && width === columns) return done(tensor);
  const isOld = node.op === "Upsample" || reader.opset < 11;
  const { mode = "nearest", coordinate_transformation_mode: places = isOld ? "asymmetric" : "half_pixel" } =
    node.attributes;
  const { nearest_mode: nearest = isOld ? "floor" : "round_prefer_floor" } = node.attributes;
  // Whole factors repeat each pixel, however positions are counted and rounded, but for those that round other ways.
  const isRepeated = height % rows === 0 && width % columns === 0;
  const rounds =
    places === "asymmetric"
      ? nearest === "floor"
      : places === "half_pixel" && String(nearest).startsWith("round_prefer");
  if (mode === "nearest" && isRepeated && rounds)
    return done(reader.apply(upSampling2d([height / rows, width / columns]), tensor));
  const isHalf = places === "half_pixel" || (places === "pytorch_half_pixel" && height > 1 && width > 1);
  if (mode === "linear" && isHalf && node.attributes.antialias !== 1)
    return done(reader.apply(resizing(height, width), tensor));
  throw reader.refusal(
    node,
    `resizes ${rows}x${columns} to ${height}x${width} as ${String(mode)}, ${String(places)}, which is not supported; ` +
      "whole factors of nearest pixels and linear with half_pixel are",
  );
}
