// The base of layers that draw random numbers while training: each call has a separate stream of the run's seed, so
// that every draw is a pure function of (seed, stream, step, position) and a resumed or parallel run draws the same.

import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import { STREAM } from "../../../core/random.js";
import type { Shape } from "../../../core/shape.js";
import type { TrainingContext } from "../call-context.js";
import { Layer, type LayerOptions } from "../layer.js";

/** Options of layers that draw random numbers. */
export interface RandomOptions extends LayerOptions {
  /**
   * Chooses the layer's stream of the run's seed. Default: the number of the call among those of its kind in a step.
   */
  readonly seed?: number | null;
}

/** Streams of a kind are 28 bits wide; chosen ones take the upper half, counted ones the lower. */
const CHOSEN = 2 ** 27;

export abstract class RandomLayer extends Layer {
  readonly seed: number | null;

  constructor(
    functionName: string,
    options: RandomOptions,
    allowed: readonly string[],
    /** `STREAM.dropout` or `STREAM.augment`. */
    readonly kind: number = STREAM.dropout,
  ) {
    super(functionName, options, [...allowed, "seed"]);
    this.seed =
      options.seed === undefined || options.seed === null ? null : wholeNumber(`${this.label} seed`, options.seed, 0);
  }
  /** The number that tells the draws of this call from those of all others; to be asked for in every training call. */
  protected streamOf(context: TrainingContext): number {
    const counted = context.takeStream(this.kind);
    return this.seed === null ? counted : this.kind + CHOSEN + (this.seed % CHOSEN);
  }
  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
  protected config(): JsonObject {
    return { seed: this.seed };
  }
}

/** The options of a random layer from its Keras config. */
export const randomFromKeras = (config: JsonObject, options: LayerOptions): RandomOptions => ({
  ...options,
  seed: typeof config.seed === "number" ? config.seed : null,
});
