// Common part of the global poolings of sequences: one number a feature for all steps.

import type { JsonObject } from "../../../core/json.js";
import { flag } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { Layer } from "../layer.js";
import type { GlobalPooling2DOptions } from "./global-pooling-2d.js";

export abstract class GlobalPooling1D extends Layer {
  readonly keepdims: boolean;

  constructor(functionName: string, options: GlobalPooling2DOptions) {
    super(functionName, options, ["keepdims"]);
    this.keepdims = flag(`${this.label} keepdims`, options.keepdims, false);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, ["steps", "features"]);
    return this.keepdims ? [1, inputShape[1]!] : [inputShape[1]!];
  }
  protected config(): JsonObject {
    return { data_format: "channels_last", keepdims: this.keepdims };
  }
}
