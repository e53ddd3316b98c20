// Mirrors images left to right, top to bottom, or both, each with probability one half.
import { oneOf } from "../../../core/errors.js";
import { flip, greater, reshape, select } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { ConfigReader } from "../../config/keras-object.js";
import { type Spelled, toSnakeCase } from "../../config/naming.js";
import type { LayerOptions } from "../layer.js";
import type { RandomOptions } from "../regularization/random-layer.js";
import { Augmentation, augmentationFromKeras, perImage } from "./augmentation.js";
import { mirroredBoxes } from "./box-moves.js";

const AXES = { horizontal: [2], vertical: [1], horizontal_and_vertical: [2, 1] } as const;
type Mode = keyof typeof AXES;

/** The layer that `randomFlip` makes. */
export class RandomFlip extends Augmentation {
  readonly className = "RandomFlip";
  readonly mode: Mode;

  constructor(mode: Spelled<Mode> = "horizontal_and_vertical", options: RandomOptions = {}) {
    super("randomFlip", options, []);
    this.mode = oneOf(`${this.label} mode`, toSnakeCase(String(mode)), Object.keys(AXES) as Mode[]);
  }
  protected augment(x: Value, draws: (count: number) => Value[]): Value {
    const axes = AXES[this.mode];
    const chances = draws(axes.length);
    return axes.reduce<Value>(
      (image, axis, i) => select(greater(0.5, perImage(chances[i]!)), flip(image, [axis]), image),
      x,
    );
  }
  protected override move(map: Value, draws: (count: number) => Value[]): Value {
    return this.augment(map, draws);
  }
  protected override moveBoxes(boxes: Value, draws: (count: number) => Value[]): Value {
    const axes = AXES[this.mode];
    const chances = draws(axes.length);
    return axes.reduce<Value>(
      (moved, axis, i) =>
        select(greater(0.5, reshape(chances[i]!, [-1, 1, 1])), mirroredBoxes(moved, axis === 2 ? 0 : 1), moved),
      boxes,
    );
  }
  protected override config(): JsonObject {
    return { mode: this.mode, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomFlip {
    const mode = new ConfigReader("RandomFlip", config).string("mode", "horizontal_and_vertical");
    return new RandomFlip(mode as Mode, augmentationFromKeras("RandomFlip", config, options));
  }
}

/**
 * Mirrors images at random while training: `"horizontal"`, `"vertical"` or `"horizontal_and_vertical"`, which decides
 * about the two by themselves (Keras 3.15 does both or neither).
 * @param mode Direction of the mirror; default `"horizontal_and_vertical"`.
 * @example randomFlip("horizontal")
 */
export function randomFlip(mode?: Spelled<Mode>, options?: RandomOptions): RandomFlip;
export function randomFlip(options: RandomOptions): RandomFlip;
export function randomFlip(first?: Spelled<Mode> | RandomOptions, second: RandomOptions = {}): RandomFlip {
  return typeof first === "object" ? new RandomFlip(undefined, first) : new RandomFlip(first, second);
}
