// ONNX files as models of layers: the operators that classifiers of images use. Images come in as [batch, height, width,
// channels], as everywhere in Fovea, whatever the file says.
import { FoveaError } from "../../../core/errors.js";
import { showShape, sizeOf } from "../../../core/shape.js";
import { input } from "../../../nn/layers/index.js";
import { Functional } from "../../../nn/model/functional.js";
import { parseJson } from "../../json.js";
import { checkFacts, type FoveaFacts } from "../fovea-facts.js";
import { type LoadedModel, type LoadOptions, naming, takeWeights } from "../loaded.js";
import { type Flowing, GraphReader } from "./graph-reader.js";
import { type OnnxModel, type OnnxValue, readOnnx } from "./proto.js";
import { OPERATORS } from "./read-ops.js";

/** The most numbers that one sample may have; what claims more is damaged or malicious. */
const MOST_INPUT = 2 ** 28;
/** What layers may make out of little: channels out of one number, arrays that several share. */
const LEAST_WEIGHTS = 2 ** 22;

/** Whether `bytes` may be an ONNX file: one that begins with its version. */
export const looksLikeOnnx = (bytes: Uint8Array): boolean => bytes.length > 8 && bytes[0] === 0x08 && bytes[1]! < 0x20;

/**
 * Opens an ONNX file.
 * @throws FoveaError when it is damaged, has an operator that Fovea does not read, or an input without a fixed size.
 */
export async function loadOnnx(bytes: Uint8Array, options: LoadOptions = {}): Promise<LoadedModel> {
  const { file = "the model", compile: _, imageSize: __, ...modelOptions } = options;
  const onnx = readOnnx(bytes, file);
  const reader = new GraphReader(file, onnx.opset, Math.max(LEAST_WEIGHTS, bytes.length));
  const model = naming(file, "", () => {
    for (const [name, tensor] of onnx.initializers) reader.known.set(name, tensor);
    const inputs = onnx.inputs.map((value) => inputFor(value));
    for (const [index, value] of onnx.inputs.entries()) reader.known.set(value.name, inputs[index]!);
    walk(reader, onnx);
    const ends = onnx.outputs.map(({ name }) => endOf(reader, name));
    const one = <T>(all: readonly T[]): T | readonly T[] => (all.length === 1 ? all[0]! : all);
    return new Functional({
      ...(/^[^/\0]+$/.test(onnx.name) ? { name: onnx.name } : {}),
      ...modelOptions,
      inputs: one(inputs.map(({ tensor }) => tensor)),
      outputs: one(ends.map(({ tensor }) => tensor)),
    });
  });
  const contents = reader.contents();
  await takeWeights(
    file,
    model,
    model.weights.map((weight) => contents.get(weight)!),
  );
  return { model, facts: factsOf(file, onnx.metadata), warnings: [] };
}

/** [n, c, h, w] as images [h, w, c]; other samples as they are. */
function inputFor({ name, shape }: OnnxValue): Flowing {
  const sample = shape.slice(1);
  const fixed = sample.filter((extent): extent is number => typeof extent === "number" && extent > 0);
  if (shape.length < 2 || fixed.length < sample.length)
    throw new FoveaError(
      `input "${name}" is [${shape.map((extent) => (extent === "" ? "?" : extent)).join(", ")}]; ` +
        "expected a batch of samples of a fixed size, so export it with one",
    );
  if (sizeOf(fixed) > MOST_INPUT)
    throw new FoveaError(`input "${name}" has samples ${showShape(fixed)}, which are too large`);
  const images = fixed.length === 3;
  const [c, h, w] = fixed as [number, number, number];
  const layer = input(images ? [h, w, c] : fixed, /^[^/\0]+$/.test(name) ? { name } : {});
  return { kind: "flowing", tensor: layer.output, images, positive: false };
}

function walk(reader: GraphReader, { nodes }: OnnxModel): void {
  for (const node of nodes) {
    const read = OPERATORS[node.op];
    if (read === undefined || !Object.hasOwn(OPERATORS, node.op))
      throw reader.refusal(node, `is not supported; those that are: ${Object.keys(OPERATORS).join(", ")}`);
    reader.known.set(node.outputs[0] ?? "", read(reader, node));
  }
}

function endOf(reader: GraphReader, name: string): Flowing {
  const found = reader.known.get(name);
  if (found?.kind === "flowing") return found;
  throw new FoveaError(`nothing gives the output "${name}", or it is a constant`);
}

function factsOf(file: string, metadata: ReadonlyMap<string, string>): FoveaFacts | undefined {
  const own = metadata.get("fovea");
  if (own !== undefined) return checkFacts(`${file}, metadata fovea`, parseJson(`${file}, metadata fovea`, own));
  const names = metadata.get("class_names");
  if (names === undefined) return undefined;
  const classNames = parseJson(`${file}, metadata class_names`, names);
  return checkFacts(`${file}, metadata class_names`, { version: 1, classNames });
}
