// `fovea train --budget`: options of a plan become a job within a time, whose candidates tell of themselves as other runs do.
import { type Command, InvalidArgumentError } from "commander";
import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import { type BudgetJob, closeBudget, loadSeconds, trainWithin } from "../experiment/budget/index.js";
import { findData, usualLook } from "../experiment/data/index.js";
import { RunFolder } from "../experiment/run/index.js";
import { TASKS } from "../experiment/tasks/index.js";
import { usualBase } from "../experiment/transfer/index.js";
import { absolutePath } from "../platform/files.js";
import { baseName, joinPath } from "../platform/paths.js";
import { hardwareThreads } from "../platform/workers.js";
import { duration, metric } from "../report/format.js";
import { flagOf } from "./options.js";
import type { Wished } from "./plan.js";
import { conclude } from "./terminal/conclusion.js";
import { loadAndTell, tellRecipe } from "./terminal/experiment.js";
import { interruptible } from "./terminal/interrupt.js";
import type { Output } from "./terminal/output.js";
import { TrainingLines } from "./terminal/training.js";

/** Options that a budget settles by itself. */
const SETTLED = [
  ...["model", "imageSize", "color", "epochs", "batchSize", "patience", "monitor", "solver", "learningRate"],
  ...["schedule", "augment", "resume"],
] as const;

const SECONDS = { s: 1, m: 60, h: 3600 } as const;
/** Shortest budget in seconds: less does not start a program and look at images. */
const SHORTEST = 5;

/** Seconds of `90s`, `2m` or `1h`. */
export function durationOption(text: string): number {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(s|m|h)$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  if (!(seconds >= SHORTEST))
    throw new InvalidArgumentError(
      `Expected a time of at least ${SHORTEST} seconds with its unit, such as 90s, 2m or 1h.`,
    );
  return seconds;
}

/** Adds `--budget`. */
export const addBudgetOption = (command: Command): Command =>
  command.option(
    "--budget <time>",
    "time for everything, such as 90s, 2m or 1h: network, size, augmentation and epochs are chosen for the images and this machine, " +
      "and a trained base is tried first (default: none)",
    durationOption,
  );

/** Options of `fovea train` that a budget reads besides the plan. */
export interface BudgetSettings {
  readonly budget: number;
  readonly out?: string;
  readonly skipBad?: true;
  readonly threads?: number;
  readonly memory?: number;
}

/**
 * Trains within a time and says which run is best.
 * @param began time at which the command began, as `performance.now()` gives it
 * @throws UsageError for options that the budget settles
 */
export async function trainInBudget(
  dir: string,
  { budget, out, skipBad, threads, memory }: BudgetSettings,
  { plan, data: wish }: Wished,
  isGiven: (name: (typeof SETTLED)[number]) => boolean,
  output: Output,
  began: number,
): Promise<void> {
  const settled = SETTLED.find(isGiven);
  if (settled !== undefined)
    throw new UsageError(`--budget chooses ${flagOf(settled)} itself; leave out one of the two`);
  const paths = await findData(dir, wish.task);
  const { split, seed, mode, wish: task, classWeight, sampleWeight } = plan;
  const kind = wish.task === undefined ? undefined : TASKS[wish.task].targetKind;
  // Annotations stand beside the folders of the parts.
  const isPlain = kind !== "masks" && kind !== "boxes";
  const job: BudgetJob = {
    wish: {
      seconds: budget,
      split,
      seed,
      mode,
      data: wish,
      ...defined({ wish: task, classWeight, sampleWeight, threads }),
    },
    look: await usualLook(isPlain ? paths.train : dir, { ...wish, asLecture: false }),
    base: await usualBase(paths.train, wish),
    loading: async (preprocessing) =>
      isPlain
        ? loadSeconds(paths, preprocessing, wish, threads ?? (await hardwareThreads()))
        : { seconds: 0, images: 0 },
    load: (preprocessing) =>
      loadAndTell(output, paths, { preprocessing, split }, { ...wish, ...defined({ skipBad, threads, memory }) }),
    left: () => budget - (performance.now() - began) / 1000,
  };
  const folder = baseName(await absolutePath(dir));
  const notice = "Stopping after this batch; the best weights so far will be saved. Press Ctrl-C again to end at once.";
  const outcome = await interruptible(output, notice, (signal) =>
    trainWithin(job, {
      pathOf: (name) =>
        out === undefined ? RunFolder.freeName(joinPath("runs", `${folder}-${name}`)) : joinPath(out, name),
      runOptions: (title, { name, recipe, data, seconds }) => {
        output.say(`Next: ${title}, ${name}, some ${duration(seconds)} of the ${duration(job.left())} left.`);
        tellRecipe(output, recipe, data);
        const observer = new TrainingLines(output, recipe.task, data.folders.train.samples.nouns[1]);
        return { signal, observer, ...defined({ threads }) };
      },
      onLeftOut: (title) => output.say(`Left out: ${title}, which does not suit these images or this time.`),
    }),
  );
  try {
    for (const { title, name, outcome: run } of outcome.tried) {
      const figures = Object.entries(run.metrics.val ?? {}).map(([key, value]) => `${key} ${metric(value)}`);
      output.say(`Tried: ${title}, ${name}, in ${run.folder.path}: validation ${figures.join(", ")}`);
    }
    const { best } = outcome;
    conclude(output, best.outcome, best.data);
  } finally {
    await closeBudget(outcome);
  }
}
