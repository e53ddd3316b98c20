// Batch normalization (Ioffe and Szegedy, 2015) as Keras does it: statistics of the batch while it trains, moving
// averages otherwise, and always the moving averages while the layer is frozen.
import { FoveaError } from "../../../core/errors.js";
import { add, div, mean, mul, reshape, sqrt, square, sub } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import type { Shape } from "../../../core/shape.js";
import {
  type Initializer,
  type InitializerLike,
  initializerFromKeras,
  initializerOf,
  initializerToKeras,
  ones,
  zeros,
} from "../../initializers.js";
import { numberWithin } from "../../options.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import type { TrainingContext } from "../call-context.js";
import { type CallContext, Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";

export interface BatchNormalizationOptions extends LayerOptions {
  /** The axis with a mean and a variance for each place; counts the batch axis, as in Keras. Default: the last. */
  readonly axis?: number;
  /** How much of the moving averages stays at each step. Default 0.99. */
  readonly momentum?: number;
  /** Default 1e-3. */
  readonly epsilon?: number;
  /** Whether beta is added. Default true. */
  readonly center?: boolean;
  /** Whether gamma is multiplied by. Default true. */
  readonly scale?: boolean;
  readonly betaInitializer?: InitializerLike;
  readonly gammaInitializer?: InitializerLike;
  readonly movingMeanInitializer?: InitializerLike;
  readonly movingVarianceInitializer?: InitializerLike;
}

const INITIALIZERS = ["beta", "gamma", "movingMean", "movingVariance"] as const;
type Statistic = (typeof INITIALIZERS)[number];
const DEFAULTS: Readonly<Record<Statistic, () => Initializer>> = {
  beta: zeros,
  gamma: ones,
  movingMean: zeros,
  movingVariance: ones,
};

export class BatchNormalization extends Layer {
  readonly className = "BatchNormalization";
  protected override readonly recordsBuild = true;
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly #initializers: Readonly<Record<Statistic, Initializer>>;

  constructor(options: BatchNormalizationOptions = {}) {
    const initializers = INITIALIZERS.map((name) => `${name}Initializer`);
    super("batchNormalization", options, ["axis", "momentum", "epsilon", "center", "scale", ...initializers]);
    this.axis = options.axis ?? -1;
    this.momentum = numberWithin(`${this.label} momentum`, options.momentum ?? 0.99, 0, 1);
    this.epsilon = numberWithin(`${this.label} epsilon`, options.epsilon ?? 1e-3, 0);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    const one = (name: Statistic): Initializer =>
      initializerOf(`${this.label} ${name}Initializer`, options[`${name}Initializer`] ?? DEFAULTS[name]());
    this.#initializers = {
      beta: one("beta"),
      gamma: one("gamma"),
      movingMean: one("movingMean"),
      movingVariance: one("movingVariance"),
    };
  }

  /** The axis among those of a batch, counted from 0. */
  #axisOf(rank: number): number {
    const axis = this.axis < 0 ? this.axis + rank : this.axis;
    if (Number.isInteger(axis) && axis >= 1 && axis < rank) return axis;
    throw new FoveaError(`${this.label}: axis ${this.axis} is none of samples with ${rank - 1} axes`);
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.#axisOf(inputShape.length + 1);
    return inputShape;
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [inputShape[this.#axisOf(inputShape.length + 1) - 1]!];
    const { gamma, beta, movingMean, movingVariance } = this.#initializers;
    if (this.scale) this.addWeight({ name: "gamma", shape, initializer: gamma, trainable: true }, streams);
    if (this.center) this.addWeight({ name: "beta", shape, initializer: beta, trainable: true }, streams);
    this.addWeight({ name: "moving_mean", shape, initializer: movingMean, trainable: false }, streams);
    this.addWeight({ name: "moving_variance", shape, initializer: movingVariance, trainable: false }, streams);
  }

  call(x: Value, context: CallContext): Value {
    const rank = x.type.shape.length;
    const axis = this.#axisOf(rank);
    // A vector [channels] as it lies along the axis; along the last one it broadcasts as it is.
    const along = (vector: Value): Value =>
      axis === rank - 1 ? vector : reshape(vector, [-1, ...new Array<number>(rank - 1 - axis).fill(1)]);
    if (context.training && context.isTrained(this)) return this.#trained(x, axis, along, context);
    const scale = this.#scaleFor(this.read("moving_variance"));
    const offset = mul(this.read("moving_mean"), scale);
    const shift = this.center ? sub(this.read("beta"), offset) : mul(offset, -1);
    return add(mul(x, along(scale)), along(shift));
  }

  /** gamma / sqrt(variance + epsilon), one a channel. */
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
      beta_initializer: initializerToKeras(this.#initializers.beta),
      gamma_initializer: initializerToKeras(this.#initializers.gamma),
      moving_mean_initializer: initializerToKeras(this.#initializers.movingMean),
      moving_variance_initializer: initializerToKeras(this.#initializers.movingVariance),
      beta_regularizer: null,
      gamma_regularizer: null,
      beta_constraint: null,
      gamma_constraint: null,
      synchronized: false,
    };
  }

  static fromConfig(config: JsonObject, options: LayerOptions): BatchNormalization {
    const reader = new ConfigReader("BatchNormalization", config);
    reader.refuse("beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint");
    reader.refuseUnless("synchronized", (value) => value === false);
    reader.refuseUnless("renorm", (value) => value === false);
    // Keras 2 wrote the axis as a list.
    const axis = Array.isArray(config.axis) && config.axis.length === 1 ? config.axis[0] : config.axis;
    const initializer = (key: string, fallback: Initializer): Initializer =>
      initializerFromKeras("BatchNormalization", config[`${key}_initializer`], fallback);
    return new BatchNormalization({
      ...options,
      axis: typeof axis === "number" ? axis : -1,
      momentum: reader.number("momentum", 0.99),
      epsilon: reader.number("epsilon", 1e-3),
      center: reader.boolean("center", true),
      scale: reader.boolean("scale", true),
      betaInitializer: initializer("beta", zeros()),
      gammaInitializer: initializer("gamma", ones()),
      movingMeanInitializer: initializer("moving_mean", zeros()),
      movingVarianceInitializer: initializer("moving_variance", ones()),
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
