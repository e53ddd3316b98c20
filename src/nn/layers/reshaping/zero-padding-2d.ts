// Rows and columns of zeros around images.
import { pad } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";
import { type Borders, bordersFromKeras, bordersOf, type Sides } from "./borders.js";

/** The layer that `zeroPadding2d` makes. */
export class ZeroPadding2D extends Layer {
  readonly className = "ZeroPadding2D";
  readonly padding: Sides;

  constructor(padding: Borders = 1, options: LayerOptions = {}) {
    super("zeroPadding2d", options, []);
    this.padding = bordersOf(`${this.label} padding`, padding);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return inputShape.map((extent, axis) => extent + (this.padding[axis]?.[0] ?? 0) + (this.padding[axis]?.[1] ?? 0));
  }
  call(x: Value): Value {
    return pad(x, [[0, 0], ...this.padding, [0, 0]]);
  }
  protected config(): JsonObject {
    return { padding: this.padding, data_format: "channels_last" };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): ZeroPadding2D {
    expectChannelsLast(new ConfigReader("ZeroPadding2D", config));
    return new ZeroPadding2D(bordersFromKeras(config.padding, 1), options);
  }
}

/**
 * Adds zeros around images: `padding` is a number, `[height, width]` or `[[top, bottom], [left, right]]`.
 * @example zeroPadding2d([[0, 1], [0, 1]])
 */
export const zeroPadding2d = (padding: Borders = 1, options: LayerOptions = {}): ZeroPadding2D =>
  new ZeroPadding2D(padding, options);
