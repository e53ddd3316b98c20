// From Keras's serialised layers to ours: the one list of class names that files may hold.
import { FoveaError } from "../../core/errors.js";
import { Activation } from "../layers/activations/activation.js";
import { LeakyReLU } from "../layers/activations/leaky-relu.js";
import { ReLU } from "../layers/activations/relu.js";
import { Softmax } from "../layers/activations/softmax.js";
import { Conv2D } from "../layers/convolutional/conv2d.js";
import { Dense } from "../layers/core/dense.js";
import { InputLayer } from "../layers/core/input.js";
import type { Layer, LayerOptions } from "../layers/layer.js";
import { AveragePooling2D } from "../layers/pooling/average-pooling-2d.js";
import { GlobalAveragePooling2D } from "../layers/pooling/global-average-pooling-2d.js";
import { MaxPooling2D } from "../layers/pooling/max-pooling-2d.js";
import { Rescaling } from "../layers/preprocessing/rescaling.js";
import { Dropout } from "../layers/regularization/dropout.js";
import { Flatten } from "../layers/reshaping/flatten.js";
import type { ModelOptions } from "../model/model.js";
import { Sequential } from "../model/sequential.js";
import { classAndConfig, type Json, type JsonObject } from "./keras-object.js";

const FROM_CONFIG: Readonly<Record<string, (config: JsonObject, options: LayerOptions) => Layer>> = {
  Activation: Activation.fromConfig,
  AveragePooling2D: AveragePooling2D.fromConfig,
  Conv2D: Conv2D.fromConfig,
  Dense: Dense.fromConfig,
  Dropout: Dropout.fromConfig,
  Flatten: Flatten.fromConfig,
  GlobalAveragePooling2D: GlobalAveragePooling2D.fromConfig,
  InputLayer: InputLayer.fromConfig,
  LeakyReLU: LeakyReLU.fromConfig,
  MaxPooling2D: MaxPooling2D.fromConfig,
  ReLU: ReLU.fromConfig,
  Rescaling: Rescaling.fromConfig,
  Sequential: sequentialFromConfig,
  Softmax: Softmax.fromConfig,
};

/** A sequential model from the config inside its Keras form. */
export function sequentialFromConfig(config: JsonObject, options: ModelOptions = {}): Sequential {
  const { layers, build_input_shape: shape } = config;
  if (!Array.isArray(layers)) throw new FoveaError(`sequential: expected a list of layers in the file`);
  const model = new Sequential(layers.map(layerFromKeras), {
    ...(typeof config.name === "string" ? { name: config.name } : {}),
    ...options,
  });
  if (!model.built && Array.isArray(shape)) model.build(shape.slice(1) as number[]);
  return model;
}

/**
 * Rebuilds a layer from Keras's serialised form, Keras 3's or Keras 2's. It is not built: its weights come later.
 * @throws FoveaError for a class or a setting that Fovea does not have.
 */
export function layerFromKeras(value: Json | undefined): Layer {
  const { className, config } = classAndConfig("layer", value);
  const make = FROM_CONFIG[className];
  if (make === undefined)
    throw new FoveaError(
      `layer: the file has a layer of class ${className}; those supported are ${Object.keys(FROM_CONFIG).join(", ")}`,
    );
  return make(config, {
    ...(typeof config.name === "string" ? { name: config.name } : {}),
    ...(typeof config.trainable === "boolean" ? { trainable: config.trainable } : {}),
  });
}
