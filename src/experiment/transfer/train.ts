// Training on a trained base, in two phases: a new head on features that are computed once, then, where the recipe says
// so, the last layers of the base together with the head. A resumed run does the first phase again, which takes seconds,
// and goes on in the second where its checkpoint says.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { type Callback, DivergedError, earlyStopping, History } from "../../nn/index.js";
import { adam } from "../../nn/optimizers/index.js";
import { type ExperimentData, type Part, sourceOf } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { imageWeights, weighted } from "../data/weights.js";
import { recordedEngine } from "../pretrained/onnxruntime.js";
import { compileOptionsOf } from "../recipe/recipe.js";
import { taskOf } from "../tasks/index.js";
import type { Subject, Training, TrainOptions } from "../training/observer.js";
import { Stopwatch } from "../training/stopwatch.js";
import { keptOf, validationOfRecipe } from "../training/validation.js";
import { readBaseWeights } from "./base.js";
import { featureSource, featuresOf } from "./features.js";
import { keptClasses } from "./kept-classes.js";
import { buildTransferModel, type TransferModel, type TransferPlan, thaw } from "./model.js";
import { solveHead } from "./solved-head.js";

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
interface Phase {
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

/** Trains a transfer's model. The model computes until `model.close()`, and so does what stands for it. */
export async function transfer(
  recipe: TransferPlan,
  data: ExperimentData<ImageSamples>,
  options: TrainOptions = {},
): Promise<Training> {
  const { observer = {}, signal } = options;
  const { fineTune } = recipe.transfer;
  const built = await openModel(recipe, options);
  const { model, head } = built;
  observer.onModel?.(model);
  const weights = await imageWeights(recipe, data);
  const subject = { model: head, sources: await featureSources(built, recipe, data, weights, options) };
  const first = await trainHead(subject, recipe, data, options);
  const isOver = fineTune === undefined || (signal?.aborted ?? false);
  const before = isOver ? undefined : await model.getWeights();
  const second = isOver ? undefined : await tune(built, recipe, data, weights, first.history.epoch.length, options);
  const lost = second !== undefined && before !== undefined && isWorse(recipe, second, first);
  if (lost) await model.setWeights(before);
  // Compiled anew: the file then says how, and does not carry the optimizer's memory of all layers.
  model.compile(compileOptionsOf(recipe));
  const kept = keptOf(model, recipe);
  if (second !== undefined) await head.close();
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
    ...(second === undefined && { subject: { ...subject, model: keptOf(head, recipe) } }),
    warnings: [
      ...(warning === undefined ? [] : [warning]),
      ...untaught(first, data),
      ...[first, second].flatMap((phase) => phase?.diverged ?? []),
      ...(lost ? [`Fine-tuning made the validation worse: the weights are those from before it.`] : []),
    ],
  };
  observer.onTrained?.(training);
  return training;
}

/** Validation images from which a head that stopped at its first epoch is believed. */
const ENOUGH_VALIDATION = 50;

/** A warning where a few validation images ended the training of a head before it had learned anything. */
function untaught(
  { bestEpoch, stoppedEarly }: Pick<Training, "stoppedEarly"> & { readonly bestEpoch?: number | undefined },
  { parts }: ExperimentData<ImageSamples>,
): string[] {
  const { length } = parts.validation.rows;
  if (!stoppedEarly || bestEpoch !== 0 || length >= ENOUGH_VALIDATION) return [];
  return [
    `The head learned next to nothing: ${length} validation images were best at its first epoch, which so few may be by chance; add ` +
      "images, give a validation folder, or raise --patience.",
  ];
}

async function openModel(recipe: TransferPlan, { threads, runtime }: TrainOptions): Promise<TransferModel> {
  if (!("name" in recipe.model))
    throw new FoveaError("wrong-field", "recipe: expected the name of a base as a transfer's model");
  const { path, sha256 } = recipe.transfer.weights;
  const weights = await readBaseWeights(recipe.model.name, path);
  if (weights.sha256 !== sha256)
    throw new FoveaError(
      "record-mismatch",
      `${path ?? recipe.model.name}: expected the weights with hash ${sha256.slice(0, 12)}, received ` +
        `${weights.sha256.slice(0, 12)}; bring back the run's weights, or train anew`,
    );
  const built = await buildTransferModel(recipe, weights, defined({ threads, runtime }));
  if (recipe.transfer.keepClasses !== undefined) {
    const kept = await keptClasses(recipe, weights);
    await built.head.setWeights(kept.weights);
  }
  return built;
}

