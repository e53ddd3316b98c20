// Training in the background; what happens is told as it happens.
import type { Runtime } from "fovea";
import {
  closeData,
  type ExperimentData,
  epochsOf,
  loadData,
  type makeRecipe,
  type RunFolder,
  dataWishOf as recipeDataWish,
  recipeOf,
  resumeRun,
  startRun,
  taskOf,
} from "fovea/experiment";
import type { BackgroundJob } from "./background-job.js";
import { dataOf, dataWishOf, type PlanSettings, recipeFor, wishFor } from "./plan.js";
import type { Project } from "./project.js";
import { runObserver } from "./run-observer.js";
import { watchedSamples } from "./watched-samples.js";

type Recipe = ReturnType<typeof makeRecipe>;

/** The recipe that a job trains, and its data. */
export interface Prepared {
  readonly recipe: Recipe;
  readonly data: ExperimentData;
}

/** Loads the data and makes the recipe, when the job's turn comes. */
export type Prepare = (onProgress: (folder: string, done: number, total: number) => void) => Promise<Prepared>;

/** Prepares what the settings of a form ask for. */
export const preparedFrom =
  (project: Project, settings: PlanSettings): Prepare =>
  async (onProgress) => {
    const wish = await wishFor(project, settings);
    const { preprocessing, split } = dataOf(wish);
    const data = await loadData(project.sources, preprocessing, split, {
      ...dataWishOf(settings),
      batchSize: settings.batchSize,
      ...(project.usesJournal ? { journal: await project.labels.read() } : {}),
      onProgress,
    });
    try {
      return { recipe: await recipeFor(wish, data), data };
    } catch (error) {
      await closeData(data);
      throw error;
    }
  };

/** Prepares what the recipe of a run says, which is to go on. */
export const preparedAgain =
  (project: Project, folder: RunFolder): Prepare =>
  async (onProgress) => {
    const recipe = await recipeOf(folder);
    const { preprocessing, split, training, data: recorded } = recipe;
    const data = await loadData(project.sources, preprocessing, split, {
      ...recipeDataWish(recipe),
      ...{ recorded, skipBad: true, batchSize: training.batchSize, onProgress },
      ...(recorded.journal === undefined ? {} : { journal: await project.labels.read() }),
    });
    return { recipe, data };
  };

/** The place where a run trains, and whose it is. */
export interface TrainingPlace {
  readonly runtime: Runtime;
  /** Bytes that the program holds now, where they can be told. */
  readonly memory: (() => number) | undefined;
  readonly project: Project;
}

/**
 * Loads the data, trains, and keeps the run in its folder.
 * @param run a path for a new run, or the folder of one that goes on
 * @throws the reason of the job's signal where it was stopped, FoveaError for what cannot be trained
 */
export async function trainRun(
  job: BackgroundJob,
  run: string | RunFolder,
  prepare: Prepare,
  { runtime, memory, project }: TrainingPlace,
): Promise<void> {
  const { signal } = job;
  const { recipe, data } = await prepare((_, done, total) => {
    signal.throwIfAborted();
    job.change({ done, total });
  });
  try {
    signal.throwIfAborted();
    const { training: watched, task } = recipe;
    const measures = taskOf(task)
      .monitors(task)
      .map(({ key, title, direction }) => ({ key, title, direction }));
    const total = data.parts.train.rows.length;
    const { seed } = recipe;
    const epochs = epochsOf(recipe);
    job.change({ state: "training", done: 0, total, epochs, measures, monitor: watched.monitor, seed }, true);
    const ask = await watchedSamples(recipe, data, (file) => project.numberOf(file));
    const options = { signal, runtime, observer: runObserver({ job, recipe, memory, ask }) };
    const { training } =
      typeof run === "string"
        ? await startRun(run, recipe, data, options)
        : await resumeRun(run, recipe, data, options);
    job.change({ sha256: training.weightsSha256 });
    if (training.interrupted) throw signal.reason;
  } finally {
    await closeData(data);
  }
}
