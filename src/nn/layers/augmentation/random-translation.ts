// Moves images up or down, left or right.
import { shiftMap } from "../../../core/affine-maps.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import type { LayerOptions } from "../layer.js";
import {
  AffineAugmentation,
  type AffineAugmentationOptions,
  affineAugmentationFromKeras,
} from "./affine-augmentation.js";
import { type Factor, factorFromKeras, factorOf, within } from "./augmentation.js";
import { type AffineMap, IN_GRAPH } from "./box-moves.js";

/** The layer that `randomTranslation` makes. */
export class RandomTranslation extends AffineAugmentation {
  readonly className = "RandomTranslation";
  readonly heightFactor: Factor;
  readonly widthFactor: Factor;
  readonly #height: readonly [number, number];
  readonly #width: readonly [number, number];

  constructor(heightFactor: Factor, widthFactor: Factor, options: AffineAugmentationOptions = {}) {
    super("randomTranslation", options);
    this.heightFactor = heightFactor;
    this.widthFactor = widthFactor;
    this.#height = factorOf(`${this.label} heightFactor`, heightFactor, -1, 1);
    this.#width = factorOf(`${this.label} widthFactor`, widthFactor, -1, 1);
  }
  protected mapFor(draws: (count: number) => Value[], height: number, width: number): AffineMap {
    const [down, right] = draws(2) as [Value, Value];
    return shiftMap(IN_GRAPH, within(down, this.#height), within(right, this.#width), height, width);
  }
  protected override config(): JsonObject {
    return { height_factor: this.heightFactor, width_factor: this.widthFactor, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomTranslation {
    return new RandomTranslation(
      factorFromKeras("RandomTranslation height_factor", config.height_factor),
      factorFromKeras("RandomTranslation width_factor", config.width_factor),
      affineAugmentationFromKeras("RandomTranslation", config, options),
    );
  }
}

/**
 * Moves images at random while training: factors are shares of height and width; positive moves down and right.
 * @param heightFactor The most of the height that images move, as a share: 0.1 draws from -0.1 to 0.1, `[low, high]`
 * from that range.
 * @param widthFactor The most of the width that images move, in the same form.
 * @example randomTranslation(0.1, 0.1, { fillMode: "constant" })
 */
export const randomTranslation = (
  heightFactor: Factor,
  widthFactor: Factor,
  options: AffineAugmentationOptions = {},
): RandomTranslation => new RandomTranslation(heightFactor, widthFactor, options);
