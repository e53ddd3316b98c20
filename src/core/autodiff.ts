// Reverse-mode differentiation: one pass backwards over op records. Nothing else in Fovea knows a derivative.
// Only nodes on a path from `wrt` to the loss are visited, so frozen weights and first layers cost nothing.
import { FoveaError } from "./errors.js";
import { constant } from "./functions/index.js";
import { topologicalOrder } from "./graph/graph.js";
import { apply, type Node, type Value } from "./graph/node.js";
import { addOp } from "./ops/elementwise.js";
import { sizeOf } from "./shape.js";

/**
 * Gradients of a scalar `loss` in each of `wrt`, with their shapes; zeros where the loss does not depend on one.
 * @throws FoveaError when the loss is not a scalar or a path goes through an op without a gradient.
 * @example
 * const x = input("x", [3]);
 * const loss = sum(mul(x, x));
 * const [slope] = gradients(loss, [x]); // 2 x, of shape [3]
 */
export function gradients(loss: Value, wrt: readonly Value[]): Value[] {
  if (sizeOf(loss.type.shape) !== 1)
    throw new FoveaError("shape-mismatch", `gradients: expected a scalar loss, received shape [${loss.type.shape}]`);
  const order = topologicalOrder([loss]);
  const needed = new Set<Node>(wrt.map((value) => value.node));
  for (const node of order) if (node.inputs.some((operand) => needed.has(operand.node))) needed.add(node);

  const arrived = new Map<Value, Value>([[loss, constant(1, loss.type.shape)]]);
  for (const node of order.reverse()) {
    if (node.kind !== "op" || !needed.has(node) || !node.inputs.some((operand) => needed.has(operand.node))) continue;
    const incoming = node.outputs.map((output) => arrived.get(output));
    if (incoming.every((gradient) => gradient === undefined)) continue;
    const { vjp, name } = node.record;
    if (vjp === null)
      throw new FoveaError("wrong-graph", `gradients: op "${name}" has no gradient of its own gradient`);
    const outgoing = vjp({
      inputs: node.inputs,
      outputs: node.outputs,
      attrs: node.attrs as never,
      gradients: incoming,
    });
    node.inputs.forEach((operand, i) => {
      const gradient = outgoing[i];
      if (gradient === undefined || !needed.has(operand.node)) return;
      const before = arrived.get(operand);
      arrived.set(operand, before === undefined ? gradient : apply(addOp, [before, gradient], {}));
    });
  }
  return wrt.map((value) => arrived.get(value) ?? constant(0, value.type.shape));
}
