// The mean over all positions of an image, one number a channel.
import { mean } from "../../../core/graph/functions.js";
import type { Value } from "../../../core/graph/node.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader, type JsonObject } from "../../serialization/keras-object.js";
import { IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";

export interface GlobalPooling2DOptions extends LayerOptions {
  /** Keep height and width, with extent 1. */
  readonly keepdims?: boolean;
}

export class GlobalAveragePooling2D extends Layer {
  readonly className = "GlobalAveragePooling2D";
  readonly keepdims: boolean;

  constructor(options: GlobalPooling2DOptions = {}) {
    super("globalAveragePooling2d", options, ["keepdims"]);
    this.keepdims = options.keepdims ?? false;
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return this.keepdims ? [1, 1, inputShape[2]!] : [inputShape[2]!];
  }
  call(x: Value): Value {
    return mean(x, [1, 2], this.keepdims);
  }
  protected config(): JsonObject {
    return { data_format: "channels_last", keepdims: this.keepdims };
  }
  static fromConfig(config: JsonObject, options: LayerOptions): GlobalAveragePooling2D {
    const reader = new ConfigReader("GlobalAveragePooling2D", config);
    reader.refuseUnless("data_format", (value) => value === "channels_last");
    return new GlobalAveragePooling2D({ ...options, keepdims: reader.boolean("keepdims", false) });
  }
}

/**
 * Averages each channel over the whole image: `[batch, height, width, channels]` to `[batch, channels]`.
 * @example globalAveragePooling2d()
 */
export const globalAveragePooling2d = (options: GlobalPooling2DOptions = {}): GlobalAveragePooling2D =>
  new GlobalAveragePooling2D(options);
