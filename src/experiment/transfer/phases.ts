// The phases that a transfer is trained in: each as it ended, the second one, in which the base's last layers learn with the head,
// and what both come to.
import { defined } from "../../core/defined.js";
import type { Tensor } from "../../core/tensor.js";
import { type Callback, DivergedError, earlyStopping, History } from "../../nn/index.js";
import { adam } from "../../nn/optimizers/index.js";
import { type ExperimentData, sourceOf } from "../data/experiment-data.js";
import { weighted } from "../data/weights.js";
import { compileOptionsOf } from "../recipe/recipe.js";
import { taskOf } from "../tasks/index.js";
import type { Training, TrainOptions } from "../training/observer.js";
import { Stopwatch } from "../training/stopwatch.js";
import { keptOf, stepOf, validationOfRecipe } from "../training/validation.js";
import { type TransferModel, type TransferPlan, thaw } from "./model.js";

/** Rates from here on change a trained base so much in a few epochs that it may forget what it knew. */
const HIGH_RATE = 1e-4;

/**
 * Warning about a rate for fine-tuning; undefined when it is low enough.
 * @param rate Learning rate of fine-tuning.
 * @example
 * rateWarning(1e-5); // undefined
 * rateWarning(1e-3); // "A rate of 0.001 for fine-tuning is high enough to ..."
 */
export const rateWarning = (rate: number): string | undefined =>
  rate < HIGH_RATE
    ? undefined
    : `A rate of ${rate} for fine-tuning is high enough to destroy the base's features; ` +
      "1e-5 is usual, and below 1e-4 safe.";

/** One phase of training as it ended. */
export interface Phase {
  readonly history: History;
  readonly seconds: readonly number[];
  /** From 0 among all epochs; undefined before the first has ended. */
  readonly bestEpoch: number | undefined;
  readonly stoppedEarly: boolean;
  /** Penalty of a head that was solved. */
  readonly penalty?: number;
  /** Message of the phase's end where its loss stopped being finite. */
  readonly diverged?: string | undefined;
}

/** A callback that goes on where it was when training began again. */
const continued = (callback: Callback): Callback => ({
  onEpochBegin: (epoch, run) => callback.onEpochBegin?.(epoch, run),
  onBatchEnd: (batch, logs, run) => callback.onBatchEnd?.(batch, logs, run),
  onEpochEnd: (epoch, logs, run) => callback.onEpochEnd?.(epoch, logs, run),
  onTrainEnd: (logs, run) => callback.onTrainEnd?.(logs, run),
  getState: () => callback.getState?.() ?? { values: {} },
  setState: (state) => callback.setState?.(state),
});

/**
 * Trains the end of the base and the head on images, at a low rate.
 * @param remembered callbacks with a state besides those of `options`
 */
async function tune(
  { model, base }: Pick<TransferModel, "model" | "base">,
  recipe: TransferPlan,
  { parts }: ExperimentData,
  weights: Float32Array | undefined,
  initialEpoch: number,
  options: TrainOptions,
  remembered: readonly Callback[] = [],
): Promise<Phase> {
  const { layers, learningRate, epochs, ...batches } = recipe.transfer.fineTune!;
  const { observer = {}, keep = [], signal, checkpoint, resume } = options;
  thaw(base, layers);
  model.compile({ ...compileOptionsOf(recipe), optimizer: adam({ learningRate }) });
  const { monitor } = recipe.training;
  const stopping = earlyStopping({ monitor, patience: epochs, restoreBestWeights: true });
  const stopwatch = new Stopwatch();
  try {
    const history = await model.fit(weighted(sourceOf(parts.train), weights), {
      epochs: initialEpoch + epochs,
      initialEpoch,
      ...stepOf(batches, options),
      ...validationOfRecipe(model, recipe, parts.validation),
      callbacks: [stopping, stopwatch, ...keep.map(continued), ...remembered, observer],
      onDiverged: () => {},
      ...defined({ signal, checkpoint, resume }),
    });
    return phaseOf(history, stopping, stopwatch);
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    // The head is trained all the same, and its weights are in place.
    return { ...phaseOf(new History(), stopping, stopwatch), diverged: error.message };
  }
}

