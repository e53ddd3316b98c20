// Graph models of TensorFlow.js as models of layers. The graph is translated into ONNX's words and lifted as files of ONNX
// are. Decoders of detectors (sorting, suppression, loops) are no layers: outputs behind them are left out, with a warning.
import { FoveaError } from "../../../core/errors.js";
import { showShape, sizeOf } from "../../../core/shape.js";
import { input } from "../../../nn/layers/index.js";
import { type LoadedModel, type LoadOptions, naming, type Siblings } from "../loaded.js";
import type { Flowing } from "../onnx/graph-reader.js";
import { MOST_INPUT } from "../onnx/import.js";
import { plainLayout } from "../onnx/layout.js";
import { type Lifted, lifted, withContents } from "../onnx/lift.js";
import type { OnnxModel, OnnxTensor, OnnxValue } from "../onnx/proto.js";
import { readTfjsArrays, type WeightsManifest } from "../tfjs-weights.js";
import { EXTRA_OPERATORS } from "./extra-ops.js";
import { type GraphNode, nodeName, readGraph, shapeOf, type TensorFlowGraph } from "./graph.js";
import { TRANSLATIONS } from "./translate.js";
import { DOMAIN, Translation } from "./translation.js";

/** A model that is cut before all its outputs is opened when it has more than one in so many of the file's numbers. */
const WORTH = 2;
/** The operator set of ONNX whose words are used. */
const OPSET = 17;

export interface GraphFile {
  readonly modelTopology: unknown;
  readonly signature: unknown;
  readonly weightsManifest: WeightsManifest;
}

export interface LoadedGraph extends LoadedModel {
  /** Names of the model's outputs in the file, in order. */
  readonly outputs: readonly string[];
}

/**
 * Opens a graph model.
 * @throws FoveaError when it is damaged, lacks weights, or no output of it can be computed by layers.
 */
export async function loadGraph(
  { modelTopology, signature, weightsManifest }: GraphFile,
  siblings: Siblings,
  options: LoadOptions,
): Promise<LoadedGraph> {
  const { file = "model.json", compile: _, imageSize, ...modelOptions } = options;
  const graph = readGraph(file, modelTopology, signature);
  const arrays = await readTfjsArrays(file, weightsManifest, siblings);
  const size = arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
  const found = naming(file, "", () => {
    const onnx = translated(graph, new Map(arrays.map(({ name, ...array }) => [name, array])));
    const inputFor = (value: OnnxValue): Flowing => inputOf(value, imageSize);
    return lifted({ file, onnx, size, inputFor, others: EXTRA_OPERATORS, cuts: true }, modelOptions);
  });
  const isCut = graph.outputs.every((name) => found.left.has(name));
  if (isCut && WORTH * 4 * found.model.countParams() < size)
    throw new FoveaError(
      "unsupported-operator",
      `${file}: ${[...found.left.values()][0]}; before it there is too little of the model to be of use`,
    );
  const model = await withContents(found);
  return {
    model,
    facts: undefined,
    outputs: found.outputs,
    warnings: [...[...found.reader.warnings].map((text) => `${file}: ${text}`), ...left(file, found)],
  };
}

/** Sentence about outputs that no layers compute. */
function left(file: string, { left, outputs }: Lifted): string[] {
  if (left.size === 0) return [];
  const [reason] = left.values();
  return [
    `${file}: without its output ${[...left.keys()].join(", ")}, because ${reason}; the model gives ${outputs.join(", ")}`,
  ];
}

const isInput = ({ op }: GraphNode): boolean => op === "Placeholder";

