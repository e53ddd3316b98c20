// Segmentation: a class for each pixel of an image. A model puts out a map of logits or probabilities, an answer is the share of
// the image that each class takes, and figures count pixels over all images. Pixels that the truth ignores count nowhere.
import { bootstrapIntervals } from "../../core/statistics/index.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { singleLine } from "../../core/text.js";
import { IGNORED } from "../../data/index.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import type { TaskFactsOf } from "../../formats/run/task.js";
import { conv2d } from "../../nn/layers/index.js";
import {
  type Loss,
  sparseCategoricalCrossentropy,
  sparseDice,
  sparseFocalCrossentropy,
  sparseLovasz,
} from "../../nn/losses/index.js";
import { meanIoU } from "../../nn/metrics/index.js";
import { percent, whole } from "../../report/format.js";
import { agreementOn, rowOf } from "./answers.js";
import { commonest } from "./commonest-class.js";
import { refuseNumberWish } from "./number-losses.js";
import type { MaskOutcome } from "./outcome.js";
import {
  confusionsOf,
  imageOverlaps,
  overlaps,
  segmentationFacts,
  summed,
  worstOverlaps,
} from "./scores/segmentation/index.js";
import { type Judged, LOSS_MONITOR, type Task, type WorstAnswer } from "./task.js";

type Facts = TaskFactsOf<"segmentation">;
type Masks = Judged<"segmentation">["targets"];

/** Losses by their names: the overlap of classes and the crossentropy of pixels, both together first, as in nnU-Net. */
const LOSSES: Readonly<Record<string, (fromLogits: boolean) => Loss>> = {
  "dice-crossentropy": (fromLogits) => sparseDice({ fromLogits, ignoreClass: IGNORED, crossentropy: 1 }),
  crossentropy: (fromLogits) => sparseCategoricalCrossentropy({ fromLogits, ignoreClass: IGNORED }),
  dice: (fromLogits) => sparseDice({ fromLogits, ignoreClass: IGNORED }),
  focal: (fromLogits) => sparseFocalCrossentropy({ fromLogits, ignoreClass: IGNORED }),
  "lovasz-crossentropy": (fromLogits) => sparseLovasz({ fromLogits, ignoreClass: IGNORED, crossentropy: 1 }),
};
const LOSS_NAMES = Object.keys(LOSSES);
/** Checks whether two losses are of one kind, with or without a crossentropy besides. */
const isSameLoss = (a: Loss, b: Loss): boolean =>
  a.className === b.className && Number(a.config.crossentropy ?? 0) > 0 === Number(b.config.crossentropy ?? 0) > 0;
/** Draws of an interval, fewer for many images and classes; each adds up the counts of all images. */
const [FEWEST_DRAWS, MOST_DRAWS] = [200, 1000];
/** Counts that all draws of an interval add up together at most. */
const MOST_COUNTS = 400_000_000;

/**
 * Maps of classes `[n, height, width, 1]`: the class with the highest value at each pixel, the first among equal values, NaN
 * where the outputs have NaN. Outputs of a single channel are maps already and come back as they are.
 * @param outputs logits or probabilities, `[n, height, width, classes]`
 * @example
 * const maps = classMapsOf(tensor([0.9, 0.1, 0.2, 0.8], [1, 1, 2, 2])); // shape [1, 1, 2, 1]
 * mapOf({ height: 1, width: 2, data: maps.data }, 0); // Uint8Array [0, 1]
 */
export function classMapsOf({ shape, data }: Tensor<"float32">): Tensor<"float32"> {
  const [images, height, width, classes] = shape as [number, number, number, number];
  if (classes === 1) return { dtype: "float32", shape, data };
  const maps = new Float32Array(images * height * width);
  for (let at = 0, start = 0; at < maps.length; at++, start += classes) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (data[start + k]! > data[start + best]!) best = k;
    // NaN beats nothing, and a map of NaN has no class.
    maps[at] = Number.isNaN(data[start]!) ? Number.NaN : best;
  }
  return { dtype: "float32", shape: [images, height, width, 1], data: maps };
}

const rowsOfMasks = ({ height, width, values }: Masks, rows: Int32Array): Uint8Array => {
  const size = height * width;
  const out = new Uint8Array(rows.length * size);
  for (const [i, row] of rows.entries()) out.set(values.subarray(row * size, (row + 1) * size), i * size);
  return out;
};

/** Pixels of each class among some rows. */
function pixelsOf(targets: Masks, rows: Int32Array): Float64Array {
  const counts = new Float64Array(targets.classNames.length);
  for (const value of rowsOfMasks(targets, rows)) if (value !== IGNORED) counts[value]! += 1;
  return counts;
}

const totalsOf = (outcome: MaskOutcome, rows?: Int32Array): Float64Array =>
  summed(confusionsOf(outcome), outcome.classes, rows);

