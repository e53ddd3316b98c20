// Depthwise 2-D convolution: each channel has filters of its own.
import { depthwiseConv2d as convolve } from "../../../core/functions/index.js";
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

/** Options of `depthwiseConv2d`. */
export interface DepthwiseConv2DOptions extends ConvolutionOptions, PolicyOptions<"depthwise"> {
  /** Filters a channel; their results lie side by side. Default 1. */
  readonly depthMultiplier?: number;
}

/** The layer that `depthwiseConv2d` makes. */
export class DepthwiseConv2D extends Convolution2D {
  readonly className = "DepthwiseConv2D";
  readonly depthMultiplier: number;
  readonly #kernel: WeightPolicy;

  constructor(kernelSize: Pair, options: DepthwiseConv2DOptions = {}) {
    super("depthwiseConv2d", kernelSize, options, ["depthMultiplier", ...policyNames("depthwise")]);
    this.depthMultiplier = wholeNumber(`${this.label} depthMultiplier`, options.depthMultiplier ?? 1);
    this.#kernel = policyOf(this.label, "depthwise", options, glorotUniform());
  }

  computeOutputShape(inputShape: Shape): Shape {
    return [...this.outputSides(inputShape), inputShape[2]! * this.depthMultiplier];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [...this.kernelSize, inputShape[2]!, this.depthMultiplier];
    this.addWeight({ name: "kernel", shape, ...this.#kernel, trainable: true }, streams);
    this.addBias(inputShape[2]! * this.depthMultiplier, streams);
  }

  call(x: Value, context: CallContext): Value {
    return this.finish(convolve(x, this.read("kernel"), this.window), context);
  }

  protected override config(): JsonObject {
    return {
      depth_multiplier: this.depthMultiplier,
      ...super.config(),
      ...policyToKeras("depthwise", this.#kernel),
    };
  }

  /**
   * Makes the layer from its Keras `config`. Files of Keras 2 repeat `groups` and the kernel's settings under other
   * names; those mean nothing here.
   * @param config Keras's config of the layer.
   * @param options Name of the layer, and whether it trains.
   */
  static fromConfig(config: JsonObject, options: LayerOptions): DepthwiseConv2D {
    const reader = new ConfigReader("DepthwiseConv2D", config);
    return new DepthwiseConv2D(reader.pair("kernel_size"), {
      ...convolutionFromKeras("DepthwiseConv2D", config, options),
      ...policyFromKeras("DepthwiseConv2D", "depthwise", config, glorotUniform()),
      depthMultiplier: reader.number("depth_multiplier", 1),
    });
  }
}

/**
 * Convolution of each channel with `depthMultiplier` filters of its own; kernel `[kernelHeight, kernelWidth, channels,
 * depthMultiplier]`.
 * @param kernelSize Height and width of the kernel in pixels, one number or [height, width].
 * @example depthwiseConv2d(3, { strides: 2, padding: "same", useBias: false })
 */
export const depthwiseConv2d = (kernelSize: Pair, options: DepthwiseConv2DOptions = {}): DepthwiseConv2D =>
  new DepthwiseConv2D(kernelSize, options);
