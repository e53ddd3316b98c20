// Part of the composition root: models opened ready to compute, that is with the default backend. The formats room
// reads the files.
import { defaultPlace } from "./default-backend.js";
import { type LoadedKeras, type LoadKerasOptions, loadKeras as loadKerasOn } from "./formats/models/keras.js";
import { loadKerasH5 as loadKerasH5On } from "./formats/models/keras-h5.js";
import { type LoadModelOptions, loadModel as loadModelOn } from "./formats/models/load-model.js";
import type { LoadedModel, LoadOptions, Siblings } from "./formats/models/loaded.js";
import type { LoadOnnxOptions } from "./formats/models/onnx/import.js";
import { loadTfjs as loadTfjsOn } from "./formats/models/tfjs.js";
import { loadModelFile } from "./model-files.js";

/**
 * Opens a `.keras` file, Fovea's or Keras 3's own.
 * @param bytes The file's contents.
 * @example const { model, facts } = await loadKeras(await readFile("model.keras"))
 */
export const loadKeras = (bytes: Uint8Array, options: LoadKerasOptions = {}): Promise<LoadedKeras> =>
  loadKerasOn(bytes, { ...defaultPlace, ...options });

/**
 * Opens a model of any format that Fovea reads, recognized by its bytes: `.keras`, Keras's older `.h5`, ONNX, TensorFlow.js,
 * Teachable Machine's exports.
 * @param source in Node the path of a file, or of a folder with a model in it; anywhere the bytes of a file, for which
 *   `siblings` gives the files beside it, such as shards and labels.
 * @throws FoveaError when there is no model, or it is damaged or of another kind.
 * @example const { model, facts } = await loadModel("model.onnx")
 */
export const loadModel = (source: string | Uint8Array, options: LoadModelOptions = {}): Promise<LoadedModel> =>
  typeof source === "string"
    ? loadModelFile(source, { ...defaultPlace, ...options })
    : loadModelOn(source, { ...defaultPlace, ...options });

/**
 * Opens a legacy `.h5` file with a whole model, as Keras 2 wrote it.
 * @param bytes The file's contents.
 * @throws FoveaError when it is damaged, or holds weights alone.
 * @example const { model } = await loadKerasH5(await readFile("keras_model.h5"))
 */
export const loadKerasH5 = (bytes: Uint8Array, options: LoadOptions = {}): Promise<LoadedModel> =>
  loadKerasH5On(bytes, { ...defaultPlace, ...options });

/**
 * Opens an ONNX model.
 * @param options.siblings gives files beside it with weights
 * @param bytes The file's contents.
 * @throws FoveaError for operators and settings that no layer of Fovea computes.
 * @example const { model } = await loadOnnx(await readFile("model.onnx"))
 */
export const loadOnnx = async (bytes: Uint8Array, options: LoadOnnxOptions = {}): Promise<LoadedModel> =>
  (await import("./formats/models/onnx/import.js")).loadOnnx(bytes, { ...defaultPlace, ...options });

/**
 * Opens a TensorFlow.js model of layers, or a graph model, whose operators become layers.
 * @param json the bytes of model.json
 * @param siblings gives the files beside it: weights, labels
 * @throws FoveaError for operators that no layer computes, and for missing or damaged weights.
 * @example
 * const files = await saveTfjs(model);
 * const loaded = await loadTfjs(files.get("model.json"), async (name) => files.get(name));
 * await loaded.model.close();
 */
export const loadTfjs = (json: Uint8Array, siblings: Siblings, options: LoadOptions = {}): Promise<LoadedModel> =>
  loadTfjsOn(json, siblings, { ...defaultPlace, ...options });