export const phaseOf = (
  history: History,
  stopping: ReturnType<typeof earlyStopping>,
  { seconds }: Stopwatch,
): Phase => ({
  history,
  seconds,
  bestEpoch: history.epoch.length === 0 ? undefined : stopping.bestEpoch,
  stoppedEarly: stopping.stoppedEpoch > 0,
  diverged: history.divergence?.message,
});

/** Checks whether the second phase ended worse, by the monitored figure or the task's own, or before its first epoch. */
function isWorse({ task, training: { monitor } }: TransferPlan, second: Phase, first: Phase): boolean {
  const record = taskOf(task);
  const known = record.monitors(task);
  return [monitor, record.defaultMonitor].some((key) => {
    const worse =
      known.find((watched) => key === watched.key || key === `val_${watched.key}`)?.direction === "up" ? -1 : 1;
    const [now, before] = [second, first].map(({ history, bestEpoch }) => {
      const at = bestEpoch === undefined ? -1 : history.epoch.indexOf(bestEpoch);
      return history.history[key]?.[at];
    });
    return now === undefined || before === undefined || (now - before) * worse > 0;
  });
}

function append(history: History, { epoch, history: values }: History): void {
  epoch.forEach((number, i) => {
    const logs = Object.entries(values).map(([key, all]) => [key, all[i]!] as const);
    history.onEpochEnd(number, Object.fromEntries(logs));
  });
}

/** Both phases of a transfer, as far as they were trained. */
export interface Concluded {
  readonly training: Training;
  /** True where the base's last layers learned too. */
  readonly isTuned: boolean;
}

/** Settings of a conclusion that differ between heads. */
export interface ConclusionOptions {
  /** Weights of the training images in the loss. */
  readonly weights: Float32Array | undefined;
  /** Weights of the model before its second phase, where a checkpoint brings them. Default: those that it has. */
  readonly before?: readonly Tensor[] | undefined;
  /** Makes callbacks that remember, in the second phase, how the first one ended. Default: none. */
  readonly remember?: (before: readonly Tensor[]) => readonly Callback[];
  /** Sentences about the first phase. */
  readonly warnings?: readonly string[];
}

/** Trains the second phase where the recipe has one, undoes it where it made the validation worse, and sums up. */
export async function concluded(
  built: Pick<TransferModel, "model" | "base">,
  recipe: TransferPlan,
  data: ExperimentData,
  first: Phase,
  { weights, remember = () => [], warnings = [], ...options }: ConclusionOptions & TrainOptions,
): Promise<Concluded> {
  const { model } = built;
  const { signal } = options;
  const { fineTune } = recipe.transfer;
  const isOver = fineTune === undefined || (signal?.aborted ?? false);
  const before = isOver ? undefined : (options.before ?? (await model.getWeights()));
  const second =
    before && (await tune(built, recipe, data, weights, first.history.epoch.length, options, remember(before)));
  const lost = second !== undefined && before !== undefined && isWorse(recipe, second, first);
  if (lost) await model.setWeights(before);
  // Compiled anew: the file then says how, and does not carry the optimizer's memory of all layers.
  model.compile(compileOptionsOf(recipe));
  const kept = keptOf(model, recipe);
  const history = new History();
  for (const phase of second === undefined ? [first] : [first, second]) append(history, phase.history);
  const best = second === undefined || lost ? first : second;
  const warning = fineTune && rateWarning(fineTune.learningRate);
  const training: Training = {
    model: kept,
    history,
    epochs: history.epoch.length,
    bestEpoch: best.bestEpoch === undefined ? 0 : best.bestEpoch + 1,
    stoppedEarly: (second ?? first).stoppedEarly,
    interrupted: signal?.aborted ?? false,
    seconds: [...first.seconds, ...(second?.seconds ?? [])],
    weightsSha256: await kept.weightsSha256(),
    ...(best === first && defined({ penalty: first.penalty })),
    warnings: [
      ...(warning === undefined ? [] : [warning]),
      ...warnings,
      ...[first, second].flatMap((phase) => phase?.diverged ?? []),
      ...(lost ? [`Fine-tuning made the validation worse: the weights are those from before it.`] : []),
    ],
  };
  return { training, isTuned: second !== undefined };
}
