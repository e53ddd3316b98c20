// Reports about a run while it trains: its epoch, its speed, the time left, its history, and its answers for some
// validation images.
import type { Model } from "fovea";
import { epochsOf, type Observer, type recipeOf } from "fovea/experiment";
import type { BackgroundJob } from "./background-job.js";
import type { Ask } from "./watched-samples.js";

interface Watched {
  readonly job: BackgroundJob;
  readonly recipe: Awaited<ReturnType<typeof recipeOf>>;
  /** Bytes that the program holds now, where they can be told. */
  readonly memory: (() => number) | undefined;
  /** Asks the network about some validation images; undefined where nothing is to be said about a single one. */
  readonly ask: Ask | undefined;
}

/** Share of training that asking about validation images may take. */
const MOST_ASKING = 0.05;

export function runObserver({ job, recipe, memory, ask }: Watched): Observer {
  const { batchSize } = recipe.training;
  const epochs = epochsOf(recipe);
  const first = performance.now();
  let [began, asking] = [first, 0];
  /** Milliseconds of the last whole epoch, its validation among them. */
  let lasted: number | undefined;
  let model: Model | undefined;
  const askNow = async (after: { readonly epoch?: number }): Promise<void> => {
    if (model === undefined || ask === undefined) return;
    const before = performance.now();
    job.change({ samples: { ...after, task: recipe.task.kind, answers: await ask(model) } }, true);
    asking += performance.now() - before;
  };
  return {
    onModel: (made) => {
      model = made;
    },
    onEpochBegin: (epoch) => {
      const now = performance.now();
      if (job.facts.done > 0) lasted = now - began;
      began = now;
      // A run that goes on repeats the epochs that its checkpoint does not have.
      const history = Object.entries(job.facts.history).map(([key, values]) => [key, values.slice(0, epoch)] as const);
      job.change({ epoch: epoch + 1, done: 0, history: Object.fromEntries(history) });
    },
    onBatchEnd: (batch) => {
      const { total, epoch } = job.facts;
      const done = Math.min(total, (batch + 1) * batchSize);
      const passed = Math.max(1, performance.now() - began);
      const whole = lasted ?? (passed / done) * total;
      const secondsLeft = ((epochs - epoch) * whole + Math.max(0, whole - passed)) / 1000;
      job.change({ done, rate: (done / passed) * 1000, secondsLeft });
    },
    onEpochEnd: async (epoch, logs) => {
      const history: Record<string, readonly number[]> = { ...job.facts.history };
      for (const [key, value] of Object.entries(logs)) history[key] = [...(history[key] ?? []), value];
      job.change({ history, ...(memory === undefined ? {} : { memory: memory() }) }, true);
      if (asking <= MOST_ASKING * (performance.now() - first)) await askNow({ epoch: epoch + 1 });
    },
    // Callbacks before this one have brought the best weights back.
    onTrainEnd: () => askNow({}),
    onTrained: () => job.change({ state: "evaluating" }, true),
  };
}
