// From a trial's parameters to a compiled model: the spec's layers with values in place of names.

import { APPLICATION_NAMES } from "../../applications/index.js";
import { defined } from "../../core/defined.js";
import { FoveaError, oneOf } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { defaultPlace } from "../../default-backend.js";
import { TABLE_INPUTS } from "../../formats/models/table-facts.js";
import { classNamesOf, outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { application } from "../../known-models.js";
import { asJson } from "../../nn/config/keras-object.js";
import { layerFromKeras } from "../../nn/index.js";
import { input, type Layer, multiply } from "../../nn/layers/index.js";
import { lossFromKeras } from "../../nn/losses/index.js";
import { metricFromKeras } from "../../nn/metrics/index.js";
import { Functional } from "../../nn/model/functional.js";
import type { CompileOptions, Model, ModelOptions } from "../../nn/model/model.js";
import { Sequential } from "../../nn/model/sequential.js";
import { optimizerFromKeras, optimizerToKeras } from "../../nn/optimizers/index.js";
import { type Objective, taskOf } from "../tasks/index.js";
import { type Params, substitute } from "./space.js";
import type { KerasSpec, LayerSpec, TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";

/** The models of a study, before a trial's parameters are known. */
export interface ModelDefinition {
  readonly model: TuneSpec["model"];
  readonly training: Pick<TuneSpec["training"], "optimizer" | "loss" | "metrics">;
  readonly data: Pick<StudyData, "inputShape" | "targetType" | "hasOffset" | "task" | "wish">;
}

/** Numbers of an output, or channels of its maps; undefined where any number will do, as of an embedding. */
function outputsOf(task: TaskFacts): number | undefined {
  const { length } = outputNamesOf(task);
  return length === 0 ? undefined : length + (taskOf(task).mapsBesides ?? 0);
}

/** References that models of images may use besides parameters: the number of outputs, and that of classes. */
function referencesOf(task: TaskFacts | undefined): Params {
  if (task === undefined) return {};
  const classes = classNamesOf(task)?.length;
  return defined({ classes, outputs: outputsOf(task) });
}

/** `{"Dense": {"units": 4}}` as Keras writes it. */
function kerasForm(spec: KerasSpec, params: Params, i?: number): JsonObject {
  const entries = typeof spec === "string" ? [[spec, {}] as const] : Object.entries(spec);
  const [name, config] = entries[0] ?? ["", {}];
  if (entries.length !== 1)
    throw new FoveaError(
      "wrong-field",
      `expected one Keras class and its config, received ${entries.map(([key]) => key).join(", ") || "none"}`,
    );
  return { class_name: name, config: substitute(config as Json, params, i) };
}

/** @throws FoveaError for a setting that the class, as it was understood, does not have. */
function checkSettings({ class_name: name, config }: JsonObject, understood: Json | undefined): void {
  if (!isJsonObject(config) || !isJsonObject(understood)) return;
  const unknown = Object.keys(config).find((key) => !Object.hasOwn(understood, key) && key !== "trainable");
  if (unknown !== undefined)
    throw new FoveaError(
      "unknown-option",
      `${String(name)} has no "${unknown}"; it has ${Object.keys(understood).join(", ")}`,
    );
}

function layersOf(specs: readonly LayerSpec[], params: Params): Layer[] {
  return specs.flatMap((spec): Layer[] => {
    if (typeof spec === "object" && "repeat" in spec) {
      const { repeat, layers } = spec as { readonly repeat: string | number; readonly layers: readonly KerasSpec[] };
      const times = substitute(repeat, params);
      if (typeof times !== "number" || !Number.isSafeInteger(times) || times < 0)
        throw new FoveaError("wrong-field", `model: "repeat" needs a whole number, received ${JSON.stringify(times)}`);
      return Array.from({ length: times }, (_, i) => layers.map((layer) => oneLayer(layer, params, i + 1))).flat();
    }
    return [oneLayer(spec as KerasSpec, params)];
  });
}

function oneLayer(spec: KerasSpec, params: Params, i?: number): Layer {
  const form = kerasForm(spec, params, i);
  const layer = layerFromKeras(form);
  checkSettings(form, asJson(layer.toKerasObject()).config);
  return layer;
}

/**
 * The model of a trial, compiled, with fresh weights from `seed`.
 * @throws FoveaError for layers that do not exist or do not fit, and names without a parameter.
 */
export function buildTrialModel(
  definition: ModelDefinition,
  trial: Params,
  { numerics, ...options }: Pick<ModelOptions, "seed" | "threads" | "runtime"> & Pick<CompileOptions, "numerics"> = {},
): Model {
  const params = { ...referencesOf(definition.data.task), ...trial };
  const model = modelOf(definition, params, options);
  checkOutputs(model, definition.data);
  model.compile({ ...compileOptionsOf(definition, model, params), ...defined({ numerics }) });
  return model;
}

/** @throws FoveaError unless the outputs are those of the task; a classifier may have some to spare, as in Keras. */
function checkOutputs({ outputShape }: Model, { task, targetType }: ModelDefinition["data"]): void {
  const misfit = task && targetType.shape.length > 0 ? taskOf(task).misfit(outputShape, task) : undefined;
  if (misfit !== undefined)
    throw new FoveaError("shape-mismatch", `model: it has outputs [${outputShape.join(", ")}], ${misfit}`);
}

/** Optimizer, loss and metrics of the spec; what it leaves open is the task's. */
function compileOptionsOf({ training, data: { task, wish } }: ModelDefinition, model: Model, params: Params) {
  const { optimizer, loss, metrics } = training;
  const byTask: Objective | undefined = task && taskOf(task).objective(model, task, wish);
  if (loss === undefined && byTask === undefined)
    throw new FoveaError("missing-option", 'training: a table needs a loss, such as "poisson" or "mse"');
  return {
    optimizer: optimizerFor(optimizer, params),
    loss: loss === undefined ? byTask!.loss : lossFromKeras(named(loss, params)),
    metrics: metrics?.map((metric) => metricFromKeras(named(metric, params))) ?? byTask?.metrics ?? [],
  };
}

const named = (spec: KerasSpec, params: Params): Json => (typeof spec === "string" ? spec : kerasForm(spec, params));

function optimizerFor(spec: KerasSpec, params: Params) {
  const form = kerasForm(spec, params);
  const optimizer = optimizerFromKeras(form);
  const understood = optimizerToKeras(optimizer);
  checkSettings(form, isJsonObject(understood) ? understood.config : undefined);
  return optimizer;
}

function modelOf({ model, data }: ModelDefinition, params: Params, options: ModelOptions): Model {
  const { inputShape, hasOffset, task } = data;
  if ("application" in model) {
    const name = oneOf("model", String(substitute(model.application, params)), APPLICATION_NAMES);
    const [height, width, channels] = inputShape;
    if (task === undefined || inputShape.length !== 3)
      throw new FoveaError("unsuited-option", `model: ${name} is for images; a table needs "layers"`);
    const shape = {
      imageSize: [height!, width!],
      channels: channels!,
      classes: Math.max(1, outputNamesOf(task).length),
    } as const;
    return application(name, { ...shape, ...defined({ head: taskOf(task).applicationHead(task) }) }, options);
  }
  const layers = [...layersOf(model.layers, params), ...(model.head === undefined ? [] : headOf(task))];
  if (!hasOffset) return new Sequential([input(inputShape), ...layers], { ...defaultPlace, ...options });
  const features = input(inputShape, { name: TABLE_INPUTS.features });
  const offset = input([1], { name: TABLE_INPUTS.offset });
  // exp(f + log exposure) = exposure * exp(f): the offset of a log-linear model, whatever the last activation is.
  const frequency = layers.reduce((x, layer) => layer.apply(x), features.output);
  return new Functional({
    inputs: [features, offset],
    outputs: multiply().apply([frequency, offset.output]),
    ...defaultPlace,
    ...options,
  });
}

/** Layers that end a model of the task. */
function headOf(task: TaskFacts | undefined): readonly Layer[] {
  if (task === undefined)
    throw new FoveaError(
      "unsuited-option",
      'model: "head" is for images; a table needs its last layer among its "layers"',
    );
  const record = taskOf(task);
  return record.applicationHead(task) ?? record.head(task);
}
