// Dropout: while training, sets a share of the values to zero and scales up the rest.
import { div, greater, mul, randomUniform, select } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import type { Shape } from "../../../core/shape.js";
import { numberWithin } from "../../options.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import type { CallContext, LayerOptions } from "../layer.js";
import { RandomLayer, type RandomOptions, randomFromKeras } from "./random-layer.js";

export type DropoutOptions = RandomOptions;

/** Dropout whose draws have a shape that broadcasts to the values'. */
export abstract class DropoutLayer extends RandomLayer {
  readonly rate: number;

  constructor(functionName: string, rate: number, options: DropoutOptions) {
    super(functionName, options, []);
    this.rate = numberWithin(`${this.label} rate`, rate, 0, 1);
  }
  protected abstract noiseShape(shape: Shape): Shape;
  call(x: Value, context: CallContext): Value {
    if (!context.training) return x;
    const stream = this.streamOf(context);
    if (this.rate === 0) return x;
    if (this.rate === 1) return mul(x, 0);
    const draws = randomUniform(this.noiseShape(x.type.shape), context.randomState, stream);
    return select(greater(this.rate, draws), 0, div(x, 1 - this.rate));
  }
}

export class Dropout extends DropoutLayer {
  readonly className = "Dropout";

  constructor(rate: number, options: DropoutOptions = {}) {
    super("dropout", rate, options);
  }
  protected noiseShape(shape: Shape): Shape {
    return shape;
  }
  protected override config(): JsonObject {
    return { rate: this.rate, ...super.config(), noise_shape: null };
  }
  static fromConfig(config: JsonObject, options: LayerOptions): Dropout {
    const reader = new ConfigReader("Dropout", config);
    reader.refuse("noise_shape");
    return new Dropout(reader.number("rate"), randomFromKeras(config, options));
  }
}

/**
 * Drops each value with probability `rate` while training and divides the rest by `1 - rate`; does nothing otherwise.
 * @example dropout(0.5)
 */
export const dropout = (rate: number, options: DropoutOptions = {}): Dropout => new Dropout(rate, options);
