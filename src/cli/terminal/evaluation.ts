// The result of `fovea evaluate` in words and as JSON: figures of the task, class by class or label by label, and what the
// model gets wrong.

import { type ByKind, byKind } from "../../core/by-kind.js";
import { defined } from "../../core/defined.js";
import { namesOf, type Part } from "../../experiment/data/index.js";
import type { OpenedModel } from "../../experiment/models/index.js";
import { baselineFor, type ClassOutcome, endsOf, type Outcome, taskOf } from "../../experiment/tasks/index.js";
import type { Calibration, Evaluated } from "../../experiment/training/index.js";
import type { GroupErrors } from "../../experiment/verification/index.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { Loss } from "../../nn/losses/index.js";
import { confusionMatrix } from "../../nn/metrics/index.js";
import { perClassTable } from "../../report/evaluation.js";
import { whole } from "../../report/format.js";
import type { SlicesFacts } from "../../report/slice-facts.js";
import { textTable } from "../../report/text/table.js";
import { baselineLine, failureLines, metricLines } from "./experiment.js";
import { groupErrorsText } from "./group-errors.js";
import type { Output } from "./output.js";
import { slicesText } from "./slices.js";
import { calibrationJson, calibrationLine } from "./trust.js";

/** A model, the images that it was judged by, and the result. */
export interface JudgedModel {
  readonly trained: OpenedModel;
  readonly folder: string;
  readonly part: Part;
  readonly task: TaskFacts;
  readonly results: Results;
  readonly outcome: Outcome;
  /** Loss that the model was trained by. */
  readonly loss: Loss;
  readonly warnings: readonly string[];
  /** Fit of confidence to accuracy; undefined for tasks without. */
  readonly calibration: Calibration | undefined;
  /** Slices of the images, where they were asked for. */
  readonly slices: SlicesFacts | undefined;
  /** Errors of a verifier within groups, where they were asked for. */
  readonly groups?: readonly GroupErrors[];
}

/** Tells how good the model is: figures, and what it gets wrong. */
export const tellEvaluation = (output: Output, judged: JudgedModel): void =>
  byKind(TELLERS, judged.outcome, output, judged);

function tellClasses({ labels, predicted }: ClassOutcome, output: Output, judged: JudgedModel): void {
  const { trained, folder, part, task, results, warnings, calibration, slices } = judged;
  const classNames = namesOf(part.targets);
  const confusion = confusionMatrix(labels, predicted, classNames.length);
  const baseline = baselineFor({ labels }, classNames.length, trained.facts?.classCounts);
  const confused = { classNames, confusion, nouns: part.samples.nouns };
  const intervals = intervalsOf(judged, results);
  const calibrated = calibration && { calibration: calibrationJson(calibration) };
  const lines = [
    ...metricLines(results, task, "", intervals),
    ...(calibration === undefined ? [] : [calibrationLine(calibration)]),
  ];
  output.answer(
    {
      ...asJson(trained.file, folder, results, baseline, confused),
      ...{ intervals, ...calibrated, ...defined({ slices }), warnings },
    },
    asText(folder, lines, baseline, confused) + slicesAfter(slices),
  );
}

/** Figures of a task whose answers are no classes. */
function tellOthers(outcome: Outcome, output: Output, judged: JudgedModel): void {
  const { trained, folder, part, task, results, loss, warnings, slices, groups } = judged;
  const record = taskOf(task);
  const figures = { ...results, ...record.scores(outcome, task, { loss }) };
  const count = part.rows.length;
  const [, nouns] = part.samples.nouns;
  const { json, columns, rows } = record.detail(outcome, task, nouns);
  const intervals = intervalsOf(judged, figures);
  output.answer(
    {
      model: trained.file,
      data: folder,
      task: task.kind,
      [nouns]: count,
      ...figures,
      intervals,
      ...json,
      ...defined({ slices, groups }),
      warnings,
    },
    [
      `${whole(count)} ${nouns} of ${folder}`,
      metricLines(figures, task, "", intervals).join("\n"),
      ...(rows.length === 0 ? [] : [textTable(columns, rows)]),
      failureLines({ task, loss, outcome }, nouns, part),
      ...(groups === undefined ? [] : [groupErrorsText(groups)]),
    ].join("\n\n") + slicesAfter(slices),
  );
}

