// Cuts rows and columns off the borders of images.
import { FoveaError } from "../../../core/errors.js";
import { slice } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";
import { type Borders, bordersFromKeras, bordersOf, type Sides } from "./borders.js";

/** The layer that `cropping2d` makes. */
export class Cropping2D extends Layer {
  readonly className = "Cropping2D";
  readonly cropping: Sides;

  constructor(cropping: Borders = 0, options: LayerOptions = {}) {
    super("cropping2d", options, []);
    this.cropping = bordersOf(`${this.label} cropping`, cropping);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    const [height, width] = this.cropping.map(([before, after], axis) => inputShape[axis]! - before - after);
    if (height! < 1 || width! < 1)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: cropping ${JSON.stringify(this.cropping)} leaves nothing of images of ` +
          `${inputShape[0]}x${inputShape[1]}`,
      );
    return [height!, width!, inputShape[2]!];
  }
  call(x: Value): Value {
    const [[top], [left]] = this.cropping;
    return slice(x, [0, top, left, 0], [x.type.shape[0]!, ...this.computeOutputShape(x.type.shape.slice(1))]);
  }
  protected config(): JsonObject {
    return { cropping: this.cropping, data_format: "channels_last" };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Cropping2D {
    expectChannelsLast(new ConfigReader("Cropping2D", config));
    return new Cropping2D(bordersFromKeras(config.cropping, 0), options);
  }
}

/**
 * Cuts off the borders of images: `cropping` is a number, `[height, width]` or `[[top, bottom], [left, right]]`.
 * @example cropping2d([[1, 0], [2, 2]])
 */
export const cropping2d = (cropping: Borders = 0, options: LayerOptions = {}): Cropping2D =>
  new Cropping2D(cropping, options);
