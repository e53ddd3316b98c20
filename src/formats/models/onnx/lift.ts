// From a graph in ONNX's words to a model of layers: every node read in its turn, its results noted, the outputs put
// together. Files of ONNX come here, and the graphs of TensorFlow.js once they are translated.
import { FoveaError } from "../../../core/errors.js";
import { Functional } from "../../../nn/model/functional.js";
import type { Model, ModelOptions } from "../../../nn/model/model.js";
import { type ModelTail, takeWeights } from "../loaded.js";
import { evaluate, evaluates, type Folded } from "./constants/index.js";
import { fused } from "./fusions.js";
import { type Flowing, GraphReader } from "./graph-reader.js";
import { BATCH, type Extent, IMAGE_LAYOUT } from "./layout.js";
import { plain } from "./moves.js";
import { NodeError } from "./node-error.js";
import { ordered, readersOf } from "./order.js";
import type { OnnxModel, OnnxNode, OnnxValue } from "./proto.js";
import { OPERATORS, type Reader } from "./read-ops.js";
import { noteQuantized, onRounded } from "./read-quantized.js";
import { type Cut, cutOf, type Feed, tailOf } from "./tail.js";

/** Limit on layers' weights for small files: one number may fill many channels, and layers may share arrays. */
const LEAST_WEIGHTS = 2 ** 22;
/** Weights are stored in one byte each at least, and constants beside tensors become up to four arrays. */
const SPREAD = 4;
/** Limit on computed constants for small files. */
const LEAST_CONSTANTS = 2 ** 24;
/** Sizes of an open batch for which constants are computed: primes, so that multiples of the batch show. */
const OPEN_BATCH: Extent = [11, 13];
/** Sets of operators besides ONNX's own whose operators of the same name do the same. */
const SAME_OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "com.microsoft": ["Gelu", "QuantizeLinear", "DequantizeLinear"],
};

export interface Graph {
  /** Name of the file in errors. */
  readonly file: string;
  readonly onnx: OnnxModel;
  /** Bytes of the file and its weights, which bound what is made of them. */
  readonly size: number;
  readonly inputFor: (value: OnnxValue) => Flowing;
  /** Operators that are no part of ONNX, by their full names, `set.Operator`. */
  readonly others?: Readonly<Record<string, Reader>>;
  /** True to leave out outputs that no layers compute; what they are computed from takes their place where none is left. */
  readonly cuts?: boolean;
  /** True to keep operators that no layers compute as the model's tail. */
  readonly tails?: boolean;
  /** Sizes of the batch for which constants are computed. Default: what the inputs say. */
  readonly batch?: Extent;
}

export interface Lifted {
  readonly model: Model;
  readonly reader: GraphReader;
  /** Names of the model's outputs in the file. */
  readonly outputs: readonly string[];
  /** The reasons for outputs that were left out, by name. */
  readonly left: ReadonlyMap<string, string>;
  /** Operators behind the model's outputs. */
  readonly tail?: ModelTail;
}

/** Makes layers of a graph, without their weights. @throws FoveaError for what no layers compute */
export function lifted(graph: Graph, options: ModelOptions): Lifted {
  const { file, size, cuts = false, tails = false, others = {} } = graph;
  const onnx = { ...graph.onnx, nodes: fused(graph.onnx.nodes, graph.onnx.initializers) };
  const nodes = ordered(onnx);
  const reader = new GraphReader(
    file,
    onnx.opset,
    graph.batch ?? batchOf(onnx.inputs),
    { weights: Math.max(LEAST_WEIGHTS, SPREAD * size), constants: Math.max(LEAST_CONSTANTS, SPREAD * size) },
    readersOf(nodes, onnx.outputs),
  );
  for (const [name, tensor] of onnx.initializers) reader.known.set(name, tensor);
  const inputs = onnx.inputs.map((value) => graph.inputFor(value));
  for (const [index, value] of onnx.inputs.entries()) reader.known.set(value.name, inputs[index]!);
  const failed = walk(reader, nodes, others, cuts || tails);
  const hasTail = tails && failed.size > 0;
  // A tail is evaluated for one image at a time.
  if (hasTail && reader.batch === OPEN_BATCH) return lifted({ ...graph, batch: [1, 1] }, options);
  const cut = hasTail ? cutOf(reader, nodes, failed, onnx.outputs) : undefined;
  const ends = cut === undefined ? endsOf(reader, onnx, failed) : endsBefore(reader, cut);
  const single = <T>(all: readonly T[]): T | readonly T[] => (all.length === 1 ? all[0]! : all);
  const model = new Functional({
    ...(/^[^/\0]+$/.test(onnx.name) ? { name: onnx.name } : {}),
    ...options,
    inputs: single(inputs.map(({ tensor }) => tensor)),
    outputs: single([...ends.found.values()]),
  });
  const outputs = [...ends.found.keys()];
  if (cut === undefined) return { model, reader, outputs, left: ends.left };
  const feeds = cut.names.map((name) => feedOf(reader, name));
  return { model, reader, outputs, left: ends.left, tail: tailOf(reader, cut, feeds, onnx.outputs) };
}

