// Compares our samplers with the real Optuna's on the functions of tools/tune-functions.ts: 100 trials for each of 50
// seeds, one-sided Wilcoxon tests. Usage: node dist/tools/compare-tpe.js [SEEDS]. Exit code 1 when ours is worse.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { wilcoxonGreater } from "../src/core/statistics/wilcoxon.js";
import { median } from "../src/experiment/models/benchmark.js";
import { createStudy, randomSampler, type Sampler, tpeSampler } from "../src/tune/index.js";
import { FUNCTIONS } from "./tune-functions.js";

interface Reference {
  readonly optuna: string;
  readonly trials: number;
  readonly best: Record<string, Record<string, number[]>>;
}

const SIGNIFICANT = 0.05;

export const reference = JSON.parse(
  readFileSync(new URL("../../test/tune/fixtures/optuna-best.json", import.meta.url), "utf8"),
) as Reference;

/** The best values of so many studies, one for each seed. */
export async function bestValues(name: string, sampler: () => Sampler, seeds: number): Promise<number[]> {
  const values: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const study = await createStudy({ sampler: sampler(), seed });
    await study.optimize(FUNCTIONS[name]!, { trials: reference.trials });
    values.push(study.bestValue);
  }
  return values;
}

/** Probability that a is so much worse (larger) than b by chance alone: below 0.05 it is worse. */
export const chanceOfWorse = (a: readonly number[], b: readonly number[]): number =>
  wilcoxonGreater(a.map((value, i) => value - b[i]!));

async function main(seeds: number): Promise<boolean> {
  let fine = true;
  console.log(
    `ours against Optuna ${reference.optuna}, ${reference.trials} trials, ${seeds} seeds: median best values`,
  );
  console.log("function      theirs      ours        p(worse)  random      p(not better than random)");
  for (const name of Object.keys(FUNCTIONS)) {
    const { tpe, random } = reference.best[name] as { tpe: number[]; random: number[] };
    const ours = await bestValues(name, tpeSampler, seeds);
    const ourRandom = await bestValues(name, randomSampler, seeds);
    const worse = chanceOfWorse(ours, tpe.slice(0, seeds));
    const better = chanceOfWorse(ourRandom, ours);
    const cells = [median(tpe.slice(0, seeds)), median(ours), worse, median(random.slice(0, seeds)), better];
    console.log(name.padEnd(14) + cells.map((cell) => cell.toPrecision(4).padEnd(12)).join(""));
    fine &&= worse >= SIGNIFICANT && better < SIGNIFICANT;
  }
  return fine;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fine = await main(Number(process.argv[2] ?? 50));
  console.log(
    fine ? "not worse anywhere, and better than random everywhere" : "worse somewhere, or no better than random",
  );
  process.exitCode = fine ? 0 : 1;
}
