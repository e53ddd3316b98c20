// The fully connected layer: activation(x kernel + bias) along the last axis.
import { matmul, reshape } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import { type Shape, sizeOf } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { glorotUniform } from "../../initializers/index.js";
import { AffineLayer, type AffineOptions, affineFromKeras } from "../affine.js";
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

/** Options of `dense`. */
export interface DenseOptions extends AffineOptions, PolicyOptions<"kernel"> {}

/** The layer that `dense` makes. */
export class Dense extends AffineLayer {
  readonly className = "Dense";
  readonly units: number;
  readonly #kernel: WeightPolicy;

  constructor(units: number, options: DenseOptions = {}) {
    super("dense", options, policyNames("kernel"));
    this.units = wholeNumber(`${this.label} units`, units);
    this.#kernel = policyOf(this.label, "kernel", options, glorotUniform());
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length === 0) this.expectRank(inputShape, ["features"]);
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override onBuild(inputShape: Shape, streams: Streams): void {
    const shape = [inputShape.at(-1)!, this.units];
    this.addWeight({ name: "kernel", shape, ...this.#kernel, trainable: true }, streams);
    this.addBias(this.units, streams);
  }

  call(x: Value, context: CallContext): Value {
    const shape = x.type.shape;
    const rows = reshape(x, [sizeOf(shape.slice(0, -1)), shape.at(-1)!]);
    const product = matmul(rows, this.read("kernel"));
    if (shape.length === 2) return this.finish(product, context);
    return this.finish(reshape(product, [...shape.slice(0, -1), this.units]), context);
  }

  protected override config(): JsonObject {
    return {
      units: this.units,
      ...super.config(),
      ...policyToKeras("kernel", this.#kernel),
      quantization_config: null,
    };
  }

  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Dense {
    return new Dense(new ConfigReader("Dense", config).number("units"), {
      ...affineFromKeras("Dense", config, options),
      ...policyFromKeras("Dense", "kernel", config, glorotUniform()),
    });
  }
}

/**
 * A fully connected layer: activation(x kernel + bias). It takes `[batch, ..., features]` and gives `[batch, ...,
 * units]`. The kernel is `[features, units]`, Glorot-uniform, the bias zero.
 * @param units Number of outputs, at least 1.
 * @param options activation (default none), useBias (default true), activityRegularizer, and an initializer,
 * regularizer and constraint for `kernel` and `bias`.
 * @throws FoveaError unless `units` is a whole number of at least 1.
 * @example dense(64, { activation: "relu" })
 */
export const dense = (units: number, options: DenseOptions = {}): Dense => new Dense(units, options);
