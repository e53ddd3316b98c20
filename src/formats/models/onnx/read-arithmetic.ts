// Arithmetic of ONNX as layers: two tensors merged, a constant beside a tensor, powers, choices and bounds.

import { sizeOf } from "../../../core/shape.js";
import { add, maximum, minimum, multiply, reLU, rescaling, subtract } from "../../../nn/layers/index.js";
import type { Layer } from "../../../nn/layers/layer.js";
import { affine, BIGGEST, flowingOf, paired } from "./affine.js";
import { type Folded, mapped } from "./constants/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { type Coarse, coarse, inOrder, layoutOf, slotKey } from "./moves.js";
import { NodeError } from "./node-error.js";
import { clipping, pointwiseOperation, quotient, raised } from "./operations.js";
import type { OnnxNode } from "./proto.js";

const MERGES: Readonly<Record<string, () => Layer>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: quotient,
  Max: maximum,
  Min: minimum,
};

/**
 * Tensors with the same axes in the same order: those of the largest, and any that only others have.
 * @param always the key of an axis that is to be there even where its extent is 1
 */
export function alignedAll(
  reader: GraphReader,
  all: readonly Flowing[],
  always?: number,
): {
  readonly tensors: Coarse["tensor"][];
  readonly keys: readonly number[];
  readonly rank: number;
  readonly batch: number;
} {
  const rank = Math.max(...all.map(({ layout }) => layout.length));
  const raised = all.map((x) =>
    coarse(reader, { ...x, layout: [...new Array<number[]>(rank - x.layout.length).fill([]), ...x.layout] }),
  );
  const [first] = raised as [Coarse];
  if (raised.some(({ batch }) => batch !== first.batch))
    throw new NodeError("takes tensors whose batch lies on different axes, which would mix samples");
  const largest = raised.reduce((a, b) => (sizeOf(b.tensor.shape) > sizeOf(a.tensor.shape) ? b : a));
  const present = largest.slots.map(slotKey);
  const wanted = [...raised.flatMap(({ slots }) => slots.map(slotKey)), ...(always === undefined ? [] : [always])];
  const others = wanted.filter((key) => !present.includes(key));
  const keys = others.length === 0 ? present : [...new Set([...present, ...others])].sort((a, b) => a - b);
  return { tensors: raised.map((x) => inOrder(reader, x, keys)), keys, rank, batch: first.batch };
}

/** Two tensors or more, element by element. */
export function merged(reader: GraphReader, op: string, all: readonly Flowing[]): Flowing {
  const { tensors, keys, rank, batch } = alignedAll(reader, all);
  const positive = op !== "Sub" && all.every((x) => x.positive === true);
  const tensor = reader.apply(MERGES[op]!(), tensors);
  return { kind: "flowing", tensor, layout: layoutOf(keys, rank, batch), positive };
}

/** A tensor and a constant that take part in the order `x op constant`, or the other way round. */
function withConstant(reader: GraphReader, node: OnnxNode, at: number, op: string, constant: Folded): Flowing {
  const x = reader.flowing(node, at);
  const swapped = at > 0;
  if ((op === "Add" || op === "Mul") && reader.readers.get(node.inputs[at]!) === 1 && constant.twin === undefined) {
    const absorbed = x.absorb?.(op, constant);
    if (absorbed !== undefined) return absorbed;
  }
  if (op === "Div" && swapped) {
    const inverse = computed(x, reader.apply(pointwiseOperation("Reciprocal"), x.tensor));
    return scaled(reader, inverse, "Mul", constant);
  }
  if (op === "Sub" && swapped) {
    const negative = computed(x, reader.apply(rescaling(-1), x.tensor));
    return scaled(reader, negative, "Add", constant);
  }
  if (op === "Max" || op === "Min") {
    if (constant.data.length !== 1) throw new NodeError("has bounds that are not one number for all");
    return bounded(reader, x, op === "Max" ? { low: constant.data[0]! } : { high: constant.data[0]! });
  }
  return scaled(reader, x, op, constant);
}

/** x + constant, x - constant, x * constant or x / constant. */
export function scaled(reader: GraphReader, x: Flowing, op: string, constant: Folded): Flowing {
  const turned = (turn: (value: number) => number): Folded => {
    const first = mapped(constant, turn, "float");
    return constant.twin === undefined ? first : { ...first, twin: mapped(constant.twin, turn, "float") };
  };
  const operand = op === "Sub" ? turned((value) => -value) : op === "Div" ? turned((value) => 1 / value) : constant;
  const pair = paired(reader, x, operand);
  const isOffset = op === "Add" || op === "Sub";
  return flowingOf(affine(reader, pair.x, isOffset ? { offset: pair.constant } : { scale: pair.constant }));
}

