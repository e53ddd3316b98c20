// Operators behind a network's last layer that no layer computes: sorting, picking, suppressing boxes. Their results have sizes that
// depend on the image, so they are evaluated for one image at a time, by the evaluator of constants.
import { FoveaError } from "../../../core/errors.js";
import { sizeOf } from "../../../core/shape.js";
import type { ModelTail, TailResult } from "../loaded.js";
import { evaluate, evaluates } from "./constants/index.js";
import type { GraphReader } from "./graph-reader.js";
import { NodeError } from "./node-error.js";
import type { OnnxNode, OnnxTensor, OnnxValue } from "./proto.js";

/** The most numbers of one result. */
const MOST = 2 ** 26;
/** Operators that only move numbers: those before the tail alone belong to it, so that it begins at whole tensors. */
const MOVING: ReadonlySet<string> = new Set([
  ...["Cast", "Gather", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze"],
]);

/** Nodes that layers do not compute, and the tensors of the network that they begin from. */
export interface Cut {
  readonly nodes: readonly OnnxNode[];
  /** Names of tensors that the model has to put out: for the nodes, or as outputs of the file. */
  readonly names: readonly string[];
  /** The reason why layers do not compute the first of the nodes. */
  readonly reason: string;
}

/**
 * Finds the tail of a graph.
 * @param nodes all nodes in order
 * @param failed nodes that could not be read, with the reasons
 * @throws FoveaError with the first reason where the tail has an operator that is not evaluated either
 */
export function cutOf(
  reader: GraphReader,
  nodes: readonly OnnxNode[],
  failed: ReadonlyMap<OnnxNode, string>,
  outputs: readonly OnnxValue[],
): Cut {
  for (const node of failed.keys())
    if (!isEvaluated(node))
      throw new FoveaError("unsupported-operator", failed.get(node) ?? `the operator ${node.op} is not supported`);
  const behind = new Set(failed.keys());
  const told = new Set(outputs.map(({ name }) => name));
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes) for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  const flows = (name: string): boolean => reader.known.get(name)?.kind === "flowing";
  for (const node of [...nodes].reverse()) {
    if (behind.has(node) || !MOVING.has(node.op) || !node.outputs.some(flows)) continue;
    const isOnlyRead = (name: string): boolean =>
      !told.has(name) && (readers.get(name) ?? []).every((next) => behind.has(next));
    if (node.outputs.every(isOnlyRead)) behind.add(node);
  }
  const made = new Set([...behind].flatMap((node) => node.outputs));
  const read = [...[...behind].flatMap(({ inputs }) => inputs), ...told];
  const names = new Set(read.filter((name) => !made.has(name) && flows(name)));
  return { nodes: nodes.filter((node) => behind.has(node)), names: [...names], reason: [...failed.values()][0]! };
}

/** Checks whether a node and the nodes of its branches can be evaluated. */
const isEvaluated = ({ op, domain, branches }: OnnxNode): boolean =>
  domain === undefined &&
  (op === "If" ? Object.values(branches ?? {}).every(({ nodes }) => nodes.every(isEvaluated)) : evaluates(op));

/** A tensor of the network as the file has it. */
export interface Feed {
  readonly name: string;
  /** In the file, for one image. */
  readonly shape: readonly number[];
  /** True where the model gives it with channels last and the file has them first. */
  readonly isTurned: boolean;
}

/** Results of the nodes for one image. */
export function tailOf(
  reader: GraphReader,
  cut: Cut,
  feeds: readonly Feed[],
  outputs: readonly OnnxValue[],
): ModelTail {
  const constants = new Map<string, OnnxTensor>();
  for (const { inputs } of cut.nodes)
    for (const name of inputs) {
      const known = reader.known.get(name);
      if (known !== undefined && known.kind !== "flowing") constants.set(name, known);
    }
  return {
    reason: cut.reason,
    outputs,
    run: (rows) => {
      const values = new Map(constants);
      for (const [index, feed] of feeds.entries()) values.set(feed.name, fed(feed, rows[index]!));
      evaluateAll(reader, cut.nodes, values);
      return outputs.map(({ name }): TailResult => {
        const found = values.get(name);
        if (found === undefined)
          throw new FoveaError("damaged-file", `${reader.file}: nothing gives the output "${name}"`);
        return found;
      });
    },
  };
}

function fed({ shape, isTurned }: Feed, row: Float32Array): OnnxTensor {
  if (row.length !== sizeOf(shape))
    throw new FoveaError("internal-mistake", `expected ${sizeOf(shape)} numbers, received ${row.length}`);
  if (!isTurned) return { kind: "float", shape, data: row };
  const [, channels, height, width] = shape as [number, number, number, number];
  const data = new Float32Array(row.length);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (let channel = 0; channel < channels; channel++)
      data[channel * height * width + pixel] = row[pixel * channels + channel]!;
  return { kind: "float", shape, data };
}

function evaluateAll(reader: GraphReader, nodes: readonly OnnxNode[], values: Map<string, OnnxTensor>): void {
  for (const node of nodes) {
    const results = node.op === "If" ? branched(reader, node, values) : evaluated(reader, node, values);
    for (const [index, result] of results.entries()) values.set(node.outputs[index] ?? "", result);
  }
}

function evaluated(
  reader: GraphReader,
  node: OnnxNode,
  values: ReadonlyMap<string, OnnxTensor>,
): readonly OnnxTensor[] {
  const inputs = node.inputs.map((name) => {
    if (name === "") return undefined;
    const found = values.get(name);
    if (found === undefined) throw reader.refusal(node, `needs "${name}", which nothing gives`);
    return found;
  });
  try {
    return evaluate(node, reader.opset, inputs, MOST);
  } catch (error) {
    throw error instanceof NodeError ? reader.refusal(node, error.message) : error;
  }
}

/** Results of the branch that the first input decides for; branches see all values before them. */
function branched(reader: GraphReader, node: OnnxNode, values: ReadonlyMap<string, OnnxTensor>): readonly OnnxTensor[] {
  const isTrue = (values.get(node.inputs[0] ?? "")?.data[0] ?? 0) !== 0;
  const branch = node.branches?.[isTrue ? "then_branch" : "else_branch"];
  if (branch === undefined) throw reader.refusal(node, "has no such branch; the file is damaged");
  const inside = new Map([...values, ...branch.initializers]);
  evaluateAll(reader, branch.nodes, inside);
  return branch.outputs.map((name) => {
    const found = inside.get(name);
    if (found === undefined) throw reader.refusal(node, `has a branch without "${name}"`);
    return found;
  });
}
