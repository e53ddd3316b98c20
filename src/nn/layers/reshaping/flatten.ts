// Turns each sample into one row.
import { reshape } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type Shape, sizeOf } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, Layer, type LayerOptions } from "../layer.js";

/** The layer that `flatten` makes. */
export class Flatten extends Layer {
  readonly className = "Flatten";
  protected override readonly recordsBuild = true;

  constructor(options: LayerOptions = {}) {
    super("flatten", options, []);
  }
  computeOutputShape(inputShape: Shape): Shape {
    return [sizeOf(inputShape)];
  }
  call(x: Value): Value {
    return reshape(x, [x.type.shape[0]!, sizeOf(x.type.shape.slice(1))]);
  }
  protected config(): JsonObject {
    return { data_format: "channels_last" };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Flatten {
    expectChannelsLast(new ConfigReader("Flatten", config));
    return new Flatten(options);
  }
}

/**
 * Turns samples of any shape into rows: `[batch, 5, 3, 64]` to `[batch, 960]`.
 * @example flatten();
 */
export const flatten = (options: LayerOptions = {}): Flatten => new Flatten(options);
