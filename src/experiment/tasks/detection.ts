// Detection: the class and the box of each object on an image. A model puts out maps of centers, boxes are their peaks, and figures
// are COCO's. Answers tell the boxes above a score that validation decides about.

import { FoveaError } from "../../core/errors.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { singleLine } from "../../core/text.js";
import { type AnnotatedBox, BOX_NUMBERS, boxIou } from "../../data/index.js";
import type { TaskFactsOf } from "../../formats/run/task.js";
import type { Layer } from "../../nn/layers/index.js";
import { BOX_MAPS, type CenterPointsOptions, centerPoints } from "../../nn/losses/index.js";
import { percent, whole } from "../../report/format.js";
import { type Readings, rowOf } from "./answers.js";
import { FOUND_NUMBERS, foundBoxes } from "./found-boxes.js";
import { refuseNumberWish } from "./number-losses.js";
import type { BoxOutcome } from "./outcome.js";
import {
  bestScore,
  type CocoScores,
  definedScores,
  detectionFacts,
  detectionScores,
  errorsIn,
  type ImageErrors,
  imageErrors,
  precisionIntervals,
  worstImages,
} from "./scores/detection/index.js";
import { type Judged, LOSS_MONITOR, type Monitor, type Task } from "./task.js";

type Facts = TaskFactsOf<"detection">;
type Boxes = Judged<"detection">["targets"];

const LOSS = "center-points";
/** Score of detections that are told where validation has not decided. */
const USUAL_SCORE = 0.3;

/** Options of the loss for models whose cells around a center can tell the box too. */
const AROUND: CenterPointsOptions = {
  ...{ offsetWeight: 0.5, sizeWeight: 0.5, boxWeight: 2, perBatch: true },
  ...{ soft: true, peakWeight: 1.5 },
};

/** True where a layer of offsets keeps centers within their cells, as the published CenterNet does: then only these learn a box. */
const keepsWithinCells = (layer: Layer): boolean =>
  layer.layers.length > 0
    ? layer.layers.some(keepsWithinCells)
    : layer.name === "offsets" && layer.toKerasObject().config.activation === "sigmoid";

/** COCO's figures that are told, by their keys. */
const FIGURES: readonly { readonly key: string; readonly name: keyof CocoScores; readonly title: string }[] = [
  { key: "ap50", name: "ap50", title: "AP at an overlap of 0.50" },
  { key: "ap", name: "ap", title: "AP, overlaps 0.50 to 0.95" },
  { key: "ap75", name: "ap75", title: "AP at an overlap of 0.75" },
  { key: "ap_small", name: "apSmall", title: "AP of small objects" },
  { key: "ap_medium", name: "apMedium", title: "AP of medium objects" },
  { key: "ap_large", name: "apLarge", title: "AP of large objects" },
  { key: "ar100", name: "ar100", title: "Average recall" },
];

/** The score above which a task tells detections. */
export const scoreOf = ({ score = USUAL_SCORE }: Pick<Facts, "score">): number => score;

/** One found box, its numbers as shares of the image. */
interface Found {
  readonly label: number;
  readonly score: number;
  readonly box: readonly [left: number, top: number, width: number, height: number];
}

/** The boxes in one row of numbers, the surest first. */
function foundIn(row: ArrayLike<number>, classes: number): Found[] {
  const found: Found[] = [];
  for (let start = 0; start < row.length; start += FOUND_NUMBERS) {
    const [label, score, left, top, width, height] = Array.from(
      { length: FOUND_NUMBERS },
      (_, i) => row[start + i]!,
    ) as [number, ...[number, number, number, number, number]];
    if (label >= 0 && label < classes) found.push({ label, score, box: [left, top, width, height] });
  }
  return found;
}

/** Overlap of boxes of a class, as intersection over union, from which they are one object. */
const SAME_OBJECT = 0.5;

