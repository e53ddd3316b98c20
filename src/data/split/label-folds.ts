// Folds that keep groups whole and have each label in its proportion, as nearly as the groups allow: for judging labels
// by models that learned from others. Any number of groups, labels and samples a label will do.
import { FoveaError } from "../../core/errors.js";
import { wholeNumber } from "../../core/options.js";
import { groupsOf } from "./groups.js";
import { RandomState } from "./mersenne-twister.js";
import { checkSeed } from "./train-test.js";

/**
 * The fold of each sample. Groups are dealt out in an order drawn by lot, larger ones first, each into the fold that has
 * the least share of the samples of its labels, then the fewest samples.
 * @param labels label of each sample, from 0
 * @param groups group of each sample
 * @param options.folds number of folds, at least 2; as many as groups where these are fewer
 * @param options.seed of the lot, an integer from 0 to 2^32 - 1
 * @throws FoveaError for fewer than two groups
 * @example labelFolds([0, 0, 1, 1], ["a", "b", "c", "d"], { folds: 2, seed: 0 })
 */
export function labelFolds(
  labels: ArrayLike<number>,
  groups: readonly string[],
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Int32Array {
  const { names, indices, counts } = groupsOf(groups);
  if (names.length < 2)
    throw new FoveaError(
      "impossible-split",
      `labelFolds: expected at least two groups, so that one can be held out, received ${names.length}; give images of others as well`,
    );
  const used = Math.min(wholeNumber("labelFolds folds", folds, 2), names.length);
  const lot = new RandomState(checkSeed(seed)).permutation(names.length);
  const order = [...lot].sort((a, b) => counts[b]! - counts[a]!);
  const members: number[][] = names.map(() => []);
  for (const [row, group] of indices.entries()) members[group]!.push(row);
  const total = new Map<number, number>();
  for (const row of indices.keys()) total.set(labels[row]!, (total.get(labels[row]!) ?? 0) + 1);
  const sizes = new Int32Array(used);
  const having = Array.from({ length: used }, () => new Map<number, number>());
  const foldOf = new Int32Array(labels.length);
  for (const group of order) {
    const rows = members[group]!;
    let [best, least] = [0, Infinity];
    for (let fold = 0; fold < used; fold++) {
      const same = rows.reduce(
        (sum, row) => sum + (having[fold]!.get(labels[row]!) ?? 0) / total.get(labels[row]!)!,
        0,
      );
      if (same > least || (same === least && sizes[fold]! >= sizes[best]!)) continue;
      [best, least] = [fold, same];
    }
    for (const row of rows) {
      foldOf[row] = best;
      having[best]!.set(labels[row]!, (having[best]!.get(labels[row]!) ?? 0) + 1);
    }
    sizes[best]! += rows.length;
  }
  return foldOf;
}