/** All parts as features; the training images also as often varied as the recipe says. */
async function featureSources(
  { features, varied }: TransferModel,
  recipe: TransferPlan,
  { folders, parts }: ExperimentData<ImageSamples>,
  weights: Float32Array | undefined,
  { observer, threads, findPackage }: TrainOptions,
): Promise<Subject["sources"] & { readonly varied: Subject["sources"]["train"] }> {
  const { engine } = recipe.transfer;
  const found = engine && (await recordedEngine(engine, findPackage));
  const seeing = { features, varied, elsewhere: found?.run(features, defined({ threads })) };
  const tables = new Map<unknown, Awaited<ReturnType<typeof featuresOf>>[]>();
  for (const folder of [folders.train, folders.validation, folders.test]) {
    if (folder === undefined) continue;
    const variants = folder === folders.train ? recipe.transfer.variants : 0;
    const own: Awaited<ReturnType<typeof featuresOf>>[] = [];
    for (let variant = 0; variant <= variants; variant++)
      own.push(
        await featuresOf(
          seeing,
          recipe,
          folder,
          variant,
          (done, total) => observer?.onFeatures?.(folder.name, variant, done, total),
          (why) => observer?.onNotKept?.(folder.name, why),
        ),
      );
    tables.set(folder.samples, own);
  }
  for (const part of [features, varied, seeing.elsewhere]) await part?.close();
  const source = (part: Part, all: boolean) => {
    const own = tables.get(part.samples)!;
    return featureSource(part, all ? own : own.slice(0, 1));
  };
  return {
    train: source(parts.train, false),
    validation: source(parts.validation, false),
    test: source(parts.test, false),
    varied: weighted(source(parts.train, true), weights),
  };
}

type Varied = Subject & { readonly sources: { readonly varied: Subject["sources"]["train"] } };

async function trainHead(
  { model, sources }: Varied,
  recipe: TransferPlan,
  data: ExperimentData,
  options: TrainOptions,
): Promise<Phase> {
  const { epochs, batchSize, monitor, patience } = recipe.training;
  const { parts } = data;
  const { observer = {}, keep = [], signal, resume } = options;
  model.compile(compileOptionsOf(recipe));
  const stopwatch = new Stopwatch();
  if (recipe.training.solver === "logistic") {
    const parts = { train: sources.varied, validation: sources.validation };
    const callbacks = [stopwatch, ...(resume === undefined ? keep : []), observer];
    const classes = outputNamesOf(recipe.task).length;
    const { history, best, penalty } = await solveHead(model, recipe, data, parts, classes, { callbacks, signal });
    return {
      history,
      seconds: stopwatch.seconds,
      bestEpoch: best < 0 ? undefined : best,
      stoppedEarly: false,
      penalty,
    };
  }
  const stopping = earlyStopping({ monitor, patience: patience ?? epochs, restoreBestWeights: true });
  const history = await model.fit(sources.varied, {
    epochs,
    batchSize,
    ...validationOfRecipe(model, recipe, parts.validation, sources.validation),
    // A resumed run keeps what `keep` stored of these epochs when they were trained first.
    callbacks: [stopping, stopwatch, ...(resume === undefined ? keep : []), observer],
    onDiverged: () => {},
    ...defined({ signal }),
  });
  return phaseOf(history, stopping, stopwatch);
}

/** Trains the end of the base and the head on images, at a low rate. */
async function tune(
  { model, base }: TransferModel,
  recipe: TransferPlan,
  { parts }: ExperimentData,
  weights: Float32Array | undefined,
  initialEpoch: number,
  options: TrainOptions,
): Promise<Phase> {
  const { layers, learningRate, epochs, batchSize } = recipe.transfer.fineTune!;
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
      batchSize,
      ...validationOfRecipe(model, recipe, parts.validation),
      callbacks: [stopping, stopwatch, ...keep.map(continued), observer],
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

const phaseOf = (history: History, stopping: ReturnType<typeof earlyStopping>, { seconds }: Stopwatch): Phase => ({
  history,
  seconds,
  bestEpoch: history.epoch.length === 0 ? undefined : stopping.bestEpoch,
  stoppedEarly: stopping.stoppedEpoch > 0,
  diverged: history.divergence?.message,
});

/** Tells whether the second phase ended worse, by the monitored figure or the task's own, or before its first epoch. */
function isWorse({ task, training: { monitor } }: TransferPlan, second: Phase, first: Phase): boolean {
  const record = taskOf(task);
  const known = record.monitors(task);
  return [monitor, record.defaultMonitor].some((key) => {
    const worse = known.find((one) => key === one.key || key === `val_${one.key}`)?.direction === "up" ? -1 : 1;
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
