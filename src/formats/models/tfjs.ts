// Layers models of TensorFlow.js: model.json, shards of weights, and for Teachable Machine metadata.json. Both directions.
// tools/check-tfjs.js opens ours in the real TensorFlow.js.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { checkOptions } from "../../core/options.js";
import { VERSION } from "../../core/version.js";
import { asJson } from "../../nn/config/keras-object.js";
import { input } from "../../nn/layers/index.js";
import type { Layer } from "../../nn/layers/layer.js";
import type { Model } from "../../nn/model/model.js";
import { Sequential } from "../../nn/model/sequential.js";
import { modelFromKeras, refuseCode } from "../../nn/serialization/model.js";
import { checkJson, parseJson } from "../json.js";
import { classNamesOf } from "../run/task.js";
import { checkFacts, type FoveaFacts } from "./fovea-facts.js";
import { withImageSize } from "./input-size.js";
import { modernConfig } from "./legacy-config.js";
import { legacyOrder, matchWeights } from "./legacy-weights.js";
import { type LoadedModel, type LoadOptions, naming, type Siblings, takeWeights } from "./loaded.js";
import { withProbabilities } from "./outputs.js";
import { pixelLayer } from "./pixels.js";
import { type WeightDType, weightsIn } from "./precision.js";
import { factsFromMetadata, teachableMetadata } from "./teachable.js";
import { tfjsTopology } from "./tfjs-topology.js";
import { readTfjsWeights, WEIGHTS_MANIFEST, type WrittenTensor, writeTfjsWeights } from "./tfjs-weights.js";
import { withUniqueNames } from "./unique-names.js";

const METADATA = "metadata.json";

const MODEL = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.json()),
  signature: z.json().optional(),
  weightsManifest: WEIGHTS_MANIFEST.optional(),
  userDefinedMetadata: z.record(z.string(), z.json()).optional(),
});

/**
 * Opens a model of TensorFlow.js: a layers model, or a graph model, whose operators become layers.
 * @param json the content of model.json
 * @param siblings gives the files beside it: shards, and Teachable Machine's metadata.json
 * @throws FoveaError when a shard is missing, or a layer or operator is one that Fovea does not have.
 */
export async function loadTfjs(json: Uint8Array, siblings: Siblings, options: LoadOptions = {}): Promise<LoadedModel> {
  const { file = "model.json", compile: _, imageSize, ...modelOptions } = options;
  const parsed = checkJson(file, MODEL, parseJson(file, json));
  const { format, modelTopology, weightsManifest, userDefinedMetadata } = parsed;
  if (weightsManifest === undefined)
    throw new FoveaError("weights-missing", `${file}: names no weights; expected a weightsManifest`);
  if (format === "graph-model" || "node" in modelTopology) {
    const { loadGraph } = await import("./tfjs-graph/import.js");
    const signature = parsed.signature ?? userDefinedMetadata?.signature;
    const { outputs: __, ...loaded } = await loadGraph(
      { modelTopology, signature, weightsManifest },
      siblings,
      options,
    );
    return loaded;
  }
  const topology = modelTopology.model_config ?? modelTopology;
  const model = naming(file, "", () =>
    modelFromKeras(withImageSize(modernConfig(topology as Json), imageSize), modelOptions),
  );
  if (!model.built) throw new FoveaError("wrong-field", `${file}: does not say the shape of its input`);
  const tensors = await readTfjsWeights(file, weightsManifest, siblings);
  const found = matchWeights(file, model, tensors);
  await takeWeights(
    file,
    model,
    model.weights.map((weight) => found.get(weight)!),
  );
  const embedded = userDefinedMetadata?.fovea;
  const metadata = embedded === undefined ? await siblings(METADATA) : undefined;
  const facts = embedded === undefined ? undefined : checkFacts(`${file}, userDefinedMetadata`, embedded);
  return {
    model,
    facts: facts ?? (metadata && factsFromMetadata(METADATA, model, parseJson(METADATA, metadata))),
    warnings: [],
  };
}

/** Options of `saveTfjs` and `saveTeachable`. */
export interface SaveTfjsOptions {
  /** Class names and preprocessing, kept in the file where other programs leave them alone. Default: none. */
  readonly facts?: FoveaFacts | undefined;
  /** The date in Teachable Machine's metadata. Default: now. */
  readonly date?: Date;
  /** Type of the weights in the files: `float32` or `float16`. Default `"float32"`. */
  readonly dtype?: WeightDType;
}

/**
 * The model as the files of a TensorFlow.js layers model, by name: model.json and shards of at most 4 MB.
 * @param model A built model.
 * @throws FoveaError for a layer or setting that TensorFlow.js does not have.
 * @example
 * const files = await saveTfjs(model);
 * files.has("model.json"); // true
 */
export async function saveTfjs(model: Model, options: SaveTfjsOptions = {}): Promise<Map<string, Uint8Array>> {
  checkOptions("saveTfjs", options, ["facts", "date", "dtype"]);
  const { facts, dtype } = options;
  const extra = facts === undefined ? {} : { userDefinedMetadata: { fovea: facts } };
  return filesOf(model, extra, dtype);
}

