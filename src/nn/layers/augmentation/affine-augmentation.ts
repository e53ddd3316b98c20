// The base of augmentations that move pixels: interpolation between pixels, and the filling outside of the image.
import { oneOf } from "../../../core/errors.js";
import {
  affineTransform,
  concatenate,
  constant,
  type FillMode,
  type Interpolation,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import type { RandomOptions } from "../regularization/random-layer.js";
import { Augmentation, augmentationFromKeras } from "./augmentation.js";
import { type AffineMap, affineBoxes } from "./box-moves.js";

/** Options of augmentations that move pixels. */
export interface AffineAugmentationOptions extends RandomOptions {
  /** Filling of the outside: `"reflect"` (default), `"constant"`, `"nearest"` or `"wrap"`. */
  readonly fillMode?: FillMode;
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: Interpolation;
  /** The value of pixels from outside, with fill mode `"constant"`. Default 0. */
  readonly fillValue?: number;
}

export abstract class AffineAugmentation extends Augmentation {
  readonly fillMode: FillMode;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(functionName: string, options: AffineAugmentationOptions) {
    super(functionName, options, ["fillMode", "interpolation", "fillValue"]);
    const modes = ["reflect", "wrap", "constant", "nearest"] as const;
    this.fillMode = oneOf(`${this.label} fillMode`, options.fillMode ?? "reflect", modes);
    this.interpolation = oneOf(`${this.label} interpolation`, options.interpolation ?? "bilinear", [
      "nearest",
      "bilinear",
    ]);
    this.fillValue = numberWithin(`${this.label} fillValue`, options.fillValue ?? 0);
  }

  /** Place that the pixel at column x and row y comes from, for images of this height and width. */
  protected abstract mapFor(draws: (count: number) => Value[], height: number, width: number): AffineMap;

  protected augment(x: Value, draws: (count: number) => Value[]): Value {
    const { fillMode, interpolation, fillValue } = this;
    return affineTransform(x, this.#coefficients(x, draws), { fillMode, interpolation, fillValue });
  }

  protected override move(map: Value, draws: (count: number) => Value[], outside: number): Value {
    const how = { fillMode: "constant", interpolation: "nearest", fillValue: outside } as const;
    return affineTransform(map, this.#coefficients(map, draws), how);
  }

  protected override moveBoxes(boxes: Value, draws: (count: number) => Value[], shape: Shape): Value {
    const [, height, width] = shape as readonly [number, number, number];
    return affineBoxes(boxes, this.mapFor(draws, height, width), height, width);
  }

  #coefficients(x: Value, draws: (count: number) => Value[]): Value {
    const [batch, height, width] = x.type.shape as [number, number, number];
    const coefficients = this.mapFor(draws, height, width).map((coefficient) =>
      typeof coefficient === "number" ? constant(coefficient, [batch, 1]) : coefficient,
    );
    return concatenate(coefficients, 1);
  }

  protected override config(): JsonObject {
    const { fillMode, interpolation, fillValue } = this;
    return { ...super.config(), fill_mode: fillMode, interpolation, fill_value: fillValue };
  }
}

/** The options that `AffineAugmentation` reads, from a Keras config. */
export function affineAugmentationFromKeras(
  className: string,
  config: JsonObject,
  options: LayerOptions,
): AffineAugmentationOptions {
  const reader = new ConfigReader(className, config);
  return {
    ...augmentationFromKeras(className, config, options),
    fillMode: reader.string("fill_mode", "reflect") as FillMode,
    interpolation: reader.string("interpolation", "bilinear") as Interpolation,
    fillValue: reader.number("fill_value", 0),
  };
}
