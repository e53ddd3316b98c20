// Normalizes each sample by the mean and variance of its own values along some axes.
import { FoveaError } from "../../../core/errors.js";
import { add, mean, mul, reshape, rsqrt, square, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { axesOf, flag, numberWithin } from "../../../core/options.js";
import { normalizeAxes, type Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { ones, zeros } from "../../initializers/index.js";
import { Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";

/** Options of `layerNormalization`. */
export interface LayerNormalizationOptions extends LayerOptions, PolicyOptions<"beta">, PolicyOptions<"gamma"> {
  /** The axes to normalize along; the batch axis counts. Default: the last. */
  readonly axis?: number | readonly number[];
  /** Added to the variance, against division by zero. Default 1e-3. */
  readonly epsilon?: number;
  /** Adds a learned offset, beta. Default true. */
  readonly center?: boolean;
  /** Multiplies the result by a learned gamma. Default true. */
  readonly scale?: boolean;
}

/** The layer that `layerNormalization` makes. */
export class LayerNormalization extends Layer {
  readonly className = "LayerNormalization";
  protected override readonly recordsBuild = true;
  readonly axis: readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly #beta: WeightPolicy;
  readonly #gamma: WeightPolicy;

  constructor(options: LayerNormalizationOptions = {}) {
    super("layerNormalization", options, ["axis", "epsilon", "center", "scale", ...policyNames("beta", "gamma")]);
    this.axis = axesOf(`${this.label} axis`, options.axis ?? -1);
    this.epsilon = numberWithin(`${this.label} epsilon`, options.epsilon ?? 1e-3, 0);
    this.center = flag(`${this.label} center`, options.center, true);
    this.scale = flag(`${this.label} scale`, options.scale, true);
    this.#beta = policyOf(this.label, "beta", options, zeros());
    this.#gamma = policyOf(this.label, "gamma", options, ones());
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (normalizeAxes(this.axis, inputShape.length + 1).includes(0))
      throw new FoveaError(
        "out-of-range",
        `${this.label}: expected axes other than the batch axis, received [${this.axis}]`,
      );
    return inputShape;
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = normalizeAxes(this.axis, inputShape.length + 1).map((axis) => inputShape[axis - 1]!);
    if (this.scale) this.addWeight({ name: "gamma", shape, ...this.#gamma, trainable: true }, streams);
    if (this.center) this.addWeight({ name: "beta", shape, ...this.#beta, trainable: true }, streams);
  }

  call(x: Value): Value {
    const axes = normalizeAxes(this.axis, x.type.shape.length);
    const kept = x.type.shape.map((extent, axis) => (axes.includes(axis) ? extent : 1));
    const centred = sub(x, mean(x, axes, true));
    const normal = mul(centred, rsqrt(add(mean(square(centred), axes, true), this.epsilon)));
    const scaled = this.scale ? mul(normal, reshape(this.read("gamma"), kept)) : normal;
    return this.center ? add(scaled, reshape(this.read("beta"), kept)) : scaled;
  }

  protected config(): JsonObject {
    return {
      axis: this.axis,
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      rms_scaling: false,
      ...policyToKeras("beta", this.#beta),
      ...policyToKeras("gamma", this.#gamma),
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): LayerNormalization {
    const reader = new ConfigReader("LayerNormalization", config);
    reader.refuseUnless("rms_scaling", (value) => value === false);
    return new LayerNormalization({
      ...options,
      ...policyFromKeras("LayerNormalization", "beta", config, zeros()),
      ...policyFromKeras("LayerNormalization", "gamma", config, ones()),
      axis: reader.axes("axis", -1),
      epsilon: reader.number("epsilon", 1e-3),
      center: reader.boolean("center", true),
      scale: reader.boolean("scale", true),
    });
  }
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, each sample by itself (Ba, Kiros and Hinton, 2016).
 * @example layerNormalization({ epsilon: 1e-6 })
 */
export const layerNormalization = (options: LayerNormalizationOptions = {}): LayerNormalization =>
  new LayerNormalization(options);
