// Metrics of yes-or-no predictions: precision, recall, F1, the area under a curve. All are made of counts of true and
// false positives, so that batches add up.
import { FoveaError, oneOf } from "../../core/errors.js";
import {
  abs,
  broadcastTo,
  greater,
  iota,
  max,
  mul,
  reshape,
  select,
  sigmoid,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { log } from "../../core/math.js";
import { checkOptions, flag, numberWithin, wholeNumber } from "../../core/options.js";
import { sizeOf } from "../../core/shape.js";
import { aligned } from "../losses/pointwise.js";
import { atLeast, type NamedOptions } from "./accuracy.js";
import type { TotalMetric } from "./metric.js";

/** Division where 0 / 0 is 0, as in Keras. */
const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);

/** 1 where a target is not 0. */
const isTrue = (target: Value): Value => greater(abs(target), 0);

/** Weights of samples, `[batch]`, for each element of `x`. */
const weightsLike = (x: Value, weight: Value): Value =>
  broadcastTo(reshape(weight, [-1, ...x.type.shape.slice(1).map(() => 1)]), x.type.shape);

/** Options of `precision` and `recall`. */
export interface ThresholdOptions extends NamedOptions {
  /** Predictions above it mean yes. Default 0.5. */
  readonly threshold?: number;
}

/** The share of hits among what `of` counts: predictions for precision, targets for recall. */
function hits(className: string, name: string, functionName: string, of: "predicted" | "true") {
  return (options: ThresholdOptions = {}): TotalMetric => {
    checkOptions(functionName, options, ["name", "threshold"]);
    const threshold = numberWithin(`${functionName} threshold`, options.threshold ?? 0.5);
    const key = options.name ?? name;
    return {
      className,
      name: key,
      direction: "up",
      config: { thresholds: options.threshold ?? null, top_k: null, class_id: null },
      size: 2,
      totals: (yTrue, yPred, weight) => {
        const [target, predicted] = aligned(key, yTrue, yPred);
        const [positive, found] = [isTrue(target), greater(predicted, threshold)];
        const weights = weightsLike(predicted, weight);
        const hit = mul(mul(positive, found), weights);
        return [sum(hit), sum(mul(of === "predicted" ? found : positive, weights))];
      },
      result: ([hit, all]) => ratio(hit![0]!, all![0]!),
    };
  };
}

/** The share of right ones among the predictions of yes. @example precision({ threshold: 0.8 }) */
export const precision = hits("Precision", "precision", "precision", "predicted");
/** The share of the true ones that were found. */
export const recall = hits("Recall", "recall", "recall", "true");

/** Options of `f1Score`. */
export interface F1Options extends NamedOptions {
  /** `"macro"` (default) is the mean over classes, `"weighted"` by their frequency, `"micro"` counts all alike. */
  readonly average?: "micro" | "macro" | "weighted";
  /** Predictions above it mean yes. Default: the largest of each sample alone. */
  readonly threshold?: number | null;
}

/**
 * The harmonic mean of precision and recall, for one-hot or yes-or-no targets `[batch, classes]`.
 * @example f1Score({ average: "macro" })
 */
export function f1Score(options: F1Options = {}): TotalMetric {
  checkOptions("f1Score", options, ["name", "average", "threshold"]);
  const average = oneOf("f1Score average", options.average ?? "macro", ["micro", "macro", "weighted"]);
  const threshold =
    options.threshold === undefined || options.threshold === null
      ? null
      : numberWithin("f1Score threshold", options.threshold);
  const name = options.name ?? "f1_score";
  return {
    className: "F1Score",
    name,
    direction: "up",
    config: { average, threshold },
    size: 3,
    totals: (yTrue, yPred, weight) => {
      const [target, predicted] = aligned(name, yTrue, yPred);
      const largest = max(predicted, [-1], true);
      const found =
        threshold === null
          ? mul(atLeast(predicted, largest), greater(abs(predicted), 1e-9))
          : greater(predicted, threshold);
      const weights = weightsLike(predicted, weight);
      const [hit, all, sought] = [mul(target, found), found, target].map((x) => sum(mul(x, weights), [0]));
      return [hit!, all!, sought!];
    },
    result: ([hit, found, sought]) => {
      const f1 = (i: number): number => ratio(2 * hit![i]!, found![i]! + sought![i]!);
      const total = (all: Float64Array): number => all.reduce((a, b) => a + b, 0);
      if (average === "micro") return ratio(2 * total(hit!), total(found!) + total(sought!));
      const scores = Array.from(hit!, (_, i) => f1(i));
      if (average === "macro") return scores.reduce((a, b) => a + b, 0) / scores.length;
      return ratio(
        scores.reduce((sum, score, i) => sum + score * sought![i]!, 0),
        total(sought!),
      );
    },
  };
}

/** Options of `auc`. */
export interface AUCOptions extends NamedOptions {
  /** Number of thresholds, evenly spaced from 0 to 1. Default 200. */
  readonly numThresholds?: number;
  /** `"ROC"` (default): hits against false alarms; `"PR"`: precision against recall. */
  readonly curve?: "ROC" | "PR";
  /** True where predictions are logits. Default false. */
  readonly fromLogits?: boolean;
  /** Gives `[batch, labels]` an area for each label, of which the mean is taken. Default false: one for all. */
  readonly multiLabel?: boolean;
  /** The weight of each label in that mean; only with `multiLabel`. Default: all alike. */
  readonly labelWeights?: readonly number[];
}

