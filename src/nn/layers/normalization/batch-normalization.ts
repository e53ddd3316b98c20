// Batch normalization (Ioffe and Szegedy, 2015) as Keras does it: statistics of the batch while it trains, moving
// averages otherwise, and always the moving averages while the layer is frozen.
import { add, div, mean, mul, reshape, sqrt, square, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { flag, numberWithin } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import {
  type Initializer,
  type InitializerLike,
  initializerFromKeras,
  initializerOf,
  initializerToKeras,
  ones,
  zeros,
} from "../../initializers/index.js";
import type { TrainingContext } from "../call-context.js";
import { type CallContext, Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";
import {
  type PolicyOptions,
  policyFromKeras,
  policyNames,
  policyOf,
  policyToKeras,
  type WeightPolicy,
} from "../weight-policy.js";

/** Options of `batchNormalization`. */
export interface BatchNormalizationOptions extends LayerOptions, PolicyOptions<"beta">, PolicyOptions<"gamma"> {
  /** The axis with a mean and a variance for each place; counts the batch axis, as in Keras. Default: the last. */
  readonly axis?: number;
  /** Share of the moving averages that stays at each step. Default 0.99. */
  readonly momentum?: number;
  /** Added to the variance, against division by zero. Default 1e-3. */
  readonly epsilon?: number;
  /** Adds a learned offset, beta. Default true. */
  readonly center?: boolean;
  /** Multiplies the result by a learned gamma. Default true. */
  readonly scale?: boolean;
  /** First values of the moving mean. Default zeros. */
  readonly movingMeanInitializer?: InitializerLike;
  /** First values of the moving variance. Default ones. */
  readonly movingVarianceInitializer?: InitializerLike;
}

/** The layer that `batchNormalization` makes. */
export class BatchNormalization extends Layer {
  readonly className = "BatchNormalization";
  protected override readonly recordsBuild = true;
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly #gamma: WeightPolicy;
  readonly #beta: WeightPolicy;
  readonly #mean: Initializer;
  readonly #variance: Initializer;

  constructor(options: BatchNormalizationOptions = {}) {
    super("batchNormalization", options, [
      ...["axis", "momentum", "epsilon", "center", "scale", "movingMeanInitializer", "movingVarianceInitializer"],
      ...policyNames("gamma", "beta"),
    ]);
    this.axis = options.axis ?? -1;
    this.momentum = numberWithin(`${this.label} momentum`, options.momentum ?? 0.99, 0, 1);
    this.epsilon = numberWithin(`${this.label} epsilon`, options.epsilon ?? 1e-3, 0);
    this.center = flag(`${this.label} center`, options.center, true);
    this.scale = flag(`${this.label} scale`, options.scale, true);
    this.#gamma = policyOf(this.label, "gamma", options, ones());
    this.#beta = policyOf(this.label, "beta", options, zeros());
    const { movingMeanInitializer, movingVarianceInitializer } = options;
    this.#mean = initializerOf(`${this.label} movingMeanInitializer`, movingMeanInitializer ?? zeros());
    this.#variance = initializerOf(`${this.label} movingVarianceInitializer`, movingVarianceInitializer ?? ones());
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.axisAmong(this.axis, inputShape.length + 1);
    return inputShape;
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [inputShape[this.axisAmong(this.axis, inputShape.length + 1) - 1]!];
    if (this.scale) this.addWeight({ name: "gamma", shape, ...this.#gamma, trainable: true }, streams);
    if (this.center) this.addWeight({ name: "beta", shape, ...this.#beta, trainable: true }, streams);
    this.addWeight({ name: "moving_mean", shape, initializer: this.#mean, trainable: false }, streams);
    this.addWeight({ name: "moving_variance", shape, initializer: this.#variance, trainable: false }, streams);
  }

  call(x: Value, context: CallContext): Value {
    const rank = x.type.shape.length;
    const axis = this.axisAmong(this.axis, rank);
    // A vector [channels] as it lies along the axis; along the last one it broadcasts as it is.
    const along = (vector: Value): Value =>
      axis === rank - 1 ? vector : reshape(vector, [-1, ...new Array<number>(rank - 1 - axis).fill(1)]);
    if (context.training && context.isTrained(this)) return this.#trained(x, axis, along, context);
    const scale = this.#scaleFor(this.read("moving_variance"));
    const offset = mul(this.read("moving_mean"), scale);
    const shift = this.center ? sub(this.read("beta"), offset) : mul(offset, -1);
    return add(mul(x, along(scale)), along(shift));
  }

  /** gamma / sqrt(variance + epsilon), one per channel. */
  #scaleFor(variance: Value): Value {
    const deviation = sqrt(add(variance, this.epsilon));
    return div(this.scale ? this.read("gamma") : 1, deviation);
  }

  /** Normalises by the batch, and moves the averages. The variance is that of centred values, so nothing cancels. */
  #trained(x: Value, axis: number, along: (vector: Value) => Value, context: TrainingContext): Value {
    const others = x.type.shape.map((_, i) => i).filter((i) => i !== axis);
    const center = mean(x, others);
    const centred = sub(x, along(center));
    const variance = mean(square(centred), others);
    for (const [name, value] of [["moving_mean", center] as const, ["moving_variance", variance] as const]) {
      const weight = this.weight(name);
      const moved = add(mul(context.current(weight), this.momentum), mul(value, 1 - this.momentum));
      context.update(weight, moved);
    }
    const scaled = mul(centred, along(this.#scaleFor(variance)));
    return this.center ? add(scaled, along(this.read("beta"))) : scaled;
  }

  protected config(): JsonObject {
    return {
      axis: this.axis,
      momentum: this.momentum,
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      ...policyToKeras("beta", this.#beta),
      ...policyToKeras("gamma", this.#gamma),
      moving_mean_initializer: initializerToKeras(this.#mean),
      moving_variance_initializer: initializerToKeras(this.#variance),
      synchronized: false,
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): BatchNormalization {
    const reader = new ConfigReader("BatchNormalization", config);
    reader.refuseUnless("synchronized", (value) => value === false);
    reader.refuseUnless("renorm", (value) => value === false);
    // Keras 2 wrote the axis as a list.
    const axis = Array.isArray(config.axis) && config.axis.length === 1 ? config.axis[0] : config.axis;
    const what = "BatchNormalization";
    return new BatchNormalization({
      ...options,
      axis: typeof axis === "number" ? axis : -1,
      momentum: reader.number("momentum", 0.99),
      epsilon: reader.number("epsilon", 1e-3),
      center: reader.boolean("center", true),
      scale: reader.boolean("scale", true),
      ...policyFromKeras(what, "beta", config, zeros()),
      ...policyFromKeras(what, "gamma", config, ones()),
      movingMeanInitializer: initializerFromKeras(what, config.moving_mean_initializer, zeros()),
      movingVarianceInitializer: initializerFromKeras(what, config.moving_variance_initializer, ones()),
    });
  }
}

/**
 * Normalises each channel: (x - mean) gamma / sqrt(variance + epsilon) + beta, with the batch's statistics while
 * training and their moving averages otherwise. Frozen (`trainable = false`) it never uses the batch's.
 * @example batchNormalization()
 */
export const batchNormalization = (options: BatchNormalizationOptions = {}): BatchNormalization =>
  new BatchNormalization(options);
