// Turns images around their centres.
import { turnMap } from "../../../core/affine-maps.js";
import { mul } from "../../../core/functions/index.js";
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

/** The layer that `randomRotation` makes. */
export class RandomRotation extends AffineAugmentation {
  readonly className = "RandomRotation";
  readonly factor: readonly [number, number];

  constructor(factor: Factor, options: AffineAugmentationOptions = {}) {
    super("randomRotation", options);
    this.factor = factorOf(`${this.label} factor`, factor, -1, 1);
  }
  protected mapFor(draws: (count: number) => Value[], height: number, width: number): AffineMap {
    const angle = mul(within(draws(1)[0]!, this.factor), 2 * Math.PI);
    return turnMap(IN_GRAPH, angle, height, width);
  }
  protected override config(): JsonObject {
    return { factor: this.factor, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomRotation {
    const factor = factorFromKeras("RandomRotation factor", config.factor);
    return new RandomRotation(factor, affineAugmentationFromKeras("RandomRotation", config, options));
  }
}

/**
 * Turns images by a random angle while training: `factor` is a share of a full turn, `[low, high]` or `f` for
 * `[-f, f]`; positive turns counterclockwise.
 * @example randomRotation(0.05)
 */
export const randomRotation = (factor: Factor, options: AffineAugmentationOptions = {}): RandomRotation =>
  new RandomRotation(factor, options);
