// The evaluation of a detector as facts, which reports draw: COCO's figures, the classes with their curves, the confusion with
// background, and the images with the most errors.
import type { BoxImageFacts, DetectionFacts, ImageFacts, ShownBoxFacts } from "../../../../report/facts.js";
import { COCO_SCORES, type CocoScores, detectionScores } from "./coco-scores.js";
import { detectionConfusion, type PairedObjects, pairObjects } from "./confusion.js";
import type { DetectionImage } from "./matching.js";

/** Images that are shown with their boxes. */
const SHOWN = 24;

/** Figures that are defined, by the names of COCO_SCORES. */
export const definedScores = (scores: CocoScores): Partial<Record<keyof CocoScores, number>> =>
  Object.fromEntries(COCO_SCORES.flatMap((name) => (scores[name] === undefined ? [] : [[name, scores[name]]])));

/** Errors on an image at a score: objects that were missed, invented, or taken for another class. */
export interface ImageErrors {
  readonly at: number;
  readonly missed: number;
  readonly invented: number;
  readonly confused: number;
}

const isConfused = ({ truths, detections }: DetectionImage, { truth, detection }: PairedObjects["pairs"][number]) =>
  truths[truth]!.category !== detections[detection]!.category;

/** The errors on each image. */
export const imageErrors = (images: readonly DetectionImage[], score: number): readonly ImageErrors[] =>
  images.map((image, at) => {
    const { pairs, missed, falsely } = pairObjects(image, { score });
    const confused = pairs.filter((pair) => isConfused(image, pair)).length;
    return { at, missed: missed.length, invented: falsely.length, confused };
  });

export const errorsIn = ({ missed, invented, confused }: ImageErrors): number => missed + invented + confused;

/** Images with errors, the most first. */
export const worstImages = (images: readonly DetectionImage[], score: number): readonly ImageErrors[] =>
  imageErrors(images, score)
    .filter((errors) => errorsIn(errors) > 0)
    .sort((a, b) => errorsIn(b) - errorsIn(a) || a.at - b.at);

/** Boxes of an image by their outcome, as shares of it: true ones, then those that were found. */
function shownBoxes(image: DetectionImage, score: number): ShownBoxFacts[] {
  const { width, height, truths, detections } = image;
  const { pairs, missed, falsely } = pairObjects(image, { score });
  const share = ([x, y, wide, high]: readonly [number, number, number, number]): ShownBoxFacts["box"] => [
    x / width,
    y / height,
    wide / width,
    high / height,
  ];
  const found = (at: number, outcome: ShownBoxFacts["outcome"]): ShownBoxFacts => {
    const { category, box, score: sure } = detections[at]!;
    return { classIndex: category, box: share(box), outcome, score: sure! };
  };
  const truth = (at: number, outcome: ShownBoxFacts["outcome"]): ShownBoxFacts => ({
    classIndex: truths[at]!.category,
    box: share(truths[at]!.box),
    outcome,
  });
  return [
    ...pairs.map(({ truth: at }) => truth(at, "true")),
    ...missed.map((at) => truth(at, "missed")),
    ...pairs.map((pair) => found(pair.detection, isConfused(image, pair) ? "confused" : "right")),
    ...falsely.map((at) => found(at, "invented")),
  ];
}

/**
 * Facts about the detections on some images.
 * @param score score above which detections are told
 * @param imageOf image and file of a row
 */
export function detectionFacts(
  split: string,
  classNames: readonly string[],
  images: readonly DetectionImage[],
  score: number,
  imageOf: (row: number) => { readonly image?: ImageFacts; readonly file?: string },
): DetectionFacts {
  const scores = detectionScores(images, classNames.length);
  const confusion = detectionConfusion(images, classNames.length, { score });
  const side = classNames.length + 1;
  const sum = (places: (i: number) => number): number =>
    Array.from({ length: side }, (_, i) => confusion[places(i)]!).reduce((a, b) => a + b, 0);
  return {
    kind: "detection",
    ...{ split, classNames, score, images: images.length, figures: definedScores(scores) },
    classes: scores.categories.map(({ truths, detections: _, curve, ...figures }, k) => {
      const right = confusion[k * side + k]!;
      const [had, told] = [sum((i) => k * side + i), sum((i) => i * side + k)];
      return {
        truths,
        told,
        figures: definedScores(figures),
        ...(told > 0 && { precision: right / told }),
        ...(had > 0 && { recall: right / had }),
        ...(curve && { curve: Array.from(curve.precision) }),
      };
    }),
    confusion: Array.from(confusion),
    errors: imageErrors(images, score).map(errorsIn),
    shown: worstImages(images, score)
      .slice(0, SHOWN)
      .map(
        ({ at, missed, invented, confused }): BoxImageFacts => ({
          ...{ missed, invented, confused },
          boxes: shownBoxes(images[at]!, score),
          ...imageOf(at),
        }),
      ),
  };
}