/** Number of boxes that have their like among others: the surest first, each with the nearest that is left. */
function sharedBoxes(boxes: readonly Found[], others: readonly Found[]): number {
  const left = new Set(others);
  for (const { label, box } of boxes) {
    const alike = [...left].filter((other) => other.label === label && boxIou(box, other.box) >= SAME_OBJECT);
    const nearest = alike.sort((a, b) => boxIou(box, b.box) - boxIou(box, a.box))[0];
    if (nearest !== undefined) left.delete(nearest);
  }
  return others.length - left.size;
}

/** Found boxes of outputs, which may be boxes already. */
const boxesOf = (outputs: Tensor<"float32">): Tensor<"float32"> =>
  outputs.shape.length === 4 ? foundBoxes(outputs) : outputs;

/** The true objects of one row of targets, in pixels. */
function truthsOf({ most, values, areas, sizes }: Boxes, row: number): AnnotatedBox[] {
  const [height, width] = [sizes[2 * row]!, sizes[2 * row + 1]!];
  return Array.from({ length: most }, (_, i) => row * most + i).flatMap((at): AnnotatedBox[] => {
    const [label, x, y, wide, high] = values.subarray(at * BOX_NUMBERS, (at + 1) * BOX_NUMBERS) as unknown as [
      number,
      ...[number, number, number, number],
    ];
    if (label === -1) return [];
    const area = areas[at]!;
    return [
      {
        category: label < 0 ? -2 - label : label,
        box: [(x - wide / 2) * width, (y - high / 2) * height, wide * width, high * height],
        ...(label < 0 && { crowd: true }),
        ...(!Number.isNaN(area) && { area }),
      },
    ];
  });
}

const scoresOf = ({ images, classes }: BoxOutcome): Record<string, number> => {
  const figures = definedScores(detectionScores(images, classes));
  return Object.fromEntries(
    FIGURES.flatMap(({ key, name }) => (figures[name] === undefined ? [] : [[key, figures[name]]])),
  );
};

const errorTitle = ({ missed, invented, confused }: ImageErrors): string =>
  [
    [missed, "missed"],
    [invented, "invented"],
    [confused, "taken for others"],
  ]
    .flatMap(([count, word]) => (count === 0 ? [] : [`${whole(Number(count))} ${word}`]))
    .join(", ");

/** The class that an image's errors are about: that of its first object, else of its surest detection. */
const classAt = ({ images }: BoxOutcome, at: number): number => {
  const { truths, detections } = images[at]!;
  return (truths[0] ?? detections[0])?.category ?? 0;
};

const counted = (row: ArrayLike<number>, { classNames, ...facts }: Facts): Float64Array => {
  const counts = new Float64Array(classNames.length);
  for (const { label, score } of foundIn(row, classNames.length)) if (score >= scoreOf(facts)) counts[label]! += 1;
  return counts;
};

