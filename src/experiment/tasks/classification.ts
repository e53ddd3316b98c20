// Classification: one class an image, a probability for each class. A single output for two classes is the probability, or
// the logit, of the second.
import { classifierObjective as objectiveOf, topK } from "../../applications/application.js";
import { bootstrapIntervals, wilsonInterval } from "../../core/statistics/index.js";
import { tensor } from "../../core/tensor.js";
import { singleLine } from "../../core/text.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import { dense } from "../../nn/layers/index.js";
import type { Model } from "../../nn/model/model.js";
import { failureList } from "../../report/evaluation.js";
import { percent, whole } from "../../report/format.js";
import { agreementOn, columnsOf, type Readings, rowOf } from "./answers.js";
import { commonest, shareOf } from "./commonest-class.js";
import { refuseNumberWish } from "./number-losses.js";
import type { ClassOutcome } from "./outcome.js";
import { decisionsOf, probabilitiesOf, ranked } from "./probabilities.js";
import { LOSS_MONITOR, type Objective, type Task } from "./task.js";

/** Keras's key of the top-k metric. */
export const TOP_K = "sparse_top_k_categorical_accuracy";

const LOSS = "crossentropy";

/**
 * Loss and metrics of a classifier: crossentropy, accuracy and top-5, or top-k for fewer classes.
 * @param model a model of one output; the loss takes its logits or its probabilities, as its last activation gives them
 * @param classes number of classes of the data, at most the width of the output
 * @example
 * const { loss, metrics } = classifierObjective(model, 3);
 * model.compile({ optimizer: "adam", loss, metrics });
 */
export const classifierObjective = (model: Model, classes: number): Objective =>
  objectiveOf({ fromLogits: !endsInProbabilities(model), classes, outputs: model.outputShape[0]! });

/** Places of right decisions, of one class after the other. */
function rightOnes({ labels, predicted }: ClassOutcome): number[] {
  const seen = new Map<number, number>();
  const turnOf = (label: number): number => {
    const turn = seen.get(label) ?? 0;
    seen.set(label, turn + 1);
    return turn;
  };
  const all = Array.from(labels);
  const right = all.flatMap((label, at) => (predicted[at] === label ? [at] : []));
  const turns = right.map((at) => ({ at, turn: turnOf(all[at]!) })).sort((a, b) => a.turn - b.turn || a.at - b.at);
  return turns.map(({ at }) => at);
}

