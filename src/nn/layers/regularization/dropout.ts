// Dropout: while training, sets a share of the values to zero and scales up the rest. The mask is a pure function of
// (seed, the layer's stream, step, position), so that a resumed or a parallel run drops the same values.
import { div, greater, mul, randomUniform, select } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import { STREAM } from "../../../core/random.js";
import type { Shape } from "../../../core/shape.js";
import { numberWithin, wholeNumber } from "../../options.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import { type CallContext, Layer, type LayerOptions } from "../layer.js";
import type { Streams } from "../weight.js";

export interface DropoutOptions extends LayerOptions {
  /** Chooses the layer's stream of the run's seed; default: the layer's number among the dropouts of its model. */
  readonly seed?: number | null;
}

/** Streams of a kind are 28 bits wide; chosen ones take the upper half, counted ones the lower. */
const CHOSEN = 2 ** 27;

export class Dropout extends Layer {
  readonly className = "Dropout";
  readonly rate: number;
  readonly seed: number | null;
  #stream: number = STREAM.dropout;

  constructor(rate: number, options: DropoutOptions = {}) {
    super("dropout", options, ["seed"]);
    this.rate = numberWithin(`${this.label} rate`, rate, 0, 1);
    this.seed =
      options.seed === undefined || options.seed === null ? null : wholeNumber(`${this.label} seed`, options.seed, 0);
  }
  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
  protected override onBuild(_inputShape: Shape, streams: Streams): void {
    const counted = streams.take(STREAM.dropout);
    this.#stream = this.seed === null ? counted : STREAM.dropout + CHOSEN + (this.seed % CHOSEN);
  }
  call(x: Value, context: CallContext): Value {
    if (!context.training || this.rate === 0) return x;
    if (this.rate === 1) return mul(x, 0);
    const dropped = greater(this.rate, randomUniform(x.type.shape, context.randomState, this.#stream));
    return select(dropped, 0, div(x, 1 - this.rate));
  }
  protected config(): JsonObject {
    return { rate: this.rate, seed: this.seed, noise_shape: null };
  }
  static fromConfig(config: JsonObject, options: LayerOptions): Dropout {
    const reader = new ConfigReader("Dropout", config);
    reader.refuse("noise_shape");
    const seed = typeof config.seed === "number" ? config.seed : null;
    return new Dropout(reader.number("rate"), { ...options, seed });
  }
}

/**
 * Drops each value with probability `rate` while training and divides the rest by `1 - rate`; does nothing otherwise.
 * @example dropout(0.5)
 */
export const dropout = (rate: number, options: DropoutOptions = {}): Dropout => new Dropout(rate, options);
