// HDF5 files of Keras 1 and 2, and of Keras 3 when asked for `.h5`: whole models, and the weights alone. Read only.
// Their optimizers' states are left behind: training starts afresh.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json.js";
import { sameShape } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import type { Layer } from "../../nn/layers/layer.js";
import type { Weight } from "../../nn/layers/weight.js";
import type { Model } from "../../nn/model/model.js";
import { compileOptionsFromKeras, modelFromKeras } from "../../nn/serialization/model.js";
import { readHdf5 } from "../containers/hdf5/read.js";
import { groupAt, type Hdf5Dataset, type Hdf5Group } from "../containers/hdf5/tree.js";
import { parseJson } from "../json.js";
import { withImageSize } from "./input-size.js";
import { floats } from "./keras-weights.js";
import { fromKeras1, isKeras1, isKeras1Version } from "./keras1-config.js";
import { modernCompileConfig, modernConfig } from "./legacy-config.js";
import { matchWeights, type NamedArray } from "./legacy-weights.js";
import { type LoadedModel, type LoadOptions, naming, takeWeights } from "./loaded.js";

const MODEL = "model_config";
const TRAINING = "training_config";
const WEIGHTS = "model_weights";
const TOP = "top_level_model_weights";

/** A layer's arrays in a file. */
interface StoredLayer {
  readonly name: string;
  /** True where Keras 1 wrote it, which is so where no version is stated. */
  readonly isKeras1: boolean;
  readonly arrays: readonly (NamedArray & { readonly dataset: Hdf5Dataset })[];
}

/** The list of texts in an attribute, which Keras cuts into `name0`, `name1`... when it is long. */
function texts(group: Hdf5Group, name: string): string[] | undefined {
  const chunks = group.attributes.has(name)
    ? [group.attributes.get(name)]
    : Array.from({ length: group.attributes.size }, (_, i) => group.attributes.get(`${name}${i}`));
  const found = chunks.filter((chunk) => chunk !== undefined);
  // An empty list of texts is stored as one of numbers.
  return found.length === 0
    ? undefined
    : found.flatMap((chunk) => (typeof chunk === "object" ? [...chunk] : [])).map(String);
}

/** The layers of a file by name, in its order; undefined when the file is no such list. */
export function legacyLayers(file: string, root: Hdf5Group): StoredLayer[] | undefined {
  const group = groupAt(root, WEIGHTS) ?? root;
  const version = group.attributes.get("keras_version") ?? root.attributes.get("keras_version");
  const isKeras1 = typeof version !== "string" || isKeras1Version(version);
  return texts(group, "layer_names")?.map((name) => ({ ...storedLayer(file, group, name), isKeras1 }));
}

function storedLayer(file: string, parent: Hdf5Group, name: string): Omit<StoredLayer, "isKeras1"> {
  const group = groupAt(parent, name);
  if (group === undefined)
    throw new FoveaError("weights-missing", `${file}: names a layer "${name}" but has no group for it`);
  const arrays = (texts(group, "weight_names") ?? []).map((path) => {
    const slash = path.lastIndexOf("/");
    const dataset = groupAt(group, path.slice(0, Math.max(0, slash)))?.datasets.get(path.slice(slash + 1));
    if (dataset === undefined)
      throw new FoveaError("weights-missing", `${file}: names an array "${path}" in "${name}" but does not have it`);
    return { name: path, shape: dataset.shape, dataset };
  });
  return { name, arrays };
}

/** Ways in which stored layers find the model's. */
export interface LegacyWeightsOptions {
  /** Take each layer of the model that the file has by name and leave the others; else all, in order. */
  readonly byName?: boolean;
  /** With `byName`: leave layers whose arrays have other shapes instead of stopping. */
  readonly skipMismatch?: boolean;
}

/** The contents that stored layers have for the model's weights. @throws FoveaError when they do not fit. */
export function legacyContents(
  file: string,
  model: Model,
  stored: readonly StoredLayer[],
  { byName = false, skipMismatch = false }: LegacyWeightsOptions = {},
): Map<Weight, Tensor> {
  const pairs = byName ? pairsByName(model, stored) : pairsInOrder(file, model, stored);
  const contents = new Map<Weight, Tensor>();
  for (const [layer, { arrays, isKeras1 }] of pairs)
    try {
      const kernels = isKeras1 ? transposedKernels(layer) : undefined;
      const ofLayer = [...matchWeights(file, layer, arrays)].map(([weight, { dataset }]) => {
        const content = kernels?.has(weight) ? swapped(file, weight, dataset) : floats(file, weight, dataset);
        return [weight, content] as const;
      });
      for (const [weight, tensor] of ofLayer) contents.set(weight, tensor);
    } catch (error) {
      if (!(byName && skipMismatch && error instanceof FoveaError)) throw error;
    }
  return contents;
}

