// Functions on images [batch, height, width, channels] that move pixels: resizing, and sampling along affine maps. All
// of them are picks of pixels by computed indices, so gradients flow back to the pixels that were picked.
import type { Value } from "../node.js";
import { add, clip, floor, mul, sub } from "./elementwise.js";
import { gather, iota } from "./indexing.js";
import { broadcastTo, cast, reshape } from "./shaping.js";

export type Interpolation = "nearest" | "bilinear";

/** Every row `sizes[0]` times, every column `sizes[1]` times. */
export function repeatImage(x: Value, [down, right]: readonly [number, number]): Value {
  const [n, h, w, c] = x.type.shape as [number, number, number, number];
  const spread = broadcastTo(reshape(x, [n, h, 1, w, 1, c]), [n, h, down, w, right, c]);
  return reshape(spread, [n, h * down, w * right, c]);
}

/** Resamples the middle axis of rows [n, extent, c]: pixel centres at half positions, no antialiasing, as TensorFlow. */
function resampleAxis(x: Value, extent: number, interpolation: Interpolation): Value {
  const [n, before, c] = x.type.shape as [number, number, number];
  if (before === extent) return x;
  const centre = mul(add(iota([n, extent], 1), 0.5), before / extent);
  const at = (position: Value): Value => gather(x, cast(clip(position, 0, before - 1), "int32"));
  if (interpolation === "nearest") return at(floor(centre));
  const position = sub(centre, 0.5);
  const lower = floor(position);
  const weight = broadcastTo(reshape(sub(position, lower), [n, extent, 1]), [n, extent, c]);
  const [first, second] = [at(lower), at(add(lower, 1))];
  return add(first, mul(sub(second, first), weight));
}

/** Images at another height and width. */
export function resizeImage(x: Value, [height, width]: readonly [number, number], interpolation: Interpolation): Value {
  const [n, h, w, c] = x.type.shape as [number, number, number, number];
  const rows = resampleAxis(reshape(x, [n, h, w * c]), height, interpolation);
  const columns = resampleAxis(reshape(rows, [n * height, w, c]), width, interpolation);
  return reshape(columns, [n, height, width, c]);
}
