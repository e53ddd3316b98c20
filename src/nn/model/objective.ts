// The objective of training: a loss for each output, its weight in the sum, and the metrics that are reported beside.
// Names of outputs become Keras's keys: `loss`, `accuracy`, with several outputs `left_loss`, `left_accuracy`.
import { FoveaError, shown } from "../../core/errors.js";
import { add, constant, div, mean, mul, reshape, sum } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { ownValue } from "../../core/lookup.js";
import { numberWithin } from "../../core/options.js";
import type { Shape } from "../../core/shape.js";
import { type Loss, type LossLike, lossOf } from "../losses/index.js";
import { EPSILON } from "../losses/loss.js";
import { batchSum, type Metric, type MetricLike, metricOf } from "../metrics/index.js";

/** The same for every output, one for each in order, or by the outputs' names. */
export type PerOutput<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** Metrics: a list for a model with one output, else lists by output. */
export type Metrics = readonly MetricLike[] | PerOutput<readonly MetricLike[] | MetricLike>;

export interface ObjectiveOptions {
  readonly loss: PerOutput<LossLike>;
  /** Weight of each output's loss. Default 1. */
  readonly lossWeights?: PerOutput<number>;
  readonly metrics?: Metrics;
  /** Metrics in which samples count as their `sampleWeight` or the weight of their class says. */
  readonly weightedMetrics?: Metrics;
}

/** The objective of one output. */
export interface OutputObjective {
  readonly output: string;
  readonly loss: Loss;
  readonly lossWeight: number;
  readonly metrics: readonly MetricLike[];
  readonly weightedMetrics: readonly MetricLike[];
}

/** One entry for each output of the model. */
export type Objective = readonly OutputObjective[];

const isRecord = (value: unknown): value is Readonly<Record<string, never>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !("className" in value);

/** One value an output. @throws FoveaError when their number or names do not fit. */
function perOutput<T>(what: string, values: PerOutput<T>, outputs: readonly string[], absent?: T): readonly T[] {
  if (isRecord(values)) {
    const unknown = Object.keys(values).find((name) => !outputs.includes(name));
    const missing = outputs.find((name) => !Object.hasOwn(values, name) && absent === undefined);
    if (unknown !== undefined || missing !== undefined)
      throw new FoveaError(
        "length-mismatch",
        `compile ${what}: expected the outputs' names ${outputs.join(", ")}, ` +
          (unknown === undefined ? `"${missing}" is missing` : `received "${unknown}"`),
      );
    return outputs.map((name) => ownValue<T>(values, name) ?? absent!);
  }
  if (!Array.isArray(values)) return outputs.map(() => values as T);
  if (values.length !== outputs.length)
    throw new FoveaError(
      "length-mismatch",
      `compile ${what}: expected one for each of the ${outputs.length} outputs ${outputs.join(", ")}, received ${values.length}`,
    );
  return values as readonly T[];
}

function metricLists(what: string, metrics: Metrics | undefined, outputs: readonly string[]): readonly MetricLike[][] {
  if (metrics === undefined) return outputs.map(() => []);
  if (!Array.isArray(metrics) && !isRecord(metrics))
    throw new FoveaError("wrong-type", `compile: expected ${what} as a list, received ${shown(metrics)}`);
  const single = outputs.length === 1 && Array.isArray(metrics) && !metrics.some(Array.isArray);
  const lists = single
    ? [metrics as readonly MetricLike[]]
    : perOutput<readonly MetricLike[] | MetricLike>(what, metrics as never, outputs, []);
  return lists.map((list) => (Array.isArray(list) ? [...(list as readonly MetricLike[])] : [list as MetricLike]));
}

/** The objective that the options of `compile` describe. */
export function objectiveOf(options: ObjectiveOptions, outputs: readonly string[]): Objective {
  const losses = perOutput("loss", options.loss, outputs);
  const weights = perOutput("lossWeights", options.lossWeights ?? 1, outputs, 1);
  const metrics = metricLists("metrics", options.metrics, outputs);
  const weighted = metricLists("weightedMetrics", options.weightedMetrics, outputs);
  return outputs.map((output, i) => ({
    output,
    loss: lossOf(losses[i]!),
    lossWeight: numberWithin("compile lossWeights", weights[i]!),
    metrics: metrics[i]!,
    weightedMetrics: weighted[i]!,
  }));
}

/** The answers of a batch: targets and predictions by output, and perhaps weights of samples, `[batch]`. */
export interface Answers {
  readonly yTrue: readonly Value[];
  readonly yPred: readonly Value[];
  readonly weight: Value | undefined;
  /** The part of a batch that these answers are, where it is computed in several. */
  readonly portion?: Portion | undefined;
}