/** The tensors that a tail begins from, as ends of the model. @throws FoveaError where the file fixes a batch of several images */
function endsBefore(reader: GraphReader, { names, nodes }: Cut): Ends {
  if (reader.batch[0] !== 1)
    throw reader.refusal(
      nodes[0]!,
      `works on a batch of ${reader.batch[0]} images at once; export the model for one image`,
    );
  return { found: new Map(names.map((name) => [name, endOf(reader, name)])), left: new Map() };
}

/** A tensor of the network with its shape in the file, for one image. */
function feedOf(reader: GraphReader, name: string): Feed {
  const found = reader.known.get(name) as Flowing;
  return { name, shape: reader.extents(found).map(([extent]) => extent), isTurned: liesAsImages(found) };
}

/** Checks whether a tensor has its channels last here and first in the file. */
const liesAsImages = ({ layout, tensor }: Flowing): boolean =>
  layout.length === 4 &&
  tensor.shape.length === 3 &&
  IMAGE_LAYOUT.every((parts, axis) => parts.join() === layout[axis]!.join());

/** Gives a lifted model the weights of its file. */
export async function withContents({ model, reader }: Lifted): Promise<Model> {
  const contents = reader.contents();
  await takeWeights(
    reader.file,
    model,
    model.weights.map((weight) => contents.get(weight)!),
  );
  return model;
}

/** Reasons why nodes could not be read, by the node. */
type Failures = ReadonlyMap<OnnxNode, string>;

interface Ends {
  readonly found: ReadonlyMap<string, Flowing["tensor"]>;
  readonly left: ReadonlyMap<string, string>;
}

/** The outputs that could be computed; where there are none, the tensors that the first failing operators take. */
function endsOf(reader: GraphReader, { inputs, outputs }: OnnxModel, failed: Failures): Ends {
  const reasons = new Map([...failed].flatMap(([node, why]) => node.outputs.map((name) => [name, why] as const)));
  const left = new Map(outputs.flatMap(({ name }) => (reasons.has(name) ? [[name, reasons.get(name)!] as const] : [])));
  const whole = outputs.filter(({ name }) => !reasons.has(name));
  const asked = new Set(inputs.map(({ name }) => name));
  const before = [...failed.keys()].flatMap((node) =>
    node.inputs.filter((name) => reader.known.get(name)?.kind === "flowing" && !asked.has(name)),
  );
  const names = whole.length > 0 ? whole.map(({ name }) => name) : [...new Set(before)];
  if (names.length === 0) throw new FoveaError("unsupported-operator", [...reasons.values()][0] ?? "it has no outputs");
  return { found: new Map(names.map((name) => [name, endOf(reader, name)])), left };
}

/** The batch that the file fixes, or two sizes for one that is open. @throws FoveaError when inputs fix several. */
function batchOf(inputs: readonly OnnxValue[]): Extent {
  const fixed = inputs.map(({ shape: [batch] }) => (typeof batch === "number" && batch > 0 ? batch : undefined));
  if (fixed.includes(undefined)) return OPEN_BATCH;
  if (new Set(fixed).size > 1)
    throw new FoveaError("unsupported-feature", `its inputs have batches of ${fixed.join(" and ")}; expected one`);
  return [fixed[0] ?? 1, fixed[0] ?? 1];
}

/** The operator's name, with its set where that is not ONNX's own. */
const fullName = ({ domain, op }: OnnxNode): string => (domain === undefined ? op : `${domain}.${op}`);

