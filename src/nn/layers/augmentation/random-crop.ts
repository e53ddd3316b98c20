// Cuts a window out of each image: anywhere while training, the middle otherwise.
import { add, floor, type Interpolation, iota, mul, reshape, sampleImage } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import { resizeToAspect } from "../preprocessing/aspect-ratio.js";
import type { RandomOptions } from "../regularization/random-layer.js";
import { Augmentation, augmentationFromKeras } from "./augmentation.js";
import { windowedBoxes } from "./box-moves.js";

/** The layer that `randomCrop` makes. */
export class RandomCrop extends Augmentation {
  readonly className = "RandomCrop";
  readonly height: number;
  readonly width: number;

  constructor(height: number, width: number, options: RandomOptions = {}) {
    super("randomCrop", options, []);
    this.height = wholeNumber(`${this.label} height`, height);
    this.width = wholeNumber(`${this.label} width`, width);
  }
  override computeOutputShape(inputShape: Shape): Shape {
    return [this.height, this.width, super.computeOutputShape(inputShape)[2]!];
  }
  protected augment(x: Value, draws: (count: number) => Value[]): Value {
    const [batch, height, width] = x.type.shape as [number, number, number];
    if (this.#isLarger(x)) return this.unchanged(x);
    const shape = [batch, this.height, this.width];
    const [top, left] = draws(2) as [Value, Value];
    const from = (draw: Value, places: number): Value => reshape(floor(mul(draw, places)), [batch, 1, 1]);
    return sampleImage(
      x,
      add(iota(shape, 1), from(top, height - this.height + 1)),
      add(iota(shape, 2), from(left, width - this.width + 1)),
      { interpolation: "nearest" },
    );
  }
  protected override move(map: Value, draws: (count: number) => Value[]): Value {
    return this.#isLarger(map) ? this.#middle(map, "nearest") : this.augment(map, draws);
  }
  protected override moveBoxes(boxes: Value, draws: (count: number) => Value[], shape: Shape): Value {
    const [, height, width] = shape as readonly [number, number, number];
    if (height < this.height || width < this.width) {
      // The largest window of these proportions in the middle.
      const scale = Math.min(height / this.height, width / this.width);
      const [wide, high] = [(this.width * scale) / width, (this.height * scale) / height];
      return windowedBoxes(boxes, { left: (1 - wide) / 2, top: (1 - high) / 2, width: wide, height: high });
    }
    const [top, left] = draws(2) as [Value, Value];
    const from = (draw: Value, size: number, window: number): Value =>
      reshape(mul(floor(mul(draw, size - window + 1)), 1 / size), [-1, 1, 1]);
    return windowedBoxes(boxes, {
      left: from(left, width, this.width),
      top: from(top, height, this.height),
      width: this.width / width,
      height: this.height / height,
    });
  }
  protected override unchanged(x: Value): Value {
    return this.#middle(x, "bilinear");
  }
  /** True for a window that does not fit into the images. */
  #isLarger(x: Value): boolean {
    const [, height, width] = x.type.shape as [number, number, number];
    return height < this.height || width < this.width;
  }
  #middle(x: Value, interpolation: Interpolation): Value {
    return resizeToAspect(x, [this.height, this.width], { fit: "crop", interpolation, fillValue: 0 });
  }
  protected override config(): JsonObject {
    return { height: this.height, width: this.width, ...super.config() };
  }
  /** Makes the layer from its Keras `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomCrop {
    const reader = new ConfigReader("RandomCrop", config);
    const augmentation = augmentationFromKeras("RandomCrop", config, options);
    return new RandomCrop(reader.number("height"), reader.number("width"), augmentation);
  }
}

/**
 * Cuts a window of `height` x `width` out of each image, at a random position while training. Otherwise, and where
 * an image is smaller, the largest window of these proportions in the middle is resized.
 * @example randomCrop(224, 224)
 */
export const randomCrop = (height: number, width: number, options: RandomOptions = {}): RandomCrop =>
  new RandomCrop(height, width, options);
