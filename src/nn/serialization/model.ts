// Whole models in Keras's form: the layers, and how the model was compiled. The archive around it, with the weights,
// is the formats room's business.
import { FoveaError } from "../../core/errors.js";
import { lossFromKeras, lossToKeras } from "../losses/index.js";
import { metricFromKeras, metricToKeras } from "../metrics/index.js";
import type { CompileOptions, Model, ModelOptions } from "../model/model.js";
import { optimizerFromKeras, optimizerToKeras } from "../optimizers/index.js";
import { classAndConfig, isJsonObject, type Json, type KerasObject } from "./keras-object.js";
import { functionalFromConfig, sequentialFromConfig } from "./layers.js";

/** What Keras writes to `config.json`. */
export function modelToKeras(model: Model): KerasObject {
  const object = model.toKerasObject();
  if (!model.compiled) return object;
  const { optimizer, loss, metrics } = model.trainer;
  return {
    ...object,
    compile_config: {
      optimizer: optimizerToKeras(optimizer),
      loss: lossToKeras(loss),
      loss_weights: null,
      metrics: metrics.map(metricToKeras),
      weighted_metrics: null,
      run_eagerly: false,
      steps_per_execution: 1,
      jit_compile: false,
    },
  };
}

/**
 * Rebuilds a model from its Keras form, uncompiled and with fresh weights.
 * @throws FoveaError for a class or a setting that Fovea does not have.
 */
export function modelFromKeras(value: Json, options: ModelOptions = {}): Model {
  const { className, config } = classAndConfig("model", value);
  if (className === "Sequential") return sequentialFromConfig(config, options);
  if (className === "Functional" || className === "Model") return functionalFromConfig(config, options);
  throw new FoveaError(
    `model: the file has a model of class ${className}; those supported are Sequential and Functional`,
  );
}

/**
 * How the model in a Keras form was compiled; undefined when it was not.
 * @throws FoveaError for an optimizer, loss or metric that Fovea does not have.
 */
export function compileOptionsFromKeras(value: Json): CompileOptions | undefined {
  const compiled = isJsonObject(value) ? value.compile_config : undefined;
  if (!isJsonObject(compiled) || compiled.loss === null || compiled.loss === undefined) return undefined;
  const metrics = Array.isArray(compiled.metrics) ? (compiled.metrics as readonly Json[]) : [];
  return {
    optimizer: optimizerFromKeras(compiled.optimizer),
    loss: lossFromKeras(compiled.loss),
    metrics: metrics.map(metricFromKeras),
  };
}
