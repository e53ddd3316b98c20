// Splits that keep groups whole: all images of a claim, a writer or a patient land in one part. Images of a group in
// training make a model's figures on the rest of the group too good.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { byCodePoint } from "../../core/text-order.js";
import { RandomState } from "./mersenne-twister.js";
import { checkSeed, checkShare, type Split, type SplitOptions } from "./train-test.js";

export interface Groups {
  /** Different names in code-point order. */
  readonly names: readonly string[];
  /** The group of each sample, an index into `names`. */
  readonly indices: Int32Array;
  /** Samples of each group. */
  readonly counts: Int32Array;
}

/** Groups by the name that each sample has. */
export function groupsOf(groups: readonly string[]): Groups {
  const names = [...new Set(groups)].sort(byCodePoint);
  const places = new Map(names.map((name, i) => [name, i]));
  const indices = Int32Array.from(groups, (name) => places.get(name)!);
  const counts = new Int32Array(names.length);
  for (const group of indices) counts[group]! += 1;
  return { names, indices, counts };
}

type GroupOptions = Pick<SplitOptions, "testSize" | "randomState">;

/** The settings of a split by group. @throws FoveaError for fewer than two groups, or wrong options. */
function settingsOf(what: string, groups: readonly string[], options: GroupOptions) {
  checkOptions(what, options, ["testSize", "randomState"]);
  const { testSize = 0.2, randomState = 123 } = options;
  checkShare(testSize);
  const found = groupsOf(groups);
  if (found.names.length < 2)
    throw new FoveaError(
      "impossible-split",
      `${what}: expected at least two groups, so that one can be held out, received ${found.names.length}; split otherwise`,
    );
  return { ...found, testSize, random: new RandomState(checkSeed(randomState)) };
}

/** Both parts, indices ascending. */
function splitBy(indices: Int32Array, isHeldOut: (group: number) => boolean): Split {
  const rows = Int32Array.from(indices.keys());
  return {
    train: rows.filter((row) => !isHeldOut(indices[row]!)),
    test: rows.filter((row) => isHeldOut(indices[row]!)),
  };
}

/**
 * Holds out a share of the groups, as the first split of `sklearn.model_selection.GroupShuffleSplit` with the same
 * random_state. Where groups differ in size, the share of samples may be far from `testSize`: `groupSplit` comes nearer.
 * @param groups The group of each sample.
 * @param options Share and seed.
 * @throws FoveaError for fewer than two groups.
 * @example groupShuffleSplit(["a", "a", "b", "c"], { testSize: 0.3 }).test;
 */
export function groupShuffleSplit(groups: readonly string[], options: GroupOptions = {}): Split {
  const { names, indices, testSize, random } = settingsOf("groupShuffleSplit", groups, options);
  const held = Math.ceil(testSize * names.length);
  if (held >= names.length)
    throw new FoveaError(
      "impossible-split",
      `groupShuffleSplit: ${names.length} groups leave none to train on when ${testSize} of them are held out; hold out fewer`,
    );
  const test = new Set(random.permutation(names.length).subarray(0, held));
  return splitBy(indices, (group) => test.has(group));
}

/**
 * Holds out whole groups until `test` has as nearly as possible `testSize` of the samples: groups at random, each taken where
 * it fits, and at the end the smallest one left where that comes nearer. Deterministic; each part has a group at least.
 * @param groups The group of each sample.
 * @param options Share and seed.
 * @throws FoveaError for fewer than two groups.
 * @example groupSplit(["a", "a", "b", "c", "c"], { testSize: 0.2 }).test // the row of "b"
 */
export function groupSplit(groups: readonly string[], options: GroupOptions = {}): Split {
  const { names, indices, counts, testSize, random } = settingsOf("groupSplit", groups, options);
  const wanted = testSize * groups.length;
  const test = new Set<number>();
  let held = 0;
  const order = random.permutation(names.length);
  for (const group of order) {
    if (held + counts[group]! > wanted || test.size === names.length - 1) continue;
    test.add(group);
    held += counts[group]!;
  }
  const left = order.filter((group) => !test.has(group));
  const smallest = left.reduce((a, b) => (counts[b]! < counts[a]! ? b : a));
  const isNearer = held + counts[smallest]! - wanted < wanted - held;
  if (left.length > 1 && (test.size === 0 || isNearer)) test.add(smallest);
  return splitBy(indices, (group) => test.has(group));
}
