// From a trial's parameters to a compiled model: the spec's layers with values in place of names.

import { FoveaError, oneOf } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import { TABLE_INPUTS } from "../../formats/models/table-facts.js";
import {
  APPLICATION_NAMES,
  application,
  defaultPlace,
  model as functional,
  type Model,
  sequential,
} from "../../index.js";
import { asJson } from "../../nn/config/keras-object.js";
import { layerFromKeras } from "../../nn/index.js";
import { input, type Layer, multiply } from "../../nn/layers/index.js";
import { lossFromKeras, sparseCategoricalCrossentropy } from "../../nn/losses/index.js";
import { metricFromKeras } from "../../nn/metrics/index.js";
import type { ModelOptions } from "../../nn/model/model.js";
import { optimizerFromKeras, optimizerToKeras } from "../../nn/optimizers/index.js";
import { type Params, substitute } from "./space.js";
import type { KerasSpec, LayerSpec, TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";

type Facts = Pick<StudyData, "inputShape" | "classes" | "hasOffset">;
type Settings = Pick<TuneSpec, "model" | "training">;

/** A reference that every model of images may use: the number of classes. */
const CLASSES = "classes";

/** `{"Dense": {"units": 4}}` as Keras writes it. */
function kerasForm(spec: KerasSpec, params: Params, i?: number): JsonObject {
  const entries = typeof spec === "string" ? [[spec, {}] as const] : Object.entries(spec);
  const [name, config] = entries[0] ?? ["", {}];
  if (entries.length !== 1)
    throw new FoveaError(
      `expected one Keras class and its config, received ${entries.map(([one]) => one).join(", ") || "none"}`,
    );
  return { class_name: name, config: substitute(config as Json, params, i) };
}

/** @throws FoveaError for a setting that the class, as it was understood, does not have. */
function checkSettings({ class_name: name, config }: JsonObject, understood: Json | undefined): void {
  if (!isJsonObject(config) || !isJsonObject(understood)) return;
  const unknown = Object.keys(config).find((key) => !Object.hasOwn(understood, key) && key !== "trainable");
  if (unknown !== undefined)
    throw new FoveaError(`${String(name)} has no "${unknown}"; it has ${Object.keys(understood).join(", ")}`);
}

function layersOf(specs: readonly LayerSpec[], params: Params): Layer[] {
  return specs.flatMap((spec): Layer[] => {
    if (typeof spec === "object" && "repeat" in spec) {
      const { repeat, layers } = spec as { readonly repeat: string | number; readonly layers: readonly KerasSpec[] };
      const times = substitute(repeat, params);
      if (typeof times !== "number" || !Number.isSafeInteger(times) || times < 0)
        throw new FoveaError(`model: "repeat" needs a whole number, received ${JSON.stringify(times)}`);
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
  spec: Settings,
  data: Facts,
  trial: Params,
  options: Pick<ModelOptions, "seed" | "threads" | "runtime"> = {},
): Model {
  const params = data.classes > 0 ? { [CLASSES]: data.classes, ...trial } : trial;
  const model = modelOf(spec.model, data, params, options);
  const { loss, metrics = defaultMetrics(data.classes > 0) } = spec.training;
  model.compile({
    optimizer: optimizerFor(spec.training.optimizer, params),
    loss: loss === undefined ? defaultLoss(model, data) : lossFromKeras(named(loss, params)),
    metrics: metrics.map((metric) => metricFromKeras(named(metric, params))),
  });
  return model;
}

/** What is measured besides the loss unless the spec says otherwise. */
export const defaultMetrics = (ofImages: boolean): readonly string[] => (ofImages ? ["accuracy"] : []);

const named = (spec: KerasSpec, params: Params): Json => (typeof spec === "string" ? spec : kerasForm(spec, params));

function optimizerFor(spec: KerasSpec, params: Params) {
  const form = kerasForm(spec, params);
  const optimizer = optimizerFromKeras(form);
  const understood = optimizerToKeras(optimizer);
  checkSettings(form, isJsonObject(understood) ? understood.config : undefined);
  return optimizer;
}

function defaultLoss(model: Model, { classes }: Facts) {
  if (classes === 0) throw new FoveaError('training: a table needs a loss, such as "poisson" or "mse"');
  return sparseCategoricalCrossentropy({ fromLogits: !endsInProbabilities(model) });
}

function modelOf(
  model: TuneSpec["model"],
  { inputShape, classes, hasOffset }: Facts,
  params: Params,
  options: ModelOptions,
): Model {
  if ("application" in model) {
    const name = oneOf("model", String(substitute(model.application, params)), APPLICATION_NAMES);
    const [height, width, channels] = inputShape;
    if (inputShape.length !== 3) throw new FoveaError(`model: ${name} is for images; a table needs "layers"`);
    return application(name, { imageSize: [height!, width!], channels: channels!, classes }, options);
  }
  const layers = layersOf(model.layers, params);
  if (!hasOffset) return sequential([input(inputShape), ...layers], options);
  const features = input(inputShape, { name: TABLE_INPUTS.features });
  const offset = input([1], { name: TABLE_INPUTS.offset });
  // exp(f + log exposure) = exposure * exp(f): the offset of a log-linear model, whatever the last activation is.
  const frequency = layers.reduce((x, layer) => layer.apply(x), features.output);
  return functional({
    inputs: [features, offset],
    outputs: multiply().apply([frequency, offset.output]),
    ...defaultPlace,
    ...options,
  });
}
