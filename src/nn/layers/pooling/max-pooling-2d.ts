// Max pooling over images.
import { maxPool2d } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { Pair } from "../../../core/options.js";
import type { LayerOptions } from "../layer.js";
import { Pooling2D, type Pooling2DOptions, poolingFromConfig } from "./pooling-2d.js";

/** The layer that `maxPooling2d` makes. */
export class MaxPooling2D extends Pooling2D {
  readonly className = "MaxPooling2D";

  constructor(poolSize: Pair = 2, options: Pooling2DOptions = {}) {
    super("maxPooling2d", poolSize, options);
  }
  call(x: Value): Value {
    return maxPool2d(x, this.poolSize, { strides: this.strides, padding: this.padding });
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): MaxPooling2D {
    return new MaxPooling2D(...poolingFromConfig("MaxPooling2D", config, options));
  }
}

/**
 * The largest value of each window; strides default to the window.
 * @param poolSize Height and width of the window in pixels, one number or [height, width]; default 2.
 * @example maxPooling2d(4, { name: "pool3" })
 */
export function maxPooling2d(poolSize?: Pair, options?: Pooling2DOptions): MaxPooling2D;
export function maxPooling2d(options: Pooling2DOptions): MaxPooling2D;
export function maxPooling2d(first: Pair | Pooling2DOptions = 2, second: Pooling2DOptions = {}): MaxPooling2D {
  if (typeof first === "number" || Array.isArray(first)) return new MaxPooling2D(first as Pair, second);
  return new MaxPooling2D(2, first as Pooling2DOptions);
}
