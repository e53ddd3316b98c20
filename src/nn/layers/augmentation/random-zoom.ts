// Zooms into images and out of them, around their centres.
import { zoomMap } from "../../../core/affine-maps.js";
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

/** Keras's bounds are (-1, 1]: a factor of -1 would look at a single point. */
const LOWEST = -1 + 2 ** -20;

/** The layer that `randomZoom` makes. */
export class RandomZoom extends AffineAugmentation {
  readonly className = "RandomZoom";
  readonly heightFactor: Factor;
  readonly widthFactor: Factor | null;
  readonly #height: readonly [number, number];
  readonly #width: readonly [number, number] | null;

  constructor(heightFactor: Factor, widthFactor: Factor | null = null, options: AffineAugmentationOptions = {}) {
    super("randomZoom", options);
    this.heightFactor = heightFactor;
    this.widthFactor = widthFactor;
    this.#height = factorOf(`${this.label} heightFactor`, heightFactor, LOWEST, 1);
    this.#width = widthFactor === null ? null : factorOf(`${this.label} widthFactor`, widthFactor, LOWEST, 1);
  }
  protected mapFor(draws: (count: number) => Value[], height: number, width: number): AffineMap {
    const [first, second] = draws(this.#width === null ? 1 : 2) as [Value, Value?];
    const scale = (draw: Value, [low, high]: readonly [number, number]): Value => within(draw, [1 + low, 1 + high]);
    const down = scale(first, this.#height);
    const right = this.#width === null ? down : scale(second!, this.#width);
    return zoomMap(IN_GRAPH, down, right, height, width);
  }
  protected override config(): JsonObject {
    return { height_factor: this.heightFactor, width_factor: this.widthFactor, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomZoom {
    const width = config.width_factor;
    return new RandomZoom(
      factorFromKeras("RandomZoom height_factor", config.height_factor),
      width === undefined || width === null ? null : factorFromKeras("RandomZoom width_factor", width),
      affineAugmentationFromKeras("RandomZoom", config, options),
    );
  }
}

/**
 * Zooms at random while training: a factor of 0.2 shows up to 20 % more, -0.2 up to 20 % less. Without a width factor
 * the height's draw counts for both, and proportions stay.
 * @param height Bounds of the zoom from -1 to 1: 0.2 draws from -0.2 to 0.2, `[low, high]` from that range.
 * @param width Bounds across, in the same form; default null, the height's draw.
 * @example randomZoom([-0.1, 0.1])
 */
export function randomZoom(height: Factor, width?: Factor | null, options?: AffineAugmentationOptions): RandomZoom;
export function randomZoom(height: Factor, options: AffineAugmentationOptions): RandomZoom;
export function randomZoom(
  height: Factor,
  second: Factor | null | AffineAugmentationOptions = null,
  options: AffineAugmentationOptions = {},
): RandomZoom {
  if (second === null || typeof second === "number" || Array.isArray(second))
    return new RandomZoom(height, second as Factor | null, options);
  return new RandomZoom(height, null, second as AffineAugmentationOptions);
}
