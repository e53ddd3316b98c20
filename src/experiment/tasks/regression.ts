// Regression: one or several numbers an image. The loss says which distribution the numbers have; counts and amounts have
// a logarithmic link, so that predictions are above 0. The last layer works on numbers of about 1, and a fixed scale after
// it gives answers in the unit of the targets.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import { singleLine } from "../../core/text.js";
import { listedNames } from "../../data/messages.js";
import type { TaskFactsOf } from "../../formats/run/task.js";
import { dense, type Layer, rescaling } from "../../nn/layers/index.js";
import { lossOf } from "../../nn/losses/index.js";
import { rootMeanSquaredError } from "../../nn/metrics/index.js";
import { l2 } from "../../nn/regularizers.js";
import { metric, whole } from "../../report/format.js";
import { columnsOf, inExposure, rowOf, short, tell } from "./answers.js";
import { intervalsOf } from "./intervals.js";
import {
  convexLoss,
  DEFAULT_LOSS,
  familyOf,
  LOSS_NAMES,
  namedLoss,
  numberLoss,
  penaltyOf,
  rounded,
} from "./number-losses.js";
import type { NumberOutcome } from "./outcome.js";
import {
  allowedBy,
  d2,
  devianceTitle,
  type Family,
  gini,
  isMeaningful,
  mae,
  type Pairs,
  regressionFacts,
  rmse,
  worstRows,
} from "./scores/index.js";
import { type Judged, LOSS_MONITOR, type Task } from "./task.js";

type Facts = TaskFactsOf<"regression">;

/** Values of one target at some rows. */
const columnOf = ({ names, values }: Judged<"regression">["targets"], rows: Int32Array, target: number): Float64Array =>
  Float64Array.from(rows, (row) => values[row * names.length + target]!);

/** @throws FoveaError naming the images whose targets a distribution does not know, of all parts of the data */
function checkMeaning({ targets, files }: Judged<"regression">, family: Family, loss: string): void {
  const { names, values } = targets;
  const wrong: string[] = [];
  values.forEach((value, index) => {
    if (isMeaningful(family, value)) return;
    const row = Math.floor(index / names.length);
    wrong.push(`${names[index % names.length]} ${value} of ${files?.[row] ?? `row ${row + 1}`}`);
  });
  if (wrong.length === 0) return;
  throw new FoveaError(
    "wrong-value",
    `--loss ${loss} is for ${allowedBy(family)}, found ${listedNames(wrong)}; ` +
      "correct the targets, remove their rows, or choose another loss",
  );
}

/** Weighted mean and standard deviation. */
function momentsOf(
  values: Float64Array,
  weights: Float64Array | undefined,
): readonly [mean: number, deviation: number] {
  let [total, sum] = [0, 0];
  values.forEach((value, i) => {
    const weight = weights?.[i] ?? 1;
    total += weight;
    sum += weight * value;
  });
  const mean = sum / total;
  const squares = values.reduce((all, value, i) => all + (weights?.[i] ?? 1) * (value - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / total)];
}

function scalesOf(
  { targets, rows, weight }: Judged<"regression">,
  link: Facts["link"],
): Pick<Facts, "scale" | "offset"> {
  const weights = weight && Float64Array.from(rows, (row) => weight[row]!);
  const moments = targets.names.map((_, target) => momentsOf(columnOf(targets, rows, target), weights));
  if (link === "log")
    return { scale: moments.map(([mean]) => (mean > 0 ? rounded(mean) : 1)), offset: moments.map(() => 0) };
  return {
    scale: moments.map(([, deviation]) => (deviation > 0 ? rounded(deviation) : 1)),
    offset: moments.map(([mean]) => rounded(mean)),
  };
}

function headOf({ targets, link, scale, offset, penalty }: Facts, options: { readonly zeros: boolean }): Layer[] {
  const single = (values: readonly number[]): number | readonly number[] => (values.length === 1 ? values[0]! : values);
  return [
    dense(targets.length, {
      name: "head",
      ...(link === "log" ? { activation: "exponential" } : {}),
      ...(penalty === undefined ? {} : { kernelRegularizer: l2(penalty) }),
      ...(options.zeros ? { kernelInitializer: "zeros" } : {}),
    }),
    rescaling(single(scale), single(offset), { name: "unit" }),
  ];
}

/** One target's pairs of actual and predicted numbers. */
export function pairsOf({ targets, actual, predicted, weight }: NumberOutcome, target: number): Pairs {
  const cut = (all: Float32Array): Float64Array =>
    Float64Array.from({ length: all.length / targets }, (_, row) => all[row * targets + target]!);
  return { actual: cut(actual), predicted: cut(predicted), ...(weight ? { weight } : {}) };
}

