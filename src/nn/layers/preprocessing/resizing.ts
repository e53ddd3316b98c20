// Brings images to one height and width inside the model.
import { FoveaError, oneOf } from "../../../core/errors.js";
import type { Interpolation } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { flag, numberWithin, wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";
import { resizeToAspect } from "./aspect-ratio.js";

/** Options of `resizing`. */
export interface ResizingOptions extends LayerOptions {
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: Interpolation;
  /** Cuts off parts of the image so that proportions stay. Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Fills up the borders so that proportions stay. Default false. */
  readonly padToAspectRatio?: boolean;
  /** The value of borders with `padToAspectRatio`. Default 0. */
  readonly fillValue?: number;
}

/** The layer that `resizing` makes. */
export class Resizing extends Layer {
  readonly className = "Resizing";
  readonly height: number;
  readonly width: number;
  readonly interpolation: Interpolation;
  readonly cropToAspectRatio: boolean;
  readonly padToAspectRatio: boolean;
  readonly fillValue: number;

  constructor(height: number, width: number, options: ResizingOptions = {}) {
    super("resizing", options, ["interpolation", "cropToAspectRatio", "padToAspectRatio", "fillValue"]);
    this.height = wholeNumber(`${this.label} height`, height);
    this.width = wholeNumber(`${this.label} width`, width);
    this.interpolation = oneOf(`${this.label} interpolation`, options.interpolation ?? "bilinear", [
      "nearest",
      "bilinear",
    ]);
    this.cropToAspectRatio = flag(`${this.label} cropToAspectRatio`, options.cropToAspectRatio, false);
    this.padToAspectRatio = flag(`${this.label} padToAspectRatio`, options.padToAspectRatio, false);
    this.fillValue = numberWithin(`${this.label} fillValue`, options.fillValue ?? 0);
    if (this.cropToAspectRatio && this.padToAspectRatio)
      throw new FoveaError(
        "conflicting-options",
        `${this.label}: expected cropToAspectRatio or padToAspectRatio, received both`,
      );
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return [this.height, this.width, inputShape[2]!];
  }
  call(x: Value): Value {
    const fit = this.cropToAspectRatio ? "crop" : this.padToAspectRatio ? "pad" : "stretch";
    const { interpolation, fillValue } = this;
    return resizeToAspect(x, [this.height, this.width], { fit, interpolation, fillValue });
  }
  protected config(): JsonObject {
    return {
      height: this.height,
      width: this.width,
      interpolation: this.interpolation,
      crop_to_aspect_ratio: this.cropToAspectRatio,
      pad_to_aspect_ratio: this.padToAspectRatio,
      fill_mode: "constant",
      fill_value: this.fillValue,
      antialias: false,
      data_format: "channels_last",
    };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): Resizing {
    const reader = new ConfigReader("Resizing", config);
    expectChannelsLast(reader);
    reader.refuseUnless("antialias", (value) => value === false);
    return new Resizing(reader.number("height"), reader.number("width"), {
      ...options,
      interpolation: reader.string("interpolation", "bilinear") as Interpolation,
      cropToAspectRatio: reader.boolean("crop_to_aspect_ratio", false),
      padToAspectRatio: reader.boolean("pad_to_aspect_ratio", false),
      fillValue: reader.number("fill_value", 0),
    });
  }
}

/**
 * Resizes images to `height` x `width`, bilinear by default and without antialiasing, as in Keras. Images from folders
 * come out finer with the loader's own resizing.
 * @example resizing(96, 96, { cropToAspectRatio: true })
 */
export const resizing = (height: number, width: number, options: ResizingOptions = {}): Resizing =>
  new Resizing(height, width, options);
