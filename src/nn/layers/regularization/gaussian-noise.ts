// Gaussian noise: while training, adds a normal number to every value.
import { add, mul } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { CallContext, LayerOptions } from "../layer.js";
import { RandomLayer, type RandomOptions, randomFromKeras } from "./random-layer.js";

/** The layer that `gaussianNoise` makes. */
export class GaussianNoise extends RandomLayer {
  readonly className = "GaussianNoise";
  readonly stddev: number;

  constructor(stddev: number, options: RandomOptions = {}) {
    super("gaussianNoise", options, []);
    this.stddev = numberWithin(`${this.label} stddev`, stddev, 0, 1);
  }
  call(x: Value, context: CallContext): Value {
    if (!context.training) return x;
    const stream = this.streamOf(context);
    if (this.stddev === 0) return x;
    return add(x, mul(context.normal(x.type.shape, stream), this.stddev));
  }
  protected override config(): JsonObject {
    return { stddev: this.stddev, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): GaussianNoise {
    return new GaussianNoise(
      new ConfigReader("GaussianNoise", config).number("stddev"),
      randomFromKeras(config, options),
    );
  }
}

/**
 * Adds normal noise of deviation `stddev` while training; does nothing otherwise.
 * @example gaussianNoise(0.1)
 */
export const gaussianNoise = (stddev: number, options: RandomOptions = {}): GaussianNoise =>
  new GaussianNoise(stddev, options);
