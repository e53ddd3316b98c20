// Weights without their model, into a model that exists: Keras 3's `.weights.h5`, the weights of older `.h5` files and of
// `.keras` archives, safetensors. And the two forms that are written.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import type { Tensor } from "../../core/tensor.js";
import type { Weight } from "../../nn/layers/weight.js";
import { Model } from "../../nn/model/model.js";
import { looksLikeHdf5, readHdf5 } from "../containers/hdf5/read.js";
import { writeHdf5 } from "../containers/hdf5/write.js";
import { readSafetensors, writeSafetensors } from "../containers/safetensors.js";
import { looksLikeZip } from "../containers/zip.js";
import { readKerasArchive } from "./keras-archive.js";
import { type LegacyWeightsOptions, legacyContents, legacyLayers } from "./keras-h5.js";
import { floats, kerasWeights, weightsFromKeras } from "./keras-weights.js";
import { matchByName } from "./legacy-weights.js";
import { takeWeights } from "./loaded.js";
import { type WeightDType, weightsIn } from "./precision.js";

/** Options of `loadWeights`. */
export interface LoadWeightsOptions extends LegacyWeightsOptions {
  /** Name of the file in messages. Default: "the file". */
  readonly file?: string;
}

/**
 * Gives a built model the weights of a file: `.weights.h5`, Keras's older `.h5`, `.keras` or `.safetensors`.
 * @param model A built model.
 * @param bytes The file's contents.
 * @returns the paths of the weights that the file had, `["conv1/kernel", ...]`: all of them unless `byName` is set
 * @throws FoveaError when the file is damaged, or does not fit the model.
 * @example await loadWeights(model, await saveSafetensors(model))
 */
export async function loadWeights(
  model: Model,
  bytes: Uint8Array,
  options: LoadWeightsOptions = {},
): Promise<readonly string[]> {
  checkOptions("loadWeights", options, ["file", "byName", "skipMismatch"]);
  const { file = "the weights" } = options;
  if (!model.built)
    throw new FoveaError("not-ready", `${model.label}: not built yet; begin it with input([...]) to give it weights`);
  const found = await contentsOf(file, model, bytes, options);
  const { weights } = model;
  if (found.size < weights.length && !options.byName) {
    const missing = weights.find((weight) => !found.has(weight))!;
    throw new FoveaError(
      "weights-mismatch",
      `${file}: has nothing for the weight ${missing.path}; load the weights that it has with byName`,
    );
  }
  const before = found.size < weights.length ? await model.getWeights() : [];
  await takeWeights(
    file,
    model,
    weights.map((weight, index) => found.get(weight) ?? before[index]!),
  );
  return weights.filter((weight) => found.has(weight)).map(({ path }) => path);
}

async function contentsOf(
  file: string,
  model: Model,
  bytes: Uint8Array,
  options: LegacyWeightsOptions,
): Promise<ReadonlyMap<Weight, Tensor>> {
  if (looksLikeHdf5(bytes) || looksLikeZip(bytes)) {
    const root = looksLikeZip(bytes)
      ? (await readKerasArchive(bytes, { name: file })).weights
      : await readHdf5(bytes, { name: file });
    const legacy = legacyLayers(file, root);
    if (legacy !== undefined) return legacyContents(file, model, legacy, options);
    if (options.byName)
      throw new FoveaError(
        "unsuited-option",
        `${file}: keeps arrays by class and number, not by name; load it without byName`,
      );
    const tensors = weightsFromKeras(file, model, root);
    return new Map(model.weights.map((weight, index) => [weight, tensors[index]!]));
  }
  return safetensorsContents(file, model, bytes, options);
}

function safetensorsContents(
  file: string,
  model: Model,
  bytes: Uint8Array,
  { byName = false }: LegacyWeightsOptions,
): ReadonlyMap<Weight, Tensor> {
  const { tensors } = readSafetensors(bytes, file);
  const contents = new Map<Weight, Tensor>();
  for (const [weight, path] of weightPaths(model)) {
    const found = tensors.get(path);
    if (found !== undefined) contents.set(weight, floats(file, weight, found));
  }
  if (contents.size === model.weights.length || byName) return contents;
  // Names of another program that end alike: `model/conv1/kernel`.
  const arrays = Array.from(tensors, ([name, tensor]) => ({ name, ...tensor }));
  const matched = matchByName(model.weights, arrays);
  return matched === undefined ? contents : new Map(matched);
}

/** Every weight by names along nested models: `mobilenetv2/Conv1/kernel`. */
function weightPaths(model: Model): Map<Weight, string> {
  const paths = new Map<Weight, string>();
  const walk = (inner: Model, prefix: string): void => {
    for (const layer of inner.layers)
      if (layer instanceof Model) walk(layer, `${prefix}${layer.name}/`);
      else
        for (const weight of layer.weights)
          if (!paths.has(weight)) paths.set(weight, `${prefix}${layer.name}/${weight.name}`);
  };
  walk(model, "");
  return paths;
}

/**
 * The model's weights as the bytes of a `.weights.h5` file, which Keras 3's `load_weights` takes.
 * @param dtype type of the weights in the file: `float32`, `float16` or `bfloat16`
 * @param model A built model.
 * @example await loadWeights(model, await saveKerasWeights(model));
 */
export const saveKerasWeights = async (model: Model, dtype: WeightDType = "float32"): Promise<Uint8Array> =>
  writeHdf5(await kerasWeights(model, dtype));

/**
 * The model's weights as a safetensors file, by names along nested models.
 * @param metadata notes that the file keeps, text by key
 * @param dtype type of the weights in the file: `float32`, `float16` or `bfloat16`
 * @param model A built model.
 * @throws FoveaError for two weights of the same name.
 * @example await loadWeights(model, await saveSafetensors(model));
 */
export async function saveSafetensors(
  model: Model,
  metadata: Readonly<Record<string, string>> = {},
  dtype: WeightDType = "float32",
): Promise<Uint8Array> {
  const values = await weightsIn(model, dtype);
  const paths = weightPaths(model);
  const tensors = new Map(model.weights.map((weight, index) => [paths.get(weight)!, values[index]!]));
  if (tensors.size !== values.length)
    throw new FoveaError("duplicate", `${model.label}: two weights have one name; give layers names of their own`);
  return writeSafetensors({ tensors, metadata: { format: "keras", ...metadata } });
}