/** Facts of a whole batch for one of its parts. */
export interface Portion {
  /** Samples of the whole batch. */
  readonly batch: number;
  /** The part's share of the samples, a scalar. */
  readonly share: Value;
  /** Numbers of the values in the whole batch that count, a scalar for each output whose loss counts values. */
  readonly counts: readonly (Value | undefined)[];
}

/** The number of values that count, for each output whose loss counts them. */
export const countsOf = (objective: Objective, { yTrue, yPred }: Answers): (Value | undefined)[] =>
  objective.map(({ loss: { counting } }, i) => counting && sum(counting(yTrue[i]!, yPred[i]!)));

/**
 * The loss of one output: the mean over all its values, each as often as its sample counts. Where some values do not count,
 * the sum is divided by the number of those that do, as Keras divides it. Of a part of a batch it is the part's share.
 */
function meanLoss(loss: Loss, { yTrue, yPred, weight, portion }: Answers, output: number): Value {
  const values = loss.values(yTrue[output]!, yPred[output]!);
  const ones = new Array<number>(values.type.shape.length - 1).fill(1);
  const weighted = weight === undefined ? values : mul(values, reshape(weight, [-1, ...ones]));
  if (loss.counting === undefined) return portion === undefined ? mean(weighted) : mul(mean(weighted), portion.share);
  const counting = loss.counting(yTrue[output]!, yPred[output]!);
  return div(sum(mul(weighted, counting)), add(portion?.counts[output] ?? sum(counting), EPSILON));
}

/** A logged quantity besides the loss. */
export interface Tracked {
  readonly key: string;
  readonly direction: "up" | "down";
  /** Number of totals that it keeps. */
  readonly size: number;
  /** A batch's additions to the totals. */
  readonly totals: (answers: Answers) => readonly Value[];
  /** The quantity, for totals over `samples` samples. */
  readonly result: (totals: readonly Float64Array[], samples: number) => number;
}

/** A metric of one output; weights of samples count when `isWeighted`. */
function trackedMetric(key: string, metric: Metric, output: number, isWeighted: boolean): Tracked {
  const { direction } = metric;
  if ("values" in metric)
    return {
      key,
      direction,
      size: isWeighted ? 2 : 1,
      totals: ({ yTrue, yPred, weight }) => {
        const used = isWeighted ? weight : undefined;
        const total = batchSum(metric, yTrue[output]!, yPred[output]!, used);
        return used === undefined ? [total] : [total, sum(used)];
      },
      result: ([total, weights], samples) => total![0]! / (weights?.[0] ?? samples),
    };
  return {
    key,
    direction,
    size: metric.size,
    totals: ({ yTrue, yPred, weight }) => {
      const batch = yPred[output]!.type.shape[0]!;
      return metric.totals(yTrue[output]!, yPred[output]!, (isWeighted ? weight : undefined) ?? constant(1, [batch]));
    },
    result: metric.result,
  };
}

/**
 * Quantities that are logged besides the loss, for targets and predictions of these shapes (batch axis included).
 * @throws FoveaError when two have one name.
 */
export function trackedOf(
  objective: Objective,
  yTrue: readonly Shape[],
  yPred: readonly Shape[],
  weighted: boolean,
): Tracked[] {
  const several = objective.length > 1;
  const tracked = objective.flatMap(({ output, loss, metrics, weightedMetrics }, i) => {
    const trackedBy = (metric: MetricLike, isWeighted: boolean): Tracked => {
      const found = metricOf(metric, yTrue[i]!, yPred[i]!);
      return trackedMetric(several ? `${output}_${found.name}` : found.name, found, i, isWeighted && weighted);
    };
    const lossOfOutput: Tracked = {
      key: `${output}_loss`,
      direction: "down",
      size: 1,
      totals: (answers) => [
        mul(meanLoss(loss, answers, i), answers.portion?.batch ?? answers.yPred[i]!.type.shape[0]!),
      ],
      result: ([total], samples) => total![0]! / samples,
    };
    return [
      ...(several ? [lossOfOutput] : []),
      ...metrics.map((metric) => trackedBy(metric, false)),
      ...weightedMetrics.map((metric) => trackedBy(metric, true)),
    ];
  });
  const keys = tracked.map(({ key }) => key);
  const twice = keys.find((key, i) => key === "loss" || keys.indexOf(key) !== i);
  if (twice !== undefined)
    throw new FoveaError("duplicate", `metrics: the name "${twice}" is taken; give the metric another with { name }`);
  return tracked;
}

/** The loss of a batch: that of each output as often as it counts, added up. */
export function totalLoss(objective: Objective, answers: Answers): Value {
  return objective
    .map(({ loss, lossWeight }, i) => {
      const ofOutput = meanLoss(loss, answers, i);
      return lossWeight === 1 ? ofOutput : mul(ofOutput, lossWeight);
    })
    .reduce((a, b) => add(a, b));
}
