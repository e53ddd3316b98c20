// Several labels: any number of labels an image, each with a probability of its own and a threshold from which it is given.
// Thresholds are those that give the best F1 on the validation images.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { exp } from "../../core/math.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { singleLine } from "../../core/text.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import type { TaskFactsOf } from "../../formats/run/task.js";
import { dense } from "../../nn/layers/index.js";
import { binaryCrossentropy } from "../../nn/losses/index.js";
import { auc, binaryAccuracy } from "../../nn/metrics/index.js";
import type { Model } from "../../nn/model/model.js";
import type { MultiLabelFacts } from "../../report/facts.js";
import { percent, whole } from "../../report/format.js";
import { agreementOn, columnsOf, type Readings, rowOf } from "./answers.js";
import { intervalsOf } from "./intervals.js";
import { refuseNumberWish } from "./number-losses.js";
import type { LabelOutcome } from "./outcome.js";
import { bestThresholds, multiLabelFacts, multiLabelScores } from "./scores/index.js";
import { LOSS_MONITOR, type Task, type WorstAnswer } from "./task.js";

type Facts = TaskFactsOf<"multiLabel">;

const LOSS = "crossentropy";
/** Threshold before validation has chosen one. */
const HALF = 0.5;

/** The probability from which each label is given. */
export const thresholdsOf = ({ labelNames, thresholds }: TaskFactsOf<"multiLabel">): readonly number[] =>
  thresholds ?? labelNames.map(() => HALF);

/** The probability of each label, `[samples, labels]`, from probabilities or logits. */
const scoresOf = (model: Model, { data }: Tensor<"float32">, output = 0): Float32Array => {
  const probabilities = endsInProbabilities(model, output);
  return Float32Array.from(data, (value) => (probabilities ? value : 1 / (1 + exp(-value))));
};

const factsOf = (
  outcome: LabelOutcome,
  facts: TaskFactsOf<"multiLabel">,
  imageOf: (row: number) => object,
): MultiLabelFacts => multiLabelFacts("Test", facts.labelNames, outcome, thresholdsOf(facts), imageOf);

const labelTitle = (outcome: LabelOutcome, { labelNames }: Facts, label: number, at: number): string =>
  `${singleLine(labelNames[label]!)} (${(100 * outcome.scores[at * outcome.labels + label]!).toFixed(0)}%)`;

/** Images with wrong labels, the surest first, each with the first label that is wrong. */
function missesOf(outcome: LabelOutcome, facts: Facts): (WorstAnswer & { readonly index: number })[] {
  const rows: number[] = [];
  const { misses } = factsOf(outcome, facts, (row) => {
    rows.push(row);
    return {};
  });
  return misses.map(({ missed, falsely }, i) => {
    const at = rows[i]!;
    const title = [
      ...missed.map((label) => `missed ${labelTitle(outcome, facts, label, at)}`),
      ...falsely.map((label) => `not ${labelTitle(outcome, facts, label, at)}`),
    ].join(", ");
    return { at, title, index: [...falsely, ...missed][0]! };
  });
}

