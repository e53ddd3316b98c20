// The largest over all steps of a sequence, one number a feature.
import { max } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { LayerOptions } from "../layer.js";
import { GlobalPooling1D } from "./global-pooling-1d.js";
import { type GlobalPooling2DOptions, globalPoolingFromConfig } from "./global-pooling-2d.js";

/** The layer that `globalMaxPooling1d` makes. */
export class GlobalMaxPooling1D extends GlobalPooling1D {
  readonly className = "GlobalMaxPooling1D";

  constructor(options: GlobalPooling2DOptions = {}) {
    super("globalMaxPooling1d", options);
  }
  call(x: Value): Value {
    return max(x, [1], this.keepdims);
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): GlobalMaxPooling1D {
    return new GlobalMaxPooling1D(globalPoolingFromConfig("GlobalMaxPooling1D", config, options));
  }
}

/**
 * Takes the largest of each feature over all steps: `[batch, steps, features]` to `[batch, features]`.
 * @example globalMaxPooling1d()
 */
export const globalMaxPooling1d = (options: GlobalPooling2DOptions = {}): GlobalMaxPooling1D =>
  new GlobalMaxPooling1D(options);
