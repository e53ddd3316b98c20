// The boundary F score: how near the borders of predicted regions are to the true ones (Csurka, Larlus and Perronnin, "What is
// a good evaluation measure for semantic segmentation?", 2013). Overlap hardly notices borders of large regions. SciPy's
// erosion and distances are the oracle.
import { FoveaError } from "../../../../core/errors.js";
import { numberWithin } from "../../../../core/options.js";
import { IGNORED } from "../../../../data/index.js";

/** The true and the predicted class of each pixel of an image. */
export interface SegmentedImage {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` row by row; pixels of the ignored value count nowhere. */
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** Share of an image's diagonal within which borders agree. */
const USUAL_SHARE = 0.0075;

export interface BoundaryOptions {
  /** Distance in pixels within which borders agree. Default 0.75 % of the image's diagonal */
  readonly tolerance?: number;
  /** True value of pixels that count nowhere. Default 255 */
  readonly ignored?: number;
}

export interface BoundaryScores {
  /** Mean over the images that have the class, true or predicted, of each class; undefined where none has it. */
  readonly classes: readonly (number | undefined)[];
  /** Mean over classes; undefined where no class has borders. */
  readonly mean: number | undefined;
}

/** @throws FoveaError for maps of another size, and for values that are no class */
function checkSegmented({ width, height, truth, predicted }: SegmentedImage, classes: number, ignored: number): void {
  if (truth.length !== width * height || predicted.length !== width * height)
    throw new FoveaError(
      "shape-mismatch",
      `boundaryScores: expected ${width} x ${height} = ${width * height} pixels, received ${truth.length} true and ${predicted.length} predicted ones`,
    );
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === ignored) continue;
    const wrong = [truth[i]!, predicted[i]!].find((value) => !Number.isInteger(value) || value < 0 || value >= classes);
    if (wrong !== undefined)
      throw new FoveaError(
        "wrong-value",
        `boundaryScores: expected classes 0 to ${classes - 1}, or ${ignored} where the truth is ignored, received ${wrong} at pixel ${i}`,
      );
  }
}

/**
 * Border of a class: its pixels with a side neighbour of another class. The image's edge is no border, and neither are ignored
 * neighbours.
 */
function borderOf(map: ArrayLike<number>, width: number, height: number, value: number, ignored: Uint8Array): number[] {
  const border: number[] = [];
  const isOther = (at: number): boolean => map[at] !== value && ignored[at] === 0;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      if (map[at] !== value || ignored[at] === 1) continue;
      const ends =
        (x > 0 && isOther(at - 1)) ||
        (x < width - 1 && isOther(at + 1)) ||
        (y > 0 && isOther(at - width)) ||
        (y < height - 1 && isOther(at + width));
      if (ends) border.push(at);
    }
  return border;
}

/** Steps to all pixels within a distance, the nearest first. */
function stepsWithin(tolerance: number): readonly (readonly [dx: number, dy: number])[] {
  const reach = Math.floor(tolerance);
  const steps: [number, number][] = [];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) if (dx * dx + dy * dy <= tolerance * tolerance) steps.push([dx, dy]);
  return steps.sort((a, b) => a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2);
}

/** Share of the pixels of one border that are near another. */
function nearShare(
  border: readonly number[],
  other: readonly number[],
  { width, height }: SegmentedImage,
  steps: readonly (readonly [number, number])[],
): number {
  const marked = new Uint8Array(width * height);
  for (const at of other) marked[at] = 1;
  const near = border.filter((at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return steps.some(([dx, dy]) => {
      const [column, row] = [x + dx, y + dy];
      return column >= 0 && column < width && row >= 0 && row < height && marked[row * width + column] === 1;
    });
  });
  return near.length / border.length;
}

/** F of one class on an image; undefined where neither truth nor prediction has a border of it. */
function boundaryOf(
  image: SegmentedImage,
  value: number,
  ignored: Uint8Array,
  steps: readonly (readonly [number, number])[],
): number | undefined {
  const { width, height, truth, predicted } = image;
  const right = borderOf(truth, width, height, value, ignored);
  const found = borderOf(predicted, width, height, value, ignored);
  if (right.length === 0 && found.length === 0) return undefined;
  if (right.length === 0 || found.length === 0) return 0;
  const precision = nearShare(found, right, image, steps);
  const recall = nearShare(right, found, image, steps);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/**
 * The boundary F score of each class, from 0 to 1, and their mean.
 * @throws FoveaError for maps of another size, values that are no class, and a tolerance below zero
 * @example boundaryScores(images, 3, { tolerance: 2 }).mean
 */
export function boundaryScores(
  images: Iterable<SegmentedImage>,
  classes: number,
  options: BoundaryOptions = {},
): BoundaryScores {
  const { ignored = IGNORED } = options;
  const sums = new Float64Array(classes);
  const counts = new Int32Array(classes);
  for (const image of images) {
    checkSegmented(image, classes, ignored);
    const { width, height, truth } = image;
    const usual = USUAL_SHARE * Math.sqrt(width * width + height * height);
    const steps = stepsWithin(numberWithin("boundaryScores tolerance", options.tolerance ?? usual, 0, 1000));
    const nowhere = Uint8Array.from(truth, (value) => Number(value === ignored));
    for (let value = 0; value < classes; value++) {
      const score = boundaryOf(image, value, nowhere, steps);
      if (score === undefined) continue;
      sums[value]! += score;
      counts[value]! += 1;
    }
  }
  const means = Array.from(sums, (sum, i) => (counts[i] === 0 ? undefined : sum / counts[i]!));
  const there = means.filter((value) => value !== undefined);
  return {
    classes: means,
    mean: there.length === 0 ? undefined : there.reduce((sum, value) => sum + value, 0) / there.length,
  };
}
