// All layers: the functions that make them, in Keras's words, and their classes. One file a layer.
export { Activation, activation } from "./activations/activation.js";
export { LeakyReLU, type LeakyReLUOptions, leakyRelu } from "./activations/leaky-relu.js";
export { ReLU, type ReLUOptions, relu } from "./activations/relu.js";
export { Softmax, type SoftmaxOptions, softmax } from "./activations/softmax.js";
export { Conv2D, type Conv2DOptions, conv2d } from "./convolutional/conv2d.js";
export { Dense, type DenseOptions, dense } from "./core/dense.js";
export { InputLayer, type InputOptions, input } from "./core/input.js";
export { type CallContext, Layer, type LayerOptions } from "./layer.js";
export { AveragePooling2D, averagePooling2d } from "./pooling/average-pooling-2d.js";
export {
  GlobalAveragePooling2D,
  type GlobalPooling2DOptions,
  globalAveragePooling2d,
} from "./pooling/global-average-pooling-2d.js";
export { MaxPooling2D, maxPooling2d } from "./pooling/max-pooling-2d.js";
export type { Pooling2DOptions } from "./pooling/pooling-2d.js";
export { Rescaling, rescaling } from "./preprocessing/rescaling.js";
export { Dropout, type DropoutOptions, dropout } from "./regularization/dropout.js";
export { Flatten, flatten } from "./reshaping/flatten.js";
export { Weight } from "./weight.js";
