// From Keras's serialised layers to ours: the one list of class names that files may hold.
import { FoveaError } from "../../core/errors.js";
import type { Json, JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { classAndConfig } from "../config/keras-object.js";
import { Activation } from "../layers/activations/activation.js";
import { ELU } from "../layers/activations/elu.js";
import { LeakyReLU } from "../layers/activations/leaky-relu.js";
import { PReLU } from "../layers/activations/prelu.js";
import { ReLU } from "../layers/activations/relu.js";
import { Softmax } from "../layers/activations/softmax.js";
import { MultiHeadAttention } from "../layers/attention/multi-head-attention.js";
import { RandomBrightness } from "../layers/augmentation/random-brightness.js";
import { RandomContrast } from "../layers/augmentation/random-contrast.js";
import { RandomCrop } from "../layers/augmentation/random-crop.js";
import { RandomFlip } from "../layers/augmentation/random-flip.js";
import { RandomMosaic } from "../layers/augmentation/random-mosaic.js";
import { RandomRotation } from "../layers/augmentation/random-rotation.js";
import { RandomTranslation } from "../layers/augmentation/random-translation.js";
import { RandomZoom } from "../layers/augmentation/random-zoom.js";
import { Conv2D } from "../layers/convolutional/conv2d.js";
import { Conv2DTranspose } from "../layers/convolutional/conv2d-transpose.js";
import { DepthwiseConv2D } from "../layers/convolutional/depthwise-conv2d.js";
import { SeparableConv2D } from "../layers/convolutional/separable-conv2d.js";
import { CosineDense } from "../layers/core/cosine-dense.js";
import { Dense } from "../layers/core/dense.js";
import { EinsumDense } from "../layers/core/einsum-dense.js";
import { InputLayer } from "../layers/core/input.js";
import { RadialBasis } from "../layers/core/radial-basis.js";
import { isOperation, KerasOperation } from "../layers/keras-ops/keras-operation.js";
import type { Layer, LayerOptions } from "../layers/layer.js";
import { Concatenate } from "../layers/merging/concatenate.js";
import { Dot } from "../layers/merging/dot.js";
import { Merge } from "../layers/merging/merge.js";
import { BatchNormalization } from "../layers/normalization/batch-normalization.js";
import { GroupNormalization } from "../layers/normalization/group-normalization.js";
import { LayerNormalization } from "../layers/normalization/layer-normalization.js";
import { UnitNormalization } from "../layers/normalization/unit-normalization.js";
import { AveragePooling2D } from "../layers/pooling/average-pooling-2d.js";
import { GlobalAveragePooling1D } from "../layers/pooling/global-average-pooling-1d.js";
import { GlobalAveragePooling2D } from "../layers/pooling/global-average-pooling-2d.js";
import { GlobalMaxPooling1D } from "../layers/pooling/global-max-pooling-1d.js";
import { GlobalMaxPooling2D } from "../layers/pooling/global-max-pooling-2d.js";
import { MaxPooling2D } from "../layers/pooling/max-pooling-2d.js";
import { CategoryEncoding } from "../layers/preprocessing/category-encoding.js";
import { CenterCrop } from "../layers/preprocessing/center-crop.js";
import { Normalization } from "../layers/preprocessing/normalization.js";
import { Rescaling } from "../layers/preprocessing/rescaling.js";
import { Resizing } from "../layers/preprocessing/resizing.js";
import { Dropout } from "../layers/regularization/dropout.js";
import { GaussianNoise } from "../layers/regularization/gaussian-noise.js";
import { SpatialDropout2D } from "../layers/regularization/spatial-dropout-2d.js";
import { Cropping2D } from "../layers/reshaping/cropping-2d.js";
import { Flatten } from "../layers/reshaping/flatten.js";
import { Permute } from "../layers/reshaping/permute.js";
import { Reshape } from "../layers/reshaping/reshape.js";
import { UpSampling2D } from "../layers/reshaping/up-sampling-2d.js";
import { ZeroPadding2D } from "../layers/reshaping/zero-padding-2d.js";
import type { Functional } from "../model/functional.js";
import type { ModelOptions } from "../model/model.js";
import { Sequential } from "../model/sequential.js";
import { functionalFrom } from "./functional.js";
import { refuseActivityPenalty, refuseUnreadable, unknownLayer } from "./refusals.js";

/** Function that makes a layer from its config; `calls` are Keras's `inbound_nodes`. */
type FromConfig = (config: JsonObject, options: LayerOptions, calls?: Json) => Layer;

const FROM_CONFIG: Readonly<Record<string, FromConfig>> = {
  Activation: Activation.fromConfig,
  Add: (_, options) => new Merge("Add", options),
  Average: (_, options) => new Merge("Average", options),
  AveragePooling2D: AveragePooling2D.fromConfig,
  BatchNormalization: BatchNormalization.fromConfig,
  Concatenate: Concatenate.fromConfig,
  CategoryEncoding: CategoryEncoding.fromConfig,
  CenterCrop: CenterCrop.fromConfig,
  Conv2D: Conv2D.fromConfig,
  Conv2DTranspose: Conv2DTranspose.fromConfig,
  CosineDense: CosineDense.fromConfig,
  Cropping2D: Cropping2D.fromConfig,
  Dense: Dense.fromConfig,
  DepthwiseConv2D: DepthwiseConv2D.fromConfig,
  Dot: Dot.fromConfig,
  Dropout: Dropout.fromConfig,
  EinsumDense: EinsumDense.fromConfig,
  ELU: ELU.fromConfig,
  Flatten: Flatten.fromConfig,
  GaussianNoise: GaussianNoise.fromConfig,
  Functional: functionalFromConfig,
  GlobalAveragePooling1D: GlobalAveragePooling1D.fromConfig,
  GlobalAveragePooling2D: GlobalAveragePooling2D.fromConfig,
  GlobalMaxPooling1D: GlobalMaxPooling1D.fromConfig,
  GlobalMaxPooling2D: GlobalMaxPooling2D.fromConfig,
  GroupNormalization: GroupNormalization.fromConfig,
  InputLayer: InputLayer.fromConfig,
  LayerNormalization: LayerNormalization.fromConfig,
  LeakyReLU: LeakyReLU.fromConfig,
  MaxPooling2D: MaxPooling2D.fromConfig,
  MultiHeadAttention: MultiHeadAttention.fromConfig,
  Normalization: Normalization.fromConfig,
  PReLU: PReLU.fromConfig,
  Permute: Permute.fromConfig,
  // Keras 2's name of functional models.
  Model: functionalFromConfig,
  Maximum: (_, options) => new Merge("Maximum", options),
  Minimum: (_, options) => new Merge("Minimum", options),
  Multiply: (_, options) => new Merge("Multiply", options),
  RadialBasis: RadialBasis.fromConfig,
  RandomBrightness: RandomBrightness.fromConfig,
  RandomContrast: RandomContrast.fromConfig,
  RandomCrop: RandomCrop.fromConfig,
  RandomFlip: RandomFlip.fromConfig,
  RandomMosaic: RandomMosaic.fromConfig,
  RandomRotation: RandomRotation.fromConfig,
  RandomTranslation: RandomTranslation.fromConfig,
  RandomZoom: RandomZoom.fromConfig,
  ReLU: ReLU.fromConfig,
  Rescaling: Rescaling.fromConfig,
  Reshape: Reshape.fromConfig,
  Resizing: Resizing.fromConfig,
  SeparableConv2D: SeparableConv2D.fromConfig,
  Sequential: sequentialFromConfig,
  Softmax: Softmax.fromConfig,
  SpatialDropout2D: SpatialDropout2D.fromConfig,
  UnitNormalization: UnitNormalization.fromConfig,
  UpSampling2D: UpSampling2D.fromConfig,
  ZeroPadding2D: ZeroPadding2D.fromConfig,
  Subtract: (_, options) => new Merge("Subtract", options),
};

/** A sequential model from the config inside its Keras form. */
export function sequentialFromConfig(config: JsonObject, options: ModelOptions = {}): Sequential {
  const { layers, build_input_shape: shape } = config;
  if (!Array.isArray(layers)) throw new FoveaError("wrong-field", `sequential: expected a list of layers in the file`);
  const model = new Sequential(layers.map(layerFromKeras), {
    ...(typeof config.name === "string" ? { name: config.name } : {}),
    ...options,
  });
  if (!model.built && Array.isArray(shape)) model.build(shape.slice(1) as number[]);
  return model;
}

/** A functional model from the config inside its Keras form. */
export function functionalFromConfig(config: JsonObject, options: ModelOptions = {}): Functional {
  return functionalFrom(config, options, layerFromKeras);
}

/**
 * Rebuilds a layer from Keras's serialised form, Keras 3's or Keras 2's. It is not built: its weights come later.
 * @param value A layer's object in a Keras file: `class_name`, `config` and, of Keras 3, `module`.
 * @throws FoveaError for a class or a setting that Fovea does not have.
 * @example
 * const layer = layerFromKeras({ class_name: "Dense", config: { name: "head", units: 10, activation: "softmax" } });
 * layer.label; // 'dense "head"'
 */
export function layerFromKeras(value: Json | undefined): Layer {
  const { className, config } = classAndConfig("layer", value);
  const object = value as JsonObject;
  const name = typeof config.name === "string" ? { name: config.name } : {};
  if (isOperation(object)) return KerasOperation.fromKeras(object, name);
  refuseUnreadable(className, config);
  const make = ownValue(FROM_CONFIG, className);
  if (make === undefined) throw unknownLayer(className, object);
  const trainable = typeof config.trainable === "boolean" ? { trainable: config.trainable } : {};
  const layer = make(config, { ...name, ...trainable }, object.inbound_nodes);
  if (!("activityRegularizer" in layer)) refuseActivityPenalty(className, config);
  return layer;
}