export const classification: Task<"classification"> = {
  kind: "classification",
  model: "classifier",
  targetKind: "classes",
  nouns: ["class", "classes"],
  described: ({ classNames }) => `${classNames.length} classes`,
  losses: [LOSS],
  defaultMonitor: "val_accuracy",
  describe: ({ targets: { classNames } }, { columns }, wish) => {
    refuseNumberWish(wish, LOSS, "classes");
    const [column] = columns ?? [];
    return { kind: "classification", classNames, ...(column === undefined ? {} : { column }) };
  },
  columnsOf: ({ column }) => ({ task: "classification", ...(column === undefined ? {} : { target: [column] }) }),
  wishOf: () => ({}),
  convexLoss: () => undefined,
  targetType: () => ({ dtype: "int32", shape: [] }),
  targetRows: ({ indices }, rows) =>
    tensor(
      rows.map((row) => indices[row]!),
      [rows.length],
      "int32",
    ),
  // From zeros, since features of any size would make random weights sure of random answers.
  hasLogisticHead: true,
  head: ({ classNames }) => [
    dense(classNames.length === 2 ? 1 : classNames.length, { name: "head", kernelInitializer: "zeros" }),
  ],
  applicationHead: () => undefined,
  objective: (model, { classNames }) => classifierObjective(model, classNames.length),
  misfit: (outputShape, { classNames: { length: classes } }) =>
    outputShape.length === 1 && (outputShape[0] === classes || (outputShape[0] === 1 && classes === 2))
      ? undefined
      : `the images have ${classes} classes; it needs one output per class`,
  monitors: ({ classNames: { length: classes } }) => [
    LOSS_MONITOR,
    { key: "accuracy", direction: "up", title: "Accuracy", short: "accuracy", isShare: true },
    {
      key: TOP_K,
      direction: "up",
      title: `Top ${topK(classes)} Accuracy`,
      short: `top-${topK(classes)}`,
      isShare: true,
    },
  ],
  baseline: ({ targets, rows }, { classNames }) => {
    const counts = new Int32Array(classNames.length);
    for (const row of rows) counts[targets.indices[row]!]! += 1;
    const classIndex = commonest(counts);
    return {
      title: `Accuracy of always saying ${classNames[classIndex]!}`,
      key: "accuracy",
      answer: classNames[classIndex]!,
      classIndex,
      figure: (judged) =>
        shareOf(
          judged.rows.map((row) => judged.targets.indices[row]!),
          classIndex,
        ),
    };
  },
  // Among the top k of no more than k classes every answer is right.
  informative: (metrics, { classNames: { length: classes } }) =>
    Object.fromEntries(Object.entries(metrics).filter(([key]) => !key.endsWith(TOP_K) || topK(classes) < classes)),
  decide: (model, outputs, _facts, { targets: { indices }, rows }) => ({
    kind: "classification",
    labels: rows.map((row) => indices[row]!),
    ...decisionsOf(probabilitiesOf(model, outputs)),
  }),
  readings: (model, outputs, output) => {
    const { classes, probabilities } = probabilitiesOf(model, outputs, output);
    return { width: classes, data: probabilities };
  },
  answer: (readings, row, { classNames }, { top }) => {
    const probabilities = Float64Array.from(rowOf(readings, row));
    if (probabilities.some(Number.isNaN)) return undefined;
    const classes = ranked({ classes: readings.width, probabilities }, 0, top);
    return {
      top: classes.map(({ classIndex, probability }) => ({
        class: classNames[classIndex] ?? String(classIndex),
        index: classIndex,
        probability,
      })),
    };
  },
  answerColumns: () => [{ head: "class" }, { head: "probability", align: "right" }],
  answerRows: ({ top }) => top.map((answer) => [answer.class, percent(answer.probability)]),
  resultColumns: (readings, { classNames }, target) => {
    const { predicted } = decisionsOf({ classes: readings.width, probabilities: Float64Array.from(readings.data) });
    const names = Array.from(predicted, (index) => classNames[index] ?? String(index));
    const probabilities = columnsOf(readings);
    return [
      [`predicted_${target}`, names],
      ...classNames.map((name, at) => [`probability_${name}`, probabilities[at]!] as const),
    ];
  },
  agreement: (ours, theirs) => {
    const predicted = ({ width, data }: Readings): ArrayLike<number> =>
      decisionsOf({ classes: width, probabilities: Float64Array.from(data) }).predicted;
    return agreementOn("images", predicted(ours), predicted(theirs));
  },
  explanationScore: () => "class",
  said: (readings, row, index, { classNames }) => {
    const name = classNames[index] ?? String(index);
    const probability = rowOf(readings, row)[index]!;
    return [
      { name: "class", value: name, text: name },
      { name: "probability", value: probability, text: percent(probability) },
    ];
  },
  verdicts: ({ labels, predicted }) => ({
    figure: "accuracy",
    right: Array.from(labels, (label, at) => label === predicted[at]),
  }),
  decisions: ({ labels, predicted, confidence }) => ({
    has: (row, k) => labels[row] === k,
    says: (row, k) => predicted[row] === k,
    confidence,
  }),
  counted: ({ predicted, confidence }, { classNames }) =>
    Array.from(predicted, (index, n) => ({ top: [{ class: classNames[index]!, probability: confidence[n]! }] })),
  sureness: ({ labels }, { width, data }) => ({
    of: "classes",
    answers: { classes: width, probabilities: Float64Array.from(data), labels },
  }),
  judgesAllParts: false,
  // Mistakes are facts of their own, with their images.
  evaluationFacts: (split, outcome) => ({ ...outcome, split }),
  scores: () => ({}),
  intervals: ({ labels, predicted }, _facts, _objective, metrics, groups) => {
    const images = labels.length;
    const isRight = (row: number): boolean => labels[row] === predicted[row];
    const rightAmong = (rows: Int32Array): number => rows.reduce((sum, row) => sum + (isRight(row) ? 1 : 0), 0);
    if (groups !== undefined)
      return bootstrapIntervals(images, (rows) => ({ accuracy: rightAmong(rows) / rows.length }), { groups });
    const rates = { accuracy: rightAmong(Int32Array.from(labels, (_, row) => row)) };
    const topK = metrics[TOP_K];
    const counts = topK === undefined ? rates : { ...rates, [TOP_K]: Math.round(topK * images) };
    return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, wilsonInterval(count, images)]));
  },
  settled: (facts) => facts,
  worst: (outcome, { classNames }, _objective, limit) =>
    failureList(outcome, limit).map((at) => ({
      at,
      title:
        `${singleLine(classNames[outcome.labels[at]!]!)} not ${singleLine(classNames[outcome.predicted[at]!]!)} ` +
        `(${(100 * outcome.confidence[at]!).toFixed(0)}%)`,
    })),
  attended: (outcome, _facts, _objective, { wrong, all }) => {
    const { labels, predicted, confidence } = outcome;
    const mistakes = failureList(outcome, wrong);
    return [...mistakes, ...rightOnes(outcome).slice(0, all - mistakes.length)].map((at) => ({
      at,
      index: predicted[at]!,
      caption: { trueClass: labels[at]!, predictedClass: predicted[at]!, confidence: confidence[at]! },
    }));
  },
  worstPerLine: 5,
  worstTitle: ({ labels, predicted }, _facts, _objective, shown, images) => {
    const wrong = Array.from(labels).filter((label, i) => label !== predicted[i]).length;
    if (wrong === 0) return `All ${whole(labels.length)} ${images} are classified correctly.`;
    return `Mistakes on the ${images} (${wrong > shown ? `the ${shown} most confident of ` : ""}${whole(wrong)}):`;
  },
  // The confusion matrix has all of them.
  detail: () => ({ json: {}, columns: [], rows: [] }),
};