export const multiLabel: Task<"multiLabel"> = {
  kind: "multiLabel",
  model: "classifier of several labels",
  targetKind: "labels",
  nouns: ["label", "labels"],
  described: ({ labelNames }) => `labels ${labelNames.map(singleLine).join(", ")}`,
  losses: [LOSS],
  defaultMonitor: "val_loss",
  describe: ({ targets: { labelNames } }, { columns }, wish) => {
    refuseNumberWish(wish, LOSS, "labels");
    if (columns === undefined || columns.length === 0)
      throw new FoveaError(
        "unsuited-data",
        "multiLabel: expected the columns of labels, received a source without columns; give a manifest",
      );
    return { kind: "multiLabel", labelNames, columns };
  },
  columnsOf: ({ columns }) => ({ task: "multiLabel", target: columns }),
  wishOf: () => ({}),
  convexLoss: () => undefined,
  targetType: ({ labelNames }) => ({ dtype: "float32", shape: [labelNames.length] }),
  targetRows: ({ labelNames: { length: width }, values }, rows) => {
    const data = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      data.set(values.subarray(row * width, (row + 1) * width), i * width);
    });
    return tensor(data, [rows.length, width], "float32");
  },
  head: ({ labelNames }) => [
    dense(labelNames.length, { name: "head", kernelInitializer: "zeros", activation: "sigmoid" }),
  ],
  applicationHead: ({ labelNames }) => [dense(labelNames.length, { name: "labels", activation: "sigmoid" })],
  objective: (model) => {
    const fromLogits = !endsInProbabilities(model);
    return {
      loss: binaryCrossentropy({ fromLogits }),
      metrics: [binaryAccuracy({ threshold: fromLogits ? 0 : HALF }), auc({ multiLabel: true, fromLogits })],
    };
  },
  misfit: (outputShape, { labelNames: { length: labels } }) =>
    outputShape.length === 1 && outputShape[0] === labels
      ? undefined
      : `the images have ${labels} labels; it needs one output per label`,
  monitors: () => [
    LOSS_MONITOR,
    { key: "binary_accuracy", direction: "up", title: "Accuracy of labels", short: "accuracy", isShare: true },
    { key: "auc", direction: "up", title: "AUC", short: "auc", isShare: true },
    { key: "f1", direction: "up", title: "F1, mean of labels", short: "f1", isShare: true, isFinal: true },
    {
      key: "f1_micro",
      direction: "up",
      title: "F1, all labels together",
      short: "micro f1",
      isShare: true,
      isFinal: true,
    },
    { key: "exact", direction: "up", title: "All labels right", short: "exact", isShare: true, isFinal: true },
  ],
  // Always giving the same labels has no figure that says something about all of them.
  baseline: () => undefined,
  informative: (metrics) => ({ ...metrics }),
  decide: (model, outputs, { labelNames: { length: labels } }, { targets: { values }, rows }) => {
    const actual = new Uint8Array(rows.length * labels);
    rows.forEach((row, i) => {
      actual.set(values.subarray(row * labels, (row + 1) * labels), i * labels);
    });
    return { kind: "multiLabel", labels, actual, scores: scoresOf(model, outputs) };
  },
  readings: (model, outputs, output) => ({ width: outputs.shape[1]!, data: scoresOf(model, outputs, output) }),
  answer: (readings, row, facts) => {
    const probabilities = Array.from(rowOf(readings, row));
    if (probabilities.some(Number.isNaN)) return undefined;
    const thresholds = thresholdsOf(facts);
    return {
      labels: probabilities.map((probability, i) => ({
        label: facts.labelNames[i]!,
        probability,
        given: probability > thresholds[i]!,
      })),
    };
  },
  answerColumns: () => [{ head: "label" }, { head: "probability", align: "right" }, { head: "answer" }],
  answerRows: ({ labels }) =>
    labels.map(({ label, probability, given }) => [label, percent(probability), given ? "yes" : ""]),
  resultColumns: (readings, { labelNames }) =>
    columnsOf(readings).map((values, at) => [`probability_${labelNames[at]!}`, values]),
  agreement: (ours, theirs, facts) => {
    const thresholds = thresholdsOf(facts);
    const isGiven = ({ width, data }: Readings) =>
      Array.from(data, (value, at) => Number(value > thresholds[at % width]!));
    return agreementOn("labels", isGiven(ours), isGiven(theirs));
  },
  explanationScore: () => "odds",
  said: (readings, row, index, { labelNames }) => {
    const name = labelNames[index]!;
    const probability = rowOf(readings, row)[index]!;
    return [
      { name: "label", value: name, text: name },
      { name: "probability", value: probability, text: percent(probability) },
    ];
  },
  verdicts: ({ labels, actual, scores }, facts) => {
    const thresholds = thresholdsOf(facts);
    const right = Array.from({ length: actual.length / labels }, (_, row) =>
      Array.from({ length: labels }, (_, at) => row * labels + at).every(
        (at) => scores[at]! > thresholds[at % labels]! === (actual[at] === 1),
      ),
    );
    return { figure: "all labels right", right };
  },
  decisions: ({ labels, actual, scores }, facts) => {
    const thresholds = thresholdsOf(facts);
    return {
      has: (row, k) => actual[row * labels + k] === 1,
      says: (row, k) => scores[row * labels + k]! > thresholds[k]!,
    };
  },
  counted: ({ labels, scores }, facts) => {
    const thresholds = thresholdsOf(facts);
    return Array.from({ length: scores.length / labels }, (_, n) => ({
      labels: facts.labelNames.map((label, at) => ({ label, given: scores[n * labels + at]! > thresholds[at]! })),
    }));
  },
  judgesAllParts: true,
  evaluationFacts: (split, outcome, facts, _against, imageOf) =>
    multiLabelFacts(split, facts.labelNames, outcome, thresholdsOf(facts), imageOf),
  scores: (outcome, facts) => {
    const { macro, micro, exact } = multiLabelScores(outcome, thresholdsOf(facts));
    return {
      f1: macro.f1,
      f1_micro: micro.f1,
      ...(macro.auc === undefined ? {} : { auc: macro.auc }),
      exact,
    };
  },
  intervals: (outcome, facts, objective, _metrics, groups) =>
    intervalsOf(outcome, (some) => multiLabel.scores(some, facts, objective), groups),
  settled: (facts, validation) => ({ ...facts, thresholds: bestThresholds(validation) }),
  worst: (outcome, facts, _objective, limit) => missesOf(outcome, facts).slice(0, limit),
  attended: (outcome, facts, _objective, { wrong, all }) => {
    const shown = missesOf(outcome, facts)
      .slice(0, wrong)
      .map(({ at, index, title }) => ({ at, index, caption: { title } }));
    const { labels, actual } = outcome;
    const thresholds = thresholdsOf(facts);
    for (let at = 0; at < actual.length / labels && shown.length < all; at++) {
      const scores = outcome.scores.subarray(at * labels, (at + 1) * labels);
      const said = Array.from(scores, (score, label) => Number(score > thresholds[label]!));
      if (said.some((value, label) => value !== actual[at * labels + label])) continue;
      const index = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
      const answered = said.flatMap((value, label) => (value === 1 ? [label] : []));
      const title = answered.map((label) => labelTitle(outcome, facts, label, at)).join(", ");
      shown.push({ at, index: Math.max(0, index), caption: { title: title === "" ? "no label" : title } });
    }
    return shown;
  },
  worstPerLine: 1,
  worstTitle: (outcome, facts, _objective, shown, images) => {
    const { images: all, wrong } = factsOf(outcome, facts, () => ({}));
    if (wrong === 0) return `All labels of all ${whole(all)} ${images} are right.`;
    const some = wrong > shown ? `the ${shown} surest of ` : "";
    return `${images[0]!.toUpperCase()}${images.slice(1)} with a wrong label (${some}${whole(wrong)} of ${whole(all)}):`;
  },
  detail: (outcome, facts, nouns) => {
    const thresholds = thresholdsOf(facts);
    const scores = multiLabelScores(outcome, thresholds).labels;
    const figures = scores.map(({ support, averagePrecision, ...rest }, i) => ({
      label: facts.labelNames[i]!,
      threshold: thresholds[i]!,
      ...defined(rest),
      ...defined({ average_precision: averagePrecision }),
      [nouns]: support,
    }));
    const right = (head: string) => ({ head, align: "right" as const });
    return {
      json: { labels: figures },
      columns: [{ head: "label" }, ...["precision", "recall", "F1", "AUC", "threshold", nouns].map(right)],
      rows: figures.map(({ label, precision, recall, f1, auc: area, threshold }, i) => [
        label,
        ...[precision, recall, f1, area, threshold].map((value) => value?.toFixed(3) ?? ""),
        whole(scores[i]!.support),
      ]),
    };
  },
};
