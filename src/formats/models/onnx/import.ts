// ONNX files as models of layers: the operators that classifiers of images use. Images come in as [batch, height, width,
// channels], as everywhere in Fovea, whatever the file says.
import { FoveaError } from "../../../core/errors.js";
import { showShape, sizeOf } from "../../../core/shape.js";
import { input } from "../../../nn/layers/index.js";
import { Functional } from "../../../nn/model/functional.js";
import { parseJson } from "../../json.js";
import { checkFacts, type FoveaFacts } from "../fovea-facts.js";
import { type ImageSize, type LoadedModel, type LoadOptions, naming, type Siblings, takeWeights } from "../loaded.js";
import { evaluate, evaluates, type Folded } from "./constants/index.js";
import { externalBytes, fetchExternal } from "./external.js";
import { fused } from "./fusions.js";
import { type Flowing, GraphReader } from "./graph-reader.js";
import { BATCH, type Extent, IMAGE_LAYOUT, plainLayout } from "./layout.js";
import { plain } from "./moves.js";
import { NodeError } from "./node-error.js";
import { ordered, readersOf } from "./order.js";
import type { OnnxModel, OnnxNode, OnnxValue } from "./proto.js";
import { OPERATORS } from "./read-ops.js";
import { readOnnx } from "./read-proto.js";
import { noteQuantized, onRounded } from "./read-quantized.js";

/** The most numbers that one sample may have; a file that claims more is damaged or malicious. */
const MOST_INPUT = 2 ** 28;
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

export interface LoadOnnxOptions extends LoadOptions {
  /** Gives the files beside the model, where its weights may be. Default: there are none. */
  readonly siblings?: Siblings;
}

/** The messages of a file with the weights that lie beside it, and how many bytes both have. */
async function opened(bytes: Uint8Array, file: string, siblings: Siblings): Promise<{ onnx: OnnxModel; size: number }> {
  const locations = new Set<string>();
  const first = readOnnx(bytes, file, (_, { location }) => {
    locations.add(location);
    return undefined;
  });
  if (locations.size === 0) return { onnx: first, size: bytes.length };
  const files = await fetchExternal(file, locations, siblings);
  const onnx = readOnnx(bytes, file, (where, data) => externalBytes(where, data, files));
  return { onnx, size: bytes.length + [...files.values()].reduce((sum, one) => sum + one.length, 0) };
}

/**
 * Opens an ONNX file.
 * @throws FoveaError when it is damaged, has an operator that Fovea does not read, lacks the file with its weights, or has
 *   an input without a fixed size.
 */
export async function loadOnnx(bytes: Uint8Array, options: LoadOnnxOptions = {}): Promise<LoadedModel> {
  const { file = "the model", compile: _, imageSize, siblings = async () => undefined, ...modelOptions } = options;
  const { onnx: stored, size } = await opened(bytes, file, siblings);
  const { model, reader } = naming(file, "", () => {
    const onnx = { ...stored, nodes: fused(stored.nodes, stored.initializers) };
    const nodes = ordered(onnx);
    const reader = new GraphReader(
      file,
      onnx.opset,
      batchOf(onnx.inputs),
      { weights: Math.max(LEAST_WEIGHTS, SPREAD * size), constants: Math.max(LEAST_CONSTANTS, SPREAD * size) },
      readersOf(nodes, onnx.outputs),
    );
    for (const [name, tensor] of onnx.initializers) reader.known.set(name, tensor);
    const inputs = onnx.inputs.map((value) => inputFor(value, imageSize));
    for (const [index, value] of onnx.inputs.entries()) reader.known.set(value.name, inputs[index]!);
    walk(reader, nodes);
    const ends = onnx.outputs.map(({ name }) => endOf(reader, name));
    const one = <T>(all: readonly T[]): T | readonly T[] => (all.length === 1 ? all[0]! : all);
    const model = new Functional({
      ...(/^[^/\0]+$/.test(onnx.name) ? { name: onnx.name } : {}),
      ...modelOptions,
      inputs: one(inputs.map(({ tensor }) => tensor)),
      outputs: one(ends),
    });
    return { model, reader };
  });
  const contents = reader.contents();
  await takeWeights(
    file,
    model,
    model.weights.map((weight) => contents.get(weight)!),
  );
  return {
    model,
    facts: factsOf(file, stored.metadata),
    warnings: [...reader.warnings].map((text) => `${file}: ${text}`),
  };
}

/** The batch that the file fixes, or two sizes for one that is open. @throws FoveaError when inputs fix several. */
function batchOf(inputs: readonly OnnxValue[]): Extent {
  const fixed = inputs.map(({ shape: [batch] }) => (typeof batch === "number" && batch > 0 ? batch : undefined));
  if (fixed.includes(undefined)) return OPEN_BATCH;
  if (new Set(fixed).size > 1) throw new FoveaError(`its inputs have batches of ${fixed.join(" and ")}; expected one`);
  return [fixed[0] ?? 1, fixed[0] ?? 1];
}

/** Tells whether three extents are of images with channels last, as TensorFlow's exporters write them. */
const endsInChannels = ([first, , last]: readonly number[]): boolean => [1, 3, 4].includes(last!) && first! > 4;

