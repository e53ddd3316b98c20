// Training on a trained base, in two phases: a new head on features that are computed once, then, where the recipe says
// so, the last layers of the base together with the head. A resumed run does the first phase again, which takes seconds,
// and goes on in the second where its checkpoint says.
import { defined } from "../../core/defined.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { earlyStopping } from "../../nn/index.js";
import type { ExperimentData, Part } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { imageWeights, weighted } from "../data/weights.js";
import { recordedEngine } from "../pretrained/onnxruntime.js";
import { compileOptionsOf } from "../recipe/recipe.js";
import type { Subject, Training, TrainOptions } from "../training/observer.js";
import { Stopwatch } from "../training/stopwatch.js";
import { keptOf, validationOfRecipe } from "../training/validation.js";
import { recordedWeights } from "./base.js";
import { featureSource, featuresOf } from "./features.js";
import { keptClasses } from "./kept-classes.js";
import { transferMaps } from "./map-training.js";
import { buildTransferModel, type TransferModel, type TransferPlan } from "./model.js";
import { concluded, type Phase, phaseOf } from "./phases.js";
import { solveHead } from "./solved-head.js";

/** Trains a transfer's model. The model computes until `model.close()`, and so does what stands for it. */
export async function transfer(
  recipe: TransferPlan,
  data: ExperimentData<ImageSamples>,
  options: TrainOptions = {},
): Promise<Training> {
  if (recipe.transfer.head !== undefined) return transferMaps(recipe, data, options);
  const { observer = {} } = options;
  const built = await openModel(recipe, options);
  const { model, head } = built;
  observer.onModel?.(model);
  const weights = await imageWeights(recipe, data);
  const subject = { model: head, sources: await featureSources(built, recipe, data, weights, options) };
  const first = await trainHead(subject, recipe, data, options);
  const warnings = untaught(first, data);
  const { training, isTuned } = await concluded(built, recipe, data, first, { ...options, weights, warnings });
  if (isTuned) await head.close();
  const whole: Training = { ...training, ...(!isTuned && { subject: { ...subject, model: keptOf(head, recipe) } }) };
  observer.onTrained?.(whole);
  return whole;
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
  const weights = await recordedWeights(recipe);
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
    const rows: Awaited<ReturnType<typeof featuresOf>>[] = [];
    for (let variant = 0; variant <= variants; variant++)
      rows.push(
        await featuresOf(
          seeing,
          recipe,
          folder,
          variant,
          (done, total) => observer?.onFeatures?.(folder.name, variant, done, total),
          (why) => observer?.onNotKept?.(folder.name, why),
        ),
      );
    tables.set(folder.samples, rows);
  }
  for (const part of [features, varied, seeing.elsewhere]) await part?.close();
  const source = (part: Part, all: boolean) => {
    const rows = tables.get(part.samples)!;
    return featureSource(part, all ? rows : rows.slice(0, 1));
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
