// Graphs as plain data that a message port can carry: nodes in an order in which operands come first, ops by name with
// their attributes, variables by number. Reading a record back applies the op records anew, which checks all types.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Graph, type Numerics, rootsOf, topologicalOrder } from "../../core/graph/graph.js";
import { applyAll, input, type Node, type OpRecord, type Value, type Variable } from "../../core/graph/node.js";
import { OPS, type OpName } from "../../core/ops/index.js";
import type { TensorType } from "../../core/tensor.js";

/** A node's number in the list, and which of its outputs. */
export type ValueRecord = readonly [node: number, output: number];

export type NodeRecord =
  | { readonly kind: "input"; readonly name: string; readonly type: TensorType }
  | { readonly kind: "variable"; readonly variable: number }
  | { readonly kind: "op"; readonly op: string; readonly attrs: object; readonly inputs: readonly ValueRecord[] };

export interface GraphRecord {
  readonly nodes: readonly NodeRecord[];
  readonly inputs: readonly ValueRecord[];
  readonly outputs: readonly ValueRecord[];
  readonly updates: readonly (readonly [variable: number, value: ValueRecord])[];
  readonly numerics?: Numerics;
}

/**
 * A graph as a record; `numberOf` says which number stands for a variable.
 * @throws FoveaError for an op that the table of ops does not have.
 */
export function graphToRecord(graph: Graph, numberOf: (variable: Variable) => number): GraphRecord {
  const order = topologicalOrder([...rootsOf(graph), ...graph.inputs]);
  const numbers = new Map<Node, number>(order.map((node, number) => [node, number]));
  const recordOf = ({ node, index }: Value): ValueRecord => [numbers.get(node)!, index];
  const nodes = order.map((node): NodeRecord => {
    if (node.kind === "input") return { kind: "input", name: node.name, type: plainType(node.outputs[0].type) };
    if (node.kind === "variable") return { kind: "variable", variable: numberOf(node.variable) };
    const { record, attrs, inputs } = node;
    if (opNamed(record.name) !== (record as unknown))
      throw new FoveaError(
        "wrong-graph",
        `graph: op "${record.name}" is unknown; a worker takes the ops of core/ops alone`,
      );
    return { kind: "op", op: record.name, attrs, inputs: inputs.map(recordOf) };
  });
  return {
    nodes,
    inputs: graph.inputs.map(recordOf),
    outputs: graph.outputs.map(recordOf),
    updates: graph.updates.map(([variable, value]) => [numberOf(variable), recordOf(value)]),
    ...defined({ numerics: graph.numerics }),
  };
}

/** The graph of a record. The same record makes the same graph, and so the same program. */
export function graphFromRecord(record: GraphRecord, variableOf: (number: number) => Variable): Graph {
  const made: (readonly Value[])[] = [];
  const valueAt = ([node, output]: ValueRecord): Value => made[node]![output]!;
  for (const node of record.nodes)
    if (node.kind === "input") made.push([input(node.name, node.type.shape, node.type.dtype)]);
    else if (node.kind === "variable") made.push([variableOf(node.variable).read()]);
    else made.push(applyAll(opNamed(node.op)!, node.inputs.map(valueAt), node.attrs));
  return {
    inputs: record.inputs.map(valueAt),
    outputs: record.outputs.map(valueAt),
    updates: record.updates.map(([variable, value]) => [variableOf(variable), valueAt(value)]),
    ...defined({ numerics: record.numerics }),
  };
}

const opNamed = (name: string): OpRecord<string, object> | undefined =>
  Object.hasOwn(OPS, name) ? (OPS[name as OpName] as unknown as OpRecord<string, object>) : undefined;

/** A type alone: who made a tensor may have used it, with all its data, as the type. */
export const plainType = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape: [...shape] });
