// Whole models in Keras's form: the layers, and how the model was compiled. The archive around it, with the weights,
// is the formats room's business.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json.js";
import { classAndConfig, type KerasObject } from "../config/keras-object.js";
import { Lambda } from "../layers/core/lambda.js";
import type { Layer } from "../layers/layer.js";
import { lossFromKeras, lossToKeras } from "../losses/index.js";
import { isForeignMetric, type MetricLike, metricFromKeras, metricToKeras } from "../metrics/index.js";
import type { CompileOptions, Model, ModelOptions } from "../model/model.js";
import type { Metrics, PerOutput } from "../model/objective.js";
import { optimizerFromKeras, optimizerToKeras } from "../optimizers/index.js";
import { functionalFromConfig, sequentialFromConfig } from "./layers.js";

/** @throws FoveaError for a model with a layer that is code. */
export function refuseCode({ layers }: Layer): void {
  for (const layer of layers) {
    if (layer instanceof Lambda)
      throw new FoveaError(
        "not-exportable",
        `${layer.label}: a function cannot be written to a file; save the weights alone, or export the model to ONNX`,
      );
    refuseCode(layer);
  }
}

/**
 * The object that Keras writes to `config.json`.
 * @param model A built model; a compiled one gives its optimizer, losses and metrics as well.
 * @throws FoveaError for a model with a layer that is code.
 * @example
 * const json = modelToKeras(model);
 * const copy = modelFromKeras(json, { name: "copy" });
 * copy.compile(compileOptionsFromKeras(json));
 * await copy.setWeights(await model.getWeights());
 */
export function modelToKeras(model: Model): KerasObject {
  refuseCode(model);
  const object = model.toKerasObject();
  if (!model.compiled) return object;
  const { optimizer, objective } = model.trainer;
  if (objective.some(({ loss }) => loss.isForeign)) return object;
  const weights = objective.map(({ lossWeight }) => lossWeight);
  /** One value for a single output, else a list. */
  const each = (values: readonly Json[]): Json => (values.length === 1 ? values[0]! : values);
  const known = (metrics: readonly MetricLike[]): Json => metrics.filter((m) => !isForeignMetric(m)).map(metricToKeras);
  const weighted = each(objective.map(({ weightedMetrics }) => known(weightedMetrics)));
  return {
    ...object,
    compile_config: {
      optimizer: optimizerToKeras(optimizer),
      loss: each(objective.map(({ loss }) => lossToKeras(loss))),
      loss_weights: weights.every((weight) => weight === 1) ? null : each(weights),
      metrics: each(objective.map(({ metrics }) => known(metrics))),
      weighted_metrics: objective.every(({ weightedMetrics }) => weightedMetrics.length === 0) ? null : weighted,
      run_eagerly: false,
      steps_per_execution: 1,
      jit_compile: false,
    },
  };
}

/**
 * Rebuilds a model from its Keras form, uncompiled and with fresh weights.
 * @param value The object of `config.json`, Keras 3's or Keras 2's.
 * @param options Name and place of the new model; default those of `sequential` and `model`.
 * @throws FoveaError for a class or a setting that Fovea does not have.
 */
export function modelFromKeras(value: Json, options: ModelOptions = {}): Model {
  const { className, config } = classAndConfig("model", value);
  if (className === "Sequential") return sequentialFromConfig(config, options);
  if (className === "Functional" || className === "Model") return functionalFromConfig(config, options);
  throw new FoveaError(
    "unsupported-layer",
    `model: the file has a model of class ${className}; those supported are Sequential and Functional`,
  );
}

/**
 * Compile options of the model in a Keras form; undefined when it was not compiled.
 * @param part `"objective"` leaves the optimizer unread and takes plain SGD in its place
 * @param value The object of `config.json`.
 * @throws FoveaError for an optimizer, loss or metric that Fovea does not have.
 */
export function compileOptionsFromKeras(value: Json, part: "all" | "objective" = "all"): CompileOptions | undefined {
  const compiled = isJsonObject(value) ? value.compile_config : undefined;
  if (!isJsonObject(compiled) || compiled.loss === null || compiled.loss === undefined) return undefined;
  const metrics = mapped(compiled.metrics, metricFromKeras);
  const weightedMetrics = mapped(compiled.weighted_metrics, metricFromKeras);
  const lossWeights = mapped(compiled.loss_weights, Number);
  return {
    optimizer: part === "all" ? optimizerFromKeras(compiled.optimizer) : "sgd",
    loss: mapped(compiled.loss, lossFromKeras)! as CompileOptions["loss"],
    ...(metrics === undefined ? {} : { metrics: metrics as Metrics }),
    ...(weightedMetrics === undefined ? {} : { weightedMetrics: weightedMetrics as Metrics }),
    ...(lossWeights === undefined ? {} : { lossWeights: lossWeights as PerOutput<number> }),
  };
}

interface Mapped<T> extends ReadonlyArray<T | Mapped<T>> {}

/** Reads what Keras keeps for all outputs, as lists or by name; undefined for null. */
function mapped<T>(
  value: Json | undefined,
  read: (value: Json) => T,
): T | Mapped<T> | Readonly<Record<string, T | Mapped<T>>> | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => mapped(item, read)) as unknown as Mapped<T>;
  if (isJsonObject(value) && !("class_name" in value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapped(item, read)])) as Record<
      string,
      T
    >;
  return read(value);
}
