// The interface of metrics: numbers that batches add up to, as a graph, and a result that the host computes from the
// sums. Most metrics are means of one value per sample, so that a smaller last batch weighs less.
import { mean, mul, sum } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../../core/json.js";

interface Named {
  /** Keras's class name. */
  readonly className: string;
  /** The key in logs and history. */
  readonly name: string;
  /** The better direction, by which `mode: "auto"` goes. */
  readonly direction: "up" | "down";
  /** Keras's config without name and dtype. */
  readonly config: JsonObject;
  /** True where Keras has no such metric: then its files leave it out. */
  readonly isForeign?: boolean;
}

/** The mean of a value per sample. */
export interface MeanMetric extends Named {
  /**
   * Values of shape `[batch, ...]`, float32.
   * @param yTrue A batch of targets.
   * @param yPred A batch of predictions, float32.
   */
  readonly values: (yTrue: Value, yPred: Value) => Value;
}

/** Anything made of sums: precision from counts of true and false positives. */
export interface TotalMetric extends Named {
  /** Number of totals. */
  readonly size: number;
  /**
   * A batch's additions to the totals, float32 of any shapes; `weight` is `[batch]`, ones when there is none.
   * @param yTrue A batch of targets.
   * @param yPred A batch of predictions, float32.
   */
  readonly totals: (yTrue: Value, yPred: Value, weight: Value) => readonly Value[];
  /** The metric from its totals, each summed over all batches: `totals` are in the order of the function above. */
  readonly result: (totals: readonly Float64Array[]) => number;
}

/** A metric: the mean of a value per sample, or a figure made of sums. */
export type Metric = MeanMetric | TotalMetric;

/** One value per sample: the mean over all axes but the first. */
export function sampleMeans(values: Value): Value {
  const rest = values.type.shape.map((_, axis) => axis).slice(1);
  return rest.length > 0 ? mean(values, rest) : values;
}

/**
 * The scalar that a step puts out for a metric: the sum over the batch of each sample's mean.
 * @param metric A metric that is a mean.
 * @param yTrue A batch of targets.
 * @param yPred A batch of predictions, float32.
 * @param weight Weights of the samples, `[batch]`; default ones.
 * @example
 * const scores = cast(iota([8, 3], 1), "float32");
 * batchSum(categoricalAccuracy(), scores, scores).type.shape; // []: the number of hits, a scalar of the step's graph
 */
export const batchSum = (metric: MeanMetric, yTrue: Value, yPred: Value, weight?: Value): Value => {
  const means = sampleMeans(metric.values(yTrue, yPred));
  return sum(weight === undefined ? means : mul(means, weight));
};
