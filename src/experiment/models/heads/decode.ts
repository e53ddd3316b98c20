// From the outputs of a foreign detector to boxes as shares of the photo: candidates of its head, non-maximum suppression by class
// where the head leaves several boxes of one object, and the way back from the model's input to the photo.

import { type Edges, overlapOf } from "../../../core/overlap.js";
import { sizeOf } from "../../../core/shape.js";
import type { Tensor } from "../../../core/tensor.js";
import { letterboxOf } from "../../../data/index.js";
import type { ModelTail } from "../../../formats/models/loaded.js";
import { FOUND_NUMBERS } from "../../tasks/index.js";
import type { Candidate, FoundHead, HeadValues } from "./index.js";

/** The most boxes of an image, Ultralytics' default. */
export const MOST_BOXES = 300;
/** Overlap from which two boxes of a class are one object, Ultralytics' default. */
export const USUAL_OVERLAP = 0.7;
/** Score from which boxes are told, Ultralytics' default. */
export const USUAL_SCORE = 0.25;

type Size = readonly [height: number, width: number];

/** A detector from elsewhere: its head and all that boxes follow from. */
export interface Detector extends FoundHead {
  readonly imageSize: Size;
  /** Intersection over union from which two boxes of a class are one object. */
  readonly overlap: number;
  /** Score from which boxes are told. */
  readonly score: number;
  /** Operators of the file behind the model's outputs. */
  readonly tail: ModelTail | undefined;
  /** Boxes that were left out so far. */
  readonly leftOut: LeftOut;
}

/** Counts of the boxes that reach the score and are no answer. */
export interface LeftOut {
  /** Boxes with a side that is negative or no finite number, and the images that have some. */
  odd: number;
  oddImages: number;
  /** Boxes whose class is none of the detector's, and the highest such class. */
  unnamed: number;
  highest: number;
}

/**
 * Counts of a detector that has left out no box yet.
 * @example leftOutSentences("yolo11n.onnx", { leftOut: nothingLeftOut(), classes: 80 }); // []
 */
export const nothingLeftOut = (): LeftOut => ({ odd: 0, oddImages: 0, unnamed: 0, highest: -1 });

/**
 * Sentences on the boxes that a detector's answers have left out so far; none where all boxes are in the answers.
 * @param file the model's file
 * @param detector the detector that was asked
 * @example
 * const leftOut = { odd: 0, oddImages: 0, unnamed: 0, highest: -1 };
 * leftOutSentences("yolo11n.onnx", { leftOut, classes: 80 }); // []
 */
export function leftOutSentences(file: string, { leftOut, classes }: Pick<Detector, "leftOut" | "classes">): string[] {
  const { odd, oddImages, unnamed, highest } = leftOut;
  const boxes = (count: number): string => (count === 1 ? "1 box" : `${count} boxes`);
  return [
    ...(odd === 0
      ? []
      : [
          `${file}: ${boxes(odd)} in ${oddImages === 1 ? "1 image" : `${oddImages} images`} ${odd === 1 ? "is" : "are"} left out, ` +
            "since a side is negative or no finite number; export the model again, or name its form with --head",
        ]),
    ...(unnamed === 0
      ? []
      : [
          `${file}: ${boxes(unnamed)} ${unnamed === 1 ? "is" : "are"} left out, since the class is none of the ${classes} from 0 to ` +
            `${classes - 1}${highest >= classes ? ` (the highest is ${highest})` : ""}; name all classes with --labels FILE`,
        ]),
  ];
}

/**
 * Boxes of a batch, `[n, 300, 6]`: class, score, left, top, width and height, the last four as shares of the photo; the class is -1 where
 * there are fewer, and NaN first where an output has NaN.
 * @param outputs of the model
 * @param sizes heights and widths of the photos; default: the model's own input
 */
