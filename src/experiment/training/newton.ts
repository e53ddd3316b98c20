// Training of a table's linear model by Newton's method, told to callbacks as `fit` tells of epochs: an epoch is a step.
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import type { Recipe } from "../../formats/run/recipe.js";
import {
  type Callback,
  History,
  type LabelledSource,
  type Logs,
  type Model,
  type TrainingRun,
} from "../../nn/index.js";
import { lossFromKeras } from "../../nn/losses/index.js";
import { taskOf } from "../tasks/index.js";
import { LinearSolver } from "./linear-solver.js";
import type { Results } from "./observer.js";

/** A training by Newton's method that has ended. */
export interface Solved {
  readonly history: History;
  /** True when another step would have changed nothing. */
  readonly converged: boolean;
}

interface Sources {
  readonly train: LabelledSource;
  readonly validation: LabelledSource;
}

class NewtonRun implements TrainingRun {
  readonly history = new History();
  readonly epochs: number;
  readonly batchSize: number;
  readonly samples: number;
  readonly steps = 1;
  /** Part of a step that is taken. */
  learningRate = 1;
  #stopped = false;

  constructor(
    readonly model: Model,
    readonly recipe: Recipe,
    { train }: Sources,
  ) {
    this.epochs = recipe.training.epochs;
    this.samples = train.size;
    this.batchSize = train.size;
  }

  get stopped(): boolean {
    return this.#stopped;
  }
  get quantities(): readonly string[] {
    const names = this.#logged.map(({ key }) => key);
    return [...names, ...names.map((name) => `val_${name}`)];
  }
  get #logged() {
    const { task } = this.recipe;
    return taskOf(task)
      .monitors(task)
      .filter(({ isFinal }) => !isFinal);
  }

  stop(): void {
    this.#stopped = true;
  }
  directionOf(quantity: string): "up" | "down" | undefined {
    return this.#logged.find(({ key }) => key === quantity.replace(/^val_/, ""))?.direction;
  }
}

const sorted = (results: Results, prefix = ""): Logs =>
  Object.fromEntries(
    Object.keys(results)
      .sort()
      .map((key) => [prefix + key, results[key]!]),
  );

/** Puts the weights of a solver into the layers of a model. */
async function assign(model: Model, weights: readonly Float64Array[]): Promise<void> {
  const [outputs, features] = [weights.length, weights[0]!.length - 1];
  const kernel = new Float32Array(features * outputs);
  weights.forEach((own, output) => {
    for (let i = 0; i < features; i++) kernel[i * outputs + output] = own[i]!;
  });
  const bias = Float32Array.from(weights, (own) => own[features]!);
  await model.setWeights([tensor(kernel, [features, outputs], "float32"), tensor(bias, [outputs], "float32")]);
}

/**
 * Trains a compiled model by Newton's method, until a step changes nothing or the recipe's epochs are over.
 * @throws FoveaError for a recipe of another than a linear model, or of a loss that is not smooth
 */
export async function solve(
  model: Model,
  recipe: Recipe,
  sources: Sources,
  { callbacks, signal }: { readonly callbacks: readonly Callback[]; readonly signal?: AbortSignal },
): Promise<Solved> {
  const { task, training } = recipe;
  const loss = taskOf(task).convexLoss(lossFromKeras(training.loss), task);
  if (loss === undefined || !("name" in recipe.model) || recipe.model.name !== "linear")
    throw new FoveaError(
      'recipe: the solver "newton" is for the model "linear" of numbers, with a smooth deviance as loss; take it out',
    );
  const run = new NewtonRun(model, recipe, sources);
  const solver = new LinearSolver({ ...loss, source: sources.train });
  const { batchSize } = training;
  for (const callback of callbacks) await callback.onTrainBegin?.(run);
  let logs: Logs = {};
  for (let epoch = 0; epoch < run.epochs && !run.stopped && !solver.converged; epoch++) {
    for (const callback of callbacks) await callback.onEpochBegin?.(epoch, run);
    for (const callback of callbacks) await callback.onBatchBegin?.(0, run);
    await solver.step();
    await assign(model, solver.weights);
    if (signal?.aborted) break;
    const trained = sorted(await model.evaluate(sources.train, { batchSize }));
    for (const callback of callbacks) await callback.onBatchEnd?.(0, trained, run);
    logs = { ...trained, ...sorted(await model.evaluate(sources.validation, { batchSize }), "val_") };
    run.history.onEpochEnd(epoch, logs);
    for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, run);
  }
  for (const callback of callbacks) await callback.onTrainEnd?.(logs, run);
  return { history: run.history, converged: solver.converged };
}
