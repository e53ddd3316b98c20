// Exponential linear units: smooth below zero.
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import { elu as exponential } from "../../activations.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { Pointwise } from "./pointwise.js";

/** Options of `eLU`. */
export interface ELUOptions extends LayerOptions {
  /** The output far below zero, negated. Default 1. */
  readonly alpha?: number;
}

/** The layer that `eLU` makes. */
export class ELU extends Pointwise {
  readonly className = "ELU";
  readonly alpha: number;

  constructor(options: ELUOptions = {}) {
    super("eLU", options, ["alpha"]);
    this.alpha = numberWithin(`${this.label} alpha`, options.alpha ?? 1);
  }
  call(x: Value): Value {
    return exponential(x, this.alpha);
  }
  protected config(): JsonObject {
    return { alpha: this.alpha };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): ELU {
    return new ELU({ ...options, alpha: new ConfigReader("ELU", config).number("alpha", 1) });
  }
}

/**
 * x where x > 0, else alpha (e^x - 1).
 * @example eLU({ alpha: 0.5 })
 */
export const eLU = (options: ELUOptions = {}): ELU => new ELU(options);
