// Part of the composition root: models by the paths of their files. What the formats are is the formats room's business.
import { FoveaError } from "./core/errors.js";
import type { FoveaFacts } from "./formats/models/fovea-facts.js";
import { saveKeras } from "./formats/models/keras.js";
import { type LoadModelOptions, loadModel, MODEL_NAMES } from "./formats/models/load-model.js";
import type { LoadedModel } from "./formats/models/loaded.js";
import { saveOnnx } from "./formats/models/onnx/export.js";
import { saveKerasWeights, saveSafetensors } from "./formats/models/weights.js";
import type { Model } from "./nn/model/model.js";
import { filesHere } from "./platform/files/files-here.js";
import { joinPath, parentFolder } from "./platform/paths.js";

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
 * @throws FoveaError for another end of the name, or a model that the format cannot hold.
 * @example await saveModel(model, "model.keras")
 */
export async function saveModel(
  model: Model,
  path: string,
  { facts }: { readonly facts?: FoveaFacts | undefined } = {},
): Promise<void> {
  const end = Object.keys(WRITERS).find((one) => typeof path === "string" && path.endsWith(one));
  if (end === undefined)
    throw new FoveaError(
      `save: expected a path that ends in ${Object.keys(WRITERS).join(", ")}, received ${JSON.stringify(path)}; for ` +
        "TensorFlow.js write the files of saveTfjs(model)",
    );
  await filesHere.writeAtomic(path, await WRITERS[end]!(model, facts));
}

/**
 * Opens the model in a file, or in a folder that has one, with the files beside it.
 * @throws FoveaError when there is none, or it cannot be read.
 */
export async function loadModelFile(path: string, options: LoadModelOptions): Promise<LoadedModel> {
  const found = await filesHere.stat(path);
  if (found === undefined) throw new FoveaError(`there is no model at ${path}; expected a model file or its folder`);
  const file = found.isDirectory ? await modelIn(path) : path;
  const siblings = async (name: string): Promise<Uint8Array | undefined> => {
    const beside = joinPath(parentFolder(file), name);
    return (await filesHere.stat(beside)) === undefined ? undefined : filesHere.readBytes(beside);
  };
  return loadModel(await filesHere.readBytes(file), { file, siblings, ...options });
}

async function modelIn(folder: string): Promise<string> {
  for (const name of MODEL_NAMES) {
    const file = joinPath(folder, name);
    if ((await filesHere.stat(file)) !== undefined) return file;
  }
  throw new FoveaError(`${folder} has none of ${MODEL_NAMES.join(", ")}; expected a model file or its folder`);
}
