// Average pooling over images. Padded cells count neither in the sum nor in the number.
import { averagePool2d } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { Pair } from "../../../core/options.js";
import type { LayerOptions } from "../layer.js";
import { Pooling2D, type Pooling2DOptions, poolingFromConfig } from "./pooling-2d.js";

/** The layer that `averagePooling2d` makes. */
export class AveragePooling2D extends Pooling2D {
  readonly className = "AveragePooling2D";

  constructor(poolSize: Pair, options: Pooling2DOptions = {}) {
    super("averagePooling2d", poolSize, options);
  }
  call(x: Value): Value {
    return averagePool2d(x, this.poolSize, { strides: this.strides, padding: this.padding });
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): AveragePooling2D {
    return new AveragePooling2D(...poolingFromConfig("AveragePooling2D", config, options));
  }
}

/**
 * The mean of each window; strides default to the window.
 * @param poolSize Height and width of the window in pixels, one number or [height, width].
 * @example averagePooling2d(2)
 */
export const averagePooling2d = (poolSize: Pair, options: Pooling2DOptions = {}): AveragePooling2D =>
  new AveragePooling2D(poolSize, options);
