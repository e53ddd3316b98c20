// The mean over all positions of an image, one number a channel.
import { mean } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { LayerOptions } from "../layer.js";
import { GlobalPooling2D, type GlobalPooling2DOptions, globalPoolingFromConfig } from "./global-pooling-2d.js";

/** The layer that `globalAveragePooling2d` makes. */
export class GlobalAveragePooling2D extends GlobalPooling2D {
  readonly className = "GlobalAveragePooling2D";

  constructor(options: GlobalPooling2DOptions = {}) {
    super("globalAveragePooling2d", options);
  }
  call(x: Value): Value {
    return mean(x, [1, 2], this.keepdims);
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): GlobalAveragePooling2D {
    return new GlobalAveragePooling2D(globalPoolingFromConfig("GlobalAveragePooling2D", config, options));
  }
}

/**
 * Averages each channel over the whole image: `[batch, height, width, channels]` to `[batch, channels]`.
 * @example globalAveragePooling2d()
 */
export const globalAveragePooling2d = (options: GlobalPooling2DOptions = {}): GlobalAveragePooling2D =>
  new GlobalAveragePooling2D(options);
