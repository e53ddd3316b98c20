// Spreads the values of an image around their mean, or draws them together.
import { add, mean, mul, sub } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import type { LayerOptions } from "../layer.js";
import { type Factor, factorFromKeras, factorOf, perImage, within } from "./augmentation.js";
import { ColorAugmentation, type ColorAugmentationOptions, colorAugmentationFromKeras } from "./color-augmentation.js";

/** The layer that `randomContrast` makes. */
export class RandomContrast extends ColorAugmentation {
  readonly className = "RandomContrast";
  /** Largest distances of the factor from 1: below, and above. */
  readonly factor: readonly [number, number];

  constructor(factor: Factor, options: ColorAugmentationOptions = {}) {
    super("randomContrast", options);
    this.factor =
      typeof factor === "number"
        ? [numberWithin(`${this.label} factor`, factor, 0, 1), factor]
        : factorOf(`${this.label} factor`, factor, 0, 1);
  }
  protected augment(x: Value, draws: (count: number) => Value[]): Value {
    const [lower, upper] = this.factor;
    const factor = perImage(within(draws(1)[0]!, [1 - lower, 1 + upper]));
    const middle = mean(x, [1, 2], true);
    return this.clipped(add(mul(sub(x, middle), factor), middle));
  }
  protected override config(): JsonObject {
    return { factor: this.factor, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomContrast {
    return new RandomContrast(
      factorFromKeras("RandomContrast factor", config.factor),
      colorAugmentationFromKeras("RandomContrast", config, options),
    );
  }
}

/**
 * Multiplies the distances of values from their channel's mean by a random number while training: from `1 - f` to
 * `1 + f`, or from `1 - factor[0]` to `1 + factor[1]`.
 * @example randomContrast(0.2)
 */
export const randomContrast = (factor: Factor, options: ColorAugmentationOptions = {}): RandomContrast =>
  new RandomContrast(factor, options);
