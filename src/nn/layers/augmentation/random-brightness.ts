// Makes images brighter or darker.
import { add, mul } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { LayerOptions } from "../layer.js";
import { type Factor, factorFromKeras, factorOf, perImage, within } from "./augmentation.js";
import { ColorAugmentation, type ColorAugmentationOptions, colorAugmentationFromKeras } from "./color-augmentation.js";

/** The layer that `randomBrightness` makes. */
export class RandomBrightness extends ColorAugmentation {
  readonly className = "RandomBrightness";
  readonly factor: readonly [number, number];

  constructor(factor: Factor, options: ColorAugmentationOptions = {}) {
    super("randomBrightness", options);
    this.factor = factorOf(`${this.label} factor`, factor, -1, 1);
  }
  protected augment(x: Value, draws: (count: number) => Value[]): Value {
    const [lowest, highest] = this.valueRange;
    return this.clipped(add(x, perImage(mul(within(draws(1)[0]!, this.factor), highest - lowest))));
  }
  protected override config(): JsonObject {
    return { factor: this.factor, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomBrightness {
    return new RandomBrightness(
      factorFromKeras("RandomBrightness factor", config.factor),
      colorAugmentationFromKeras("RandomBrightness", config, options),
    );
  }
}

/**
 * Adds a random number to all values of an image while training: `factor` is a share of the value range.
 * @example randomBrightness([-0.1, 0.1])
 */
export const randomBrightness = (factor: Factor, options: ColorAugmentationOptions = {}): RandomBrightness =>
  new RandomBrightness(factor, options);
