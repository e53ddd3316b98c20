// Dropout: while training, sets a share of the values to zero and scales up the rest.
import { FoveaError, shown } from "../../../core/errors.js";
import { div, greater, mul, select } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import { type Shape, showShape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { CallContext, LayerOptions } from "../layer.js";
import { RandomLayer, type RandomOptions, randomFromKeras } from "./random-layer.js";

/** Options of `dropout`. */
export interface DropoutOptions extends RandomOptions {
  /**
   * The shape of what is drawn, batch axis included: an extent of 1 drops all values along that axis together, null is
   * the values' own. Default: each value on its own.
   */
  readonly noiseShape?: readonly (number | null)[] | null;
}

/** Dropout whose draws have a shape that broadcasts to the values'. */
export abstract class DropoutLayer extends RandomLayer {
  readonly rate: number;

  constructor(functionName: string, rate: number, options: RandomOptions, allowed: readonly string[] = []) {
    super(functionName, options, allowed);
    this.rate = numberWithin(`${this.label} rate`, rate, 0, 1);
  }
  protected abstract noiseShape(shape: Shape): Shape;
  call(x: Value, context: CallContext): Value {
    if (!context.training) return x;
    const stream = this.streamOf(context);
    if (this.rate === 0) return x;
    if (this.rate === 1) return mul(x, 0);
    const { shape } = x.type;
    // A batch that shares its draws has none by sample.
    const isShared = this.noiseShape([2, ...shape.slice(1)])[0] === 1;
    const draws = context.uniform(this.noiseShape(shape), stream, isShared ? undefined : 0);
    return select(greater(this.rate, draws), 0, div(x, 1 - this.rate));
  }
}

/** The layer that `dropout` makes. */
export class Dropout extends DropoutLayer {
  readonly className = "Dropout";
  /** Shape of the draws, batch axis included; null where each value has its own. Option `noiseShape`. */
  readonly drawn: readonly (number | null)[] | null;

  constructor(rate: number, options: DropoutOptions = {}) {
    super("dropout", rate, options, ["noiseShape"]);
    this.drawn = options.noiseShape ?? null;
  }
  override computeOutputShape(inputShape: Shape): Shape {
    const fits = (extent: number | null, axis: number): boolean =>
      extent === null || extent === 1 || (axis > 0 && extent === inputShape[axis - 1]);
    if (this.drawn !== null && !(this.drawn.length === inputShape.length + 1 && this.drawn.every(fits)))
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: noiseShape ${shown(this.drawn)} does not fit samples ${showShape(inputShape)}; expected ` +
          "null, 1 or the extent itself for the batch and each axis",
      );
    return inputShape;
  }
  protected noiseShape(shape: Shape): Shape {
    return shape.map((extent, axis) => this.drawn?.[axis] ?? extent);
  }
  protected override config(): JsonObject {
    return { rate: this.rate, ...super.config(), noise_shape: this.drawn };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Dropout {
    const reader = new ConfigReader("Dropout", config);
    const noiseShape = (config.noise_shape ?? null) as readonly (number | null)[] | null;
    return new Dropout(reader.number("rate"), { ...randomFromKeras(config, options), noiseShape });
  }
}

/**
 * Drops each value with probability `rate` while training and divides the rest by `1 - rate`; does nothing otherwise.
 * @example dropout(0.5)
 */
export const dropout = (rate: number, options: DropoutOptions = {}): Dropout => new Dropout(rate, options);