export function arithmetic(reader: GraphReader, node: OnnxNode): Flowing {
  const all = node.inputs.map((_, index) => reader.at(node, index));
  const op = node.op === "Sum" ? "Add" : node.op;
  const flowing = all.filter((operand) => operand.kind === "flowing");
  if (flowing.length === all.length) return all.length === 1 ? flowing[0]! : merged(reader, op, flowing);
  if (all.length !== 2) throw new NodeError("takes constants and tensors of the model together; expected two inputs");
  const at = all.findIndex((operand) => operand.kind === "flowing");
  return withConstant(reader, node, at, op, all[1 - at] as Folded);
}

/** The result of a layer on x, number by number: it lies as x does, and nothing else that is known of x holds for it. */
const computed = (x: Flowing, tensor: Flowing["tensor"], positive = false): Flowing => ({
  kind: "flowing",
  tensor,
  layout: x.layout,
  positive,
});

/** x^p for a constant p. */
export function power(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const exponent = reader.fixed(node, 1);
  if (exponent.data.length !== 1) throw reader.refusal(node, "has exponents that are not one number for all");
  const p = exponent.data[0]!;
  const names = new Map([
    [2, "Square"],
    [0.5, "Sqrt"],
    [-0.5, "Rsqrt"],
    [-1, "Reciprocal"],
  ]);
  const name = names.get(p);
  if (name !== undefined) return computed(x, reader.apply(pointwiseOperation(name), x.tensor), p === 2);
  if (p === 1) return x;
  return computed(x, reader.apply(raised(p), x.tensor), p % 2 === 0 || x.positive === true);
}

/** One tensor where a constant condition holds, another elsewhere. */
export function chosen(reader: GraphReader, node: OnnxNode): Flowing {
  const condition = reader.constant(node, 0);
  const inverse: Folded = {
    ...mapped(condition, (value) => (value === 0 ? 1 : 0)),
    ...(condition.twin && { twin: mapped(condition.twin, (value) => (value === 0 ? 1 : 0)) }),
  };
  const part = (index: number, share: Folded): Flowing => {
    const x = reader.at(node, index);
    if (x.kind !== "flowing") throw reader.refusal(node, "chooses between constants by a condition of another shape");
    return scaled(reader, x, "Mul", share);
  };
  const [yes, no] = [reader.at(node, 1), reader.at(node, 2)];
  const both = (branch: Folded, share: Folded): Folded => {
    if (branch.data.length !== 1)
      throw reader.refusal(node, "chooses between a tensor and a constant that is not one number");
    const value = Math.min(Math.max(branch.data[0]!, -3.4e38), 3.4e38);
    const times = (some: {
      readonly data: Folded["data"];
      readonly shape: readonly number[];
      readonly kind: Folded["kind"];
    }) => mapped(some, (there) => (there === 0 ? 0 : value), "float");
    return { ...times(share), ...(share.twin && { twin: times(share.twin) }) };
  };
  if (yes.kind !== "flowing") return scaled(reader, part(2, inverse), "Add", both(yes, condition));
  if (no.kind !== "flowing") return scaled(reader, part(1, condition), "Add", both(no, inverse));
  return merged(reader, "Add", [part(1, condition), part(2, inverse)]);
}

/** x held within bounds. */
export function bounded(reader: GraphReader, x: Flowing, { low, high }: { low?: number; high?: number }): Flowing {
  if (low === undefined && high === undefined) return x;
  if (low === 0) {
    const layer = reLU(high === undefined ? {} : { maxValue: high });
    return computed(x, reader.apply(layer, x.tensor), true);
  }
  const layer = clipping(low ?? -BIGGEST, high ?? BIGGEST);
  return computed(x, reader.apply(layer, x.tensor), low !== undefined && low > 0);
}

export function clip(reader: GraphReader, node: OnnxNode): Flowing {
  const bound = (index: number, name: string): number | undefined => {
    const value = reader.has(node, index) ? reader.fixed(node, index).data[0] : node.attributes[name];
    return typeof value === "number" && Math.abs(value) < 3e38 ? value : undefined;
  };
  const [low, high] = [bound(1, "min"), bound(2, "max")];
  const x = reader.flowing(node);
  return bounded(reader, x, {
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  });
}
