// Accuracies: the share of right predictions, by arg-max, by threshold or among the top k.
import { FoveaError } from "../../core/errors.js";
import {
  add,
  argMax,
  cast,
  equal,
  greater,
  mul,
  oneHot,
  reshape,
  select,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, numberWithin, wholeNumber } from "../../core/options.js";
import { sameShape, showShape } from "../../core/shape.js";
import { sparseLabels } from "../losses/crossentropy.js";
import { alignRanks } from "../losses/loss.js";
import type { Metric } from "./metric.js";

/** The option that all metrics share. */
export interface NamedOptions {
  /** The key in logs and history. Default: the metric's name in snake_case. */
  readonly name?: string;
}
/** Options of top-k accuracies. */
export interface TopKOptions extends NamedOptions {
  /** Number of best predictions that count. Default 5. */
  readonly k?: number;
}
/** Options of `binaryAccuracy`. */
export interface BinaryAccuracyOptions extends NamedOptions {
  /** Predictions above it mean yes; 0 is right for logits. Default 0.5, for probabilities. */
  readonly threshold?: number;
}

/** 1 where two int32 values are equal. Class numbers are below 2^24, so float32 compares them exactly. */
const same = (a: Value, b: Value): Value => equal(cast(a, "float32"), cast(b, "float32"));

/**
 * 1 where fewer than k predictions beat the true class's; ties count as right, as in Keras. NaN beats every number, and a
 * true class whose own prediction is NaN is in no top k.
 */
function withinTopK(labels: Value, yPred: Value, k: number): Value {
  // Chosen rather than multiplied: 0 times a NaN of another class would be NaN.
  const truth = sum(select(oneHot(labels, yPred.type.shape.at(-1)!), yPred, 0), [-1], true);
  const better = sum(sub(1, atLeast(truth, yPred)), [-1]);
  const isNumber = reshape(equal(truth, truth), better.type.shape);
  return mul(greater(sub(k, better), 0), isNumber);
}

/** 1 where a >= b; 0 where one of them is NaN. */
export const atLeast = (a: Value, b: Value): Value => add(greater(a, b), equal(a, b));

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** The arg-max along the last axis of predictions, where the first NaN counts as the largest, as in Keras. */
export const predictedClass = (yPred: Value): Value => argMax(select(equal(yPred, yPred), yPred, LARGEST));

/**
 * Arg-max of predictions `[batch, classes]` against integer labels `[batch]`.
 * @example model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: [sparseCategoricalAccuracy()] });
 */
export function sparseCategoricalAccuracy(options: NamedOptions = {}): Metric {
  checkOptions("sparseCategoricalAccuracy", options, ["name"]);
  const { name = "sparse_categorical_accuracy" } = options;
  return {
    className: "SparseCategoricalAccuracy",
    name,
    direction: "up",
    config: {},
    values: (yTrue, yPred) => same(sparseLabels(name, yTrue, yPred), predictedClass(yPred)),
  };
}

function classesOf(name: string, yTrue: Value, yPred: Value): Value {
  if (!sameShape(yTrue.type.shape, yPred.type.shape))
    throw new FoveaError(
      "shape-mismatch",
      `${name}: expected one-hot labels, received ${showShape(yTrue.type.shape)} ` +
        `for predictions ${showShape(yPred.type.shape)}`,
    );
  return argMax(cast(yTrue, "float32"));
}

/**
 * Arg-max of predictions against arg-max of one-hot labels, both `[batch, classes]`.
 * @example model.compile({ optimizer: "adam", loss: "categorical_crossentropy", metrics: [categoricalAccuracy()] });
 */
export function categoricalAccuracy(options: NamedOptions = {}): Metric {
  checkOptions("categoricalAccuracy", options, ["name"]);
  const { name = "categorical_accuracy" } = options;
  return {
    className: "CategoricalAccuracy",
    name,
    direction: "up",
    config: {},
    values: (yTrue, yPred) => same(classesOf(name, yTrue, yPred), predictedClass(yPred)),
  };
}

/**
 * Predictions above a threshold against yes-or-no labels.
 * @example binaryAccuracy({ threshold: 0 }) // for logits
 */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): Metric {
  checkOptions("binaryAccuracy", options, ["name", "threshold"]);
  const threshold = numberWithin("binaryAccuracy threshold", options.threshold ?? 0.5);
  return {
    className: "BinaryAccuracy",
    name: options.name ?? "binary_accuracy",
    direction: "up",
    config: { threshold },
    values: (yTrue, yPred) => {
      const [target, predicted] = alignRanks(yTrue, yPred);
      return equal(cast(target, "float32"), greater(predicted, threshold));
    },
  };
}

function topK(what: string, options: TopKOptions): number {
  checkOptions(what, options, ["k", "name"]);
  return wholeNumber(`${what} k`, options.k ?? 5);
}

/**
 * Share of samples whose true class, an integer label, is among the k best predictions.
 * @example sparseTopKCategoricalAccuracy({ k: 5 })
 */
export function sparseTopKCategoricalAccuracy(options: TopKOptions = {}): Metric {
  const k = topK("sparseTopKCategoricalAccuracy", options);
  const name = options.name ?? "sparse_top_k_categorical_accuracy";
  return {
    className: "SparseTopKCategoricalAccuracy",
    name,
    direction: "up",
    config: { k },
    values: (yTrue, yPred) => withinTopK(sparseLabels(name, yTrue, yPred), yPred, k),
  };
}

/**
 * Share of samples whose true class, by one-hot labels, is among the k best predictions.
 * @example topKCategoricalAccuracy({ k: 3, name: "top3" });
 */
export function topKCategoricalAccuracy(options: TopKOptions = {}): Metric {
  const k = topK("topKCategoricalAccuracy", options);
  const name = options.name ?? "top_k_categorical_accuracy";
  return {
    className: "TopKCategoricalAccuracy",
    name,
    direction: "up",
    config: { k },
    values: (yTrue, yPred) => withinTopK(classesOf(name, yTrue, yPred), yPred, k),
  };
}
