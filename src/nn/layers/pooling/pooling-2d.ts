// Common part of max and average pooling: windows, strides, padding, shapes, config.
import { FoveaError, oneOf } from "../../../core/errors.js";
import type { Padding } from "../../../core/functions/index.js";
import type { JsonObject } from "../../../core/json.js";
import { type Pair, pairOf } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions, windowExtent } from "../layer.js";

/** Options of pooling windows. */
export interface Pooling2DOptions extends LayerOptions {
  /** Step of the window in pixels, one number or [vertical, horizontal]. Default: the pool size. */
  readonly strides?: Pair | null;
  /**
   * `"valid"` leaves out windows that reach outside, `"same"` puts out ceil(size / stride) pixels. Default `"valid"`.
   */
  readonly padding?: Padding;
}

export abstract class Pooling2D extends Layer {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;

  constructor(functionName: string, poolSize: Pair, options: Pooling2DOptions) {
    super(functionName, options, ["strides", "padding"]);
    this.poolSize = pairOf(`${this.label} poolSize`, poolSize);
    this.strides = pairOf(`${this.label} strides`, options.strides ?? this.poolSize);
    this.padding = oneOf(`${this.label} padding`, options.padding ?? "valid", ["valid", "same"]);
  }

  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    const [height, width] = [0, 1].map((axis) =>
      windowExtent(inputShape[axis]!, this.poolSize[axis]!, this.strides[axis]!, this.padding),
    ) as [number, number];
    if (height < 1 || width < 1)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: a window of ${this.poolSize.join("x")} does not fit images of ` +
          `${inputShape[0]}x${inputShape[1]}; use a smaller window, larger images or padding "same"`,
      );
    return [height, width, inputShape[2]!];
  }

  protected config(): JsonObject {
    return {
      pool_size: this.poolSize,
      padding: this.padding,
      strides: this.strides,
      data_format: "channels_last",
    };
  }
}

/** The pool size and options that a Keras config states. */
export function poolingFromConfig(
  className: string,
  config: JsonObject,
  options: LayerOptions,
): [poolSize: Pair, options: Pooling2DOptions] {
  const reader = new ConfigReader(className, config);
  expectChannelsLast(reader);
  const strides = config.strides === undefined || config.strides === null ? null : reader.pair("strides");
  return [reader.pair("pool_size"), { ...options, strides, padding: reader.string("padding", "valid") as Padding }];
}