const TELLERS: ByKind<Outcome, void, [output: Output, judged: JudgedModel]> = {
  classification: tellClasses,
  multiLabel: tellOthers,
  regression: tellOthers,
  segmentation: tellOthers,
  verification: tellOthers,
  detection: tellOthers,
};

const slicesAfter = (slices: SlicesFacts | undefined): string =>
  slices === undefined ? "" : `\n\n${slicesText(slices)}`;

/** Intervals of 95 %, `[low, high]`, of the figures that have one. */
function intervalsOf({ task, outcome, loss }: JudgedModel, figures: Results): Evaluated["intervals"] {
  return endsOf(taskOf(task).intervals(outcome, task, { loss }, figures));
}

type Results = Readonly<Record<string, number>>;

type Baseline = ReturnType<typeof baselineFor>;

/** Decisions about samples: a row a class, a column an answer. */
interface Confused {
  readonly classNames: readonly string[];
  readonly confusion: Int32Array;
  /** Words for a sample, and for several. */
  readonly nouns: Part["samples"]["nouns"];
}

function asText(
  folder: string,
  metrics: readonly string[],
  { classIndex, accuracy, of }: Baseline,
  confused: Confused,
): string {
  const { classNames, confusion, nouns } = confused;
  const classes = classNames.length;
  const scores = perClassTable(confusion, classes).filter(({ support }) => support > 0);
  const worst = [...scores].sort((a, b) => a.f1 - b.f1 || a.classIndex - b.classIndex);
  const count = scores.reduce((sum, { support }) => sum + support, 0);
  return [
    `${whole(count)} ${nouns[1]} of ${folder}`,
    [
      ...metrics,
      baselineLine("", classNames[classIndex]!, accuracy) +
        (of === "evaluated" ? `, the commonest class of these ${nouns[1]}` : ""),
    ].join("\n"),
    textTable(
      [
        { head: "class", most: 24 },
        ...["precision", "recall", "F1", nouns[1]].map((head) => ({ head, align: "right" as const })),
      ],
      worst.map(({ classIndex, precision, recall, f1, support }) => [
        classNames[classIndex]!,
        ...[precision, recall, f1].map((value) => value.toFixed(3)),
        whole(support),
      ]),
    ),
    mixedUp(confused),
  ].join("\n\n");
}

const LISTED = 15;

/** The most frequent confusions, a line each. */
function mixedUp({ classNames, confusion, nouns }: Confused): string {
  const classes = classNames.length;
  const wrong: { readonly count: number; readonly truth: number; readonly taken: number }[] = [];
  // Thousands of classes have millions of cells, nearly all of them 0.
  confusion.forEach((count, cell) => {
    const [truth, taken] = [Math.floor(cell / classes), cell % classes];
    if (count > 0 && truth !== taken) wrong.push({ count, truth, taken });
  });
  if (wrong.length === 0) return `No ${nouns[0]} is taken for another class.`;
  const lines = wrong
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.taken - b.taken)
    .slice(0, LISTED)
    .map(({ count, truth, taken }) => [classNames[truth]!, classNames[taken]!, whole(count)]);
  return textTable([{ head: "true class" }, { head: "taken for" }, { head: nouns[1], align: "right" }], lines);
}

function asJson(
  model: string,
  folder: string,
  results: Results,
  { classIndex, accuracy, of }: Baseline,
  { classNames, confusion, nouns: [, nouns] }: Confused,
): object {
  const classes = classNames.length;
  return {
    model,
    data: folder,
    task: "classification",
    [nouns]: confusion.reduce((sum, count) => sum + count, 0),
    ...results,
    baseline: { class: classNames[classIndex]!, accuracy, commonest_of: of },
    classes: perClassTable(confusion, classes).map(({ classIndex, support, ...scores }) => ({
      class: classNames[classIndex]!,
      ...scores,
      [nouns]: support,
    })),
    confusion: Array.from({ length: classes }, (_, row) =>
      Array.from(confusion.subarray(row * classes, (row + 1) * classes)),
    ),
  };
}
