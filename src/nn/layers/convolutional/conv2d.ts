// 2-D convolution over images: activation(conv(x, kernel) + bias), NHWC images and HWIO kernels as in Keras.
import { FoveaError, oneOf } from "../../../core/errors.js";
import { add, conv2d as convolve, type Padding } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import type { Shape } from "../../../core/shape.js";
import { type ActivationName, activate, activationName } from "../../activations.js";
import {
  glorotUniform,
  type Initializer,
  type InitializerLike,
  initializerFromKeras,
  initializerOf,
  initializerToKeras,
  zeros,
} from "../../initializers.js";
import { type Pair, pairOf, wholeNumber } from "../../options.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import { IMAGE_AXES, Layer, type LayerOptions, windowExtent } from "../layer.js";
import type { Streams } from "../weight.js";

export interface Conv2DOptions extends LayerOptions {
  readonly strides?: Pair;
  readonly padding?: Padding;
  readonly activation?: string | null;
  readonly useBias?: boolean;
  readonly kernelInitializer?: InitializerLike;
  readonly biasInitializer?: InitializerLike;
}

export class Conv2D extends Layer {
  readonly className = "Conv2D";
  protected override readonly recordsBuild = true;
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;

  constructor(filters: number, kernelSize: Pair, options: Conv2DOptions = {}) {
    super("conv2d", options, ["strides", "padding", "activation", "useBias", "kernelInitializer", "biasInitializer"]);
    this.filters = wholeNumber(`${this.label} filters`, filters);
    this.kernelSize = pairOf(`${this.label} kernelSize`, kernelSize);
    this.strides = pairOf(`${this.label} strides`, options.strides ?? 1);
    this.padding = oneOf(`${this.label} padding`, options.padding ?? "valid", ["valid", "same"]);
    this.activation = activationName(this.label, options.activation);
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = initializerOf(
      `${this.label} kernelInitializer`,
      options.kernelInitializer ?? glorotUniform(),
    );
    this.biasInitializer = initializerOf(`${this.label} biasInitializer`, options.biasInitializer ?? zeros());
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    const [height, width] = [0, 1].map((axis) =>
      windowExtent(inputShape[axis]!, this.kernelSize[axis]!, this.strides[axis]!, this.padding),
    ) as [number, number];
    if (height < 1 || width < 1)
      throw new FoveaError(
        `${this.label}: a kernel of ${this.kernelSize.join("x")} does not fit images of ` +
          `${inputShape[0]}x${inputShape[1]}; use a smaller kernel, larger images or padding "same"`,
      );
    return [height, width, this.filters];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [...this.kernelSize, inputShape[2]!, this.filters];
    this.addWeight({ name: "kernel", shape, initializer: this.kernelInitializer, trainable: true }, streams);
    if (this.useBias)
      this.addWeight(
        { name: "bias", shape: [this.filters], initializer: this.biasInitializer, trainable: true },
        streams,
      );
  }

  call(x: Value): Value {
    const product = convolve(x, this.read("kernel"), { strides: this.strides, padding: this.padding });
    return activate(this.activation, this.useBias ? add(product, this.read("bias")) : product);
  }

  protected config(): JsonObject {
    return {
      filters: this.filters,
      kernel_size: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      data_format: "channels_last",
      dilation_rate: [1, 1],
      groups: 1,
      activation: this.activation,
      use_bias: this.useBias,
      kernel_initializer: initializerToKeras(this.kernelInitializer),
      bias_initializer: initializerToKeras(this.biasInitializer),
      kernel_regularizer: null,
      bias_regularizer: null,
      activity_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
    };
  }

  static fromConfig(config: JsonObject, options: LayerOptions): Conv2D {
    const reader = new ConfigReader("Conv2D", config);
    reader.refuse(
      "kernel_regularizer",
      "bias_regularizer",
      "activity_regularizer",
      "kernel_constraint",
      "bias_constraint",
    );
    reader.refuseUnless("data_format", (value) => value === "channels_last");
    reader.refuseUnless("groups", (value) => value === 1);
    reader.refuseUnless(
      "dilation_rate",
      (value) => value === 1 || (Array.isArray(value) && value.every((v) => v === 1)),
    );
    return new Conv2D(reader.number("filters"), reader.pair("kernel_size"), {
      ...options,
      strides: reader.pair("strides"),
      padding: reader.string("padding", "valid") as Padding,
      activation: reader.string("activation", "linear"),
      useBias: reader.boolean("use_bias", true),
      kernelInitializer: initializerFromKeras("Conv2D", config.kernel_initializer, glorotUniform()),
      biasInitializer: initializerFromKeras("Conv2D", config.bias_initializer, zeros()),
    });
  }
}

/**
 * Convolution of images `[batch, height, width, channels]` with `filters` filters; Glorot-uniform kernel
 * `[kernelHeight, kernelWidth, channels, filters]`, zero bias, strides 1, padding `"valid"`.
 * @example conv2d(16, 3, { padding: "same", activation: "relu", name: "conv1" })
 */
export const conv2d = (filters: number, kernelSize: Pair, options: Conv2DOptions = {}): Conv2D =>
  new Conv2D(filters, kernelSize, options);
