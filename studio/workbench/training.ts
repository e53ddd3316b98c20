// Training in the background: one job at a time computes, the others wait; what happens is told as it happens, at most some
// times a second.
import { FoveaError, type Runtime } from "fovea";
import { closeData, type ExperimentData, loadData, type makeRecipe, type Observer, startRun } from "fovea/experiment";
import type { TrainSettings } from "../contract/calls.js";
import type { JobFacts } from "../contract/facts.js";
import { dataOf, dataWishOf, type PlanSettings, recipeFor, wishFor } from "./plan.js";
import type { Project } from "./project.js";

/** Milliseconds between two pieces of news about one job. */
const NEWS_EVERY = 100;

type Changes = { -readonly [K in keyof JobFacts]?: JobFacts[K] };

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

/** One job of training and its facts. */
export class TrainingJob {
  #facts: JobFacts;
  #told = 0;
  readonly #stopping = new AbortController();

  constructor(
    id: string,
    readonly project: Project,
    name: string,
    readonly settings: Pick<TrainSettings, "epochs" | "batchSize">,
    readonly prepare: Prepare,
    readonly tell: (facts: JobFacts) => void,
  ) {
    const { epochs } = settings;
    this.#facts = {
      ...{ id, project: project.id, kind: "train", name, state: "loading", done: 0, total: 0, epoch: 0, epochs },
      history: {},
    };
  }

  get facts(): JobFacts {
    return this.#facts;
  }

  stop(): void {
    this.#stopping.abort(new FoveaError("stopped"));
  }

  /** Loads the data, trains, and keeps the run at `path`. Ends in a state, whatever happens. */
  async work(path: string, runtime: Runtime): Promise<void> {
    try {
      const { recipe, data } = await this.prepare((_, done, total) => this.#change({ done, total }));
      try {
        this.#change({ state: "training", done: 0, total: data.parts.train.rows.length }, true);
        const signal = this.#stopping.signal;
        const { training } = await startRun(path, recipe, data, { signal, runtime, observer: this.#observer() });
        const state = training.interrupted ? "stopped" : "done";
        this.#change({ state, sha256: training.weightsSha256 }, true);
      } finally {
        await closeData(data);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#change({ state: "failed", error: message }, true);
    }
  }

  #observer(): Observer {
    const { batchSize, epochs } = this.settings;
    let began = performance.now();
    return {
      onEpochBegin: (epoch) => {
        began = performance.now();
        this.#change({ epoch: epoch + 1, done: 0 });
      },
      onBatchEnd: (batch) => {
        const { total, epoch } = this.#facts;
        const done = Math.min(total, (batch + 1) * batchSize);
        const rate = (done / Math.max(1, performance.now() - began)) * 1000;
        this.#change({ done, rate, secondsLeft: (total - done + (epochs - epoch) * total) / rate });
      },
      onEpochEnd: (_, logs) => {
        const history: Record<string, readonly number[]> = { ...this.#facts.history };
        for (const [key, value] of Object.entries(logs)) history[key] = [...(history[key] ?? []), value];
        this.#change({ history }, true);
      },
      onTrained: () => this.#change({ state: "evaluating" }, true),
    };
  }

  #change(changes: Changes, isImportant = false): void {
    this.#facts = { ...this.#facts, ...changes };
    const now = performance.now();
    if (!isImportant && now - this.#told < NEWS_EVERY) return;
    this.#told = now;
    this.tell(this.#facts);
  }
}
