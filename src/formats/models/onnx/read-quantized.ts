// Models whose weights and activations were rounded to few bits (QDQ): computed with the numbers that those stand for.
// Fovea leaves out the rounding of activations, with a warning, and keeps the clipping, as exporters put ReLU into it.

import { rangeOf, roundedType } from "./elements.js";
import { type Flowing, type GraphReader, type Known, type Rounding, withoutAbsorb } from "./graph-reader.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";
import { bounded, scaled } from "./read-arithmetic.js";

const WARNING =
  "this is a quantised model (int8): its weights are used as the numbers that they represent, and activations are not " +
  "rounded, so predictions differ slightly from those of the quantised model";

/** Numbers of the model rounded: kept as they are, within the bounds of the rounded type. */
export function quantized(reader: GraphReader, node: OnnxNode): Flowing {
  reader.warnings.add(WARNING);
  const x = reader.flowing(node);
  const rounded = roundingOf(reader, node);
  const { scale, zero } = rounded;
  if (scale.data.length !== 1) return { ...withoutAbsorb(x), rounded };
  const [least, most] = rangeOf(zero?.element ?? roundedType(node.attributes.output_dtype));
  const [step, at] = [scale.data[0]!, zero?.data[0] ?? 0];
  return { ...bounded(reader, x, { low: (least - at) * step, high: (most - at) * step }), rounded };
}

const roundingOf = (reader: GraphReader, node: OnnxNode): Rounding => ({
  scale: reader.fixed(node, 1),
  zero: reader.has(node, 2) ? reader.fixed(node, 2) : undefined,
});

/** Numbers of the model out of their rounded form, which they were never in; whole numbers of an input by the formula. */
export function dequantized(reader: GraphReader, node: OnnxNode): Known {
  reader.warnings.add(WARNING);
  const x = reader.flowing(node);
  const rounding = roundingOf(reader, node);
  if (x.rounded === undefined) return byFormula(reader, node, x, rounding);
  if (!isSame(x.rounded, rounding))
    throw reader.refusal(
      node,
      "has another scale or zero point than the numbers were rounded by, which is not supported",
    );
  const { rounded: _, ...numbers } = x;
  return numbers;
}

/** (x - zero) * scale. */
function byFormula(reader: GraphReader, node: OnnxNode, x: Flowing, { scale, zero }: Rounding): Flowing {
  const axis = scale.data.length === 1 ? 0 : reader.axis(node, reader.number(node, "axis", 1), x.layout.length);
  const along = (constant: OnnxTensor): OnnxTensor =>
    constant.data.length === 1
      ? { ...constant, shape: [] }
      : { ...constant, shape: x.layout.map((_, at) => (at === axis ? constant.data.length : 1)) };
  const moved = zero === undefined ? x : scaled(reader, x, "Sub", along(zero));
  return scaled(reader, moved, "Mul", along(scale));
}

function isSame(a: Rounding, b: Rounding): boolean {
  const numbers = ({ scale, zero }: Rounding): readonly number[] => [...scale.data, ...(zero?.data ?? [0])];
  const [first, second] = [numbers(a), numbers(b)];
  return first.length === second.length && first.every((value, i) => value === second[i]);
}

/** Operators that only move whole numbers about, or choose among them: their results stand for such as well. */
const MOVES = [
  ...["Flatten", "Gather", "Identity", "MaxPool", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze"],
];

/** Results of a node on numbers that stand for whole ones. @throws FoveaError for one that computes with them */
export function onRounded(reader: GraphReader, node: OnnxNode, results: readonly Known[]): readonly Known[] {
  const inputs = node.inputs.flatMap((name) => reader.known.get(name) ?? []);
  const found = inputs.find((input): input is Flowing => input.kind === "flowing" && input.rounded !== undefined);
  if (found === undefined || ["DequantizeLinear", "Shape"].includes(node.op)) return results;
  if (!MOVES.includes(node.op))
    throw reader.refusal(
      node,
      "computes with whole numbers, which is not supported; quantise the model in the QDQ format",
    );
  return results.map((result) => (result.kind === "flowing" ? { ...result, rounded: found.rounded! } : result));
}

export const noteQuantized = (reader: GraphReader): Set<string> => reader.warnings.add(WARNING);
