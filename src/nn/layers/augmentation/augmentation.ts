// The base of augmentations: they change images while training only, each image by other numbers, drawn from the
// layer's stream.
import { FoveaError, shown } from "../../../core/errors.js";
import { add, mul, reshape, sliceAxis } from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { Json, JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import { STREAM } from "../../../core/random.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import { type CallContext, expectChannelsLast, IMAGE_AXES, type LayerOptions } from "../layer.js";
import { RandomLayer, type RandomOptions, randomFromKeras } from "../regularization/random-layer.js";
import type { PlacedBoxes } from "./box-moves.js";

/** An interval from which a number is drawn for each image: `[low, high]`, or `f` for `[-f, f]`. */
export type Factor = number | readonly [number, number];

export abstract class Augmentation extends RandomLayer {
  constructor(functionName: string, options: RandomOptions, allowed: readonly string[]) {
    super(functionName, options, allowed, STREAM.augment);
  }
  override computeOutputShape(inputShape: Shape): Shape {
    this.expectRank(inputShape, IMAGE_AXES);
    return inputShape;
  }
  call(x: Value, context: CallContext): Value {
    if (!context.training) return this.unchanged(x);
    const stream = this.streamOf(context);
    const batch = x.type.shape[0]!;
    // Asked again for the same count, it gives the same numbers: they follow from stream and position.
    const draws = (count: number): Value[] => {
      const all = context.uniform([count, batch], stream, 1);
      return Array.from({ length: count }, (_, i) => reshape(sliceAxis(all, 0, i, 1), [batch, 1]));
    };
    context.addMove({
      map: (map, outside) => this.move(map, draws, outside),
      boxes: (placed) => this.moveObjects(placed, draws, x.type.shape),
      ...(this.mixes && { mixes: this.label }),
    });
    return this.augment(x, draws);
  }

  /** `draws(k)` gives k uniform numbers in [0, 1) an image, each [n, 1]; an augmentation asks once. */
  protected abstract augment(x: Value, draws: (count: number) => Value[]): Value;

  /**
   * A map of whole numbers on the images, [n, height, width, 1], as `augment` moves their pixels: no number between two of
   * them, and `outside` where nothing was. Augmentations that move no pixels leave it.
   */
  protected move(map: Value, _draws: (count: number) => Value[], _outside: number): Value {
    return map;
  }

  /**
   * Boxes on the images, [n, boxes, 4], center and size as shares of the image, as `augment` moves pixels; they may leave the
   * image. Augmentations that move no pixels leave them.
   * @param _shape that of the images, [n, height, width, channels]
   */
  protected moveBoxes(boxes: Value, _draws: (count: number) => Value[], _shape: Shape): Value {
    return boxes;
  }

  /** The same of boxes with their classes, for augmentations that put several images together. */
  protected moveObjects(placed: PlacedBoxes, draws: (count: number) => Value[], shape: Shape): PlacedBoxes {
    return { ...placed, boxes: this.moveBoxes(placed.boxes, draws, shape) };
  }

  /** True where several images become one. */
  protected get mixes(): boolean {
    return false;
  }

  /** The result outside of training. */
  protected unchanged(x: Value): Value {
    return x;
  }
  protected override config(): JsonObject {
    return { ...super.config(), data_format: "channels_last" };
  }
}

/** A uniform draw moved into [low, high). */
export const within = (draw: Value, [low, high]: readonly [number, number]): Value => add(mul(draw, high - low), low);

/** One number an image, [n, 1], shaped to broadcast with images. */
export const perImage = (value: Value): Value => reshape(value, [value.type.shape[0]!, 1, 1, 1]);

/** @throws FoveaError unless `factor` is a number or an interval within [low, high]. */
export function factorOf(what: string, factor: Factor, low: number, high: number): readonly [number, number] {
  if (typeof factor === "number") {
    const size = Math.abs(numberWithin(what, factor, low, high));
    return [Math.max(-size, low), size];
  }
  if (!Array.isArray(factor) || factor.length !== 2)
    throw new FoveaError("wrong-type", `${what}: expected a number or [low, high], received ${shown(factor)}`);
  const [a, b] = factor.map((value: number) => numberWithin(what, value, low, high)) as [number, number];
  return [Math.min(a, b), Math.max(a, b)];
}

/** A factor in a Keras config. */
export function factorFromKeras(what: string, value: Json | undefined): Factor {
  if (typeof value === "number" || Array.isArray(value)) return value as unknown as Factor;
  throw new FoveaError("wrong-type", `${what}: expected a number or two, received ${shown(value)}`);
}

/** The options that every augmentation has, from a Keras config. */
export function augmentationFromKeras(className: string, config: JsonObject, options: LayerOptions): RandomOptions {
  expectChannelsLast(new ConfigReader(className, config));
  return randomFromKeras(config, options);
}
