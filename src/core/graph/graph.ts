// Graphs: what one run is given, what it gives back, what it changes. Ordering, checking and printing of node DAGs.
import { FoveaError } from "../errors.js";
import { sameShape, showShape } from "../shape.js";
import type { Node, Value, Variable } from "./node.js";

/**
 * Versions of the numerics: the algorithms and the order of sums by which a backend computes a graph. A version has the same
 * bits in every release. Version 2 has larger tiles of Winograd's algorithm, and fewer partial sums of filter gradients.
 */
export const NUMERICS = [1, 2] as const;
/** A version among `NUMERICS`. */
export type Numerics = (typeof NUMERICS)[number];

/** One run: feed `inputs`, get `outputs`; afterwards each updated variable holds the value beside it. */
export interface Graph {
  /** Values that are fed, in order. */
  readonly inputs: readonly Value[];
  /** Values that come back, in order. */
  readonly outputs: readonly Value[];
  /** Variables with the values that they take. */
  readonly updates: readonly (readonly [Variable, Value])[];
  /** Version of the numerics. Default 1. */
  readonly numerics?: Numerics;
}

/**
 * Every node that `roots` need, operands first, in an order that depends on the graph alone.
 * @param roots The values that are wanted.
 * @example
 * const x = input("x", [3]);
 * const y = mul(x, x);
 * topologicalOrder([y]).length; // 2
 * printGraph(verify({ inputs: [x], outputs: [y], updates: [] }));
 */
export function topologicalOrder(roots: readonly Value[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  for (const root of roots) {
    // An explicit stack: deep networks would overflow the call stack.
    const stack: { node: Node; next: number }[] = [];
    if (!seen.has(root.node)) stack.push({ node: root.node, next: 0 });
    seen.add(root.node);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const operand = top.node.inputs[top.next++];
      if (operand === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(operand.node)) {
        seen.add(operand.node);
        stack.push({ node: operand.node, next: 0 });
      }
    }
  }
  return order;
}

/** All values that a run must compute, outputs first, then updates. */
export const rootsOf = (graph: Graph): Value[] => [...graph.outputs, ...graph.updates.map(([, value]) => value)];

/** The variables that a graph reads or updates, in order of first appearance. */
export function variablesOf(graph: Graph): Variable[] {
  const found = new Set<Variable>();
  for (const node of topologicalOrder(rootsOf(graph))) if (node.kind === "variable") found.add(node.variable);
  for (const [variable] of graph.updates) found.add(variable);
  return [...found];
}

/**
 * Checks what types alone cannot: every input is declared, no variable is updated twice, updates keep their type.
 * @param graph The graph, which is returned as it is.
 * @throws FoveaError naming the offender.
 */
export function verify(graph: Graph): Graph {
  const declared = new Set(graph.inputs.map((value) => value.node));
  for (const node of topologicalOrder(rootsOf(graph)))
    if (node.kind === "input" && !declared.has(node))
      throw new FoveaError("wrong-graph", `graph: input "${node.name}" is used but not among the graph's inputs`);
    else if (node.outputs.some(({ type }) => type.dtype === "int8"))
      throw new FoveaError(
        "dtype-mismatch",
        "graph: expected float32, int32 or uint8, received int8, which is for arrays on the host alone",
      );
  const updated = new Set<Variable>();
  for (const [variable, value] of graph.updates) {
    if (updated.has(variable))
      throw new FoveaError("wrong-graph", `graph: variable "${variable.name}" is updated twice`);
    updated.add(variable);
    if (!sameShape(variable.type.shape, value.type.shape) || variable.type.dtype !== value.type.dtype)
      throw new FoveaError(
        "shape-mismatch",
        `graph: variable "${variable.name}" is ${variable.type.dtype} ${showShape(variable.type.shape)}, ` +
          `its update ${value.type.dtype} ${showShape(value.type.shape)}`,
      );
  }
  return graph;
}

/**
 * The graph as text, one node a line: `%3 = conv2d(%1, %2) {"strides":[1,1]} : float32 [8, 6, 6, 4]`.
 * @param graph The graph.
 */
export function printGraph(graph: Graph): string {
  const names = new Map<Node, string>();
  const nameOf = (value: Value): string =>
    value.node.outputs.length > 1 ? `${names.get(value.node)}.${value.index}` : names.get(value.node)!;
  const lines = topologicalOrder(rootsOf(graph)).map((node, i) => {
    names.set(node, `%${i}`);
    const types = node.outputs.map(({ type }) => `${type.dtype} ${showShape(type.shape)}`).join(", ");
    if (node.kind === "input") return `%${i} = input "${node.name}" : ${types}`;
    if (node.kind === "variable") return `%${i} = variable "${node.variable.name}" : ${types}`;
    const attrs = Object.keys(node.attrs).length > 0 ? ` ${JSON.stringify(node.attrs)}` : "";
    return `%${i} = ${node.record.name}(${node.inputs.map(nameOf).join(", ")})${attrs} : ${types}`;
  });
  for (const value of graph.outputs) lines.push(`output ${nameOf(value)}`);
  for (const [variable, value] of graph.updates) lines.push(`update "${variable.name}" := ${nameOf(value)}`);
  return lines.join("\n");
}
