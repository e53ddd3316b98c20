// A study of many trials as a journal, written at once: creating them one by one would wait for the disk each time.
import { writeFile } from "node:fs/promises";
import { createStudy, randomSampler, type Trial } from "../../src/tune/index.js";
import { createStudyLine, createTrialLine } from "../../src/tune/storages/journal-log.js";
import { writePythonJson } from "../../src/tune/storages/python-json.js";

/** Six parameters of every kind. */
export function space(trial: Trial): number {
  const rate = trial.suggestFloat("rate", 1e-5, 1e-1, { log: true });
  const dropout = trial.suggestFloat("dropout", 0, 0.8, { step: 0.05 });
  const decay = trial.suggestFloat("decay", 0, 1);
  const units = trial.suggestInt("units", 4, 1024, { log: true });
  const layers = trial.suggestInt("layers", 1, 8);
  const kernel = trial.suggestCategorical("kernel", [1, 3, 5, 7]);
  return (Math.log10(rate) + 3) ** 2 + dropout + decay ** 2 + Math.abs(Math.log2(units) - 6) + layers / 8 + kernel / 7;
}

/** Complete trials with random parameters. */
export async function randomTrials(count: number) {
  const study = await createStudy({ sampler: randomSampler(), seed: 1 });
  await study.optimize(space, { trials: count });
  return study.trials;
}

/** Writes a journal with one study named "study". */
export async function writeJournal(path: string, count: number): Promise<void> {
  const trials = (await randomTrials(count)).map((trial) => createTrialLine(0, trial));
  const lines = [createStudyLine("study", ["minimize"]), ...trials];
  await writeFile(path, lines.map((line) => `${writePythonJson({ ...line, worker_id: "test" })}\n`).join(""));
}