export const detection: Task<"detection"> = {
  kind: "detection",
  model: "detector",
  targetKind: "boxes",
  usual: { model: "ttfnet", batchSize: 16, learningRate: 4e-3, schedule: "cosine", augment: "upright" },
  mapHead: "ttfnet",
  needsSizes: true,
  mapsBesides: BOX_MAPS,
  nouns: ["class", "classes"],
  described: ({ classNames }) => `boxes of ${classNames.map(singleLine).join(", ")}`,
  losses: [LOSS],
  defaultMonitor: "val_loss",
  describe: ({ targets: { classNames } }, _source, { loss, ...wish }) => {
    refuseNumberWish({ ...wish, ...(loss !== undefined && loss !== LOSS && { loss }) }, LOSS, "boxes");
    return { kind: "detection", classNames };
  },
  columnsOf: () => ({ task: "detection" }),
  wishOf: () => ({ loss: LOSS }),
  convexLoss: () => undefined,
  targetType: ({ most }) => ({ dtype: "float32", shape: [most, BOX_NUMBERS] }),
  targetRows: ({ most, values }, rows) => {
    const size = most * BOX_NUMBERS;
    const out = new Float32Array(rows.length * size);
    for (const [i, row] of rows.entries()) out.set(values.subarray(row * size, (row + 1) * size), i * size);
    return tensor(out, [rows.length, most, BOX_NUMBERS], "float32");
  },
  head: () => {
    throw new FoveaError(
      "unsuited-option",
      "boxes need maps of a quarter of the image, which no head on features of the whole gives; train ttfnet, as in fovea train DIR --task detection",
    );
  },
  applicationHead: () => undefined,
  objective: (model) => ({ loss: centerPoints(keepsWithinCells(model) ? {} : AROUND), metrics: [] }),
  misfit: (outputShape, { classNames: { length: classes } }) =>
    outputShape.length === 3 && outputShape[2] === classes + BOX_MAPS
      ? undefined
      : `the objects have ${classes === 1 ? "one class" : `${classes} classes`}; it needs maps of ${classes + BOX_MAPS} channels, as --model ttfnet has`,
  monitors: () => [
    LOSS_MONITOR,
    ...FIGURES.map(
      ({ key, title }): Monitor => ({ key, direction: "up", title, short: key, isShare: true, isFinal: true }),
    ),
  ],
  baseline: () => undefined,
  informative: (metrics) => ({ ...metrics }),
  condensed: boxesOf,
  decide: (_model, outputs, { classNames: { length: classes } }, { targets, rows }) => {
    const { data, shape } = boxesOf(outputs);
    const size = shape[1]! * FOUND_NUMBERS;
    return {
      kind: "detection",
      classes,
      images: Array.from(rows, (row, i) => {
        const [height, width] = [targets.sizes[2 * row]!, targets.sizes[2 * row + 1]!];
        const detections = foundIn(data.subarray(i * size, (i + 1) * size), classes).map(
          ({ label, score, box: [left, top, wide, high] }): AnnotatedBox => ({
            category: label,
            score,
            box: [left * width, top * height, wide * width, high * height],
          }),
        );
        return { width, height, truths: truthsOf(targets, row), detections };
      }),
    };
  },
  readings: (_model, outputs) => {
    const { data, shape } = boxesOf(outputs);
    return { width: shape[1]! * FOUND_NUMBERS, data };
  },
  answer: (readings, row, { classNames, ...facts }, { size: [height, width] }) => {
    const numbers = rowOf(readings, row);
    if (Number.isNaN(numbers[0])) return undefined;
    const pixels = (value: number): number => Math.round(100 * value) / 100;
    const boxes = foundIn(numbers, classNames.length)
      .filter(({ score }) => score >= scoreOf(facts))
      .map(({ label, score, box: [left, top, wide, high] }) => ({
        label: classNames[label]!,
        score,
        box: [pixels(left * width), pixels(top * height), pixels(wide * width), pixels(high * height)] as const,
      }));
    return { boxes };
  },
  answerColumns: () => [
    { head: "object" },
    { head: "score", align: "right" },
    ...["left", "top", "width", "height"].map((head) => ({ head, align: "right" as const })),
  ],
  answerRows: ({ boxes }) =>
    boxes.length === 0
      ? [["nothing found", "", "", "", "", ""]]
      : boxes.map(({ label, score, box }) => [
          singleLine(label),
          percent(score, 0),
          ...box.map((pixels) => pixels.toFixed(1)),
        ]),
  resultColumns: (readings, facts) => {
    const rows = Array.from({ length: readings.data.length / readings.width }, (_, row) =>
      counted(rowOf(readings, row), facts),
    );
    return [
      ["objects", Float64Array.from(rows, (counts) => counts.reduce((sum, count) => sum + count, 0))],
      ...facts.classNames.map((name, k) => [`count_${name}`, Float64Array.from(rows, (counts) => counts[k]!)] as const),
    ];
  },
  agreement: (ours, theirs, facts) => {
    let [same, all] = [0, 0];
    for (let row = 0; row * ours.width < ours.data.length; row++) {
      const told = (readings: Readings): Found[] =>
        foundIn(rowOf(readings, row), facts.classNames.length).filter(({ score }) => score >= scoreOf(facts));
      const [a, b] = [told(ours), told(theirs)];
      same += 2 * sharedBoxes(a, b);
      all += a.length + b.length;
    }
    return { of: "boxes", same, all };
  },
  explanationScore: () => "peak",
  said: (readings, row, index, { classNames }) => {
    const name = classNames[index] ?? String(index);
    const surest = foundIn(rowOf(readings, row), classNames.length).find(({ label }) => label === index);
    return [
      { name: "class", value: name, text: name },
      { name: "score", value: surest?.score ?? 0, text: percent(surest?.score ?? 0) },
    ];
  },
  verdicts: ({ images }, facts) => ({
    figure: "objects missed, invented or taken for others",
    errors: imageErrors(images, scoreOf(facts)).map(errorsIn),
  }),
  undecided: "the model predicts boxes; see its slices",
  counted: ({ images }, { classNames: names, ...facts }) =>
    images.map(({ detections }) => {
      const counts = new Float64Array(names.length);
      for (const found of detections) if (found.score! >= scoreOf(facts)) counts[found.category]! += 1;
      return { names, values: Array.from(counts) };
    }),
  judgesAllParts: true,
  evaluationFacts: (split, { images }, facts, _against, imageOf) =>
    detectionFacts(split, facts.classNames, images, scoreOf(facts), imageOf),
  scores: scoresOf,
  intervals: ({ images, classes }, _facts, _objective, _metrics, groups) => precisionIntervals(images, classes, groups),
  settled: (facts, { images, classes }) => {
    const score = bestScore(images, classes);
    return score === undefined ? facts : { ...facts, score };
  },
  worst: ({ images }, facts, _objective, limit) =>
    worstImages(images, scoreOf(facts))
      .slice(0, limit)
      .map((errors) => ({ at: errors.at, title: errorTitle(errors) })),
  attended: (outcome, facts, _objective, { all }) =>
    worstImages(outcome.images, scoreOf(facts))
      .slice(0, all)
      .map((errors) => {
        const index = classAt(outcome, errors.at);
        return {
          at: errors.at,
          index,
          caption: { title: `${singleLine(facts.classNames[index]!)}: ${errorTitle(errors)}` },
        };
      }),
  worstPerLine: 1,
  worstTitle: ({ images }, facts, _objective, shown, nouns) => {
    const errors = worstImages(images, scoreOf(facts));
    const total = errors.reduce((sum, image) => sum + errorsIn(image), 0);
    if (total === 0) return `All objects on ${whole(images.length)} ${nouns} are found, and none is invented.`;
    return `${whole(total)} objects missed, invented or taken for others on ${whole(errors.length)} ${nouns}; the worst ${whole(shown)}:`;
  },
  detail: ({ images }, facts) => {
    const { classes } = detectionFacts("", facts.classNames, images, scoreOf(facts), () => ({}));
    const right = (head: string) => ({ head, align: "right" as const });
    const three = (value: number | undefined): string => value?.toFixed(3) ?? "";
    return {
      json: {
        score: scoreOf(facts),
        classes: classes.map(({ truths, told, figures, precision = null, recall = null }, k) => ({
          class: facts.classNames[k]!,
          ...{ objects: truths, told, ap: figures.ap ?? null, ap50: figures.ap50 ?? null, precision, recall },
        })),
      },
      columns: [{ head: "class" }, ...["objects", "told", "AP", "AP50", "precision", "recall"].map(right)],
      rows: classes.map(({ truths, told, figures, precision, recall }, k) => [
        facts.classNames[k]!,
        ...[whole(truths), whole(told)],
        ...[figures.ap, figures.ap50, precision, recall].map(three),
      ]),
    };
  },
};
