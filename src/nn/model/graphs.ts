// From a model to graphs: prediction, evaluation, and the whole training step, loss, gradients, optimizer and metrics
// in one. One graph per batch size. How they are made fast is the compiler's business.
import { canonicalize } from "../../compile/canonicalize.js";
import { gradients } from "../../core/autodiff.js";
import { FoveaError } from "../../core/errors.js";
import { add, cast, mean } from "../../core/graph/functions.js";
import type { Graph } from "../../core/graph/graph.js";
import { input, type Value, type Variable } from "../../core/graph/node.js";
import type { Shape } from "../../core/shape.js";
import type { TensorType } from "../../core/tensor.js";
import { type CallContext, InferenceContext, TrainingContext } from "../layers/call-context.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";
import type { Loss } from "../losses/index.js";
import { batchSum, type Metric, type MetricLike, metricOf } from "../metrics/index.js";
import type { Optimizer } from "../optimizers/index.js";

/** A weight that is trained, and what the optimizer keeps for it. */
export interface Trained {
  readonly weight: Weight;
  readonly slots: readonly Variable[];
}

/** What a loss and metrics need to know. */
export interface Objective {
  readonly loss: Loss;
  readonly metrics: readonly MetricLike[];
}

/** Where the results of a step stand in a graph's outputs: the mean loss, then a sum for each metric. */
export const LOSS_OUTPUT = 0;

/** The metrics for targets and predictions of these shapes. @throws FoveaError when two have one name. */
export function metricsFor({ metrics }: Objective, yTrue: Shape, yPred: Shape): Metric[] {
  const found = metrics.map((metric) => metricOf(metric, yTrue, yPred));
  const names = found.map((metric) => metric.name);
  const twice = names.find((name, i) => name === "loss" || names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new FoveaError(`metrics: the name "${twice}" is taken; give the metric another with { name }`);
  return found;
}

/** What one call of a model gives: its predictions, and the penalties that its layers and weights add to the loss. */
interface Pass {
  readonly yPred: Value;
  readonly penalties: readonly Value[];
  /** What the weights that the context has updates for become. */
  readonly states: readonly Value[];
}

/** Calls a model. The compiler's rewrites come before differentiation, so that gradients profit as well. */
function pass(model: Layer, x: Value, context: CallContext): Pass {
  const called = model.call(cast(x, "float32"), context);
  const added = context.penalties;
  const states = context.training ? context.updates.map(([, value]) => value) : [];
  const [yPred, ...rest] = canonicalize([called, ...added, ...states]);
  const penalties = rest.slice(0, added.length);
  for (const { regularizer, variable } of model.trainableWeights)
    if (regularizer !== null) penalties.push(regularizer.penalty(variable.read()));
  return { yPred: yPred!, penalties, states: rest.slice(added.length) };
}

/** Input x; output the predictions. */
export function predictionGraph(model: Layer, x: TensorType): Graph {
  const xValue = input("x", x.shape, x.dtype);
  return { inputs: [xValue], outputs: [pass(model, xValue, new InferenceContext()).yPred], updates: [] };
}

const results = (objective: Objective, yTrue: Value, { yPred, penalties }: Pass): Value[] => [
  penalties.reduce<Value>((loss, penalty) => add(loss, penalty), mean(objective.loss.values(yTrue, yPred))),
  ...metricsFor(objective, yTrue.type.shape, yPred.type.shape).map((metric) => batchSum(metric, yTrue, yPred)),
];

/** Inputs x, y; outputs the mean loss and the metrics' sums. */
export function evaluationGraph(model: Layer, objective: Objective, x: TensorType, y: TensorType): Graph {
  const xValue = input("x", x.shape, x.dtype);
  const yValue = input("y", y.shape, y.dtype);
  const outputs = results(objective, yValue, pass(model, xValue, new InferenceContext()));
  return { inputs: [xValue, yValue], outputs, updates: [] };
}

/** What a training step is made of. */
export interface Training {
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  readonly trained: readonly Trained[];
  /** The layers that were frozen when the model was compiled. */
  readonly frozen: ReadonlySet<Layer>;
}

/** A training step, and the weights that it changes besides those that are trained, such as moving averages. */
export interface TrainingStep {
  readonly graph: Graph;
  readonly updated: readonly Weight[];
}

/**
 * Inputs x, y, the optimizer's step size and the state of the random numbers; outputs as in evaluation, of the weights
 * before the update.
 */
export function trainingStep(model: Layer, training: Training, x: TensorType, y: TensorType): TrainingStep {
  const { objective, optimizer, trained, frozen } = training;
  const xValue = input("x", x.shape, x.dtype);
  const yValue = input("y", y.shape, y.dtype);
  const stepSize = input("stepSize", [], "float32");
  const randomState = input("randomState", [3], "int32");
  const context = new TrainingContext(randomState, frozen);
  const passed = pass(model, xValue, context);
  const outputs = results(objective, yValue, passed);
  const slopes = gradients(
    outputs[LOSS_OUTPUT]!,
    trained.map(({ weight }) => weight.variable.read()),
  );
  const learned = trained.flatMap(({ weight, slots }, i): [Variable, Value][] => {
    const before = slots.map((slot) => slot.read());
    const next = optimizer.update(weight.variable.read(), slopes[i]!, before, stepSize);
    const kept = weight.constraint?.apply(next.weight) ?? next.weight;
    return [[weight.variable, kept], ...slots.map((slot, s): [Variable, Value] => [slot, next.slots[s]!])];
  });
  const kept = context.updates.map(([variable], i) => [variable, passed.states[i]!] as const);
  const inputs = [xValue, yValue, stepSize, randomState];
  return { graph: { inputs, outputs, updates: [...learned, ...kept] }, updated: context.updatedWeights };
}