/** Kernels of transposed convolutions among a layer's weights. */
const transposedKernels = (layer: Layer): Set<Weight> =>
  new Set([
    ...(layer.className === "Conv2DTranspose" ? layer.weights.filter(({ shape }) => shape.length === 4) : []),
    ...layer.layers.flatMap((inner) => [...transposedKernels(inner)]),
  ]);

/** A kernel [height, width, out, in] of a transposed convolution, which Keras 1 has as [height, width, in, out]. */
function swapped(file: string, weight: Weight, dataset: Hdf5Dataset): Tensor {
  const { path, shape } = weight;
  const [height, width, outputs, inputs] = shape as readonly [number, number, number, number];
  if (outputs !== inputs && sameShape(dataset.shape, shape)) return floats(file, weight, dataset);
  const { data: from } = floats(file, { path, shape: [height, width, inputs, outputs] }, dataset);
  const data = new Float32Array(from.length);
  for (let cell = 0; cell < height * width; cell++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        data[(cell * outputs + output) * inputs + input] = from[(cell * inputs + input) * outputs + output]!;
  return { dtype: "float32", shape, data };
}

/** Layers with weights, each with what the file has for it; nested models are one layer in both. */
function pairsInOrder(file: string, model: Model, stored: readonly StoredLayer[]): [Layer, StoredLayer][] {
  const layers = model.layers.filter(({ weights }) => weights.length > 0);
  const full = stored.filter(({ arrays }) => arrays.length > 0);
  if (layers.length !== full.length)
    throw new FoveaError(
      "weights-mismatch",
      `${file}: expected weights of ${layers.length} layers for ${model.label}, the file has those of ${full.length}; ` +
        "take the layers that both have with byName",
    );
  return layers.map((layer, index) => [layer, full[index]!]);
}

function pairsByName(model: Model, stored: readonly StoredLayer[]): [Layer, StoredLayer][] {
  const byName = new Map(stored.filter(({ arrays }) => arrays.length > 0).map((layer) => [layer.name, layer]));
  return model.layers.flatMap((layer): [Layer, StoredLayer][] => {
    const found = byName.get(layer.name);
    return found === undefined || layer.weights.length === 0 ? [] : [[layer, found]];
  });
}

/** Keras 1's words are others. */
const inKeras2Words = (config: Json): Json => (isJsonObject(config) && isKeras1(config) ? fromKeras1(config) : config);

/** The model that an attribute describes. */
function described(file: string, root: Hdf5Group, name: string): Json | undefined {
  const text = root.attributes.get(name);
  return typeof text === "string" ? parseJson(`${file}, ${name}`, text) : undefined;
}

/**
 * Opens a whole model out of a Keras `.h5` file.
 * @throws FoveaError when it is none, holds weights only, is damaged, or needs a layer that Fovea does not have.
 */
export async function loadKerasH5(bytes: Uint8Array, options: LoadOptions = {}): Promise<LoadedModel> {
  const { file = "the model", compile = true, imageSize, ...modelOptions } = options;
  const root = await readHdf5(bytes, { name: file });
  const config = described(file, root, MODEL);
  if (config === undefined) {
    // Keras 3's weights have no list of layers, but a group of them.
    const isWeights = legacyLayers(file, root) !== undefined || root.groups.has("layers");
    throw new FoveaError(
      "unknown-format",
      isWeights
        ? `${file}: expected a whole model, found weights only; give them to a model that was built before: ` +
            "loadWeights(model, bytes), or fovea convert with --architecture"
        : `${file}: expected a whole model of Keras, found an HDF5 file of something else`,
    );
  }
  if (root.attributes.get("backend") === "theano")
    throw new FoveaError(
      "unsupported-feature",
      `${file}: was written by Keras on Theano, whose filters are flipped; that is not supported`,
    );
  const model = naming(file, "", () =>
    modelFromKeras(withImageSize(modernConfig(inKeras2Words(config)), imageSize), modelOptions),
  );
  if (!model.built)
    throw new FoveaError("weights-missing", `${file}: the model was saved before it was built; it has no weights`);
  const stored = legacyLayers(file, root);
  if (stored === undefined)
    throw new FoveaError("weights-missing", `${file}: describes a model but has no weights for it`);
  const contents = legacyContents(file, model, stored);
  const top = groupAt(root, `${WEIGHTS}/${TOP}`);
  if ((top && texts(top, "weight_names"))?.length)
    throw new FoveaError("weights-mismatch", `${file}: has weights that belong to no layer, which is not supported`);
  await takeWeights(
    file,
    model,
    model.weights.map((weight) => contents.get(weight)!),
  );
  const warnings: string[] = [];
  const training = described(file, root, TRAINING);
  if (compile !== false && isJsonObject(training))
    try {
      naming(file, "; how the model was trained is not taken over", () => {
        const modern = { compile_config: modernCompileConfig(modernConfig(training)) ?? null };
        const compiled = compileOptionsFromKeras(modern, compile === true ? "all" : "objective");
        if (compiled !== undefined) model.compile(compiled);
      });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      warnings.push(error.message);
    }
  return { model, facts: undefined, warnings };
}
