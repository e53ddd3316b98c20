// Cuts the middle out of images.
import { slice } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";
import { resizeToAspect } from "./aspect-ratio.js";

/** The layer that `centerCrop` makes. */
export class CenterCrop extends Layer {
  readonly className = "CenterCrop";
  readonly height: number;
  readonly width: number;

  constructor(height: number, width: number, options: LayerOptions = {}) {
    super("centerCrop", options, []);
    this.height = wholeNumber(`${this.label} height`, height);
    this.width = wholeNumber(`${this.label} width`, width);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return [this.height, this.width, inputShape[2]!];
  }
  call(x: Value): Value {
    const [n, h, w, c] = x.type.shape as [number, number, number, number];
    if (h < this.height || w < this.width)
      return resizeToAspect(x, [this.height, this.width], { fit: "crop", interpolation: "bilinear", fillValue: 0 });
    const begin = [0, Math.floor((h - this.height) / 2), Math.floor((w - this.width) / 2), 0];
    return slice(x, begin, [n, this.height, this.width, c]);
  }
  protected config(): JsonObject {
    return { height: this.height, width: this.width, data_format: "channels_last" };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): CenterCrop {
    const reader = new ConfigReader("CenterCrop", config);
    expectChannelsLast(reader);
    return new CenterCrop(reader.number("height"), reader.number("width"), options);
  }
}

/**
 * Cuts `height` x `width` out of the middle of images; smaller ones are resized, their proportions kept by cropping.
 * @example centerCrop(224, 224)
 */
export const centerCrop = (height: number, width: number, options: LayerOptions = {}): CenterCrop =>
  new CenterCrop(height, width, options);
