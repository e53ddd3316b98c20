// All metrics, and the names by which a string chooses them: Keras's names, any loss, and "accuracy", whose kind follows from
// the shapes.
import { FoveaError, shown } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { made } from "../../core/options.js";
import type { Shape } from "../../core/shape.js";
import { ConfigReader, classAndConfig, kerasObject } from "../config/keras-object.js";
import { type Spelled, toSnakeCase } from "../config/naming.js";
import { LOSS_NAMES, type Loss, type LossName, lossFromKeras } from "../losses/index.js";
import {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from "./accuracy.js";
import { d2TweedieScore, r2Score, rootMeanSquaredError } from "./errors.js";
import type { Metric } from "./metric.js";
import { auc, f1Score, precision, recall } from "./positives.js";
import { meanIoU } from "./segmentation.js";

export {
  type BinaryAccuracyOptions,
  binaryAccuracy,
  categoricalAccuracy,
  type NamedOptions,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  type TopKOptions,
  topKCategoricalAccuracy,
} from "./accuracy.js";
export { confusionMatrix } from "./confusion-matrix.js";
export { type D2Options, d2TweedieScore, type R2Options, r2Score, rootMeanSquaredError } from "./errors.js";
export { batchSum, type MeanMetric, type Metric, type TotalMetric } from "./metric.js";
export {
  type AUCOptions,
  auc,
  type F1Options,
  f1Score,
  precision,
  recall,
  type ThresholdOptions,
} from "./positives.js";
export { type MeanIoUOptions, meanIoU } from "./segmentation.js";

type Make = (name: string, config: ConfigReader) => Metric;

const KNOWN = {
  sparse_categorical_accuracy: (name) => sparseCategoricalAccuracy({ name }),
  categorical_accuracy: (name) => categoricalAccuracy({ name }),
  binary_accuracy: (name, config) => binaryAccuracy({ name, threshold: config.number("threshold", 0.5) }),
  sparse_top_k_categorical_accuracy: (name, config) =>
    sparseTopKCategoricalAccuracy({ name, k: config.number("k", 5) }),
  top_k_categorical_accuracy: (name, config) => topKCategoricalAccuracy({ name, k: config.number("k", 5) }),
  precision: (name, config) => precision({ name, ...thresholdOf(config) }),
  recall: (name, config) => recall({ name, ...thresholdOf(config) }),
  f1_score: (name, config) =>
    f1Score({
      name,
      average: config.string("average", "macro") as "macro",
      threshold: typeof config.config.threshold === "number" ? config.config.threshold : null,
    }),
  auc: (name, config) => {
    const { label_weights: weights } = config.config;
    config.refuseUnless("summation_method", (value) => value === "interpolation");
    return auc({
      name,
      numThresholds: config.number("num_thresholds", 200),
      curve: config.string("curve", "ROC") as "ROC",
      fromLogits: config.boolean("from_logits", false),
      multiLabel: config.boolean("multi_label", false),
      ...(Array.isArray(weights) ? { labelWeights: weights as number[] } : {}),
    });
  },
  mean_io_u: (name, config) =>
    meanIoU({
      name,
      numClasses: config.number("num_classes"),
      ignoreClass: typeof config.config.ignore_class === "number" ? config.config.ignore_class : null,
      sparseYTrue: config.boolean("sparse_y_true", true),
      sparseYPred: config.boolean("sparse_y_pred", true),
    }),
  root_mean_squared_error: (name) => rootMeanSquaredError({ name }),
  r2_score: (name, config) => {
    config.refuseUnless("num_regressors", (value) => value === 0);
    return r2Score({
      name,
      classAggregation: config.string("class_aggregation", "uniform_average") as "uniform_average",
    });
  },
  d2_tweedie_score: (name, config) => d2TweedieScore({ name, power: config.number("power", 0) }),
} satisfies Readonly<Record<string, Make>>;
const BY_NAME: Readonly<Record<string, Make>> = KNOWN;

/** The names of metrics: any loss is one too. `"accuracy"` looks at the shapes which accuracy is meant. */
export type MetricName = "accuracy" | "acc" | Spelled<keyof typeof KNOWN> | LossName;

/** A metric, or its name. */
export type MetricLike = Metric | MetricName;

/** Keras's threshold of precision and recall; it also has lists of them, of which one number cannot be made. */
function thresholdOf(config: ConfigReader): { threshold?: number } {
  config.refuse("top_k", "class_id");
  const { thresholds } = config.config;
  const only = Array.isArray(thresholds) && thresholds.length === 1 ? (thresholds[0] as Json) : thresholds;
  config.refuseUnless("thresholds", () => typeof only === "number");
  return typeof only === "number" ? { threshold: only } : {};
}

/**
 * A loss as a metric: smaller is better, the key is as given.
 * @param loss The loss, such as `huber()`.
 * @param name The key in logs and history.
 * @example lossAsMetric(lossOf("mae"), "error").name; // "error"
 */
export const lossAsMetric = (loss: Loss, name: string): Metric => ({
  className: loss.className,
  name,
  direction: "down",
  config: loss.config,
  values: loss.values,
  ...(loss.isForeign === undefined ? {} : { isForeign: loss.isForeign }),
});

const ACCURACY = ["accuracy", "acc"];

/** Keras's choice by shapes, batch axis included: binary, sparse or categorical accuracy. */
function accuracyFor(name: string, yTrue: Shape, yPred: Shape): Metric {
  if (yPred.at(-1) === 1) return binaryAccuracy({ name });
  if (yTrue.length < yPred.length || yTrue.at(-1) === 1) return sparseCategoricalAccuracy({ name });
  return categoricalAccuracy({ name });
}

/**
 * The metric that a user named or made, for targets and predictions of these shapes (batch axis included).
 * A name stays the key in the history: `"acc"` gives `acc`.
 * @param metric A metric, or its name in Keras's spelling; `"accuracy"` takes the kind that the shapes ask for.
 * @param yTrue The shape of a batch of targets.
 * @param yPred The shape of a batch of predictions.
 * @throws FoveaError for a name that is not known, and for `"accuracy"` of shapes that no accuracy fits.
 * @example metricOf("accuracy", [32], [32, 10]).name; // "accuracy"
 */
export function metricOf(metric: MetricLike, yTrue: Shape, yPred: Shape): Metric {
  if (typeof metric !== "string")
    return made("metrics", "a metric", metric, "totals" in Object(metric) ? "totals" : "values");
  if (ACCURACY.includes(metric.toLowerCase())) return accuracyFor(metric, yTrue, yPred);
  const key = toSnakeCase(metric);
  const make = ownValue(BY_NAME, key);
  if (make !== undefined) return make(key, new ConfigReader(metric, {}));
  if (LOSS_NAMES.includes(key)) return lossAsMetric(lossFromKeras(key), key);
  if (/^confusion(_matrix)?$/.test(key))
    throw new FoveaError(
      "unknown-choice",
      "metrics: a confusion matrix is no number that could be logged; count it from predictions with confusionMatrix of fovea/metrics",
    );
  throw new FoveaError(
    "unknown-choice",
    `metrics: expected one of ${[...ACCURACY, ...Object.keys(BY_NAME), ...LOSS_NAMES].join(", ")}, ` +
      `received ${shown(metric)}`,
  );
}

/**
 * Checks whether Keras has no metric such as this one or of this name: then a file that Keras opens leaves it out.
 * @param metric A metric, or its name.
 * @example isForeignMetric("accuracy"); // false
 */
export function isForeignMetric(metric: MetricLike): boolean {
  if (typeof metric !== "string") return metric.isForeign === true;
  const key = toSnakeCase(metric);
  if (LOSS_NAMES.includes(key)) return lossFromKeras(key).isForeign === true;
  return key === "d2_tweedie_score";
}

/**
 * Keras's form: a name stays a name.
 * @param metric A metric, or its name.
 * @example metricToKeras("accuracy"); // "accuracy"
 */
export const metricToKeras = (metric: MetricLike): Json =>
  typeof metric === "string"
    ? metric
    : {
        ...kerasObject("keras.metrics", metric.className, { name: metric.name, dtype: "float32", ...metric.config }),
      };

/**
 * Reads Keras's form: a name, or an object.
 * @param value An entry of `metrics` in a compile_config.
 * @throws FoveaError for a metric that Fovea does not have.
 * @example metricFromKeras("accuracy"); // "accuracy"
 */
export function metricFromKeras(value: Json | undefined): MetricLike {
  // metricOf checks that there is a metric of that name, once it knows the shapes.
  if (typeof value === "string") return value as MetricName;
  const { className, config } = classAndConfig("metric", value);
  const key = toSnakeCase(className);
  const name = typeof config.name === "string" ? config.name : key;
  const make = ownValue(BY_NAME, key);
  if (make !== undefined) return make(name, new ConfigReader(className, config));
  return lossAsMetric(lossFromKeras(value), name);
}
