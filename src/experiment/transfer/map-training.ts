// Training of a head on a base's maps, in two phases as of any transfer. Both learn from images, whose masks or boxes move with them
// under augmentation, and both keep checkpoints: those of the second phase remember how the first one ended, so that a resumed run
// goes on where it was.
import { defined } from "../../core/defined.js";
import type { Tensor } from "../../core/tensor.js";
import { type Callback, type CallbackState, earlyStopping, History, type TrainingState } from "../../nn/index.js";
import { type ExperimentData, sourceOf } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { imageWeights, weighted } from "../data/weights.js";
import { compileOptionsOf } from "../recipe/recipe.js";
import { unsettledAverages } from "../training/moving-averages.js";
import type { Training, TrainOptions } from "../training/observer.js";
import { Stopwatch } from "../training/stopwatch.js";
import { stepOf, validationOfRecipe } from "../training/validation.js";
import { recordedWeights } from "./base.js";
import { buildMapModel, type TransferModel, type TransferPlan } from "./model.js";
import { concluded, type Phase, phaseOf } from "./phases.js";

/** Trains a transfer whose head stands on maps. The model computes until `model.close()`. */
export async function transferMaps(
  recipe: TransferPlan,
  data: ExperimentData<ImageSamples>,
  options: TrainOptions = {},
): Promise<Training> {
  const { observer = {}, threads, runtime, resume } = options;
  const built = await buildMapModel(recipe, await recordedWeights(recipe), defined({ threads, runtime }));
  observer.onModel?.(built.model);
  const weights = await imageWeights(recipe, data);
  const ended = resume && firstPhaseIn(resume);
  const first = ended?.phase ?? (await trainHead(built, recipe, data, weights, options));
  const steps = ((first.bestEpoch ?? -1) + 1) * Math.ceil(data.parts.train.rows.length / recipe.training.batchSize);
  const unsettled = unsettledAverages(built.model, steps);
  // A checkpoint of the first phase is used up.
  const { resume: _, ...others } = options;
  const { training } = await concluded(built, recipe, data, first, {
    ...(ended === undefined ? others : options),
    weights,
    warnings: unsettled === undefined ? [] : [unsettled],
    before: ended?.before,
    remember: (before) => [remembered(first, before)],
  });
  observer.onTrained?.(training);
  return training;
}

/** Trains the head, the base frozen. */
async function trainHead(
  { model }: Pick<TransferModel, "model">,
  recipe: TransferPlan,
  { parts }: ExperimentData,
  weights: Float32Array | undefined,
  { observer = {}, keep = [], signal, checkpoint, resume, ...options }: TrainOptions,
): Promise<Phase> {
  const { epochs, monitor, patience } = recipe.training;
  model.compile(compileOptionsOf(recipe));
  const stopping = earlyStopping({ monitor, patience: patience ?? epochs, restoreBestWeights: true });
  const stopwatch = new Stopwatch();
  const history = await model.fit(weighted(sourceOf(parts.train), weights), {
    epochs,
    ...stepOf(recipe.training, options),
    ...validationOfRecipe(model, recipe, parts.validation),
    callbacks: [stopping, stopwatch, ...keep, observer],
    onDiverged: () => {},
    ...defined({ signal, checkpoint, resume }),
  });
  return phaseOf(history, stopping, stopwatch);
}

/** The key by which a first phase is found in a checkpoint of the second. */
const FIRST = "firstPhase";

/** A callback that does nothing but keep the first phase, and the weights that it ended with, in checkpoints of the second. */
const remembered = ({ history, ...phase }: Phase, before: readonly Tensor[]): Callback => ({
  getState: (): CallbackState => ({
    values: { [FIRST]: { ...history.getState().values }, ...defined({ ...phase }) },
    tensors: before,
  }),
});

/** The first phase that a checkpoint of the second remembers; undefined for one of the first. */
function firstPhaseIn({
  callbacks,
}: TrainingState): { readonly phase: Phase; readonly before: readonly Tensor[] } | undefined {
  const found = callbacks.find((saved) => saved !== null && FIRST in saved.values);
  if (found === undefined || found === null) return undefined;
  const { [FIRST]: epochs, ...phase } = found.values;
  const history = new History();
  history.setState({ values: epochs as CallbackState["values"] });
  return { phase: { ...(phase as unknown as Omit<Phase, "history">), history }, before: found.tensors ?? [] };
}
