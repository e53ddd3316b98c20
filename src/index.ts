// Models, tensors and files of models, ready to compute: the composition root and the entry `fovea`. Its parts are
// default-backend.ts, known-models.ts and callbacks.ts.
import { FoveaError } from "./core/errors.js";
import type { Tensor } from "./core/tensor.js";
import { defaultPlace } from "./default-backend.js";
import type { Layer } from "./nn/layers/index.js";
import { type CallOptions, callLayer as callLayerOn } from "./nn/model/call-layer.js";
import { Functional, type FunctionalOptions } from "./nn/model/functional.js";
import type { ModelOptions } from "./nn/model/model.js";
import { type Runtime, runtimeOf } from "./nn/model/runtime.js";
import { Sequential } from "./nn/model/sequential.js";

export type { Backend, Mode } from "./backends/contract.js";
export { modelCheckpoint, tensorBoard } from "./callbacks.js";
export type { ErrorCode } from "./core/error-codes/index.js";
export { FoveaError, UsageError } from "./core/errors.js";
export type { Shape } from "./core/shape.js";
export { expandDims, sliceRows, type Tensor, type TensorType, takeRows, tensor, zeros } from "./core/tensor.js";
export { argMax, softmax, toCategorical } from "./core/tensor-functions.js";
export { VERSION } from "./core/version.js";
export { defaultBackend, defaultPlace, runtime } from "./default-backend.js";
export { type LoadedKeras, type LoadKerasOptions, type SaveKerasOptions, saveKeras } from "./formats/models/keras.js";
export type { LoadModelOptions } from "./formats/models/load-model.js";
export type { LoadedModel } from "./formats/models/loaded.js";
export { saveOnnx } from "./formats/models/onnx/export.js";
export { saveTeachable, saveTfjs } from "./formats/models/tfjs.js";
export { loadWeights, saveKerasWeights, saveSafetensors } from "./formats/models/weights.js";
export * from "./known-models.js";
export { loadKeras, loadModel } from "./loading.js";
export { saveModel } from "./model-files.js";
export * from "./nn/index.js";
export type { CallOptions } from "./nn/model/call-layer.js";

/**
 * A stack of layers, ready to compile and train.
 * @param layers Layers from first to last; more follow with `model.add`.
 * @example
 * const model = sequential([input([80, 60, 1]), rescaling(1 / 255), flatten(), dense(55, { activation: "softmax" })]);
 */
export const sequential = (layers: readonly Layer[], options: ModelOptions = {}): Sequential =>
  new Sequential(layers, { ...defaultPlace, ...options });

/**
 * A model put together by applying layers: branches, shared layers, several inputs and outputs, models inside models.
 * @example
 * const image = input([32, 32, 3]);
 * const x = conv2d(16, 3, { padding: "same", activation: "relu" }).apply(image);
 * const y = add().apply([x, conv2d(16, 1).apply(image)]);
 * const net = model({ inputs: image, outputs: dense(10).apply(globalAveragePooling2d().apply(y)) });
 */
export const model = (options: FunctionalOptions): Functional => new Functional({ ...defaultPlace, ...options });

/** Options of `callLayer`. */
export interface CallLayerOptions extends CallOptions {
  /** The place to compute. Default: the one of models that are passed none. */
  readonly runtime?: Runtime;
}

/**
 * Calls a layer or a model on a batch, as Keras's `layer(x, training=True)` does, for example to see augmented images. A layer
 * without weights gets them; nothing else changes. Models need one input and one output. For large data, use `predict`.
 * @param layer A layer or a model.
 * @param x `[batch, ...]`, any dtype.
 * @param options `training` (default false), `seed` of random numbers (default 0), `runtime`, whose threads many calls can
 * share (default: threads that end with the call unless a model keeps them).
 * @throws FoveaError when the shape does not fit, or there are several outputs.
 * @example const flipped = await callLayer(randomFlip("horizontal"), images, { training: true, seed: 1 });
 */
export async function callLayer(layer: Layer, x: Tensor, options: CallLayerOptions = {}): Promise<Tensor> {
  const { runtime, ...how } = options;
  const chosen = runtimeOf("callLayer", { runtimes: defaultPlace.runtimes, runtime })!;
  const outputs = await callLayerOn(chosen, layer, x, how);
  if (outputs.length === 1) return outputs[0]!;
  throw new FoveaError(
    "unsuited-model",
    `callLayer: expected a layer with one output, received one with ${outputs.length}`,
  );
}
