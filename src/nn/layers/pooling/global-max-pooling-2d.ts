// The largest value over all positions of an image, one number a channel.
import { max } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { LayerOptions } from "../layer.js";
import { GlobalPooling2D, type GlobalPooling2DOptions, globalPoolingFromConfig } from "./global-pooling-2d.js";

/** The layer that `globalMaxPooling2d` makes. */
export class GlobalMaxPooling2D extends GlobalPooling2D {
  readonly className = "GlobalMaxPooling2D";

  constructor(options: GlobalPooling2DOptions = {}) {
    super("globalMaxPooling2d", options);
  }
  call(x: Value): Value {
    return max(x, [1, 2], this.keepdims);
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): GlobalMaxPooling2D {
    return new GlobalMaxPooling2D(globalPoolingFromConfig("GlobalMaxPooling2D", config, options));
  }
}

/**
 * The largest value of each channel over the whole image: `[batch, height, width, channels]` to `[batch, channels]`.
 * @example globalMaxPooling2d()
 */
export const globalMaxPooling2d = (options: GlobalPooling2DOptions = {}): GlobalMaxPooling2D =>
  new GlobalMaxPooling2D(options);
