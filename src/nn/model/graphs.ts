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
import type { CallContext, Layer } from "../layers/layer.js";
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
}

/** Calls a model. The compiler's rewrites come before differentiation, so that gradients profit as well. */
function pass(model: Layer, x: Value, context: CallContext): Pass {
  const added: Value[] = [];
  const called = model.call(cast(x, "float32"), { ...context, addLoss: (penalty) => void added.push(penalty) });
  const [yPred, ...penalties] = canonicalize([called, ...added]);
  for (const { regularizer, variable } of model.trainableWeights)
    if (regularizer !== null) penalties.push(regularizer.penalty(variable.read()));
  return { yPred: yPred!, penalties };
}

/** Input x; output the predictions. */
export function predictionGraph(model: Layer, x: TensorType): Graph {
  const xValue = input("x", x.shape, x.dtype);
  return { inputs: [xValue], outputs: [pass(model, xValue, { training: false }).yPred], updates: [] };
}

const results = (objective: Objective, yTrue: Value, { yPred, penalties }: Pass): Value[] => [
  penalties.reduce<Value>((loss, penalty) => add(loss, penalty), mean(objective.loss.values(yTrue, yPred))),
  ...metricsFor(objective, yTrue.type.shape, yPred.type.shape).map((metric) => batchSum(metric, yTrue, yPred)),
];

/** Inputs x, y; outputs the mean loss and the metrics' sums. */
export function evaluationGraph(model: Layer, objective: Objective, x: TensorType, y: TensorType): Graph {
  const xValue = input("x", x.shape, x.dtype);
  const yValue = input("y", y.shape, y.dtype);
  const outputs = results(objective, yValue, pass(model, xValue, { training: false }));
  return { inputs: [xValue, yValue], outputs, updates: [] };
}

/**
 * Inputs x, y, the optimizer's step size and the state of the random numbers; outputs as in evaluation, of the weights
 * before the update.
 */
export function trainingGraph(
  model: Layer,
  objective: Objective,
  optimizer: Optimizer,
  trained: readonly Trained[],
  x: TensorType,
  y: TensorType,
): Graph {
  const xValue = input("x", x.shape, x.dtype);
  const yValue = input("y", y.shape, y.dtype);
  const stepSize = input("stepSize", [], "float32");
  const randomState = input("randomState", [3], "int32");
  const outputs = results(objective, yValue, pass(model, xValue, { training: true, randomState }));
  const slopes = gradients(
    outputs[LOSS_OUTPUT]!,
    trained.map(({ weight }) => weight.variable.read()),
  );
  const updates = trained.flatMap(({ weight, slots }, i): [Variable, Value][] => {
    const before = slots.map((slot) => slot.read());
    const next = optimizer.update(weight.variable.read(), slopes[i]!, before, stepSize);
    const kept = weight.constraint?.apply(next.weight) ?? next.weight;
    return [[weight.variable, kept], ...slots.map((slot, s): [Variable, Value] => [slot, next.slots[s]!])];
  });
  return { inputs: [xValue, yValue, stepSize, randomState], outputs, updates };
}