/** Keras's distance of the first and last threshold from 0 and 1. */
const MARGIN = 1e-7;

/** Weights of hits and of false alarms above each threshold, and of all positives and negatives, for one label. */
interface Counts {
  readonly hits: Float64Array;
  readonly alarms: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** The area under the curve of precision against recall, interpolated as Davis and Goadrich (2006) say. */
function precisionRecallArea({ hits, alarms, positives }: Counts): number {
  let area = 0;
  for (let i = 0; i + 1 < hits.length; i++) {
    const [found, next] = [hits[i]! + alarms[i]!, hits[i + 1]! + alarms[i + 1]!];
    const gained = hits[i]! - hits[i + 1]!;
    const slope = ratio(gained, Math.max(found - next, 0));
    const intercept = hits[i + 1]! - slope * next;
    const growth = found > 0 && next > 0 ? found / next : 1;
    area += ratio(slope * (gained + intercept * log(growth)), positives);
  }
  return area;
}

/** The area under the curve of hits against false alarms, by trapezia. */
function rocArea({ hits, alarms, positives, negatives }: Counts): number {
  let area = 0;
  for (let i = 0; i + 1 < hits.length; i++) {
    const height = ratio(hits[i]! + hits[i + 1]!, 2 * positives);
    area += ratio(alarms[i]! - alarms[i + 1]!, negatives) * height;
  }
  return area;
}

/** `count` thresholds from a little below 0 to a little above 1. */
function thresholdsOf(count: number): Value {
  const number = iota([count], 0);
  const inner = mul(number, 1 / (count - 1));
  const first = select(greater(1, number), -MARGIN, inner);
  return select(greater(number, count - 1.5), 1 + MARGIN, first);
}

/**
 * The area under a curve over thresholds from 0 to 1, for yes-or-no targets; with `multiLabel` the mean of the areas of all
 * labels (scikit-learn's average "macro"), else one area of all elements ("micro").
 * @throws FoveaError for `labelWeights` without `multiLabel`, or not one for each label.
 * @example auc({ curve: "PR" })
 * @example auc({ multiLabel: true }) // dent, scratch and glass, each with an area
 */
export function auc(options: AUCOptions = {}): TotalMetric {
  checkOptions("auc", options, ["name", "numThresholds", "curve", "fromLogits", "multiLabel", "labelWeights"]);
  const count = wholeNumber("auc numThresholds", options.numThresholds ?? 200, 2);
  const curve = oneOf("auc curve", options.curve ?? "ROC", ["ROC", "PR"]);
  const fromLogits = flag("auc fromLogits", options.fromLogits, false);
  const multiLabel = flag("auc multiLabel", options.multiLabel, false);
  const labelWeights = options.labelWeights?.map((weight, i) => numberWithin(`auc labelWeights[${i}]`, weight, 0));
  if (labelWeights !== undefined && !multiLabel)
    throw new FoveaError(
      "missing-option",
      "auc labelWeights: labels have weights where each has an area of its own; set multiLabel: true",
    );
  const name = options.name ?? "auc";
  const areaOf = curve === "PR" ? precisionRecallArea : rocArea;
  return {
    className: "AUC",
    name,
    direction: "up",
    config: {
      num_thresholds: count,
      curve,
      summation_method: "interpolation",
      multi_label: multiLabel,
      num_labels: null,
      label_weights: labelWeights ?? null,
      from_logits: fromLogits,
    },
    size: 4,
    totals: (yTrue, yPred, weight) => {
      const [target, scores] = aligned(name, yTrue, yPred);
      const elements = sizeOf(scores.type.shape);
      const batch = weight.type.shape[0]!;
      // One column for all elements, or one for each label.
      const labels = multiLabel && batch > 0 ? elements / batch : 1;
      if (labelWeights !== undefined && labelWeights.length !== labels)
        throw new FoveaError(
          "length-mismatch",
          `auc labelWeights: expected ${labels}, one for each label, received ${labelWeights.length}`,
        );
      const shape = [elements / labels, labels];
      const predicted = reshape(fromLogits ? sigmoid(scores) : scores, [...shape, 1]);
      const positive = reshape(isTrue(target), shape);
      const weights = reshape(weightsLike(scores, weight), shape);
      const above = greater(predicted, reshape(thresholdsOf(count), [1, 1, count]));
      const [hit, miss] = [mul(positive, weights), mul(sub(1, positive), weights)];
      const counted = (of: Value): Value => sum(mul(above, reshape(of, [...shape, 1])), [0]);
      return [counted(hit), counted(miss), sum(hit, [0]), sum(miss, [0])];
    },
    result: ([hits, alarms, positives, negatives]) => {
      const areas = Array.from(positives!, (of, label) => {
        const cut = (all: Float64Array): Float64Array => all.subarray(label * count, (label + 1) * count);
        return areaOf({ hits: cut(hits!), alarms: cut(alarms!), positives: of, negatives: negatives![label]! });
      });
      const weights = labelWeights ?? areas.map(() => 1);
      const total = weights.reduce((a, b) => a + b, 0);
      return ratio(
        areas.reduce((all, area, label) => all + area * weights[label]!, 0),
        total,
      );
    },
  };
}
