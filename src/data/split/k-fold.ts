// k-fold partitions, plain, stratified and by group, the same as scikit-learn's KFold, StratifiedKFold and GroupKFold with
// the same random_state: every sample is in the test part of one fold.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, flag, wholeNumber } from "../../core/options.js";
import { groupsOf } from "./groups.js";
import { RandomState } from "./mersenne-twister.js";
import { checkSeed, type Split } from "./train-test.js";

/** Options of k folds. */
export interface KFoldOptions {
  /** Number of folds, at least 2. Default 5, scikit-learn's n_splits. */
  readonly folds?: number;
  /** True to divide the samples at random and not in their order. Default false. */
  readonly shuffle?: boolean;
  /** The seed of the lot, an integer from 0 to 2^32 - 1. Default 123. */
  readonly randomState?: number;
}

interface Settings {
  readonly folds: number;
  readonly random: RandomState | undefined;
}

function settingsOf(what: string, options: KFoldOptions): Settings {
  checkOptions(what, options, ["folds", "shuffle", "randomState"]);
  const folds = wholeNumber(`${what} folds`, options.folds ?? 5, 2);
  const seed = checkSeed(options.randomState ?? 123);
  return { folds, random: flag(`${what} shuffle`, options.shuffle, false) ? new RandomState(seed) : undefined };
}

/** The folds in which each sample, by its fold, is tested once; indices ascend. */
function splitsOf(foldOf: Int32Array, folds: number): Split[] {
  const rows = Int32Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    test: rows.filter((row) => foldOf[row] === fold),
  }));
}

/** The fold of each place when `count` places are dealt out in blocks, the first ones longer by one. */
function blocks(count: number, folds: number): Int32Array {
  const short = Math.floor(count / folds);
  const longer = (count % folds) * (short + 1);
  return Int32Array.from({ length: count }, (_, at) =>
    at < longer ? Math.floor(at / (short + 1)) : (count % folds) + Math.floor((at - longer) / short),
  );
}

/**
 * k folds of `count` samples, as `sklearn.model_selection.KFold`.
 * @throws FoveaError for fewer samples than folds.
 * @example kFold(10, { folds: 5 })[0].test // [0, 1]
 */
export function kFold(count: number, options: KFoldOptions = {}): Split[] {
  const { folds, random } = settingsOf("kFold", options);
  wholeNumber("kFold: number of samples", count, 0);
  if (folds > count)
    throw new FoveaError(
      "impossible-split",
      `kFold: ${folds} folds need at least as many samples, received ${count}; use fewer`,
    );
  const order = random ? random.permutation(count) : Int32Array.from({ length: count }, (_, i) => i);
  const foldOf = new Int32Array(count);
  for (const [at, fold] of blocks(count, folds).entries()) foldOf[order[at]!] = fold;
  return splitsOf(foldOf, folds);
}

/**
 * k folds with each class in its proportion, as `sklearn.model_selection.StratifiedKFold`.
 * @param labels the class of each sample
 * @throws FoveaError where no class has as many samples as there are folds.
 * @example stratifiedKFold([0, 0, 1, 1], { folds: 2 }).length; // 2
 */
export function stratifiedKFold(labels: ArrayLike<number>, options: KFoldOptions = {}): Split[] {
  const { folds, random } = settingsOf("stratifiedKFold", options);
  const members = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const known = members.get(labels[row]!);
    if (known === undefined) members.set(labels[row]!, [row]);
    else known.push(row);
  }
  const most = [...members.values()].reduce((largest, { length }) => Math.max(largest, length), 0);
  if (folds > most)
    throw new FoveaError(
      "impossible-split",
      `stratifiedKFold: ${folds} folds need a class with as many samples, the largest has ${most}; use fewer`,
    );
  const foldOf = new Int32Array(labels.length);
  let dealt = 0;
  // Classes come in the order of their first sample; folds are dealt round over the classes one after the other.
  for (const rows of members.values()) {
    const counts = new Int32Array(folds);
    for (let i = 0; i < rows.length; i++) counts[(dealt + i) % folds]! += 1;
    dealt += rows.length;
    const dealtOut = Int32Array.from([...counts].flatMap((count, fold) => new Array<number>(count).fill(fold)));
    random?.shuffle(dealtOut);
    for (const [i, row] of rows.entries()) foldOf[row] = dealtOut[i]!;
  }
  return splitsOf(foldOf, folds);
}

/**
 * k folds in which no group straddles training and test, as `sklearn.model_selection.GroupKFold`: without `shuffle` the
 * largest groups first, each into the fold with the fewest samples; with it groups at random, as many in each fold.
 * @param groups the group of each sample
 * @throws FoveaError for fewer groups than folds.
 * @example groupKFold(["a", "a", "b", "c"], { folds: 2 }).length; // 2
 */
export function groupKFold(groups: readonly string[], options: KFoldOptions = {}): Split[] {
  const { folds, random } = settingsOf("groupKFold", options);
  const { names, indices, counts } = groupsOf(groups);
  if (folds > names.length)
    throw new FoveaError(
      "impossible-split",
      `groupKFold: ${folds} folds need at least as many groups, received ${names.length}; use fewer`,
    );
  const foldOfGroup = new Int32Array(names.length);
  if (random) {
    const order = random.permutation(names.length);
    for (const [at, fold] of blocks(names.length, folds).entries()) foldOfGroup[order[at]!] = fold;
  } else {
    const loads = new Array<number>(folds).fill(0);
    const bySize = [...names.keys()].sort((a, b) => counts[b]! - counts[a]! || b - a);
    for (const group of bySize) {
      const lightest = loads.indexOf(loads.reduce((a, b) => Math.min(a, b)));
      loads[lightest]! += counts[group]!;
      foldOfGroup[group] = lightest;
    }
  }
  return splitsOf(
    indices.map((group) => foldOfGroup[group]!),
    folds,
  );
}
