// `fovea train --budget`: options of a plan become a job within a time, whose candidates tell of themselves as other runs do.
import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import { budgetJob, closeBudget, trainWithin } from "../experiment/budget/index.js";
import { findData } from "../experiment/data/index.js";
import { RunFolder } from "../experiment/run/index.js";
import { absolutePath } from "../platform/files.js";
import { baseName, joinPath } from "../platform/paths.js";
import { duration, metric } from "../report/format.js";
import { flagOf } from "./options.js";
import type { Wished } from "./plan.js";
import { conclude } from "./terminal/conclusion.js";
import { loadAndTell, tellRecipe } from "./terminal/experiment.js";
import { interruptible } from "./terminal/interrupt.js";
import type { Output } from "./terminal/output.js";
import { TrainingLines } from "./terminal/training.js";
import { limitsFrom } from "./training-memory.js";

/** Options that a budget settles by itself. */
const SETTLED = [
  ...["model", "imageSize", "color", "epochs", "batchSize", "patience", "monitor", "solver", "learningRate"],
  ...["schedule", "augment", "resume"],
] as const;

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
  if (limitsFrom(defined({ memory })).step !== undefined)
    output.say("Note: with --budget, --memory limits the memory for pixels alone, not that of training steps.");
  const paths = await findData(dir, wish.task);
  const { split, seed, mode, wish: task, classWeight, sampleWeight } = plan;
  const wished = {
    seconds: budget,
    split,
    seed,
    mode,
    data: wish,
    ...defined({ wish: task, classWeight, sampleWeight, threads }),
  };
  const job = await budgetJob(dir, wished, {
    began,
    load: (preprocessing) =>
      loadAndTell(output, paths, { preprocessing, split }, { ...wish, ...defined({ skipBad, threads, memory }) }),
  });
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
      onLeftOut: (title, reason) => output.say(`Left out: ${title}; ${reason}.`),
    }),
  );
  try {
    for (const { title, name, outcome: run } of outcome.tried) {
      const figures = Object.entries(run.metrics.val ?? {}).map(([key, value]) => `${key} ${metric(value)}`);
      output.say(`Tried: ${title}, ${name}, in ${run.folder.path}: validation ${figures.join(", ")}`);
    }
    const { best } = outcome;
    conclude(output, best.outcome, best.data);
    const spent = (performance.now() - began) / 1000;
    if (spent > budget)
      output.say(`Warning: this took ${duration(spent)}, longer than the budget of ${duration(budget)}.`);
  } finally {
    await closeBudget(outcome);
  }
}
