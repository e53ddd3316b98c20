// All metrics, and how a string names one: Keras's names, any loss, and "accuracy", which looks at the shapes.
import { FoveaError } from "../../core/errors.js";
import type { Shape } from "../../core/shape.js";
import { LOSS_NAMES, type Loss, lossOf } from "../losses/index.js";
import { toSnakeCase } from "../naming.js";
import { ConfigReader, classAndConfig, type Json, kerasObject } from "../serialization/keras-object.js";
import {
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from "./accuracy.js";
import type { Metric } from "./metric.js";

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
export { batchSum, type Metric } from "./metric.js";

/** A metric, or a name. */
export type MetricLike = Metric | string;

const BY_NAME: Readonly<Record<string, (name: string, config: ConfigReader) => Metric>> = {
  sparse_categorical_accuracy: (name) => sparseCategoricalAccuracy({ name }),
  categorical_accuracy: (name) => categoricalAccuracy({ name }),
  binary_accuracy: (name, config) => binaryAccuracy({ name, threshold: config.number("threshold", 0.5) }),
  sparse_top_k_categorical_accuracy: (name, config) =>
    sparseTopKCategoricalAccuracy({ name, k: config.number("k", 5) }),
  top_k_categorical_accuracy: (name, config) => topKCategoricalAccuracy({ name, k: config.number("k", 5) }),
};

/** A loss as a metric: smaller is better, the key is as given. */
export const lossAsMetric = (loss: Loss, name: string): Metric => ({
  className: loss.className,
  name,
  direction: "down",
  config: loss.config,
  values: loss.values,
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
 */
export function metricOf(given: MetricLike, yTrue: Shape, yPred: Shape): Metric {
  if (typeof given !== "string") return given;
  if (ACCURACY.includes(given.toLowerCase())) return accuracyFor(given, yTrue, yPred);
  const key = toSnakeCase(given);
  const make = BY_NAME[key];
  if (make !== undefined) return make(key, new ConfigReader(given, {}));
  if (LOSS_NAMES.includes(key)) return lossAsMetric(lossOf(key), key);
  throw new FoveaError(
    `metrics: expected one of ${[...ACCURACY, ...Object.keys(BY_NAME), ...LOSS_NAMES].join(", ")}, ` +
      `received ${JSON.stringify(given)}`,
  );
}

/** Keras's form: a name stays a name. */
export const metricToKeras = (metric: MetricLike): Json =>
  typeof metric === "string"
    ? metric
    : {
        ...kerasObject("keras.metrics", metric.className, { name: metric.name, dtype: "float32", ...metric.config }),
      };

/** Reads Keras's form: a name, or an object. */
export function metricFromKeras(value: Json | undefined): MetricLike {
  if (typeof value === "string") return value;
  const { className, config } = classAndConfig("metric", value);
  const key = toSnakeCase(className);
  const name = typeof config.name === "string" ? config.name : key;
  const make = BY_NAME[key];
  if (make !== undefined) return make(name, new ConfigReader(className, config));
  return lossAsMetric(lossOf(key), name);
}
