// From a model to graphs: prediction, evaluation, and the whole training step, loss, gradients, optimizer and metrics
// in one. One graph per batch size. The compiler makes them fast.
import { canonicalize } from "../../compile/canonicalize.js";
import { gradients } from "../../core/autodiff.js";
import { FoveaError } from "../../core/errors.js";
import { add, cast, mul, select } from "../../core/functions/index.js";
import type { Graph, Numerics } from "../../core/graph/graph.js";
import { input, type Value, Variable } from "../../core/graph/node.js";
import type { TensorType } from "../../core/tensor.js";
import { type CallContext, InferenceContext, TrainingContext } from "../layers/call-context.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";
import type { Optimizer } from "../optimizers/index.js";
import { type Answers, countsOf, type Objective, type Portion, totalLoss, trackedOf } from "./objective.js";

/** A weight that is trained, and what the optimizer keeps for it. */
export interface Trained {
  readonly weight: Weight;
  readonly slots: readonly Variable[];
}

/** The types of a batch. */
export interface BatchTypes {
  readonly x: readonly TensorType[];
  readonly y: readonly TensorType[];
  readonly weighted: boolean;
}

/** Places of a step's results in a graph's outputs: the loss, then the totals of all that is tracked. */
export const LOSS_OUTPUT = 0;

/** Results of one call of a model: its predictions, and the penalties that its layers and weights add to the loss. */
interface Pass {
  readonly yPred: readonly Value[];
  readonly penalties: readonly Value[];
  /** New values of the weights that the context has updates for. */
  readonly states: readonly Value[];
}

/** Calls a model. The compiler's rewrites come before differentiation, so that gradients profit as well. */
function pass(model: Layer, x: readonly Value[], context: CallContext): Pass {
  const called = model.callAll(
    x.map((value) => cast(value, "float32")),
    context,
  );
  const { penalties } = context;
  const states = context.training ? context.updates.map(([, value]) => value) : [];
  const all = canonicalize([...called, ...penalties, ...states]);
  const added = all.slice(called.length, called.length + penalties.length);
  for (const { regularizer, variable } of model.trainableWeights)
    if (regularizer !== null) added.push(regularizer.penalty(variable.read()));
  return { yPred: all.slice(0, called.length), penalties: added, states: all.slice(called.length + penalties.length) };
}

/** Names for inputs of a graph: `x`, or `x0`, `x1`... */
const inputsOf = (name: string, types: readonly TensorType[]): Value[] =>
  types.map(({ shape, dtype }, i) => input(types.length === 1 ? name : `${name}${i}`, shape, dtype));

/** Inputs x; outputs the predictions. */
export function predictionGraph(model: Layer, types: readonly TensorType[]): Graph {
  const x = inputsOf("x", types);
  return { inputs: x, outputs: pass(model, x, new InferenceContext()).yPred, updates: [] };
}

/** Inputs of evaluation and training, and the answers made of them. */
function inputsFor({ x, y, weighted }: BatchTypes) {
  const xs = inputsOf("x", x);
  const yTrue = inputsOf("y", y);
  const weight = weighted ? input("weight", [x[0]!.shape[0]!]) : undefined;
  return { xs, yTrue, weight, inputs: [...xs, ...yTrue, ...(weight === undefined ? [] : [weight])] };
}

function results(objective: Objective, answers: Answers, penalties: readonly Value[]): Value[] {
  const shapes = (values: readonly Value[]) => values.map(({ type }) => type.shape);
  const share = answers.portion?.share;
  const loss = penalties.reduce<Value>(
    (sum, penalty) => add(sum, share === undefined ? penalty : mul(penalty, share)),
    totalLoss(objective, answers),
  );
  const tracked = trackedOf(objective, shapes(answers.yTrue), shapes(answers.yPred), answers.weight !== undefined);
  return [loss, ...tracked.flatMap(({ totals }) => totals(answers))];
}

/** Inputs x, y and weights of samples; outputs the loss and the totals. */
export function evaluationGraph(model: Layer, objective: Objective, types: BatchTypes): Graph {
  const { xs, yTrue, weight, inputs } = inputsFor(types);
  const { yPred, penalties } = pass(model, xs, new InferenceContext());
  return { inputs, outputs: results(objective, { yTrue, yPred, weight }, penalties), updates: [] };
}

/** The parts of a training step. */
export interface Training {
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  readonly trained: readonly Trained[];
  /** The layers that were frozen when the model was compiled. */
  readonly frozen: ReadonlySet<Layer>;
  /** Version of the numerics of the step. */
  readonly numerics: Numerics;
}

/** A training step, and the weights that it changes besides those that are trained, such as moving averages. */
export interface TrainingStep {
  readonly graph: Graph;
  readonly updated: readonly Weight[];
  /** Name of the layer that puts several images of a batch into one; undefined where none does. */
  readonly mixing?: string | undefined;
}

/** A part of a batch: its inputs besides the samples, in this order. */
interface PartInputs extends Portion {
  /** Numbers of the part's samples within the batch. */
  readonly rows: Value;
  readonly inputs: readonly Value[];
}

function partInputs(objective: Objective, { x }: BatchTypes, batch: number): PartInputs {
  const share = input("share", []);
  const rows = input("rows", [1, x[0]!.shape[0]!], "int32");
  const counts = objective.map(({ loss }, i) => (loss.counting === undefined ? undefined : input(`count${i}`, [])));
  return { batch, share, rows, counts, inputs: [share, rows, ...counts.filter((count) => count !== undefined)] };
}