/** The graph in ONNX's words: nodes that the outputs need, each after those that it needs. */
function translated(graph: TensorFlowGraph, arrays: ReadonlyMap<string, OnnxTensor>): OnnxModel {
  const to = new Translation();
  const state = new Map<string, "waiting" | "done">();
  // An explicit stack: deep networks would overflow the call stack.
  const stack: { readonly node: GraphNode; next: number }[] = [];
  const inputs: GraphNode[] = [];
  const circular = new Set<string>();
  const enter = (result: string): void => {
    const node = graph.nodes.get(nodeName(result));
    if (node === undefined || state.get(node.name) === "done") return;
    if (state.get(node.name) === "waiting") circular.add(node.name);
    else {
      state.set(node.name, "waiting");
      stack.push({ node, next: 0 });
    }
  };
  for (const output of graph.outputs) {
    enter(output);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const next = top.node.inputs[top.next++];
      if (next !== undefined) {
        enter(next);
        continue;
      }
      stack.pop();
      state.set(top.node.name, "done");
      if (isInput(top.node)) inputs.push(top.node);
      else translate(top.node, to, arrays, circular.has(top.node.name));
    }
  }
  return {
    opset: OPSET,
    name: "",
    nodes: to.nodes,
    initializers: to.constants,
    inputs: inputs.map((node) => ({ name: node.name, shape: shapeIn(node) })),
    outputs: graph.outputs.map((name) => ({ name, shape: [] })),
    metadata: new Map(),
  };
}

function translate(node: GraphNode, to: Translation, arrays: ReadonlyMap<string, OnnxTensor>, isLoop: boolean): void {
  if (node.op === "Const") {
    const array = arrays.get(node.name);
    if (array === undefined) throw new FoveaError("weights-missing", `has no weights for the constant "${node.name}"`);
    to.constants.set(node.name, array);
    return;
  }
  const constant = to.constants.get(node.inputs[0] ?? "");
  if (node.op === "Identity" && constant !== undefined) {
    to.constants.set(node.name, constant);
    return;
  }
  const before = to.nodes.length;
  let reason = isLoop ? "needs its own result, and loops are not supported" : "is not supported";
  try {
    if (Object.hasOwn(TRANSLATIONS, node.op) && !isLoop) {
      TRANSLATIONS[node.op]!(node, to);
      return;
    }
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    reason = `is not supported as it is here: ${error.message}`;
    to.nodes.length = before;
  }
  // It fails when layers are made, and outputs that need it are left out.
  const inputs = isLoop ? [] : node.inputs.filter((name) => name !== "");
  const attributes = { op: node.op, reason };
  to.nodes.push({ op: "Unread", domain: DOMAIN, inputs, outputs: resultsOf(node), attributes });
}

/** Names of a node's results that others may read; no operator that is not read has more. */
const MOST_RESULTS = 8;
const resultsOf = ({ name }: GraphNode): string[] =>
  Array.from({ length: MOST_RESULTS }, (_, index) => (index === 0 ? name : `${name}:${index}`));

/** The extents of an input as ONNX states them, open ones by name. */
function shapeIn(node: GraphNode): (number | string)[] {
  const shape = shapeOf(node);
  if (shape === undefined)
    throw new FoveaError("unsupported-feature", `the input "${node.name}" says no shape; expected a fixed size`);
  return shape.map((extent, axis) => (extent > 0 ? extent : axis === 0 ? "batch" : ""));
}

/** An input as it lies; images of an open size with the size that was asked for. */
function inputOf({ name, shape }: OnnxValue, imageSize: LoadOptions["imageSize"]): Flowing {
  const [, height, width, channels] = shape;
  const isOpen = shape.length === 4 && typeof height === "string" && typeof width === "string";
  const sample = isOpen && imageSize !== undefined ? [...imageSize, channels!] : shape.slice(1);
  const fixed = sample.filter((extent): extent is number => typeof extent === "number");
  if (sample.length === 0 || fixed.length < sample.length)
    throw new FoveaError(
      "unsupported-feature",
      `input "${name}" is [${shape.map((extent) => (extent === "" ? "?" : extent)).join(", ")}]; expected samples of a ` +
        "fixed size; give the height and width of images, as in --image-size 224x224 (imageSize: [224, 224] in code)",
    );
  if (sizeOf(fixed) > MOST_INPUT)
    throw new FoveaError("too-large", `input "${name}" has samples ${showShape(fixed)}, which are too large`);
  const layer = input(fixed, /^[^/\0]+$/.test(name) ? { name } : {});
  return { kind: "flowing", tensor: layer.output, layout: plainLayout(fixed.length) };
}