/**
 * The model as the files that Teachable Machine's own library loads: it feeds squares scaled to -1..1 and shows the
 * outputs as probabilities, so a model of pixels gets a layer in front, and one of logits a softmax behind. The single
 * output of two classes becomes two.
 * @param model A built model of square images.
 * @throws FoveaError unless the model classifies square images and its class names are known.
 * @example const files = await saveTeachable(model, { facts: { version: 1, classNames: ["a", "b", "c"] } });
 */
export async function saveTeachable(model: Model, options: SaveTfjsOptions = {}): Promise<Map<string, Uint8Array>> {
  checkOptions("saveTeachable", options, ["facts", "date", "dtype"]);
  const { facts, date = new Date(), dtype } = options;
  const [height, width, channels] = model.inputShape;
  const labels = facts?.classNames;
  if (facts?.task !== undefined && classNamesOf(facts.task) === undefined)
    throw new FoveaError(
      "not-exportable",
      `Teachable Machine's form holds classifiers, and the task of this model is ${facts.task.kind}; write tfjs`,
    );
  if (height === undefined || height !== width || (channels !== 1 && channels !== 3))
    throw new FoveaError(
      "not-exportable",
      `Teachable Machine's library gives models square images, this one takes [${model.inputShape.join(", ")}]`,
    );
  const all = labels && withProbabilities(model, labels.length);
  if (labels === undefined || all?.outputShape.length !== 1 || all.outputShape[0] !== labels.length)
    throw new FoveaError(
      "missing-option",
      "Teachable Machine's form needs a name for each class; give them with --labels FILE",
    );
  const metadata = JSON.stringify(teachableMetadata(labels, height, channels, date));
  const files = await filesOf(forTeachable(all, facts), {}, dtype, "weights.bin");
  return files.set(METADATA, new TextEncoder().encode(metadata));
}

function forTeachable(model: Model, facts: FoveaFacts | undefined): Model {
  const { scale = 1, offset = 0, order } = facts?.preprocessing?.rescale ?? {};
  const layers: Layer[] = [input(model.inputShape)];
  // From -1..1 back to pixels, then to what the model takes.
  const [scales, offsets] = [[scale].flat(), [offset].flat()];
  const channels = Math.max(scales.length, offsets.length);
  const at = (list: readonly number[], channel: number): number => list[list.length === 1 ? 0 : channel]!;
  const list = (work: (channel: number) => number): number[] => Array.from({ length: channels }, (_, c) => work(c));
  const back = list((c) => 127.5 * at(scales, c));
  const zero = list((c) => 127.5 * at(scales, c) + at(offsets, c));
  const isSame =
    order === undefined && back.every((value, c) => Math.abs(value - 1) <= 1e-6 && Math.abs(zero[c]!) <= 1e-6);
  const factors = channels === 1 ? { scale: back[0]!, offset: zero[0]! } : { scale: back, offset: zero };
  if (!isSame) layers.push(pixelLayer({ ...factors, ...(order && { order }) }, model.inputShape));
  layers.push(model);
  return layers.length === 2 ? model : new Sequential(layers, model.place);
}

async function filesOf(
  model: Model,
  extra: object,
  dtype: WeightDType = "float32",
  shard?: string,
): Promise<Map<string, Uint8Array>> {
  refuseCode(model);
  if (dtype !== "float32" && dtype !== "float16")
    throw new FoveaError(
      "not-exportable",
      `TensorFlow.js has no ${dtype === "int8" ? "weights with a scale for each channel" : dtype}; write float16`,
    );
  const object = withUniqueNames(asJson(model.toKerasObject()));
  const config = tfjsTopology(object);
  // The same model under the names that are written; its weights are in the same order.
  const named = modelFromKeras(object);
  const values = await weightsIn(model, dtype);
  const contents = new Map(named.weights.map((weight, index) => [weight, values[index]!]));
  const layers = new Map(layersOf(named).flatMap((layer) => layer.weights.map((weight) => [weight, layer] as const)));
  const tensors = legacyOrder(named).map((weight): WrittenTensor => {
    const layer = layers.get(weight)!;
    const name = layer.className === "DepthwiseConv2D" && weight.name === "kernel" ? "depthwise_kernel" : weight.name;
    return { name: `${layer.name}/${name}`, ...contents.get(weight)! };
  });
  const { manifest, shards } = writeTfjsWeights(tensors, shard);
  const json = {
    format: "layers-model",
    generatedBy: `Fovea ${VERSION}`,
    convertedBy: null,
    modelTopology: { ...config, keras_version: "2.15.0", backend: "tensorflow" },
    weightsManifest: manifest,
    ...extra,
  };
  return new Map([["model.json", new TextEncoder().encode(JSON.stringify(json))], ...shards]);
}

/** All layers that are no models, nested ones included. */
const layersOf = (layer: Layer): Layer[] => (layer.layers.length === 0 ? [layer] : layer.layers.flatMap(layersOf));