/** The model's answers in a step of training. */
function answersIn(model: Layer, { objective, frozen }: Training, types: BatchTypes, part?: PartInputs) {
  const { xs, yTrue, weight, inputs } = inputsFor(types);
  const randomState = input("randomState", [3], "int32");
  const context = new TrainingContext(randomState, frozen, part);
  const { yPred, penalties, states } = pass(model, xs, context);
  // Targets that lie on the images go where augmentation has moved these.
  const onPixels = yTrue.map((y, i) => {
    const { outside, areBoxes } = objective[i]!.loss;
    if (areBoxes) return context.movedBoxes(y);
    if (outside !== undefined) return context.moved(y, outside);
    if (context.mixing === undefined) return y;
    throw new FoveaError(
      "unsuited-option",
      `${context.mixing} puts several images into one, which only masks and boxes can be learnt from; leave the layer out`,
    );
  });
  const answers: Answers = { yTrue: onPixels, yPred, weight, portion: part };
  const { updatedWeights: updated, mixing } = context;
  if (part !== undefined && mixing !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `fit microBatchSize: ${mixing} puts several images of a batch into one, so they cannot be computed in parts; leave it out`,
    );
  return { inputs, randomState, answers, penalties, states, updated, mixing };
}

/** Results of a step of training and the slopes of its loss. */
function slopesIn(model: Layer, training: Training, types: BatchTypes, part?: PartInputs) {
  const { answers, penalties, ...called } = answersIn(model, training, types, part);
  const outputs = results(training.objective, answers, penalties);
  const weights = training.trained.map(({ weight }) => weight.variable.read());
  return { ...called, outputs, slopes: gradients(outputs[LOSS_OUTPUT]!, weights) };
}

/** New contents of the weights that are trained, and of what the optimizer keeps for them. */
function learned({ optimizer, trained }: Training, slopes: readonly Value[], numbers: readonly Value[]) {
  const steps = trained.map((parameter, i) => ({
    weight: parameter.weight.variable.read(),
    gradient: slopes[i]!,
    slots: parameter.slots.map((slot) => slot.read()),
  }));
  return optimizer.update(steps, numbers).flatMap((next, i): [Variable, Value][] => {
    const { weight, slots } = trained[i]!;
    const kept = weight.constraint?.apply(next.weight) ?? next.weight;
    return [[weight.variable, kept], ...slots.map((slot, s): [Variable, Value] => [slot, next.slots[s]!])];
  });
}

const numbersOf = ({ optimizer }: Training): Value[] =>
  optimizer.numbers(0).map((_, i) => input(`number${i}`, [], "float32"));

/**
 * Inputs as in evaluation, then the optimizer's numbers and the state of the random numbers; outputs as in evaluation,
 * of the weights before the update.
 */
export function trainingStep(model: Layer, training: Training, types: BatchTypes): TrainingStep {
  const { inputs, randomState, outputs, slopes, states, updated, mixing } = slopesIn(model, training, types);
  const numbers = numbersOf(training);
  const kept = updated.map((weight, i) => [weight.variable, states[i]!] as const);
  return {
    graph: {
      inputs: [...inputs, ...numbers, randomState],
      outputs,
      updates: [...learned(training, slopes, numbers), ...kept],
      numerics: training.numerics,
    },
    updated,
    mixing,
  };
}

/** Sums over the parts of a batch: slopes in the order of the trained weights, and values of the weights that a step changes besides. */
export interface PartSums {
  readonly slopes: readonly Variable[];
  readonly states: Map<Weight, Variable>;
}

/**
 * A part of a batch, whose slopes are added to sums. Inputs as in evaluation, then the part's share of the samples, their numbers, counts
 * of the values in the batch that count, 0 for the first part and 1 for others, and the state of the random numbers. Outputs as in
 * evaluation; those of all parts add up to the batch's.
 */
export function partStep(
  model: Layer,
  training: Training,
  types: BatchTypes,
  batch: number,
  sums: PartSums,
): TrainingStep {
  const part = partInputs(training.objective, types, batch);
  const isLater = input("isLater", []);
  const { inputs, randomState, outputs, slopes, states, updated } = slopesIn(model, training, types, part);
  const added = (sum: Variable, value: Value): readonly [Variable, Value] => [
    sum,
    add(select(isLater, sum.read(), 0), value),
  ];
  const changed = updated.map((weight, i) => {
    const { path, variable } = weight;
    const sum = sums.states.get(weight) ?? new Variable(`${path}/next`, variable.type);
    sums.states.set(weight, sum);
    return added(sum, mul(states[i]!, part.share));
  });
  return {
    graph: {
      inputs: [...inputs, ...part.inputs, isLater, randomState],
      outputs,
      updates: [...slopes.map((slope, i) => added(sums.slopes[i]!, slope)), ...changed],
      numerics: training.numerics,
    },
    updated,
  };
}

/** The update after all parts of a batch. Inputs: the optimizer's numbers. */
export function sumStep(training: Training, { slopes, states }: PartSums): TrainingStep {
  const numbers = numbersOf(training);
  const kept = [...states].map(([weight, sum]) => [weight.variable, sum.read()] as const);
  const read = slopes.map((sum) => sum.read());
  return {
    graph: {
      inputs: numbers,
      outputs: [],
      updates: [...learned(training, read, numbers), ...kept],
      numerics: training.numerics,
    },
    updated: [...states.keys()],
  };
}

/** Counts of the values of a part that count, of each loss that counts values; inputs as of the part without the counts and `isLater`. */
export function countStep(model: Layer, training: Training, types: BatchTypes, batch: number): Graph {
  const part = partInputs(training.objective, types, batch);
  const { inputs, randomState, answers } = answersIn(model, training, types, part);
  const outputs = countsOf(training.objective, answers).filter((count) => count !== undefined);
  return { inputs: [...inputs, part.share, part.rows, randomState], outputs, updates: [], numerics: training.numerics };
}
