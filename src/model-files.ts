// Part of the composition root: models by the paths of their files. The formats room has the formats.
import { FoveaError } from "./core/errors.js";
import { checkOptions } from "./core/options.js";
import type { FoveaFacts } from "./formats/models/fovea-facts.js";
import { saveKeras } from "./formats/models/keras.js";
import type { LoadModelOptions } from "./formats/models/load-model.js";
import type { LoadedModel } from "./formats/models/loaded.js";
import { loadModelAt } from "./formats/models/model-place.js";
import { saveOnnx } from "./formats/models/onnx/export.js";
import { saveKerasWeights, saveSafetensors } from "./formats/models/weights.js";
import type { Model } from "./nn/model/model.js";
import { filesHere } from "./platform/files/files-here.js";

/** Functions that write a model, by the end of the file's name. */
const WRITERS: Readonly<Record<string, (model: Model, facts?: FoveaFacts) => Promise<Uint8Array>>> = {
  ".keras": (model, facts) => saveKeras(model, facts === undefined ? {} : { facts }),
  ".weights.h5": (model) => saveKerasWeights(model),
  ".onnx": (model, facts) => saveOnnx(model, { facts }),
  ".safetensors": async (model) => saveSafetensors(model),
};

/**
 * Writes a model to a file, whole or not at all: `.keras` and `.onnx` hold the model, `.weights.h5` and `.safetensors` its
 * weights alone.
 * @param options.facts class names, preprocessing and the like, as `loadModel` gives them; `.keras` and `.onnx` hold them.
 * @param model A built model.
 * @param path The file's name; its extension chooses the format.
 * @param options Facts that the file keeps beside the model; default none.
 * @throws FoveaError for another extension, or a model that the format cannot hold.
 * @example await saveModel(model, "model.keras")
 */
export async function saveModel(
  model: Model,
  path: string,
  options: { readonly facts?: FoveaFacts | undefined } = {},
): Promise<void> {
  checkOptions("saveModel", options, ["facts"]);
  const { facts } = options;
  const end = Object.keys(WRITERS).find((ending) => typeof path === "string" && path.endsWith(ending));
  if (end === undefined)
    throw new FoveaError(
      "unknown-format",
      `save: expected a path that ends in ${Object.keys(WRITERS).join(", ")}, received ${JSON.stringify(path)}; for ` +
        "TensorFlow.js write the files of saveTfjs(model)",
    );
  await filesHere.writeAtomic(path, await WRITERS[end]!(model, facts));
}

/**
 * Opens the model in a file, or in a folder that has one, with the files beside it.
 * @throws FoveaError when there is none, or it cannot be read.
 */
export const loadModelFile = async (path: string, options: LoadModelOptions): Promise<LoadedModel> =>
  (await loadModelAt(path, options)).loaded;
