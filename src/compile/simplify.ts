// Rewrites of whole graphs before fusion: equal subgraphs are computed once, and arithmetic that changes nothing is
// dropped. Every rewrite here keeps each result's bits.
import { type Graph, rootsOf, topologicalOrder } from "../core/graph/graph.js";
import { applyAll, type OpNode, type Value } from "../core/graph/node.js";
import { isOp } from "../core/ops/index.js";
import { sameShape } from "../core/shape.js";

/** The same graph without repetitions. Inputs and variables stay the same objects. */
export function simplify(graph: Graph): Graph {
  const replaced = new Map<Value, Value>();
  const numbers = new Map<Value, number>();
  const known = new Map<string, readonly Value[]>();
  const now = (value: Value): Value => replaced.get(value) ?? value;
  const numberOf = (value: Value): number => {
    const found = numbers.get(value) ?? numbers.size;
    numbers.set(value, found);
    return found;
  };
  for (const node of topologicalOrder(rootsOf(graph))) {
    if (node.kind !== "op") continue;
    const inputs = node.inputs.map(now);
    const unchanged = identity(node, inputs);
    if (unchanged !== undefined) {
      replaced.set(node.outputs[0]!, unchanged);
      continue;
    }
    const key = `${node.record.name} ${inputs.map(numberOf)} ${JSON.stringify(node.attrs, exactly)}`;
    let results = known.get(key);
    if (results === undefined) {
      const same = inputs.every((operand, i) => operand === node.inputs[i]);
      results = same ? node.outputs : applyAll(node.record as never, inputs, node.attrs);
      known.set(key, results);
    }
    for (const [i, output] of node.outputs.entries()) if (results[i] !== output) replaced.set(output, results[i]!);
  }
  return {
    ...graph,
    outputs: graph.outputs.map(now),
    updates: graph.updates.map(([variable, value]) => [variable, now(value)] as const),
  };
}

/** Numbers that JSON would write as others: null for what is not finite, 0 for -0. */
const exactly = (_: string, value: unknown): unknown =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? { number: Object.is(value, -0) ? "-0" : String(value) }
    : value;

/** The operand that a node returns as it is, or undefined. */
function identity(node: OpNode, inputs: readonly Value[]): Value | undefined {
  const [a, b] = inputs;
  if ((isOp(node, "mul") || isOp(node, "div")) && isConstant(b!, 1)) return a;
  if (isOp(node, "mul") && isConstant(a!, 1)) return b;
  if (isOp(node, "sub") && isConstant(b!, 0)) return a;
  // Gradients are in the graph already.
  if (isOp(node, "stopGradient")) return a;
  if (isOp(node, "neg") && isOp(a!.node, "neg")) return a!.node.inputs[0];
  if (isOp(node, "reshape") && sameShape(a!.type.shape, node.attrs.shape)) return a;
  return undefined;
}

/** A constant, or a broadcast of one. */
function isConstant({ node }: Value, wanted: number): boolean {
  if (isOp(node, "broadcastTo")) return isConstant(node.inputs[0]!, wanted);
  return isOp(node, "constant") && Object.is(node.attrs.value, wanted);
}