const missTitle = ({ actual, predicted }: Pairs, { targets: [name] }: Facts, at: number): string =>
  `${name} ${metric(actual[at]!)}, predicted ${metric(predicted[at]!)}`;

export const regression: Task<"regression"> = {
  kind: "regression",
  model: "regression",
  targetKind: "numbers",
  nouns: ["target", "targets"],
  described: ({ targets, exposure }) =>
    `${targets.map(singleLine).join(", ")}${exposure === undefined ? "" : ` for each ${exposure}`}`,
  losses: LOSS_NAMES,
  defaultMonitor: "val_loss",
  describe: (train, { exposure }, wish) => {
    const { link, family } = numberLoss(wish);
    const { targets } = train;
    checkMeaning(train, family, wish.loss ?? DEFAULT_LOSS);
    const scales = scalesOf(train, link);
    return {
      kind: "regression",
      targets: targets.names,
      link,
      ...scales,
      ...penaltyOf(train, { link, ...scales }, wish),
      ...(exposure === undefined ? {} : { exposure }),
    };
  },
  columnsOf: ({ targets, exposure }) => ({
    task: "regression",
    target: targets,
    ...(exposure === undefined ? {} : { exposure: true }),
  }),
  wishOf: (loss, { l2: strength, penalty }) => ({
    ...namedLoss(loss),
    // Recipes from before the strength was a field have its product alone.
    ...(strength === undefined && penalty !== undefined ? { penalty } : { l2: strength ?? 0 }),
  }),
  convexLoss,
  targetType: ({ names }) => ({ dtype: "float32", shape: [names.length] }),
  targetRows: ({ names: { length: width }, values }, rows) => {
    const data = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      data.set(values.subarray(row * width, (row + 1) * width), i * width);
    });
    return tensor(data, [rows.length, width], "float32");
  },
  head: (facts) => headOf(facts, { zeros: true }),
  applicationHead: (facts) => headOf(facts, { zeros: false }),
  objective: (_model, { scale }, wish) => ({
    loss: numberLoss(wish).loss(Math.max(...scale)),
    metrics: [rootMeanSquaredError(), "mae"],
  }),
  misfit: (outputShape, { targets: { length } }) =>
    outputShape.length === 1 && outputShape[0] === length
      ? undefined
      : `the images have ${length} target${length === 1 ? "" : "s"}; it needs one output per target`,
  monitors: () => [
    LOSS_MONITOR,
    {
      key: "root_mean_squared_error",
      direction: "down",
      title: "Root mean squared error",
      short: "rmse",
      isShare: false,
    },
    { key: "mae", direction: "down", title: "Mean absolute error", short: "mae", isShare: false },
    { key: "d2", direction: "up", title: "D2, deviance explained", short: "d2", isShare: true, isFinal: true },
    { key: "rmse", direction: "down", title: "RMSE", short: "rmse", isShare: false, isFinal: true },
    { key: "gini", direction: "up", title: "Gini", short: "gini", isShare: true, isFinal: true },
  ],
  baseline: ({ targets, rows, weight }) => {
    if (targets.names.length > 1) return undefined;
    const weights = (chosen: Int32Array) => weight && Float64Array.from(chosen, (row) => weight[row]!);
    const [mean] = momentsOf(columnOf(targets, rows, 0), weights(rows));
    return {
      title: `RMSE of always predicting ${metric(mean)}`,
      key: "rmse",
      answer: mean,
      figure: (judged) => {
        const actual = columnOf(judged.targets, judged.rows, 0);
        const ofRows = judged.weight && Float64Array.from(judged.rows, (row) => judged.weight![row]!);
        return rmse({ actual, predicted: actual.map(() => mean), ...(ofRows ? { weight: ofRows } : {}) });
      },
    };
  },
  // A finished model has the same figure as rmse; a history has no other.
  informative: ({ root_mean_squared_error: twice, ...metrics }) =>
    "rmse" in metrics ? metrics : { ...metrics, ...defined({ root_mean_squared_error: twice }) },
  decide: (_model, outputs, { targets: { length: targets } }, { targets: { values }, rows, weight }) => {
    const actual = new Float32Array(rows.length * targets);
    rows.forEach((row, i) => {
      actual.set(values.subarray(row * targets, (row + 1) * targets), i * targets);
    });
    return {
      kind: "regression",
      targets,
      actual,
      predicted: Float32Array.from(outputs.data),
      ...(weight === undefined ? {} : { weight: Float64Array.from(rows, (row) => weight[row]!) }),
    };
  },
  readings: (_model, { shape, data }) => ({ width: shape[1]!, data }),
  answer: (readings, row, { targets }) => {
    const numbers = Array.from(rowOf(readings, row));
    if (numbers.some(Number.isNaN)) return undefined;
    const values = numbers.map(tell);
    return targets.length === 1 ? { value: values[0]! } : { values, names: targets };
  },
  answerColumns: ({ targets }) => targets.map((head) => ({ head, align: "right" })),
  answerRows: (answer) => ["value" in answer ? [short(answer.value)] : answer.values.map(short)],
  resultColumns: (readings, { targets, exposure }, _target, observed) => {
    const values = columnsOf(readings);
    const rates = targets.map(
      (name, at) => [`${exposure === undefined ? "predicted" : "predicted_rate"}_${name}`, values[at]!] as const,
    );
    if (observed === undefined) return rates;
    const expected = targets.map((name, at) => {
      const amounts = values[at]!.map((rate, row) => inExposure(rate, observed[row]!));
      return [`predicted_${name}`, amounts] as const;
    });
    return [...rates, ...expected];
  },
  // Under a logarithmic link the linear part is the logarithm of the answer, which no size of the answer steepens.
  explanationScore: ({ link }) => (link === "log" ? "log" : "number"),
  said: (readings, row, index, { targets }) => {
    const name = targets[index]!;
    const value = tell(rowOf(readings, row)[index]!);
    return [
      { name: "target", value: name, text: name },
      { name: "value", value, text: short(value) },
    ];
  },
  // Of several targets the first: their units differ.
  verdicts: ({ actual, predicted, targets }, { targets: [name = ""] }) => ({
    figure: `mean absolute error of ${name}`,
    errors: Array.from({ length: actual.length / targets }, (_, row) =>
      Math.abs(actual[row * targets]! - predicted[row * targets]!),
    ),
  }),
  undecided: "the model predicts numbers; see its slices",
  counted: ({ predicted, targets }, { targets: names }) =>
    Array.from({ length: predicted.length / targets }, (_, n) => ({
      names,
      values: names.map((_, at) => predicted[n * targets + at]!),
    })),
  sureness: (outcome, _readings, { link }) => ({
    of: "numbers",
    outcome,
    method: link === "log" ? "relative" : "absolute",
  }),
  judgesAllParts: true,
  evaluationFacts: (split, outcome, facts, { loss, baseline }, imageOf) => {
    const family = familyOf(lossOf(loss));
    const targets = facts.targets.map((name, target) => ({
      name,
      pairs: pairsOf(outcome, target),
      family,
      ...(facts.exposure === undefined ? {} : { weight: facts.exposure }),
      ...(typeof baseline === "number" ? { constant: baseline } : {}),
    }));
    return regressionFacts(split, targets, imageOf);
  },
  scores: (outcome, facts, { loss }) => {
    const family = familyOf(lossOf(loss));
    const scores: Record<string, number> = {};
    facts.targets.forEach((name, target) => {
      const pairs = pairsOf(outcome, target);
      const values = { d2: d2(pairs, family), rmse: rmse(pairs), mae: mae(pairs), gini: gini(pairs)?.normalized };
      // An order that has no Gini index, such as that of targets which are all alike, has no entry.
      for (const [key, value] of Object.entries(values))
        if (value !== undefined) scores[facts.targets.length === 1 ? key : `${key}_${name}`] = value;
    });
    return scores;
  },
  intervals: (outcome, facts, objective, _metrics, groups) =>
    intervalsOf(outcome, (some) => regression.scores(some, facts, objective), groups),
  settled: (facts) => facts,
  worst: (outcome, facts, { loss }, limit) => {
    const pairs = pairsOf(outcome, 0);
    return worstRows(pairs, familyOf(lossOf(loss)), limit).map((at) => ({ at, title: missTitle(pairs, facts, at) }));
  },
  attended: (outcome, facts, { loss }, { wrong, all }) => {
    const pairs = pairsOf(outcome, 0);
    const rows = worstRows(pairs, familyOf(lossOf(loss)), pairs.actual.length);
    const closest = rows
      .slice(wrong)
      .reverse()
      .slice(0, all - wrong);
    return [...rows.slice(0, wrong), ...closest].map((at) => ({
      at,
      index: 0,
      caption: { title: missTitle(pairs, facts, at) },
    }));
  },
  worstPerLine: 1,
  worstTitle: ({ targets, actual }, facts, { loss }, shown, images) => {
    const family = familyOf(lossOf(loss));
    const isError = family.kind === "squared" || family.kind === "absolute";
    const which = isError ? "Largest errors" : `Largest parts of the ${devianceTitle(family)}`;
    const target = facts.targets.length > 1 ? `, by ${facts.targets[0]}` : "";
    return `${which} on the ${images}${target} (${shown} of ${whole(actual.length / targets)}):`;
  },
  detail: () => ({ json: {}, columns: [], rows: [] }),
};
