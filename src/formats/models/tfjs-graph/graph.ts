// A graph model's topology as plain nodes: names without their ports, and attributes in TensorFlow's JSON form, in which
// whole numbers are text and text is base64. Knows nothing of operators.
import * as z from "zod";
import { FoveaError } from "../../../core/errors.js";
import { checkJson } from "../../json.js";

const number = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(e-?\d+)?$/i)]).transform(Number);
const text = z.union([z.string(), z.array(z.int().min(0).max(255))]);
const DIMENSIONS = z.looseObject({ dim: z.array(z.looseObject({ size: number.optional() })).optional() });
const ATTRIBUTE = z.looseObject({
  i: number.optional(),
  f: z.union([number, z.enum(["NaN", "Infinity", "-Infinity"])]).optional(),
  b: z.boolean().optional(),
  s: text.optional(),
  type: z.union([z.string(), z.number()]).optional(),
  shape: DIMENSIONS.optional(),
  list: z.looseObject({ i: z.array(number).optional(), s: z.array(text).optional() }).optional(),
});
const NODE = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).optional(),
  attr: z.record(z.string(), ATTRIBUTE).optional(),
});
const TOPOLOGY = z.looseObject({ node: z.array(NODE) });
const SIGNATURE = z.looseObject({
  outputs: z.record(z.string(), z.looseObject({ name: z.string().optional() })).optional(),
});

type Attribute = z.output<typeof ATTRIBUTE>;

/** One operator. Inputs are `name`, or `name:1` for a result other than the first. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface TensorFlowGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Names of the results, as inputs have them. */
  readonly outputs: readonly string[];
}

/** The name of a result: the first of a node goes by the node's own. */
const resultName = (name: string): string => name.replace(/:0$/, "");
/** The node that gives a result. */
export const nodeName = (result: string): string => result.replace(/:\d+$/, "");

/**
 * The nodes of a graph model.
 * @param signature of the file, which names the outputs; without one they are the results that nothing reads
 * @throws FoveaError when it is no such graph, or two nodes have one name
 */
export function readGraph(file: string, topology: unknown, signature: unknown): TensorFlowGraph {
  const { node: listed } = checkJson(`${file}, modelTopology`, TOPOLOGY, topology);
  const nodes = new Map<string, GraphNode>();
  for (const { name, op, input = [], attr = {} } of listed) {
    if (nodes.has(name))
      throw new FoveaError("damaged-file", `${file}: has two nodes with the name ${JSON.stringify(name)}`);
    // Inputs that begin with ^ only say what runs first.
    const inputs = input.filter((operand) => !operand.startsWith("^")).map(resultName);
    nodes.set(name, { name, op, inputs, attributes: attr });
  }
  const named = signature === undefined ? {} : (checkJson(`${file}, signature`, SIGNATURE, signature).outputs ?? {});
  const outputs = Object.entries(named).map(([key, { name = key }]) => resultName(name));
  return { nodes, outputs: outputs.length > 0 ? [...new Set(outputs)] : unread(nodes) };
}

function unread(nodes: ReadonlyMap<string, GraphNode>): string[] {
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(nodeName)));
  return [...nodes.values()]
    .filter(({ name, op }) => !read.has(name) && !["Const", "NoOp"].includes(op))
    .map(({ name }) => name);
}

/** Text out of base64, or out of a list of bytes. */
function decoded(value: z.output<typeof text>): string {
  if (typeof value !== "string") return String.fromCharCode(...value);
  try {
    return atob(value);
  } catch {
    return value;
  }
}

/** An attribute's whole number or truth value, as a number. */
export const numberOf = ({ attributes }: GraphNode, name: string, fallback: number): number => {
  const found = attributes[name];
  const value = found?.i ?? found?.f ?? (found?.b === undefined ? undefined : Number(found.b));
  return value === undefined ? fallback : Number(value);
};
export const textOf = ({ attributes }: GraphNode, name: string, fallback: string): string => {
  const found = attributes[name]?.s;
  return found === undefined ? fallback : decoded(found);
};
export const numbersOf = ({ attributes }: GraphNode, name: string): readonly number[] =>
  attributes[name]?.list?.i ?? [];
export const textsOf = ({ attributes }: GraphNode, name: string): readonly string[] =>
  (attributes[name]?.list?.s ?? []).map(decoded);
/** The extents of a placeholder, -1 where they are open; undefined where even their number is. */
export const shapeOf = ({ attributes }: GraphNode): readonly number[] | undefined =>
  attributes.shape?.shape?.dim?.map(({ size }) => size ?? -1);
/** A type's name: `DT_FLOAT`. */
export const typeOf = ({ attributes }: GraphNode, name: string): string => {
  const type = attributes[name]?.type;
  return typeof type === "number" ? (TYPES[type] ?? `type ${type}`) : (type ?? "DT_FLOAT");
};
/** TensorFlow's numbers of the types that models of images use. */
const TYPES: Readonly<Record<number, string>> = {
  1: "DT_FLOAT",
  3: "DT_INT32",
  9: "DT_INT64",
  10: "DT_BOOL",
  19: "DT_HALF",
};
