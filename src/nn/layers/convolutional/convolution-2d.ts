// Common part of the 2-D convolutions: the window that moves, its checks, its config. Images are NHWC.
import { FoveaError, oneOf } from "../../../core/errors.js";
import type { Padding, ConvolutionOptions as Window } from "../../../core/functions/index.js";
import type { JsonObject } from "../../../core/json.js";
import { dilatedExtent } from "../../../core/ops/window.js";
import { type Pair, pairOf } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { AffineLayer, type AffineOptions, affineFromKeras } from "../affine.js";
import { expectChannelsLast, IMAGE_AXES, type LayerOptions, windowExtent } from "../layer.js";

export interface ConvolutionOptions extends AffineOptions {
  /** Step of the kernel in pixels, one number or [vertical, horizontal]. Default 1. */
  readonly strides?: Pair;
  /**
   * `"valid"` (default) puts out pixels whose window lies inside, `"same"` ceil(size / stride) pixels, with zeros
   * outside.
   */
  readonly padding?: Padding;
  /**
   * The distance between the pixels that neighbouring cells of the kernel see; not together with strides. Default 1.
   */
  readonly dilationRate?: Pair;
}

export abstract class Convolution2D extends AffineLayer {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilationRate: readonly [number, number];

  constructor(functionName: string, kernelSize: Pair, options: ConvolutionOptions, allowed: readonly string[]) {
    super(functionName, options, [...allowed, "strides", "padding", "dilationRate"]);
    this.kernelSize = pairOf(`${this.label} kernelSize`, kernelSize);
    this.strides = pairOf(`${this.label} strides`, options.strides ?? 1);
    this.padding = oneOf(`${this.label} padding`, options.padding ?? "valid", ["valid", "same"]);
    this.dilationRate = pairOf(`${this.label} dilationRate`, options.dilationRate ?? 1);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1)
      throw new FoveaError(
        "conflicting-options",
        `${this.label}: strides above 1 do not go together with a dilationRate above 1, ` +
          `received strides [${this.strides}] and dilationRate [${this.dilationRate}]`,
      );
  }

  /** Arguments of the graph's convolution functions. */
  protected get window(): Window {
    return { strides: this.strides, padding: this.padding, dilation: this.dilationRate };
  }

  /** Height and width that come out. */
  protected outputSides(inputShape: Shape): [number, number] {
    this.expectRank(inputShape, IMAGE_AXES);
    const [height, width] = [0, 1].map((axis) => {
      const size = dilatedExtent(this.kernelSize[axis]!, this.dilationRate[axis]!);
      return windowExtent(inputShape[axis]!, size, this.strides[axis]!, this.padding);
    }) as [number, number];
    if (height < 1 || width < 1)
      throw new FoveaError(
        "shape-mismatch",
        `${this.label}: a kernel of ${this.kernelSize.join("x")} does not fit images of ` +
          `${inputShape[0]}x${inputShape[1]}; use a smaller kernel, larger images or padding "same"`,
      );
    return [height, width];
  }

  protected override config(): JsonObject {
    return {
      kernel_size: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      data_format: "channels_last",
      dilation_rate: this.dilationRate,
      activity_regularizer: null,
      ...super.config(),
    };
  }
}

/** The options that `Convolution2D` reads, from a Keras config. */
export function convolutionFromKeras(className: string, config: JsonObject, options: LayerOptions): ConvolutionOptions {
  const reader = new ConfigReader(className, config);
  expectChannelsLast(reader);
  return {
    ...affineFromKeras(className, config, options),
    strides: reader.pair("strides", 1),
    padding: reader.string("padding", "valid") as Padding,
    dilationRate: reader.pair("dilation_rate", 1),
  };
}
