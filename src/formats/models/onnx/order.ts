// The nodes of an ONNX graph in an order in which they can be read, whatever order the file has them in, and only those
// that the outputs need.
import { FoveaError } from "../../../core/errors.js";
import type { OnnxModel, OnnxNode } from "./proto.js";

/** The node that gives each name. @throws FoveaError when two give the same. */
export function producersOf(nodes: readonly OnnxNode[], known: Iterable<string>): Map<string, OnnxNode> {
  const producers = new Map<string, OnnxNode>();
  const taken = new Set(known);
  for (const node of nodes)
    for (const name of node.outputs) {
      if (name === "") continue;
      if (producers.has(name) || taken.has(name))
        throw new FoveaError("damaged-file", `two operators or inputs give "${name}"; the file is damaged`);
      producers.set(name, node);
    }
  return producers;
}

/** The nodes that the outputs need, each after those that it needs. @throws FoveaError when some wait for each other. */
export function ordered({ nodes, inputs, outputs, initializers }: OnnxModel): OnnxNode[] {
  const producers = producersOf(nodes, [...inputs.map(({ name }) => name), ...initializers.keys()]);
  const order: OnnxNode[] = [];
  const state = new Map<OnnxNode, "waiting" | "done">();
  // An explicit stack: deep networks would overflow the call stack.
  const stack: { readonly node: OnnxNode; next: number }[] = [];
  const enter = (name: string): void => {
    const node = producers.get(name);
    if (node === undefined || state.get(node) === "done") return;
    if (state.get(node) === "waiting")
      throw new FoveaError(
        "damaged-file",
        `the operator ${node.op} that gives "${name}" needs its own result; the graph goes round in a circle`,
      );
    state.set(node, "waiting");
    stack.push({ node, next: 0 });
  };
  for (const { name } of outputs) {
    enter(name);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.node.inputs[top.next++];
      if (input !== undefined) enter(input);
      else {
        order.push(top.node);
        state.set(top.node, "done");
        stack.pop();
      }
    }
  }
  return order;
}

/** Number of times that nodes and outputs read each name. */
export function readersOf(nodes: readonly OnnxNode[], outputs: OnnxModel["outputs"]): Map<string, number> {
  const readers = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map((output) => output.name)])
    readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}
