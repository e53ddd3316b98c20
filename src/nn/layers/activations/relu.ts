// ReLU with Keras's three knobs: a cap, a slope below the threshold, and the threshold.
import { greater, minimum, mul, relu as rectify, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { Pointwise } from "./pointwise.js";

/** Options of `reLU`. */
export interface ReLUOptions extends LayerOptions {
  /** The largest value that comes out. Default null: no limit. */
  readonly maxValue?: number | null;
  /** The slope below the threshold. Default 0. */
  readonly negativeSlope?: number;
  /** The value below which inputs are cut. Default 0. */
  readonly threshold?: number;
}

/** The layer that `reLU` makes. */
export class ReLU extends Pointwise {
  readonly className = "ReLU";
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  constructor(options: ReLUOptions = {}) {
    super("reLU", options, ["maxValue", "negativeSlope", "threshold"]);
    this.maxValue =
      options.maxValue === undefined || options.maxValue === null
        ? null
        : numberWithin(`${this.label} maxValue`, options.maxValue, 0);
    this.negativeSlope = numberWithin(`${this.label} negativeSlope`, options.negativeSlope ?? 0, 0);
    this.threshold = numberWithin(`${this.label} threshold`, options.threshold ?? 0, 0);
  }
  call(x: Value): Value {
    const kept = this.threshold === 0 ? rectify(x) : mul(x, greater(x, this.threshold));
    const capped = this.maxValue === null ? kept : minimum(kept, this.maxValue);
    return this.negativeSlope === 0 ? capped : sub(capped, mul(rectify(sub(this.threshold, x)), this.negativeSlope));
  }
  protected config(): JsonObject {
    return { max_value: this.maxValue, negative_slope: this.negativeSlope, threshold: this.threshold };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): ReLU {
    const reader = new ConfigReader("ReLU", config);
    return new ReLU({
      ...options,
      maxValue: typeof config.max_value === "number" ? config.max_value : null,
      negativeSlope: reader.number("negative_slope", 0),
      threshold: reader.number("threshold", 0),
    });
  }
}

/**
 * max(x, 0); see Keras for `maxValue`, `negativeSlope` and `threshold`.
 * @example reLU({ maxValue: 6 })
 */
export const reLU = (options: ReLUOptions = {}): ReLU => new ReLU(options);
