// Training in the background; what happens is told as it happens.
import type { Runtime } from "fovea";
import {
  closeData,
  type ExperimentData,
  loadData,
  type makeRecipe,
  type Observer,
  startRun,
  taskOf,
} from "fovea/experiment";
import type { TrainSettings } from "../contract/training-calls.js";
import type { BackgroundJob } from "./background-job.js";
import { dataOf, dataWishOf, type PlanSettings, recipeFor, wishFor } from "./plan.js";
import type { Project } from "./project.js";

/** The recipe that a job trains, and its data. */
export interface Prepared {
  readonly recipe: ReturnType<typeof makeRecipe>;
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
      ...(project.labels.count > 0 ? { journal: await project.labels.read() } : {}),
      onProgress,
    });
    try {
      return { recipe: await recipeFor(wish, data), data };
    } catch (error) {
      await closeData(data);
      throw error;
    }
  };

/**
 * Loads the data, trains, and keeps the run at `path`.
 * @throws the reason of the job's signal where it was stopped, FoveaError for what cannot be trained
 */
export async function trainRun(
  job: BackgroundJob,
  path: string,
  settings: Pick<TrainSettings, "epochs" | "batchSize">,
  prepare: Prepare,
  runtime: Runtime,
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
    job.change({ state: "training", done: 0, total, measures, monitor: watched.monitor }, true);
    const { training } = await startRun(path, recipe, data, { signal, runtime, observer: observerOf(job, settings) });
    job.change({ sha256: training.weightsSha256 });
    if (training.interrupted) throw signal.reason;
  } finally {
    await closeData(data);
  }
}

function observerOf(job: BackgroundJob, { batchSize, epochs }: Pick<TrainSettings, "epochs" | "batchSize">): Observer {
  let began = performance.now();
  return {
    onEpochBegin: (epoch) => {
      began = performance.now();
      job.change({ epoch: epoch + 1, done: 0 });
    },
    onBatchEnd: (batch) => {
      const { total, epoch } = job.facts;
      const done = Math.min(total, (batch + 1) * batchSize);
      const rate = (done / Math.max(1, performance.now() - began)) * 1000;
      job.change({ done, rate, secondsLeft: (total - done + (epochs - epoch) * total) / rate });
    },
    onEpochEnd: (_, logs) => {
      const history: Record<string, readonly number[]> = { ...job.facts.history };
      for (const [key, value] of Object.entries(logs)) history[key] = [...(history[key] ?? []), value];
      job.change({ history }, true);
    },
    onTrained: () => job.change({ state: "evaluating" }, true),
  };
}
