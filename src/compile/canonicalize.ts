// Rewrites of forward graphs that change no value, done before differentiation so that gradients profit as well.
//   maxPool(relu(x))  = relu(maxPool(x))       monotone functions commute with the maximum,
//   maxPool(x + bias) = maxPool(x) + bias      and so does rounding: the same bits on a quarter of the elements.
// Gradients agree too, except that ties inside a window may pick another winner.
import { add, broadcastTo, relu } from "../core/graph/functions.js";
import { topologicalOrder } from "../core/graph/graph.js";
import { applyAll, type OpNode, type Value } from "../core/graph/node.js";
import { isOp, type NodeOf } from "../core/ops/index.js";
import { maxPool2dOp } from "../core/ops/pool.js";

/** The same values computed more cheaply; inputs and variables stay the same objects. */
export function canonicalize(outputs: readonly Value[]): Value[] {
  const replaced = new Map<Value, Value>();
  const now = (value: Value): Value => replaced.get(value) ?? value;
  for (const node of topologicalOrder(outputs)) {
    if (node.kind !== "op") continue;
    const inputs = node.inputs.map(now);
    const results = isOp(node, "maxPool2d")
      ? poolEarlier(node, inputs[0]!)
      : inputs.every((operand, i) => operand === node.inputs[i])
        ? node.outputs
        : rebuild(node, inputs);
    node.outputs.forEach((output, i) => {
      if (results[i] !== output) replaced.set(output, results[i]!);
    });
  }
  return outputs.map(now);
}

const rebuild = (node: OpNode, inputs: readonly Value[]): readonly Value[] =>
  applyAll(node.record as never, inputs, node.attrs);

function poolEarlier(pool: NodeOf<"maxPool2d">, x: Value): readonly Value[] {
  if (isOp(x.node, "relu")) {
    const [inner, winner] = poolEarlier(pool, x.node.inputs[0]!);
    return [relu(inner!), winner!];
  }
  if (isOp(x.node, "add")) {
    const [left, right] = x.node.inputs as [Value, Value];
    const bias = perChannel(right);
    if (bias !== undefined) {
      const [inner, winner] = poolEarlier(pool, left);
      return [add(inner!, broadcastTo(bias, inner!.type.shape)), winner!];
    }
  }
  return applyAll(maxPool2dOp, [x], pool.attrs);
}

/** The vector [channels] behind a broadcast over images, or undefined. */
function perChannel(value: Value): Value | undefined {
  if (!isOp(value.node, "broadcastTo")) return undefined;
  const source = value.node.inputs[0]!;
  const channels = value.type.shape.at(-1);
  return source.type.shape.length === 1 && source.type.shape[0] === channels ? source : undefined;
}
