// Separable 2-D convolution: a depthwise one that looks at space, then a 1 x 1 one that mixes channels.
import { conv2d, depthwiseConv2d } from "../../../core/functions/index.js";
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

/** Options of `separableConv2d`. */
export interface SeparableConv2DOptions
  extends ConvolutionOptions,
    PolicyOptions<"depthwise">,
    PolicyOptions<"pointwise"> {
  /** Depthwise filters a channel. Default 1. */
  readonly depthMultiplier?: number;
}

/** The layer that `separableConv2d` makes. */
export class SeparableConv2D extends Convolution2D {
  readonly className = "SeparableConv2D";
  readonly filters: number;
  readonly depthMultiplier: number;
  readonly #depthwise: WeightPolicy;
  readonly #pointwise: WeightPolicy;

  constructor(filters: number, kernelSize: Pair, options: SeparableConv2DOptions = {}) {
    super("separableConv2d", kernelSize, options, ["depthMultiplier", ...policyNames("depthwise", "pointwise")]);
    this.filters = wholeNumber(`${this.label} filters`, filters);
    this.depthMultiplier = wholeNumber(`${this.label} depthMultiplier`, options.depthMultiplier ?? 1);
    this.#depthwise = policyOf(this.label, "depthwise", options, glorotUniform());
    this.#pointwise = policyOf(this.label, "pointwise", options, glorotUniform());
  }

  computeOutputShape(inputShape: Shape): Shape {
    return [...this.outputSides(inputShape), this.filters];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const depthwise = [...this.kernelSize, inputShape[2]!, this.depthMultiplier];
    const pointwise = [1, 1, inputShape[2]! * this.depthMultiplier, this.filters];
    this.addWeight({ name: "depthwise_kernel", shape: depthwise, ...this.#depthwise, trainable: true }, streams);
    this.addWeight({ name: "pointwise_kernel", shape: pointwise, ...this.#pointwise, trainable: true }, streams);
    this.addBias(this.filters, streams);
  }

  call(x: Value, context: CallContext): Value {
    const space = depthwiseConv2d(x, this.read("depthwise_kernel"), this.window);
    return this.finish(conv2d(space, this.read("pointwise_kernel")), context);
  }

  protected override config(): JsonObject {
    return {
      filters: this.filters,
      depth_multiplier: this.depthMultiplier,
      ...super.config(),
      ...policyToKeras("depthwise", this.#depthwise),
      ...policyToKeras("pointwise", this.#pointwise),
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): SeparableConv2D {
    const reader = new ConfigReader("SeparableConv2D", config);
    return new SeparableConv2D(reader.number("filters"), reader.pair("kernel_size"), {
      ...convolutionFromKeras("SeparableConv2D", config, options),
      ...policyFromKeras("SeparableConv2D", "depthwise", config, glorotUniform()),
      ...policyFromKeras("SeparableConv2D", "pointwise", config, glorotUniform()),
      depthMultiplier: reader.number("depth_multiplier", 1),
    });
  }
}

/**
 * A depthwise convolution followed by a 1 x 1 convolution to `filters` channels.
 * @param kernelSize Height and width of the depthwise kernel in pixels, one number or [height, width].
 * @example separableConv2d(32, 3, { padding: "same" })
 */
export const separableConv2d = (
  filters: number,
  kernelSize: Pair,
  options: SeparableConv2DOptions = {},
): SeparableConv2D => new SeparableConv2D(filters, kernelSize, options);
