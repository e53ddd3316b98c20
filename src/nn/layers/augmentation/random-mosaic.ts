// Mosaics: four images of a batch in the quarters of one, around a random point (Bochkovskiy, Wang and Liao, "YOLOv4", 2020). Each
// image shows more objects, in other company, at other sizes, and cut off where images meet.

import { oneOf } from "../../../core/errors.js";
import {
  add,
  broadcastTo,
  clip,
  concatenate,
  constant,
  div,
  greater,
  type Interpolation,
  iota,
  minimum,
  mul,
  reshape,
  round,
  sampleImage,
  select,
  slice,
  sub,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { JsonObject } from "../../../core/json.js";
import { numberWithin } from "../../../core/options.js";
import type { Shape } from "../../../core/shape.js";
import { ConfigReader } from "../../config/keras-object.js";
import type { LayerOptions } from "../layer.js";
import type { RandomOptions } from "../regularization/random-layer.js";
import { Augmentation, augmentationFromKeras } from "./augmentation.js";
import { cutBoxes, type PlacedBoxes, placedBoxes, windowedBoxes } from "./box-moves.js";

/** Options of mosaics. */
export interface RandomMosaicOptions extends RandomOptions {
  /** Share of the images that become mosaics. Default 1. */
  readonly probability?: number;
  /** Least share of the largest window of a quarter's proportions that is shown of an image, above 0; the most is all of it. Default 0.5. */
  readonly shown?: number;
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: Interpolation;
}

const OPTIONS = ["probability", "shown", "interpolation"] as const;
/** Images of a mosaic. */
const QUARTERS = 4;
/** Range of the point where the quarters meet, as shares of the sides. */
const [FIRST, LAST] = [0.25, 0.75];
/** Numbers drawn for an image: whether it is a mosaic, where its quarters meet, and a window of each. */
const [CENTER, WINDOWS, OF_WINDOW] = [1, 3, 3];

/** A quarter of each image of a batch, in pixels, numbers `[n, 1]`: its place, and the window of its image that it shows. */
interface Quarter {
  readonly left: Value;
  readonly top: Value;
  readonly width: Value;
  readonly height: Value;
  /** Pixels of the image for one of the quarter. */
  readonly scale: Value;
  readonly fromLeft: Value;
  readonly fromTop: Value;
}

/** Images by which those of a batch are followed, `by` further on; behind the last comes the first. */
function followers(x: Value, by: number): Value {
  const [batch, ...rest] = x.type.shape as [number, ...number[]];
  const first = by % batch;
  if (first === 0) return x;
  const zeros = rest.map(() => 0);
  return concatenate(
    [slice(x, [first, ...zeros], [batch - first, ...rest]), slice(x, [0, ...zeros], [first, ...rest])],
    0,
  );
}

/** The layer that `randomMosaic` makes. */
export class RandomMosaic extends Augmentation {
  readonly className = "RandomMosaic";
  readonly probability: number;
  readonly shown: number;
  readonly interpolation: Interpolation;

  constructor(options: RandomMosaicOptions = {}) {
    super("randomMosaic", options, OPTIONS);
    this.probability = numberWithin(`${this.label} probability`, options.probability ?? 1, 0, 1);
    this.shown = numberWithin(`${this.label} shown`, options.shown ?? 0.5, 0.1, 1);
    this.interpolation = oneOf(`${this.label} interpolation`, options.interpolation ?? "bilinear", [
      "nearest",
      "bilinear",
    ]);
  }

  protected override get mixes(): boolean {
    return true;
  }

  protected augment(x: Value, draws: (count: number) => Value[]): Value {
    return this.#mosaic(x, draws, this.interpolation);
  }
  protected override move(map: Value, draws: (count: number) => Value[]): Value {
    return this.#mosaic(map, draws, "nearest");
  }

  /** Objects of the four images, each cut off at the edges of its quarter; of an image that stays as it is its own alone. */
  protected override moveObjects(
    { classes, boxes }: PlacedBoxes,
    draws: (count: number) => Value[],
    shape: Shape,
  ): PlacedBoxes {
    const [, height, width] = shape as readonly [number, number, number];
    const { quarters, chance } = this.#drawn(draws, height, width);
    const isMosaic = greater(this.probability, each(chance));
    const lists = quarters.map((quarter, q): PlacedBoxes => {
      const [left, top, wide, high] = [
        share(quarter.fromLeft, width),
        share(quarter.fromTop, height),
        share(mul(quarter.scale, quarter.width), width),
        share(mul(quarter.scale, quarter.height), height),
      ];
      const inWindow = windowedBoxes(followers(boxes, q), { left, top, width: wide, height: high });
      const cut = cutBoxes(followers(classes, q), inWindow);
      const placed = placedBoxes(cut.boxes, {
        left: share(quarter.left, width),
        top: share(quarter.top, height),
        width: share(quarter.width, width),
        height: share(quarter.height, height),
      });
      const [otherwise, alone] = q === 0 ? [classes, boxes] : [constant(-1, classes.type.shape), boxes];
      return { classes: select(isMosaic, cut.classes, otherwise), boxes: select(isMosaic, placed, alone) };
    });
    return {
      classes: concatenate(
        lists.map((list) => list.classes),
        1,
      ),
      boxes: concatenate(
        lists.map((list) => list.boxes),
        1,
      ),
    };
  }

  #drawn(draws: (count: number) => Value[], height: number, width: number) {
    const all = draws(WINDOWS + OF_WINDOW * QUARTERS);
    const meeting = (draw: Value, extent: number): Value => round(mul(add(mul(draw, LAST - FIRST), FIRST), extent));
    const [x, y] = [meeting(all[CENTER]!, width), meeting(all[CENTER + 1]!, height)];
    const zero = constant(0, x.type.shape);
    const quarters = Array.from({ length: QUARTERS }, (_, q): Quarter => {
      const [isRight, isLower] = [q % 2 === 1, q >= 2];
      const [size, across, down] = all.slice(WINDOWS + OF_WINDOW * q) as [Value, Value, Value];
      const [wide, high] = [isRight ? sub(width, x) : x, isLower ? sub(height, y) : y];
      const largest = minimum(div(width, wide), div(height, high));
      const scale = mul(largest, add(mul(size, 1 - this.shown), this.shown));
      return {
        ...{ left: isRight ? x : zero, top: isLower ? y : zero, width: wide, height: high, scale },
        fromLeft: mul(sub(width, mul(scale, wide)), across),
        fromTop: mul(sub(height, mul(scale, high)), down),
      };
    });
    return { quarters, chance: all[0]! };
  }

  #mosaic(x: Value, draws: (count: number) => Value[], interpolation: Interpolation): Value {
    const [batch, height, width] = x.type.shape as [number, number, number, number];
    const { quarters, chance } = this.#drawn(draws, height, width);
    const points = [batch, height, width];
    const [row, column] = [iota(points, 1), iota(points, 2)];
    const [isRight, isLower] = [
      greater(add(column, 0.5), each(quarters[3]!.left)),
      greater(add(row, 0.5), each(quarters[3]!.top)),
    ];
    const ofQuarter = (number: (quarter: Quarter, q: number) => Value): Value => {
      const [a, b, c, d] = quarters.map((quarter, q) => broadcastTo(each(number(quarter, q)), points)) as [
        Value,
        Value,
        Value,
        Value,
      ];
      return select(isLower, select(isRight, d, c), select(isRight, b, a));
    };
    const scale = ofQuarter((quarter) => quarter.scale);
    const from = (position: Value, start: Value, origin: Value, extent: number): Value =>
      clip(sub(add(mul(sub(add(position, 0.5), start), scale), origin), 0.5), 0, extent - 1);
    const [rows, columns] = [
      from(
        row,
        ofQuarter(({ top }) => top),
        ofQuarter(({ fromTop }) => fromTop),
        height,
      ),
      from(
        column,
        ofQuarter(({ left }) => left),
        ofQuarter(({ fromLeft }) => fromLeft),
        width,
      ),
    ];
    // The four images below each other, so that each pixel is sampled once.
    const stacked = concatenate(
      quarters.map((_, q) => followers(x, q)),
      1,
    );
    const which = ofQuarter(({ left }, q) => constant(q * height, left.type.shape));
    const mosaic = sampleImage(stacked, add(rows, which), columns, { interpolation });
    return select(greater(this.probability, reshape(chance, [batch, 1, 1, 1])), mosaic, x);
  }

  protected override config(): JsonObject {
    const { probability, shown, interpolation } = this;
    return { probability, shown, interpolation, ...super.config() };
  }
  /** Makes the layer from its `config`; `options` are its name and whether it trains. */
  static fromConfig(config: JsonObject, options: LayerOptions): RandomMosaic {
    const reader = new ConfigReader("RandomMosaic", config);
    return new RandomMosaic({
      ...augmentationFromKeras("RandomMosaic", config, options),
      probability: reader.number("probability", 1),
      shown: reader.number("shown", 0.5),
      interpolation: reader.string("interpolation", "bilinear") as Interpolation,
    });
  }
}

/** One number an image, `[n, 1]`, beside rows and columns or beside lists of boxes. */
const each = (value: Value): Value => reshape(value, [value.type.shape[0]!, 1, 1]);

/** A number of pixels as a share, beside lists of boxes. */
const share = (pixels: Value, extent: number): Value => each(mul(pixels, 1 / extent));

/**
 * Puts an image and the three after it in the batch into one image, around a random point. Masks and boxes move with them. As
 * other augmentations, it works in training alone. Keras has no such layer, so only Fovea opens a file with it.
 * @example randomMosaic({ probability: 0.5 })
 */
export const randomMosaic = (options: RandomMosaicOptions = {}): RandomMosaic => new RandomMosaic(options);
