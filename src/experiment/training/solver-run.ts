// Training by a solver that takes all rows at once, told to callbacks as `fit` tells of epochs: an epoch is a step.
import type { Recipe } from "../../formats/run/recipe.js";
import {
  type Callback,
  History,
  type LabelledSource,
  type Logs,
  type Model,
  type TrainingRun,
} from "../../nn/index.js";
import { taskOf } from "../tasks/index.js";
import type { Results } from "./observer.js";

/** Rows to learn from, and rows that are only measured. */
export interface SolverSources {
  readonly train: LabelledSource;
  readonly validation: LabelledSource;
}

export interface SolverOptions {
  readonly callbacks: readonly Callback[];
  readonly signal?: AbortSignal | undefined;
}

/** Steps of a solver. */
export interface SolverSteps {
  /** True when another step would change nothing. */
  readonly isOver: () => boolean;
  /** Takes a step and puts its weights into the model; what it returns is logged beside the figures. */
  readonly step: (epoch: number) => Promise<Logs>;
}

class SolverRun implements TrainingRun {
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
    { train }: SolverSources,
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

/** Takes the steps of a solver until they are over or the recipe's epochs are, and measures both parts after each. */
export async function runSolver(
  model: Model,
  recipe: Recipe,
  sources: SolverSources,
  { isOver, step }: SolverSteps,
  { callbacks, signal }: SolverOptions,
): Promise<History> {
  const run = new SolverRun(model, recipe, sources);
  const { batchSize } = recipe.training;
  for (const callback of callbacks) await callback.onTrainBegin?.(run);
  let logs: Logs = {};
  for (let epoch = 0; epoch < run.epochs && !run.stopped && !isOver(); epoch++) {
    for (const callback of callbacks) await callback.onEpochBegin?.(epoch, run);
    for (const callback of callbacks) await callback.onBatchBegin?.(0, run);
    const noted = await step(epoch);
    if (signal?.aborted) break;
    const trained = sorted(await model.evaluate(sources.train, { batchSize }));
    for (const callback of callbacks) await callback.onBatchEnd?.(0, trained, run);
    logs = { ...trained, ...sorted(await model.evaluate(sources.validation, { batchSize }), "val_"), ...noted };
    run.history.onEpochEnd(epoch, logs);
    for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, run);
  }
  for (const callback of callbacks) await callback.onTrainEnd?.(logs, run);
  return run.history;
}
