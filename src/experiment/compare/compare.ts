// Runs beside each other: figures with their intervals, and each run held against the first.
import { FoveaError } from "../../core/errors.js";
import { holm } from "../../core/statistics/index.js";
import { VERSION } from "../../core/version.js";
import type { ComparisonFacts } from "../../report/comparison-facts.js";
import type { FolderOptions } from "../run/folder.js";
import { comparedRun, figuresOf } from "./compared-run.js";
import { comparedPair } from "./pair.js";

/**
 * Compares runs that have ended. Which is better is asked on the images that both were tested on, by McNemar's exact test and
 * the bootstrap of the paired differences (by group where there are groups); with several comparisons p counts them all (Holm).
 * @param paths folders of at least two runs; each is held against the first
 * @throws FoveaError for fewer, and for one that has not ended
 * @example (await compareRuns(["runs/pets", "runs/pets"])).pairs[0].verdict; // "they are equally good on ..."
 */
export async function compareRuns(paths: readonly string[], options: FolderOptions = {}): Promise<ComparisonFacts> {
  if (paths.length < 2)
    throw new FoveaError(
      "empty-input",
      `compareRuns: expected at least two runs, received ${paths.length}; name another`,
    );
  const runs = [];
  for (const path of paths) runs.push(await comparedRun(path, options));
  const [first, ...others] = runs;
  const pairs = others.map((run) => comparedPair(first!, run));
  const tested = pairs.filter(({ mcnemar }) => mcnemar !== undefined);
  const adjusted = holm(tested.map(({ mcnemar }) => mcnemar!.pValue));
  return {
    createdBy: `Fovea ${VERSION}`,
    runs: runs.map((run, at) => ({
      name: run.path,
      task: run.recipe.task.kind,
      tested: at === 0 ? pairs[0]!.tested[0] : pairs[at - 1]!.tested[1],
      figures: figuresOf(run).map(({ direction: _, ...figure }) => figure),
    })),
    pairs: pairs.map((pair) =>
      pair.mcnemar === undefined || tested.length < 2
        ? pair
        : { ...pair, mcnemar: { ...pair.mcnemar, adjusted: adjusted[tested.indexOf(pair)]! } },
    ),
  };
}
