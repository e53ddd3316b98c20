// Models whose weights and activations were rounded to few bits (QDQ): computed with the numbers that those stand for.
// Fovea leaves out the rounding of activations, with a warning, and keeps the clipping, as exporters put ReLU into it.

import { rangeOf } from "./elements.js";
import type { Flowing, GraphReader, Known } from "./graph-reader.js";
import type { OnnxNode } from "./proto.js";
import { bounded } from "./read-arithmetic.js";

const WARNING =
  "this is a quantised model (int8): its weights are used as the numbers that they stand for, and activations are not " +
  "rounded, so predictions differ slightly from those of the quantised model";

/** Numbers of the model rounded: kept as they are, within the bounds of the rounded type. */
export function quantized(reader: GraphReader, node: OnnxNode): Flowing {
  reader.warnings.add(WARNING);
  const x = reader.flowing(node);
  const scale = reader.fixed(node, 1).data;
  const zero = reader.has(node, 2) ? reader.fixed(node, 2) : undefined;
  if (scale.length !== 1) return x;
  const [least, most] = rangeOf(zero?.element ?? "uint8");
  const at = zero?.data[0] ?? 0;
  return bounded(reader, x, { low: (least - at) * scale[0]!, high: (most - at) * scale[0]! });
}

/** Numbers of the model out of their rounded form, which they were never in. */
export function dequantized(reader: GraphReader, node: OnnxNode): Known {
  reader.warnings.add(WARNING);
  return reader.flowing(node);
}

export const noteQuantized = (reader: GraphReader): Set<string> => reader.warnings.add(WARNING);
