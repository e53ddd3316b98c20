// All layers: the functions that make them, under Keras's names, and their classes. One file per layer.
export { Activation, activation } from "./activations/activation.js";
export { ELU, type ELUOptions, eLU } from "./activations/elu.js";
export { LeakyReLU, type LeakyReLUOptions, leakyReLU } from "./activations/leaky-relu.js";
export { PReLU, type PReLUOptions, pReLU } from "./activations/prelu.js";
export { ReLU, type ReLUOptions, reLU } from "./activations/relu.js";
export { Softmax, type SoftmaxOptions, softmax } from "./activations/softmax.js";
export {
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
  multiHeadAttention,
} from "./attention/multi-head-attention.js";
export type { AffineAugmentationOptions } from "./augmentation/affine-augmentation.js";
export type { Factor } from "./augmentation/augmentation.js";
export type { ColorAugmentationOptions } from "./augmentation/color-augmentation.js";
export { RandomBrightness, randomBrightness } from "./augmentation/random-brightness.js";
export { RandomContrast, randomContrast } from "./augmentation/random-contrast.js";
export { RandomCrop, randomCrop } from "./augmentation/random-crop.js";
export { RandomFlip, randomFlip } from "./augmentation/random-flip.js";
export { RandomMosaic, type RandomMosaicOptions, randomMosaic } from "./augmentation/random-mosaic.js";
export { RandomRotation, randomRotation } from "./augmentation/random-rotation.js";
export { RandomTranslation, randomTranslation } from "./augmentation/random-translation.js";
export { RandomZoom, randomZoom } from "./augmentation/random-zoom.js";
export { type CallContext, InferenceContext, TrainingContext } from "./call-context.js";
export { Conv2D, type Conv2DOptions, conv2d } from "./convolutional/conv2d.js";
export { Conv2DTranspose, type Conv2DTransposeOptions, conv2dTranspose } from "./convolutional/conv2d-transpose.js";
export { DepthwiseConv2D, type DepthwiseConv2DOptions, depthwiseConv2d } from "./convolutional/depthwise-conv2d.js";
export { SeparableConv2D, type SeparableConv2DOptions, separableConv2d } from "./convolutional/separable-conv2d.js";
export { CosineDense, cosineDense } from "./core/cosine-dense.js";
export { Dense, type DenseOptions, dense } from "./core/dense.js";
export { EinsumDense, type EinsumDenseOptions, einsumDense } from "./core/einsum-dense.js";
export { InputLayer, type InputOptions, input } from "./core/input.js";
export { Lambda, type LambdaFunction, lambda } from "./core/lambda.js";
export { RadialBasis, radialBasis } from "./core/radial-basis.js";
export {
  type ApplyOptions,
  Layer,
  type LayerCall,
  type LayerOptions,
  type SymbolicInput,
  type SymbolicTensor,
} from "./layer.js";
export { Concatenate, type ConcatenateOptions, concatenate } from "./merging/concatenate.js";
export { Dot, type DotOptions, dot } from "./merging/dot.js";
export { add, average, Merge, type MergeClass, maximum, minimum, multiply, subtract } from "./merging/merge.js";
export {
  BatchNormalization,
  type BatchNormalizationOptions,
  batchNormalization,
} from "./normalization/batch-normalization.js";
export {
  GroupNormalization,
  type GroupNormalizationOptions,
  groupNormalization,
} from "./normalization/group-normalization.js";
export {
  LayerNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
} from "./normalization/layer-normalization.js";
export {
  UnitNormalization,
  type UnitNormalizationOptions,
  unitNormalization,
} from "./normalization/unit-normalization.js";
export { AveragePooling2D, averagePooling2d } from "./pooling/average-pooling-2d.js";
export { GlobalAveragePooling1D, globalAveragePooling1d } from "./pooling/global-average-pooling-1d.js";
export { GlobalAveragePooling2D, globalAveragePooling2d } from "./pooling/global-average-pooling-2d.js";
export { GlobalMaxPooling1D, globalMaxPooling1d } from "./pooling/global-max-pooling-1d.js";
export { GlobalMaxPooling2D, globalMaxPooling2d } from "./pooling/global-max-pooling-2d.js";
export type { GlobalPooling2DOptions } from "./pooling/global-pooling-2d.js";
export { MaxPooling2D, maxPooling2d } from "./pooling/max-pooling-2d.js";
export type { Pooling2DOptions } from "./pooling/pooling-2d.js";
export { CategoryEncoding, type CategoryEncodingOptions, categoryEncoding } from "./preprocessing/category-encoding.js";
export { CenterCrop, centerCrop } from "./preprocessing/center-crop.js";
export { Normalization, type NormalizationOptions, normalization } from "./preprocessing/normalization.js";
export { Rescaling, rescaling } from "./preprocessing/rescaling.js";
export { Resizing, type ResizingOptions, resizing } from "./preprocessing/resizing.js";
export { Dropout, type DropoutOptions, dropout } from "./regularization/dropout.js";
export { GaussianNoise, gaussianNoise } from "./regularization/gaussian-noise.js";
export type { RandomOptions } from "./regularization/random-layer.js";
export { SpatialDropout2D, spatialDropout2d } from "./regularization/spatial-dropout-2d.js";
export type { Borders } from "./reshaping/borders.js";
export { Cropping2D, cropping2d } from "./reshaping/cropping-2d.js";
export { Flatten, flatten } from "./reshaping/flatten.js";
export { Permute, permute } from "./reshaping/permute.js";
export { Reshape, reshape } from "./reshaping/reshape.js";
export { UpSampling2D, type UpSampling2DOptions, upSampling2d } from "./reshaping/up-sampling-2d.js";
export { ZeroPadding2D, zeroPadding2d } from "./reshaping/zero-padding-2d.js";
export { Weight } from "./weight.js";
