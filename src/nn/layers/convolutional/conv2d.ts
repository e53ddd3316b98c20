// 2-D convolution over images: activation(conv(x, kernel) + bias), NHWC images and HWIO kernels as in Keras.
import { FoveaError } from "../../../core/errors.js";
import { conv2d as convolve } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type Pair, wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { glorotUniform } from "../../initializers/index.js";
import type { CallContext, LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";
import { Convolution2D, type ConvolutionOptions, convolutionFromKeras } from "./convolution-2d.js";

/** Options of `conv2d`. */
export interface Conv2DOptions extends ConvolutionOptions, PolicyOptions<"kernel"> {
  /** Channels in and filters are cut into this many groups; each group's filters see its channels only. Default 1. */
  readonly groups?: number;
}

/** The layer that `conv2d` makes. */
export class Conv2D extends Convolution2D {
  readonly className = "Conv2D";
  readonly filters: number;
  readonly groups: number;
  readonly #kernel: WeightPolicy;

  constructor(filters: number, kernelSize: Pair, options: Conv2DOptions = {}) {
    super("conv2d", kernelSize, options, ["groups", ...policyNames("kernel")]);
    this.filters = wholeNumber(`${this.label} filters`, filters);
    this.groups = wholeNumber(`${this.label} groups`, options.groups ?? 1);
    this.#kernel = policyOf(this.label, "kernel", options, glorotUniform());
    if (this.filters % this.groups !== 0)
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected filters that ${this.groups} groups share evenly, received ${this.filters}`,
      );
  }

  computeOutputShape(inputShape: Shape): Shape {
    const sides = this.outputSides(inputShape);
    if (inputShape[2]! % this.groups !== 0)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: expected channels that ${this.groups} groups share evenly, received ${inputShape[2]}`,
      );
    return [...sides, this.filters];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [...this.kernelSize, inputShape[2]! / this.groups, this.filters];
    this.addWeight({ name: "kernel", shape, ...this.#kernel, trainable: true }, streams);
    this.addBias(this.filters, streams);
  }

  call(x: Value, context: CallContext): Value {
    return this.finish(convolve(x, this.read("kernel"), { ...this.window, groups: this.groups }), context);
  }

  protected override config(): JsonObject {
    return {
      filters: this.filters,
      groups: this.groups,
      ...super.config(),
      ...policyToKeras("kernel", this.#kernel),
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Conv2D {
    const reader = new ConfigReader("Conv2D", config);
    return new Conv2D(reader.number("filters"), reader.pair("kernel_size"), {
      ...convolutionFromKeras("Conv2D", config, options),
      ...policyFromKeras("Conv2D", "kernel", config, glorotUniform()),
      groups: reader.number("groups", 1),
    });
  }
}

/**
 * A convolution of images: activation(kernel * x + bias). It takes `[batch, height, width, channels]` and gives
 * `[batch, newHeight, newWidth, filters]`. The kernel is `[kernelHeight, kernelWidth, channels / groups, filters]`,
 * Glorot-uniform, the bias zero.
 * @param filters Number of filters, the channels that come out.
 * @param kernelSize Height and width of the kernel in pixels, one number or [height, width].
 * @param options strides (default 1), padding (default `"valid"`), dilationRate, groups, activation (default none),
 * useBias (default true), and an initializer, regularizer and constraint for `kernel` and `bias`.
 * @throws FoveaError for sizes below 1, groups that do not divide filters and channels, and strides together with
 * dilation.
 * @example conv2d(16, 3, { padding: "same", activation: "relu", name: "conv1" })
 */
export const conv2d = (filters: number, kernelSize: Pair, options: Conv2DOptions = {}): Conv2D =>
  new Conv2D(filters, kernelSize, options);