/** Figures of counts, by the keys of `train --json`. */
function figuresOf(counts: Float64Array, classes: number): Record<string, number> {
  const { meanIou, dice, pixelAccuracy } = overlaps(counts, classes);
  return { mean_iou: meanIou, dice, pixel_accuracy: pixelAccuracy };
}

function worstOf(outcome: MaskOutcome, { classNames }: Facts): (WorstAnswer & { readonly index: number })[] {
  const width = outcome.classes ** 2;
  const counts = confusionsOf(outcome);
  return worstOverlaps(outcome).map(({ at, iou }) => {
    const { classes } = overlaps(counts.subarray(at * width, (at + 1) * width), outcome.classes);
    // The class that overlaps least, among those that occur; the background last.
    const index = classes.reduce(
      (worst, { iou: overlap = 2 }, k) => (overlap < (classes[worst]!.iou ?? 2) ? k : worst),
      classes.length - 1,
    );
    return { at, index, title: `mean IoU ${iou.toFixed(3)}, worst ${singleLine(classNames[index]!)}` };
  });
}

export const segmentation: Task<"segmentation"> = {
  kind: "segmentation",
  model: "segmentation network",
  targetKind: "masks",
  usual: { model: "unet", batchSize: 16 },
  mapHead: "lraspp",
  nouns: ["class", "classes"],
  described: ({ classNames }) => `masks of ${classNames.map(singleLine).join(", ")}`,
  losses: LOSS_NAMES,
  defaultMonitor: "val_mean_iou",
  describe: ({ targets: { classNames } }, { columns }, { loss, ...wish }) => {
    refuseNumberWish(
      { ...wish, ...(loss !== undefined && !LOSS_NAMES.includes(loss) && { loss }) },
      LOSS_NAMES[0]!,
      "masks",
    );
    const [column] = columns ?? [];
    return { kind: "segmentation", classNames, ...(column === undefined ? {} : { column }) };
  },
  columnsOf: ({ column }) => ({ task: "segmentation", ...(column === undefined ? {} : { target: [column] }) }),
  wishOf: (loss) => ({ loss: LOSS_NAMES.find((name) => isSameLoss(LOSSES[name]!(true), loss)) ?? "crossentropy" }),
  convexLoss: () => undefined,
  targetType: ({ height, width }) => ({ dtype: "uint8", shape: [height, width] }),
  targetRows: (targets, rows) =>
    tensor(rowsOfMasks(targets, rows), [rows.length, targets.height, targets.width], "uint8"),
  head: ({ classNames }) => [conv2d(classNames.length, 1, { name: "head", kernelInitializer: "zeros" })],
  applicationHead: () => undefined,
  objective: (model, { classNames }, { loss = LOSS_NAMES[0]! }) => ({
    loss: LOSSES[loss]!(!endsInProbabilities(model)),
    metrics: [meanIoU({ name: "mean_iou", numClasses: classNames.length, ignoreClass: IGNORED, sparseYPred: false })],
  }),
  misfit: (outputShape, { classNames: { length: classes } }) =>
    outputShape.length === 3 && outputShape[2] === classes
      ? undefined
      : `the masks have ${classes} classes; it needs a map with a channel for each, as --model unet has`,
  monitors: () => [
    LOSS_MONITOR,
    { key: "mean_iou", direction: "up", title: "Mean IoU", short: "mIoU", isShare: true },
    { key: "dice", direction: "up", title: "Dice, mean of classes", short: "dice", isShare: true, isFinal: true },
    {
      key: "pixel_accuracy",
      direction: "up",
      title: "Pixels that are right",
      short: "pixels",
      isShare: true,
      isFinal: true,
    },
  ],
  baseline: ({ targets, rows }, { classNames }) => {
    const always = commonest(pixelsOf(targets, rows));
    return {
      title: `Mean IoU of always saying ${classNames[always]!}`,
      key: "mean_iou",
      answer: classNames[always]!,
      figure: (judged) => {
        const pixels = pixelsOf(judged.targets, judged.rows);
        const occurring = pixels.reduce((sum, count, k) => sum + (count > 0 || k === always ? 1 : 0), 0);
        return pixels[always]! / pixels.reduce((a, b) => a + b, 0) / occurring;
      },
    };
  },
  informative: (metrics) => ({ ...metrics }),
  condensed: (outputs) => classMapsOf(outputs),
  decide: (_model, outputs, { classNames: { length: classes } }, { targets, rows }) => {
    const maps = classMapsOf(outputs);
    const { height, width } = targets;
    return {
      kind: "segmentation",
      ...{ classes, height, width, size: height * width },
      actual: rowsOfMasks(targets, rows),
      predicted: Uint8Array.from(maps.data),
    };
  },
  readings: (_model, outputs) => {
    const { shape, data } = classMapsOf(outputs);
    return { width: shape[1]! * shape[2]!, height: shape[1]!, data };
  },
  answer: (readings, row, { classNames }) => {
    const map = rowOf(readings, row);
    if (map.some(Number.isNaN)) return undefined;
    const shares = sharesOf(map, classNames.length);
    return {
      mask: {
        height: readings.height!,
        width: readings.width / readings.height!,
        areas: classNames.map((name, k) => ({ class: name, index: k, percent: 100 * shares[k]! })),
      },
    };
  },
  answerColumns: () => [{ head: "class" }, { head: "area", align: "right" }],
  answerRows: ({ mask: { areas } }) => areas.map((area) => [area.class, percent(area.percent / 100)]),
  resultColumns: (readings, { classNames }) => {
    const rows = Array.from({ length: readings.data.length / readings.width }, (_, row) =>
      sharesOf(rowOf(readings, row), classNames.length),
    );
    return classNames.map((name, k) => [`percent_${name}`, Float64Array.from(rows, (shares) => 100 * shares[k]!)]);
  },
  agreement: (ours, theirs) => agreementOn("pixels", ours.data, theirs.data),
  explanationScore: () => "region",
  said: (readings, row, index, { classNames }) => {
    const name = classNames[index] ?? String(index);
    const share = sharesOf(rowOf(readings, row), classNames.length)[index]!;
    return [
      { name: "class", value: name, text: name },
      { name: "percent", value: 100 * share, text: percent(share) },
    ];
  },
  // Of each image the part of its mask that is not met.
  verdicts: (outcome) => ({
    figure: "1 - IoU by image",
    errors: Array.from(imageOverlaps(outcome), (iou) => (Number.isNaN(iou) ? 0 : 1 - iou)),
  }),
  undecided: "the model predicts masks; see its slices",
  counted: ({ size, predicted }, { classNames: names }) =>
    Array.from({ length: predicted.length / size }, (_, n) => {
      const counts = new Float64Array(names.length);
      for (const index of predicted.subarray(n * size, (n + 1) * size)) counts[index]! += 1;
      return { names, values: Array.from(counts, (count) => (100 * count) / size) };
    }),
  judgesAllParts: true,
  evaluationFacts: (split, outcome, { classNames }, _against, imageOf) =>
    segmentationFacts(split, classNames, outcome, imageOf),
  scores: (outcome) => figuresOf(totalsOf(outcome), outcome.classes),
  intervals: (outcome, _facts, _objective, _metrics, groups) => {
    const counts = confusionsOf(outcome);
    const { classes } = outcome;
    const draws = Math.min(MOST_DRAWS!, Math.floor(MOST_COUNTS / counts.length));
    if (draws < FEWEST_DRAWS!) return {};
    return bootstrapIntervals(
      outcome.actual.length / outcome.size,
      (rows) => figuresOf(summed(counts, classes, rows), classes),
      { draws, method: "percentile", ...(groups && { groups }) },
    );
  },
  settled: (facts) => facts,
  worst: (outcome, facts, _objective, limit) => worstOf(outcome, facts).slice(0, limit),
  attended: (outcome, facts, _objective, { all }) =>
    worstOf(outcome, facts)
      .slice(0, all)
      .map(({ at, index, title }) => ({ at, index, caption: { title } })),
  worstPerLine: 1,
  worstTitle: (_outcome, _facts, _objective, shown, images) =>
    shown === 0 ? `No pixel of the ${images} counts.` : `The ${whole(shown)} ${images} with the least overlap:`,
  detail: (outcome, { classNames }) => {
    const { classes } = overlaps(totalsOf(outcome), outcome.classes);
    const right = (head: string) => ({ head, align: "right" as const });
    return {
      json: {
        classes: classes.map(({ pixels, iou = null, dice = null }, k) => ({
          class: classNames[k]!,
          iou,
          dice,
          pixels,
        })),
      },
      columns: [{ head: "class" }, right("IoU"), right("Dice"), right("pixels")],
      rows: classes.map(({ pixels, iou, dice }, k) => [
        classNames[k]!,
        iou?.toFixed(3) ?? "",
        dice?.toFixed(3) ?? "",
        whole(pixels),
      ]),
    };
  },
};

/** The share of a map that each class takes. */
function sharesOf(map: Float32Array | Float64Array, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  for (const value of map) shares[value]! += 1;
  return shares.map((count) => count / map.length);
}

/**
 * The map of classes of one image, row by row from its upper left corner.
 * @param readings of a segmentation, whose `width` counts the pixels of a map
 * @param row the image, counted from 0
 */
export const mapOf = (readings: Parameters<typeof rowOf>[0], row: number): Uint8Array =>
  Uint8Array.from(rowOf(readings, row));
