// The images and the clock of a training within a time: what the candidates look at before one of them is trained.
import { defined } from "../../core/defined.js";
import type { Preprocessing, Recipe } from "../../formats/run/recipe.js";
import { hardwareThreads } from "../../platform/workers.js";
import { type ExperimentData, findData, loadData, type SplitWish } from "../data/experiment-data.js";
import type { DataWish } from "../data/load-options.js";
import { type UsualLook, usualLook } from "../data/usual-look.js";
import type { ClassWeightWish } from "../data/weights.js";
import type { Plan } from "../recipe/recipe.js";
import { TASKS, type TaskWish } from "../tasks/index.js";
import { type UsualBase, usualBase } from "../transfer/usual-base.js";
import { type Loading, loadSeconds } from "./probe.js";

/** Share of the time that is planned for: the rest is for what a measurement did not see. */
const PLANNED = 0.95;

/** Wish for training within a time: all that a recipe needs and that no time settles. */
export interface BudgetWish {
  /** Seconds of the clock for everything, loading, evaluation and report included. */
  readonly seconds: number;
  /** Shares of the images that are held out, and the seed of the split. */
  readonly split: SplitWish;
  /** Seed of the weights and of the order of images. */
  readonly seed: number;
  /** The same bits everywhere, or relaxed SIMD where it is faster. */
  readonly mode: Recipe["mode"];
  /** Choices about the task. Default: the task's own. */
  readonly wish?: TaskWish;
  /** The task and its columns. Default: by the targets. */
  readonly data?: DataWish;
  /** Weights of classes in the loss. Default: all the same. */
  readonly classWeight?: ClassWeightWish;
  /** Weights image by image. Default: all the same. */
  readonly sampleWeight?: Plan["sampleWeight"];
  /** Threads to compute with. Default: all. */
  readonly threads?: number;
}

/** Ways of opening the images of a budget. */
export interface BudgetJobOptions {
  /** Opens the images. Default: `loadData` of the folder. @param preprocessing steps that make tensors of images */
  readonly load?: (preprocessing: Preprocessing) => Promise<ExperimentData>;
  /** Time at which the budget began, as `performance.now()` gives it. Default: now. */
  readonly began?: number;
}

/** The images of a budget, and the clock. */
export interface BudgetJob {
  /** The wish that the job was made of. */
  readonly wish: BudgetWish;
  /** Size and colour that suit a network without a base. */
  readonly look: UsualLook;
  /** The base that suits the images; none for masks and boxes. */
  readonly base?: UsualBase;
  /** Number of all images, and the seconds to open them. @param preprocessing steps that make tensors of images */
  readonly loading: (preprocessing: Preprocessing) => Promise<Loading>;
  /** Opens the images. @param preprocessing steps that make tensors of images */
  readonly load: (preprocessing: Preprocessing) => Promise<ExperimentData>;
  /** Seconds until the planned part of the budget is used up. */
  readonly left: () => number;
}

/**
 * Looks at some images of a folder, for training within a time.
 * @param dir folder, manifest or archive of images
 * @param wish seconds, split, seed and task
 * @param options way of opening the images, and the beginning of the time
 * @throws FoveaError for a path that is no source of images
 * @example
 * const split = { validation: 0.2, seed: 123 };
 * const job = await budgetJob("pets", { seconds: 60, split, seed: 0, mode: "reproducible" });
 * const outcome = await trainWithin(job, { pathOf: (name) => `runs/pets-${name}` });
 * outcome.best.name; // "photos"
 * await closeBudget(outcome);
 */
export async function budgetJob(dir: string, wish: BudgetWish, options: BudgetJobOptions = {}): Promise<BudgetJob> {
  const { seconds, split, data = {}, threads } = wish;
  const { began = performance.now() } = options;
  const paths = await findData(dir, data.task);
  const kind = data.task === undefined ? undefined : TASKS[data.task].targetKind;
  // Annotations and masks stand beside the folders of the parts, and a base has no use for them.
  const isPlain = kind !== "masks" && kind !== "boxes";
  const load = (preprocessing: Preprocessing) =>
    loadData(paths, preprocessing, split, { ...data, ...defined({ threads }) });
  return {
    wish,
    look: await usualLook(isPlain ? paths.train : dir, { ...data, asLecture: false }),
    ...(isPlain ? { base: await usualBase(paths.train, data) } : {}),
    loading: async (preprocessing) =>
      isPlain
        ? loadSeconds(paths, preprocessing, data, threads ?? (await hardwareThreads()))
        : { seconds: 0, images: 0 },
    load: options.load ?? load,
    left: () => PLANNED * seconds - (performance.now() - began) / 1000,
  };
}
