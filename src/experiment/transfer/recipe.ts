// Makes a recipe of a wish for transfer learning: a base, its preprocessing, and the training of head and base, which
// transfer-train.ts does.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Preprocessing, Recipe, TransferRecipe } from "../../formats/run/recipe.js";
import { outputNamesOf, type TaskKind } from "../../formats/run/task.js";
import type { ExperimentData } from "../data/experiment-data.js";
import { refuseErrors } from "../data/findings.js";
import { checkAugmentation } from "../recipe/augmentation.js";
import { type HeadSolverName, type Plan, recipeFor, taskFacts } from "../recipe/recipe.js";
import { TASKS, taskOf } from "../tasks/index.js";
import {
  baseFacts,
  baseRescale,
  MODEL_BASE,
  type ModelFileFacts,
  modelFileFacts,
  modelFilePreprocessing,
  readBaseWeights,
} from "./base.js";
import { keptClasses } from "./kept-classes.js";
import { mapRecipe } from "./map-recipe.js";
import { buildTransferModel } from "./model.js";
import { isSolvable, SOLVED_TRAINING } from "./solved-head.js";
import type { TransferWish } from "./wish.js";

export type { TransferWish } from "./wish.js";

/** Variation of images for a base that says nothing of its own. */
const USUAL = { augmentation: "none", variants: 4 } as const;

/** Checks whether a task's head stands on a base's maps. */
const standsOnMaps = (task: TaskKind | undefined): boolean => task !== undefined && TASKS[task].mapHead !== undefined;

/**
 * Preprocessing of images for a base.
 * @param base One of `BASE_NAMES`.
 * @param imageSize Height and width in pixels; default the base's own.
 * @param task Kind of the task; one whose head uses maps takes any size. Default: one that takes the mean of the maps.
 * @throws FoveaError for a size that the base does not take.
 */
export function preprocessingFor(base: string, imageSize?: Preprocessing["imageSize"], task?: TaskKind): Preprocessing {
  const { preprocessing, anySize } = baseFacts(base);
  if (imageSize === undefined || String(imageSize) === String(preprocessing.imageSize)) return preprocessing;
  if (!anySize && !standsOnMaps(task))
    throw new FoveaError(
      "unsuited-option",
      `the base ${base} takes images of ${preprocessing.imageSize.join("x")} only, received ${imageSize.join("x")}; ` +
        "leave out --image-size",
    );
  return { ...preprocessing, imageSize };
}

/**
 * Preprocessing of images for the base of a wish, which may be the user's model file.
 * @param wish.weights the file of the base; needed where the base is a model file
 * @param imageSize height and width in pixels; default: the base's own
 * @param task kind of the task; a head for masks or boxes uses maps and takes any size. Default: one on the mean of the maps
 * @throws FoveaError for a size that the base does not take, and for a file that is no model of images.
 * @example
 * await basePreprocessing({ base: "photos" });
 * (await basePreprocessing({ base: MODEL_BASE, weights: "model.keras" })).imageSize; // [12, 12]
 */
export async function basePreprocessing(
  { base, weights }: Pick<TransferWish, "base" | "weights">,
  imageSize?: Preprocessing["imageSize"],
  task?: TaskKind,
): Promise<Preprocessing> {
  if (base !== MODEL_BASE) return preprocessingFor(base, imageSize, task);
  const preprocessing = await modelFilePreprocessing(await readBaseWeights(base, weights));
  if (imageSize === undefined || String(imageSize) === String(preprocessing.imageSize)) return preprocessing;
  if (standsOnMaps(task)) return { ...preprocessing, imageSize };
  throw new FoveaError(
    "unsuited-option",
    `${weights} takes images of ${preprocessing.imageSize.join("x")} only, received ${imageSize.join("x")}; leave out --image-size`,
  );
}

/** Epochs and patience of a head, and the steps that each is at least worth. */
const EPOCHS = { epochs: 100, steps: 600 };
const PATIENCE = { epochs: 10, steps: 60 };

/**
 * Default epochs and patience of a head: 100 and 10, and more for so few images that an epoch has fewer than six
 * steps. A head learns by steps, and those of few images cost nothing.
 * @param images number of training images
 * @param batchSize Images per step.
 * @example headTraining(32, 32) // { epochs: 600, patience: 60 }
 */
export function headTraining(images: number, batchSize: number): Pick<Plan["training"], "epochs" | "patience"> {
  const steps = Math.max(1, Math.ceil(images / batchSize));
  const least = ({ epochs, steps: wanted }: typeof EPOCHS): number => Math.max(epochs, Math.ceil(wanted / steps));
  return { epochs: least(EPOCHS), patience: least(PATIENCE) };
}

