// What a metric is: one value per sample as a graph. Batches give sums, the host adds them up and divides by the
// number of samples, so that a last partial batch counts for what it is.
import { mean, sum } from "../../core/graph/functions.js";
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../serialization/keras-object.js";

export interface Metric {
  /** Keras's class name. */
  readonly className: string;
  /** The key in logs and history. */
  readonly name: string;
  /** Which way is better; what `mode: "auto"` goes by. */
  readonly direction: "up" | "down";
  /** Keras's config without name and dtype. */
  readonly config: JsonObject;
  /** Values of shape `[batch, ...]`, float32. */
  readonly values: (yTrue: Value, yPred: Value) => Value;
}

/** The scalar that a step puts out for a metric: the sum over the batch of each sample's mean. */
export function batchSum(metric: Metric, yTrue: Value, yPred: Value): Value {
  const values = metric.values(yTrue, yPred);
  const rest = values.type.shape.map((_, axis) => axis).slice(1);
  return sum(rest.length > 0 ? mean(values, rest) : values);
}
