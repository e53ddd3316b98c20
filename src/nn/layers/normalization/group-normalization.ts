// Normalizes each sample by the mean and variance of groups of its channels.
import { FoveaError } from "../../../core/errors.js";
import { add, mean, mul, reshape, rsqrt, square, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { flag, numberWithin, wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
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

/** Options of `groupNormalization`. */
export interface GroupNormalizationOptions extends LayerOptions, PolicyOptions<"beta">, PolicyOptions<"gamma"> {
  /** Number of groups that share the channels evenly; -1 is one for each channel. Default 32. */
  readonly groups?: number;
  /** The axis of channels; the batch axis counts. Default: the last. */
  readonly axis?: number;
  /** Number added to the variance. Default 0.001. */
  readonly epsilon?: number;
  /** Adds a learned offset, beta. Default true. */
  readonly center?: boolean;
  /** Multiplies the result by a learned gamma. Default true. */
  readonly scale?: boolean;
}

/** The layer that `groupNormalization` makes. */
export class GroupNormalization extends Layer {
  readonly className = "GroupNormalization";
  protected override readonly recordsBuild = true;
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly #groups: number;
  readonly #beta: WeightPolicy;
  readonly #gamma: WeightPolicy;

  constructor(options: GroupNormalizationOptions = {}) {
    const names = ["groups", "axis", "epsilon", "center", "scale"];
    super("groupNormalization", options, [...names, ...policyNames("beta", "gamma")]);
    const { groups = 32, axis = -1 } = options;
    this.#groups = groups === -1 ? -1 : wholeNumber(`${this.label} groups`, groups);
    this.axis = axis < 0 ? -wholeNumber(`${this.label} axis`, -axis) : wholeNumber(`${this.label} axis`, axis);
    this.epsilon = numberWithin(`${this.label} epsilon`, options.epsilon ?? 1e-3, 0);
    this.center = flag(`${this.label} center`, options.center, true);
    this.scale = flag(`${this.label} scale`, options.scale, true);
    this.#beta = policyOf(this.label, "beta", options, zeros());
    this.#gamma = policyOf(this.label, "gamma", options, ones());
  }

  /** Number of groups: once built, the number of channels where the option was -1. */
  get groups(): number {
    return this.#groups === -1 && this.built ? this.#channels(this.inputShape).count : this.#groups;
  }

  #channels(inputShape: Shape): { at: number; count: number } {
    const at = this.axisAmong(this.axis, inputShape.length + 1);
    return { at, count: inputShape[at - 1]! };
  }

  computeOutputShape(inputShape: Shape): Shape {
    const { count } = this.#channels(inputShape);
    if (this.#groups !== -1 && count % this.#groups !== 0)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: expected channels that ${this.#groups} groups share evenly, received ${count}`,
      );
    return inputShape;
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [this.#channels(inputShape).count];
    if (this.scale) this.addWeight({ name: "gamma", shape, ...this.#gamma, trainable: true }, streams);
    if (this.center) this.addWeight({ name: "beta", shape, ...this.#beta, trainable: true }, streams);
  }

  call(x: Value): Value {
    const { shape } = x.type;
    const { at, count } = this.#channels(shape.slice(1));
    const groups = this.#groups === -1 ? count : this.#groups;
    const grouped = reshape(x, [...shape.slice(0, at), groups, count / groups, ...shape.slice(at + 1)]);
    const axes = grouped.type.shape.map((_, axis) => axis).filter((axis) => axis !== 0 && axis !== at);
    const centred = sub(grouped, mean(grouped, axes, true));
    const normal = mul(centred, rsqrt(add(mean(square(centred), axes, true), this.epsilon)));
    const back = reshape(normal, shape);
    const along = shape.map((_, axis) => (axis === at ? count : 1));
    const scaled = this.scale ? mul(back, reshape(this.read("gamma"), along)) : back;
    return this.center ? add(scaled, reshape(this.read("beta"), along)) : scaled;
  }

  protected config(): JsonObject {
    return {
      groups: this.groups,
      axis: this.axis,
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      ...policyToKeras("beta", this.#beta),
      ...policyToKeras("gamma", this.#gamma),
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): GroupNormalization {
    const reader = new ConfigReader("GroupNormalization", config);
    return new GroupNormalization({
      ...options,
      ...policyFromKeras("GroupNormalization", "beta", config, zeros()),
      ...policyFromKeras("GroupNormalization", "gamma", config, ones()),
      groups: reader.number("groups", 32),
      axis: reader.number("axis", -1),
      epsilon: reader.number("epsilon", 1e-3),
      center: reader.boolean("center", true),
      scale: reader.boolean("scale", true),
    });
  }
}

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta, over each group of channels of each sample (Wu and He, 2018).
 * @example groupNormalization({ groups: 8 })
 */
export const groupNormalization = (options: GroupNormalizationOptions = {}): GroupNormalization =>
  new GroupNormalization(options);
