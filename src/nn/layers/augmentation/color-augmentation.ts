// The base of augmentations that change the values of pixels: the range that values stay in.
import { FoveaError, shown } from "../../../core/errors.js";
import { clip } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import type { LayerOptions } from "../layer.js";
import type { RandomOptions } from "../regularization/random-layer.js";
import { Augmentation, augmentationFromKeras } from "./augmentation.js";

/** Options of augmentations that change colours. */
export interface ColorAugmentationOptions extends RandomOptions {
  /** The lowest and the highest value of a pixel. Default `[0, 255]`. */
  readonly valueRange?: readonly [number, number];
}

export abstract class ColorAugmentation extends Augmentation {
  readonly valueRange: readonly [number, number];

  constructor(functionName: string, options: ColorAugmentationOptions) {
    super(functionName, options, ["valueRange"]);
    const { valueRange = [0, 255] } = options;
    if (!Array.isArray(valueRange) || valueRange.length !== 2)
      throw new FoveaError(
        "wrong-type",
        `${this.label} valueRange: expected [lowest, highest], received ${shown(valueRange)}`,
      );
    const [a, b] = valueRange.map((value: number) => numberWithin(`${this.label} valueRange`, value));
    this.valueRange = [Math.min(a!, b!), Math.max(a!, b!)];
  }
  protected clipped(x: Value): Value {
    return clip(x, ...this.valueRange);
  }
  protected override config(): JsonObject {
    return { ...super.config(), value_range: this.valueRange };
  }
}

/** The options that `ColorAugmentation` reads, from a Keras config. */
export const colorAugmentationFromKeras = (
  className: string,
  config: JsonObject,
  options: LayerOptions,
): ColorAugmentationOptions => ({
  ...augmentationFromKeras(className, config, options),
  ...(Array.isArray(config.value_range) && { valueRange: config.value_range as unknown as [number, number] }),
});
