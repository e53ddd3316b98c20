// Makes images a whole number of times larger.
import { oneOf } from "../../../core/errors.js";
import { type Interpolation, repeatImage, resizeImage } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { type Pair, pairOf } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { expectChannelsLast, IMAGE_AXES, Layer, type LayerOptions } from "../layer.js";

/** Options of `upSampling2d`. */
export interface UpSampling2DOptions extends LayerOptions {
  /** `"nearest"` (default) or `"bilinear"`. */
  readonly interpolation?: Interpolation;
}

/** The layer that `upSampling2d` makes. */
export class UpSampling2D extends Layer {
  readonly className = "UpSampling2D";
  readonly size: readonly [number, number];
  readonly interpolation: Interpolation;

  constructor(size: Pair = 2, options: UpSampling2DOptions = {}) {
    super("upSampling2d", options, ["interpolation"]);
    this.size = pairOf(`${this.label} size`, size);
    this.interpolation = oneOf(`${this.label} interpolation`, options.interpolation ?? "nearest", [
      "nearest",
      "bilinear",
    ]);
  }
  computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return [inputShape[0]! * this.size[0], inputShape[1]! * this.size[1], inputShape[2]!];
  }
  call(x: Value): Value {
    if (this.interpolation === "nearest") return repeatImage(x, this.size);
    const [height, width] = this.computeOutputShape(x.type.shape.slice(1)) as [number, number];
    return resizeImage(x, [height, width], "bilinear");
  }
  protected config(): JsonObject {
    return { size: this.size, data_format: "channels_last", interpolation: this.interpolation };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): UpSampling2D {
    const reader = new ConfigReader("UpSampling2D", config);
    expectChannelsLast(reader);
    return new UpSampling2D(reader.pair("size", 2), {
      ...options,
      interpolation: reader.string("interpolation", "nearest") as Interpolation,
    });
  }
}

/**
 * Repeats rows and columns, or interpolates between them.
 * @param size Factors of height and width, one number or [height, width]; default 2.
 * @example upSampling2d(2, { interpolation: "bilinear" })
 */
export function upSampling2d(size?: Pair, options?: UpSampling2DOptions): UpSampling2D;
export function upSampling2d(options: UpSampling2DOptions): UpSampling2D;
export function upSampling2d(first: Pair | UpSampling2DOptions = 2, second: UpSampling2DOptions = {}): UpSampling2D {
  if (typeof first === "number" || Array.isArray(first)) return new UpSampling2D(first as Pair, second);
  return new UpSampling2D(2, first as UpSampling2DOptions);
}
