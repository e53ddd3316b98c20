// ReLU with a slope below zero. Keras's layer has slope 0.3, its activation "leaky_relu" 0.2.
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import { leakyRelu as leak } from "../../activations.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { Pointwise } from "./pointwise.js";

/** Options of `leakyReLU`. */
export interface LeakyReLUOptions extends LayerOptions {
  /** The slope below zero, at least 0. Default 0.3. */
  readonly negativeSlope?: number;
}

/** The layer that `leakyReLU` makes. */
export class LeakyReLU extends Pointwise {
  readonly className = "LeakyReLU";
  readonly negativeSlope: number;

  constructor(options: LeakyReLUOptions = {}) {
    super("leakyReLU", options, ["negativeSlope"]);
    this.negativeSlope = numberWithin(`${this.label} negativeSlope`, options.negativeSlope ?? 0.3, 0);
  }
  call(x: Value): Value {
    return leak(x, this.negativeSlope);
  }
  protected config(): JsonObject {
    return { negative_slope: this.negativeSlope };
  }
  /**
   * Makes the layer from its Keras `config`.
   * @param config Keras's config of the layer: `negative_slope`, or `alpha` of Keras 2.
   * @param options Name of the layer, and whether it trains.
   */
  static fromConfig(config: JsonObject, options: LayerOptions): LeakyReLU {
    const reader = new ConfigReader("LeakyReLU", config);
    return new LeakyReLU({ ...options, negativeSlope: reader.number("negative_slope", reader.number("alpha", 0.3)) });
  }
}

/**
 * x where x > 0, else negativeSlope * x.
 * @example leakyReLU({ negativeSlope: 0.1 })
 */
export const leakyReLU = (options: LeakyReLUOptions = {}): LeakyReLU => new LeakyReLU(options);
