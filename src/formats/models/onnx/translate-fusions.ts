// Elementwise ops that ONNX has as part of a larger operator: a bias in a product, a mean, a clip, a softmax. The
// operators that they replace may stay behind unused and are dropped at the end.
import type { Value } from "../../../core/graph/node.js";
import { isOp, type NodeOf } from "../../../core/ops/index.js";
import { sizeOf } from "../../../core/shape.js";
import type { Constant, Operand, Stored } from "./builder.js";
import { binary, reduction, stored, type Translation } from "./translation.js";

/** A constant with one number a channel, or one for all; undefined for anything else. */
function perChannel(operand: Operand, channels: number): Constant | undefined {
  if (operand.kind !== "constant" || operand.data.length !== (operand.shape.at(-1) ?? 1)) return undefined;
  if (operand.data.length !== 1 && operand.data.length !== channels) return undefined;
  return {
    kind: "constant",
    shape: [channels],
    data: new Float64Array(channels).map((_, i) => operand.data[i % operand.data.length]!),
  };
}

/** A bias goes into the operator before it. */
export function add(node: NodeOf<"add">, to: Translation): Operand {
  const channels = node.outputs[0]!.type.shape.at(-1) ?? 1;
  for (const [product, bias] of [node.inputs, [...node.inputs].reverse()] as [Value, Value][]) {
    const x = to.operand(product);
    const addend = perChannel(to.operand(bias), channels);
    if (x.kind !== "stored" || addend === undefined || to.readers(product) !== 1) continue;
    const before = to.builder.producer(x);
    if (before === undefined || !["Conv", "ConvTranspose", "Gemm"].includes(before.op) || before.inputs.length !== 2)
      continue;
    if (sizeOf(x.shape) !== sizeOf(to.graph.shapeOf(node.outputs[0]!))) continue;
    before.inputs.push(to.builder.floats(addend, "bias"));
    return x;
  }
  return binary("Add")(node, to);
}

/** A sum divided by its count is a mean. */
export function mul(node: NodeOf<"mul">, to: Translation): Operand {
  for (const [total, factor] of [node.inputs, [...node.inputs].reverse()] as [Value, Value][]) {
    const scale = to.operand(factor);
    const x = to.operand(total);
    if (scale.kind !== "constant" || scale.data.length !== 1 || x.kind !== "stored" || to.readers(total) !== 1)
      continue;
    const sum = isOp(total.node, "reshape") ? total.node.inputs[0]! : total;
    if (!isOp(sum.node, "sum") || to.readers(sum) !== 1) continue;
    const { shape } = sum.node.inputs[0]!.type;
    const count = sum.node.attrs.axes.reduce((product, axis) => product * shape[axis]!, 1);
    const before = to.builder.producer(to.operand(sum) as Stored);
    if (before?.op !== "ReduceSum" || Math.abs(scale.data[0]! * count - 1) > 1e-6) continue;
    const { places } = reduction(sum.node, to);
    const global = places.join() === "2,3" && shape.length === 4;
    before.op = global ? "GlobalAveragePool" : "ReduceMean";
    before.inputs.splice(1);
    before.attributes = global ? {} : { axes: places, keepdims: 1 };
    return x;
  }
  return binary("Mul")(node, to);
}

/** max(0, min(x, c)) is a clip. */
export function minimum(node: NodeOf<"minimum">, to: Translation): Operand {
  const [x, limit] = node.inputs.map(to.operand) as [Operand, Operand];
  if (
    x.kind === "stored" &&
    limit.kind === "constant" &&
    limit.data.length === 1 &&
    to.readers(node.inputs[0]!) === 1
  ) {
    const before = to.builder.producer(x);
    if (before?.op === "Relu") {
      const bound = (value: number): string => to.builder.floats({ shape: [], data: Float64Array.of(value) }, "bound");
      before.op = "Clip";
      before.inputs.push(bound(0), bound(limit.data[0]!));
      return x;
    }
  }
  return binary("Min")(node, to);
}

/** exp(x - max) / sum(exp(x - max)) along one axis is a softmax. */
export function div(node: NodeOf<"div">, to: Translation): Operand {
  const [powers, spread] = node.inputs as [Value, Value];
  const unspread = (value: Value): Value => (isOp(value.node, "broadcastTo") ? value.node.inputs[0]! : value);
  const sum = unspread(spread).node;
  if (isOp(powers.node, "exp") && isOp(sum, "sum") && sum.inputs[0] === powers && sum.attrs.axes.length === 1) {
    const shift = powers.node.inputs[0]!.node;
    const most = isOp(shift, "sub") ? unspread(shift.inputs[1]!).node : undefined;
    if (isOp(shift, "sub") && most !== undefined && isOp(most, "max") && most.inputs[0] === shift.inputs[0]) {
      const x = to.builder.plain(to.operand(shift.inputs[0]!));
      return stored(to.builder.node("Softmax", [x.name], { axis: sum.attrs.axes[0]! }), x.shape, false);
    }
  }
  return binary("Div")(node, to);
}