/** Reads all nodes. @returns those that could not be read, where that is allowed */
function walk(
  reader: GraphReader,
  nodes: readonly OnnxNode[],
  others: Readonly<Record<string, Reader>>,
  cuts: boolean,
): Failures {
  let computed = 0;
  const failed = new Map<OnnxNode, string>();
  const lost = new Map<string, string>();
  for (const node of nodes) {
    const why = node.inputs.map((name) => lost.get(name)).find((reason) => reason !== undefined);
    try {
      if (why !== undefined) throw new FoveaError("unsupported-operator", why);
      const most = reader.bounds.constants - computed;
      const results = onRounded(reader, node, [step(reader, node, most, others)].flat());
      for (const [index, result] of results.entries()) {
        if (result.kind !== "flowing" && node.inputs.length > 0) computed += result.data.length;
        reader.known.set(node.outputs[index] ?? "", result);
      }
    } catch (error) {
      if (!cuts || !(error instanceof FoveaError)) throw error;
      failed.set(node, error.message);
      for (const name of node.outputs) lost.set(name, error.message);
    }
  }
  return failed;
}

/** Results of one node. @throws FoveaError that names the operator. */
function step(
  reader: GraphReader,
  node: OnnxNode,
  most: number,
  others: Readonly<Record<string, Reader>>,
): ReturnType<Reader> {
  const name = fullName(node);
  if (Object.hasOwn(others, name)) return attempt(reader, node, () => others[name]!(reader, node));
  const isForeign = node.domain !== undefined && !SAME_OPERATORS[node.domain]?.includes(node.op);
  if (isForeign || !(Object.hasOwn(OPERATORS, node.op) || evaluates(node.op)))
    throw reader.refusal({ ...node, op: fullName(node) }, unsupported(node));
  return attempt(reader, node, () => {
    const inputs = node.inputs.map((name, index) => (name === "" ? undefined : reader.at(node, index)));
    const constants = inputs.filter((input): input is Folded | undefined => input?.kind !== "flowing");
    if (constants.length === inputs.length && evaluates(node.op)) {
      if (node.op === "DequantizeLinear") noteQuantized(reader);
      return evaluate(node, reader.opset, constants, most);
    }
    if (!Object.hasOwn(OPERATORS, node.op))
      throw new NodeError("is supported for constants only, and here its input is computed by the model");
    return OPERATORS[node.op]!(reader, node);
  });
}

/** Runs a reader; its errors name the operator. */
function attempt<T>(reader: GraphReader, node: OnnxNode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof NodeError) throw reader.refusal(node, error.message);
    if (error instanceof FoveaError && !error.message.startsWith("the operator "))
      throw reader.refusal(node, `cannot become a layer: ${error.message}`);
    throw error;
  }
}

/** Reason why Fovea does not read an operator, and advice. */
function unsupported({ op, domain }: OnnxNode): string {
  if (["If", "Loop", "Scan"].includes(op))
    return "chooses a branch while the model runs, which is not supported; export the model with a fixed input size";
  if (/^QLinear|Integer$|^DynamicQuantize/.test(op))
    return "computes with whole numbers, which is not supported; quantise the model in the QDQ format, or take the one in float32";
  if (domain !== undefined)
    return "is not one of ONNX's own operators; export the model without optimisations for one runtime";
  return "is not supported; export the model without it, or open a Keras or TensorFlow.js form of the model";
}

/** An output of the model, its axes as the file has them or, for images, the channels last. */
function endOf(reader: GraphReader, name: string): Flowing["tensor"] {
  const found = reader.known.get(name);
  if (found?.kind !== "flowing")
    throw new FoveaError("damaged-file", `nothing gives the output "${name}", or it is a constant`);
  const { layout, tensor } = found;
  if (liesAsImages(found)) return tensor;
  const isBatch = layout[0]?.length === 1 && layout[0][0] === BATCH;
  // A file for one image may have dropped the axis of the batch.
  const whole =
    isBatch || reader.batch[0] !== 1
      ? found
      : { ...found, layout: [[BATCH], ...layout.map((parts) => parts.filter((part) => part !== BATCH))] };
  try {
    return plain(reader, whole);
  } catch (error) {
    throw error instanceof NodeError
      ? new FoveaError("unsupported-operator", `the output "${name}" ${error.message}`)
      : error;
  }
}