/**
 * The recipe for transferring a base to these images, which `startRun` and `train` take.
 * @param wish The base, its weights and the training.
 * @param preprocessing Steps from an image file to the base's input, as `basePreprocessing` gives them.
 * @param data The images, loaded by that preprocessing.
 * @throws FoveaError for weights that are nowhere, options that exclude each other, and a base without the maps that masks or boxes need.
 * @example
 * const { base } = await usualBase("pets"); // "photos" or "hanzi"
 * const preprocessing = await basePreprocessing({ base });
 * const split = { validation: 0.2, seed: 1 };
 * const data = await loadData(await findData("pets"), preprocessing, split);
 * const wish = { base, split, seed: 1, mode: "reproducible", training: { batchSize: 32 } };
 * const recipe = await makeTransferRecipe(wish, preprocessing, data); // for startRun
 * await baseLines(recipe); // []: only model files need words
 * await closeData(data);
 */
export async function makeTransferRecipe(
  wish: TransferWish,
  preprocessing: Preprocessing,
  data: ExperimentData,
): Promise<Recipe> {
  const { base, split, seed, mode, training, learningRate, engine, fineTune, classWeight, sampleWeight } = wish;
  refuseErrors(data.findings);
  const { mapHead } = taskOf(data);
  if (mapHead !== undefined) return mapRecipe(wish, mapHead, preprocessing, data);
  const facts = base === MODEL_BASE ? USUAL : baseFacts(base);
  const { augmentation = facts.augmentation, variants = facts.variants } = wish;
  checkAugmentation(augmentation, data);
  const weights = await readBaseWeights(base, wish.weights);
  const { path, sha256 } = weights;
  const found = base === MODEL_BASE ? await modelFileFacts(weights) : undefined;
  const transfer: TransferRecipe = {
    weights: { ...defined({ path }), sha256 },
    augmentation,
    variants: augmentation === "none" ? 0 : variants,
    ...defined({
      cut: wish.cut ?? (wish.keepClasses === true ? found?.last : found?.embedding),
      keepClasses: wish.keepClasses === true ? names(path, found) : undefined,
    }),
    ...(engine && { engine: { name: engine.name, version: engine.version } }),
    ...defined({ fineTune, rescale: wish.rescale === undefined ? undefined : baseRescale(base, wish.rescale) }),
  };
  const optional = defined({ learningRate, classWeight, sampleWeight, wish: wish.wish, columns: wish.columns });
  const usual = headTraining(data.parts.train.rows.length, training.batchSize);
  const plan = {
    ...{ model: { name: base }, preprocessing, split, seed, mode },
    training: { ...usual, ...defined(training) } as Plan["training"],
    ...optional,
  };
  const task = taskFacts(data, wish.wish ?? {});
  if (transfer.keepClasses !== undefined) await keptClasses({ model: plan.model, transfer, task }, weights);
  const { model, features } = await buildTransferModel({ ...plan, transfer, task }, weights);
  const solver = headSolver(wish, {
    task,
    transfer,
    images: data.parts.train.rows.length,
    features: features.outputShape[0]!,
  });
  const solved = solver === "logistic" ? { training: { ...plan.training, ...SOLVED_TRAINING } } : {};
  return recipeFor({ ...plan, solver, ...solved }, data, model, { model: plan.model, transfer, task });
}

interface HeadFacts {
  readonly task: Recipe["task"];
  readonly transfer: TransferRecipe;
  readonly images: number;
  readonly features: number;
}

/** The method of learning for a head. @throws FoveaError where the wished one does not suit */
function headSolver(
  { solver, training, learningRate, wish }: TransferWish,
  { task, transfer, images, features }: HeadFacts,
): HeadSolverName {
  const { epochs, patience } = training;
  const settings = Object.entries({ epochs, patience, learningRate }).find(([, value]) => value !== undefined);
  const suits = taskOf(task).hasLogisticHead === true && transfer.keepClasses === undefined && wish?.loss === undefined;
  if (solver === undefined)
    return suits &&
      settings === undefined &&
      isSolvable(images * (transfer.variants + 1), features, outputNamesOf(task).length)
      ? "logistic"
      : "adam";
  if (solver === "adam" || (suits && settings === undefined)) return solver;
  throw new FoveaError(
    "unsuited-option",
    suits
      ? `the solver logistic has no ${settings![0]}; leave it out, or say the solver adam`
      : "the solver logistic is for new classes by crossentropy; leave it out, or say the solver adam",
  );
}

/** The classes of a base's file. @throws FoveaError when it names none */
function names(path: string | undefined, found: ModelFileFacts | undefined): readonly string[] {
  if (found?.classNames !== undefined) return found.classNames;
  throw new FoveaError(
    "unsuited-model",
    found === undefined
      ? "classes are kept from a model file; pass one as the base, or do not keep them"
      : `${path}: does not name its classes, so none can be kept; put its labels.txt beside it`,
  );
}
