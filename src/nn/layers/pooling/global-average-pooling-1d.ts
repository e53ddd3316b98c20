// The mean over all steps of a sequence, one number a feature.
import { mean } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { LayerOptions } from "../layer.js";
import { GlobalPooling1D } from "./global-pooling-1d.js";
import { type GlobalPooling2DOptions, globalPoolingFromConfig } from "./global-pooling-2d.js";

/** The layer that `globalAveragePooling1d` makes. */
export class GlobalAveragePooling1D extends GlobalPooling1D {
  readonly className = "GlobalAveragePooling1D";

  constructor(options: GlobalPooling2DOptions = {}) {
    super("globalAveragePooling1d", options);
  }
  call(x: Value): Value {
    return mean(x, [1], this.keepdims);
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): GlobalAveragePooling1D {
    return new GlobalAveragePooling1D(globalPoolingFromConfig("GlobalAveragePooling1D", config, options));
  }
}

/**
 * Averages each feature over all steps: `[batch, steps, features]` to `[batch, features]`.
 * @example globalAveragePooling1d()
 */
export const globalAveragePooling1d = (options: GlobalPooling2DOptions = {}): GlobalAveragePooling1D =>
  new GlobalAveragePooling1D(options);