export function decoded(
  detector: Detector,
  outputs: readonly Tensor<"float32">[],
  sizes?: readonly Size[],
): Tensor<"float32"> {
  const images = outputs[0]!.shape[0]!;
  const data = new Float32Array(images * MOST_BOXES * FOUND_NUMBERS).fill(-1);
  for (let image = 0; image < images; image++) {
    const rows = outputs.map(({ shape, data: all }) => {
      const size = sizeOf(shape.slice(1));
      return all.subarray(image * size, (image + 1) * size);
    });
    const start = image * MOST_BOXES * FOUND_NUMBERS;
    if (rows.some((row) => row.some(Number.isNaN))) {
      data[start] = Number.NaN;
      continue;
    }
    const found = boxesIn(detector, valuesOf(detector, outputs, rows));
    if (found === undefined) {
      data[start] = Number.NaN;
      continue;
    }
    const shares = sharesOf(detector, sizes?.[image]);
    for (const [rank, box] of found.entries()) data.set(shares(box), start + rank * FOUND_NUMBERS);
  }
  return { dtype: "float32", shape: [images, MOST_BOXES, FOUND_NUMBERS], data };
}

/** Outputs of the file for one image. */
function valuesOf(
  { tail }: Detector,
  outputs: readonly Tensor<"float32">[],
  rows: readonly Float32Array[],
): readonly HeadValues[] {
  if (tail === undefined) return rows.map((data, i) => ({ shape: outputs[i]!.shape.slice(1), data }));
  return tail.run(rows).map(({ shape, data }) => ({ shape: withoutBatch(shape), data }));
}

/** A shape without a batch of one image in front; vectors and lists of boxes of one image have none. */
export const withoutBatch = (shape: readonly number[]): readonly number[] =>
  shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;

/** The surest boxes, the surest first; undefined where no side of any box is a finite number. */
function boxesIn(detector: Detector, values: readonly HeadValues[]): Candidate[] | undefined {
  const { head, classes, imageSize, overlap, score: least, leftOut } = detector;
  const candidates: Candidate[] = [];
  let [odd, broken] = [0, 0];
  for (const box of head.candidates(values, classes, imageSize)) {
    const { label, score } = box;
    const hasSides = edgesOf(box).every(Number.isFinite);
    const isOdd = !hasSides || box.right < box.left || box.bottom < box.top;
    const isNamed = Number.isInteger(label) && label >= 0 && label < classes;
    if (!isOdd && isNamed) candidates.push(box);
    if (score < least) continue;
    if (!hasSides) broken++;
    if (isOdd) odd++;
    else if (!isNamed) {
      leftOut.unnamed++;
      if (label > leftOut.highest) leftOut.highest = label;
    }
  }
  if (broken > 0 && broken === odd && candidates.length === 0) return undefined;
  leftOut.odd += odd;
  if (odd > 0) leftOut.oddImages++;
  const sorted = candidates.map((box, at) => ({ box, at })).sort((a, b) => b.box.score - a.box.score || a.at - b.at);
  const kept: Candidate[] = [];
  for (const { box } of sorted) {
    if (kept.length === MOST_BOXES) break;
    if (
      !head.overlaps ||
      kept.every((other) => other.label !== box.label || overlapOf(edgesOf(other), edgesOf(box)) <= overlap)
    )
      kept.push(box);
  }
  return kept;
}

const edgesOf = ({ left, top, right, bottom }: Candidate): Edges => [left, top, right, bottom];

/** The numbers of a box in an answer: pixels of the input become shares of the photo, cut at its edges. */
function sharesOf({ head, imageSize }: Detector, photo: Size = imageSize): (box: Candidate) => number[] {
  const [height, width] = imageSize;
  const around = head.fit === "letterbox" ? letterboxOf(photo, imageSize) : undefined;
  const share = (value: number, margin: number, extent: number): number =>
    Math.min(1, Math.max(0, (value - margin) / extent));
  const across = (x: number): number =>
    around === undefined ? share(x, 0, width) : share(x, around.left, around.scale * photo[1]);
  const down = (y: number): number =>
    around === undefined ? share(y, 0, height) : share(y, around.top, around.scale * photo[0]);
  return ({ label, score, left, top, right, bottom }) => {
    const [x, y] = [across(left), down(top)];
    return [label, score, x, y, across(right) - x, down(bottom) - y];
  };
}
