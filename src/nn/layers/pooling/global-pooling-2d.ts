// Common part of the global poolings: one number a channel for the whole image.

import type { JsonObject } from "../../../core/json.js";
import { flag } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";

/** Options of global pooling. */
export interface GlobalPooling2DOptions extends LayerOptions {
  /** Keeps height and width, with extent 1. Default false. */
  readonly keepdims?: boolean;
}

export abstract class GlobalPooling2D extends Layer {
  readonly keepdims: boolean;

  constructor(functionName: string, options: GlobalPooling2DOptions) {
    super(functionName, options, ["keepdims"]);
    this.keepdims = flag(`${this.label} keepdims`, options.keepdims, false);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return this.keepdims ? [1, 1, inputShape[2]!] : [inputShape[2]!];
  }
  protected config(): JsonObject {
    return { data_format: "channels_last", keepdims: this.keepdims };
  }
}

/** The options that a Keras config states. */
export function globalPoolingFromConfig(
  className: string,
  config: JsonObject,
  options: LayerOptions,
): GlobalPooling2DOptions {
  const reader = new ConfigReader(className, config);
  expectChannelsLast(reader);
  return { ...options, keepdims: reader.boolean("keepdims", false) };
}