/** Images whose height and width are open with the size that was asked for; other shapes stay as they are. */
function withSize(shape: OnnxValue["shape"], size: ImageSize | undefined): OnnxValue["shape"] {
  const isOpen = (extent: number | string | undefined): boolean => typeof extent === "string" || extent === 0;
  const [batch, a, b, c] = shape;
  if (shape.length !== 4 || size === undefined) return shape;
  const [height, width] = size;
  if (isOpen(b) && isOpen(c) && typeof a === "number") return [batch!, a, height, width];
  return isOpen(a) && isOpen(b) && typeof c === "number" ? [batch!, height, width, c] : shape;
}

/** [n, c, h, w] as images [h, w, c]; other samples as they are. */
function inputFor({ name, shape: stored }: OnnxValue, imageSize: ImageSize | undefined): Flowing {
  const shape = withSize(stored, imageSize);
  const sample = shape.slice(1);
  const fixed = sample.filter((extent): extent is number => typeof extent === "number" && extent > 0);
  if (shape.length < 2 || fixed.length < sample.length)
    throw new FoveaError(
      `input "${name}" is [${shape.map((extent) => (extent === "" ? "?" : extent)).join(", ")}]; expected samples of a ` +
        "fixed size; give the height and width of images, as in --image-size 224x224 (imageSize: [224, 224] in code), or " +
        "export it with a fixed size",
    );
  if (sizeOf(fixed) > MOST_INPUT)
    throw new FoveaError(`input "${name}" has samples ${showShape(fixed)}, which are too large`);
  const isTurned = fixed.length === 3 && !endsInChannels(fixed);
  const [c, h, w] = fixed as [number, number, number];
  const layer = input(isTurned ? [h, w, c] : fixed, /^[^/\0]+$/.test(name) ? { name } : {});
  return { kind: "flowing", tensor: layer.output, layout: isTurned ? IMAGE_LAYOUT : plainLayout(fixed.length) };
}

/** The operator's name, with its set where that is not ONNX's own. */
const fullName = ({ domain, op }: OnnxNode): string => (domain === undefined ? op : `${domain}.${op}`);

function walk(reader: GraphReader, nodes: readonly OnnxNode[]): void {
  let computed = 0;
  for (const node of nodes) {
    const results = onRounded(reader, node, [step(reader, node, reader.bounds.constants - computed)].flat());
    for (const [index, result] of results.entries()) {
      if (result.kind !== "flowing" && node.inputs.length > 0) computed += result.data.length;
      reader.known.set(node.outputs[index] ?? "", result);
    }
  }
}

/** Results of one node. @throws FoveaError that names the operator. */
function step(reader: GraphReader, node: OnnxNode, most: number): ReturnType<(typeof OPERATORS)[string]> {
  const isForeign = node.domain !== undefined && !SAME_OPERATORS[node.domain]?.includes(node.op);
  if (isForeign || !(Object.hasOwn(OPERATORS, node.op) || evaluates(node.op)))
    throw reader.refusal({ ...node, op: fullName(node) }, unsupported(node));
  try {
    const inputs = node.inputs.map((name, index) => (name === "" ? undefined : reader.at(node, index)));
    const constants = inputs.filter((one): one is Folded | undefined => one?.kind !== "flowing");
    if (constants.length === inputs.length && evaluates(node.op)) {
      if (node.op === "DequantizeLinear") noteQuantized(reader);
      return evaluate(node, reader.opset, constants, most);
    }
    if (!Object.hasOwn(OPERATORS, node.op))
      throw new NodeError("is read for constants only, and here it works on what the model computes");
    return OPERATORS[node.op]!(reader, node);
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
    return "chooses what is computed while the model runs, which is not supported; export the model with a fixed input size";
  if (/^QLinear|Integer$|^DynamicQuantize/.test(op))
    return "computes with whole numbers, which is not supported; quantise the model in the QDQ format, or take the one in float32";
  if (domain !== undefined)
    return "is not one of ONNX's own operators; export the model without optimisations for one runtime";
  return "is not supported; export the model without it, or open a Keras or TensorFlow.js form of the model";
}

/** An output of the model, its axes as the file has them or, for images, the channels last. */
function endOf(reader: GraphReader, name: string): Flowing["tensor"] {
  const found = reader.known.get(name);
  if (found?.kind !== "flowing") throw new FoveaError(`nothing gives the output "${name}", or it is a constant`);
  const { layout, tensor } = found;
  const lies = layout.length === 4 && IMAGE_LAYOUT.every((parts, axis) => parts.join() === layout[axis]!.join());
  if (lies && tensor.shape.length === 3) return tensor;
  const isBatch = layout[0]?.length === 1 && layout[0][0] === BATCH;
  // A file for one image may have dropped the axis of the batch.
  const whole =
    isBatch || reader.batch[0] !== 1
      ? found
      : { ...found, layout: [[BATCH], ...layout.map((parts) => parts.filter((part) => part !== BATCH))] };
  try {
    return plain(reader, whole);
  } catch (error) {
    throw error instanceof NodeError ? new FoveaError(`the output "${name}" ${error.message}`) : error;
  }
}

function factsOf(file: string, metadata: ReadonlyMap<string, string>): FoveaFacts | undefined {
  const own = metadata.get("fovea");
  if (own !== undefined) return checkFacts(`${file}, metadata fovea`, parseJson(`${file}, metadata fovea`, own));
  const names = metadata.get("class_names");
  if (names === undefined) return undefined;
  const classNames = parseJson(`${file}, metadata class_names`, names);
  return checkFacts(`${file}, metadata class_names`, { version: 1, classNames });
}
