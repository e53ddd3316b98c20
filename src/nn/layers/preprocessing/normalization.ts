// Shifts and scales values to mean 0 and variance 1, with a mean and variance that are given or learned from data once,
// before training.

import { FoveaError } from "../../../core/errors.js";
import { add, div, maximum, mul, reshape, sqrt, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { Json, JsonObject } from "../../../core/json.js";
import { axesOf, flag, numberWithin } from "../../../core/options.js";
import { normalizeAxes, type Shape, sizeOf } from "../../../core/shape.js";
import { type NestedNumbers, type Tensor, tensor } from "../../../core/tensor.js";
import { ConfigReader } from "../../config/keras-object.js";
import { type Initializer, ones, zeros } from "../../initializers/index.js";
import { initializer } from "../../initializers/initializer.js";
import { Layer, type LayerOptions } from "../layer.js";
import { Streams, Weight, type WeightSpec } from "../weight.js";
import { moments } from "./moments.js";

/** Options of `normalization`. */
export interface NormalizationOptions extends LayerOptions {
  /** The axes that keep a mean of their own; the batch axis counts. Default: the last; null: one mean for all. */
  readonly axis?: number | readonly number[] | null;
  /** A number, or one for each kept position; together with `variance`. Default: `adapt` takes it from data. */
  readonly mean?: Given | null;
  /** A number, or one for each kept position; together with `mean`. Default: `adapt` takes it from data. */
  readonly variance?: Given | null;
  /** Computes x sqrt(variance) + mean instead. Default false. */
  readonly invert?: boolean;
}

/** A number, or one for each kept position; nested lists count in their order. */
type Given = number | NestedNumbers;

/** Keras's epsilon: the least deviation. */
const EPSILON = 1e-7;

const flattened = (values: Given): number[] => (typeof values === "number" ? [values] : values.flatMap(flattened));

/** Starts with these numbers, repeated when there is one. */
const fixed = (what: string, fixedValues: Given): Initializer =>
  initializer("Constant", {}, (shape) => {
    const values = flattened(fixedValues);
    if (values.length !== 1 && values.length !== sizeOf(shape))
      throw new FoveaError(
        "length-mismatch",
        `normalization: expected 1 or ${sizeOf(shape)} numbers as ${what}, received ${values.length}`,
      );
    return Float32Array.from({ length: sizeOf(shape) }, (_, i) => values[values.length === 1 ? 0 : i]!);
  });

/** The layer that `normalization` makes. */
export class Normalization extends Layer {
  readonly className = "Normalization";
  protected override readonly recordsBuild = true;
  readonly axis: readonly number[];
  readonly invert: boolean;
  readonly #fixed: { readonly mean: Given; readonly variance: Given } | undefined;
  /** Variables for given numbers: constants, and so no weights of the layer. */
  readonly #constants = new Map<string, Weight>();

  constructor(options: NormalizationOptions = {}) {
    super("normalization", options, ["axis", "mean", "variance", "invert"]);
    const { axis = -1, mean = null, variance = null } = options;
    this.axis = axis === null ? [] : axesOf(`${this.label} axis`, axis);
    this.invert = flag(`${this.label} invert`, options.invert, false);
    if ((mean === null) !== (variance === null))
      throw new FoveaError(
        "missing-option",
        `${this.label}: expected mean and variance together, received only one of them`,
      );
    if (mean === null || variance === null) return;
    for (const value of flattened(mean)) numberWithin(`${this.label} mean`, value);
    for (const value of flattened(variance)) numberWithin(`${this.label} variance`, value, 0);
    this.#fixed = { mean, variance };
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
    const shape = this.#keptAxes(inputShape.length + 1).map((axis) => inputShape[axis - 1]!);
    const spec = (name: string, start: Initializer): WeightSpec => ({
      name,
      shape,
      initializer: start,
      trainable: false,
    });
    if (this.#fixed === undefined) {
      this.addWeight(spec("mean", zeros()), streams);
      this.addWeight(spec("variance", ones()), streams);
      // Keras keeps it for files of older versions; nothing reads it.
      this.addWeight({ name: "count", shape: [], initializer: zeros(), trainable: false }, streams);
      return;
    }
    for (const name of ["mean", "variance"] as const)
      this.#constants.set(
        name,
        new Weight(spec(name, fixed(name, this.#fixed[name])), `${this.name}/${name}`, new Streams(0)),
      );
  }

  /**
   * Takes mean and variance from data, `[samples, ...inputShape]`; before the model is compiled.
   * @param data Samples, `[samples, ...inputShape]`, finite; mean and variance are taken over all axes that `axis` does
   * not name.
   * @throws FoveaError when they were given, or the data is empty, not finite or does not fit.
   */
  adapt(data: Tensor): this {
    if (this.#fixed !== undefined)
      throw new FoveaError(
        "conflicting-options",
        `${this.label}: mean and variance were given, so there is nothing to adapt`,
      );
    if (typeof data !== "object" || data === null || !("dtype" in data) || data.data.length === 0)
      throw new FoveaError("empty-input", `${this.label}: expected a tensor with at least one sample to adapt to`);
    if (data.data.some((value) => !Number.isFinite(value)))
      throw new FoveaError(
        "not-finite",
        `${this.label}: expected finite numbers to adapt to, received some that are not`,
      );
    this.build(data.shape.slice(1), new Streams(0));
    const kept = this.#keptAxes(data.shape.length);
    const { mean, variance } = moments(data, kept);
    const [meanWeight, varianceWeight] = this.weights as [Weight, Weight];
    meanWeight.contents = tensor(Float32Array.from(mean), meanWeight.shape, "float32");
    varianceWeight.contents = tensor(Float32Array.from(variance), varianceWeight.shape, "float32");
    return this;
  }

  call(x: Value): Value {
    const kept = this.#keptAxes(x.type.shape.length);
    const shape = x.type.shape.map((extent, axis) => (kept.includes(axis) ? extent : 1));
    const [mean, variance] = ["mean", "variance"].map((name) =>
      reshape(this.#constants.get(name)?.variable.read() ?? this.read(name), shape),
    ) as [Value, Value];
    const deviation = maximum(sqrt(variance), EPSILON);
    return this.invert ? add(mean, mul(x, deviation)) : div(sub(x, mean), deviation);
  }

  protected config(): JsonObject {
    const { mean = null, variance = null } = this.#fixed ?? {};
    return { axis: this.axis, invert: this.invert, mean, variance };
  }

  #keptAxes(rank: number): number[] {
    return normalizeAxes(this.axis, rank);
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Normalization {
    const reader = new ConfigReader("Normalization", config);
    const numbers = (value: Json | undefined): Given | null =>
      typeof value === "number" || Array.isArray(value) ? (value as Given) : null;
    return new Normalization({
      ...options,
      axis: config.axis === null ? null : reader.axes("axis", -1),
      mean: numbers(config.mean),
      variance: numbers(config.variance),
      invert: reader.boolean("invert", false),
    });
  }
}

/**
 * (x - mean) / sqrt(variance), both given or taken from data by `adapt`.
 * @example normalization().adapt(images)
 */
export const normalization = (options: NormalizationOptions = {}): Normalization => new Normalization(options);
