// The parts of a data set. Parts that the data bring along are kept; the others are held out of the training images, at
// random as scikit-learn does it, in each class's proportion, by group or by date.
import { FoveaError, oneOf } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { counted } from "../messages.js";
import { dateSplit } from "./by-date.js";
import { copiesTogether } from "./copies-together.js";
import { checkGroupsWhole } from "./given.js";
import { groupSplit } from "./groups.js";
import { PART_NAMES, type PartName } from "./part-name.js";
import { checkShare, proportionalSplit, type Split, trainTestSplit } from "./train-test.js";

/** The rules by which data is split. */
export const SPLIT_WAYS = ["random", "stratified", "group", "date"] as const;
/** One of `SPLIT_WAYS`. */
export type SplitBy = (typeof SPLIT_WAYS)[number];

/** Facts that a split goes by; only `where` and `count` are needed for a random one. */
export interface SplitInput {
  /** Name of the source in messages. */
  readonly where: string;
  /** Number of images. */
  readonly count: number;
  /** Class of each image, for a stratified split. */
  readonly labels?: ArrayLike<number>;
  /** Parts that the data bring along; undefined for an image that they leave open. */
  readonly split?: readonly (PartName | undefined)[];
  /** The group of each image. */
  readonly group?: readonly string[];
  /** ISO 8601. */
  readonly date?: readonly string[];
  /** SHA-256 of each image, to keep copies together. */
  readonly hashes?: readonly string[];
}

/** Options of `splitIntoParts`. */
export interface PartsOptions {
  /** The rule of the split. Default: by group where the data have groups, else random. */
  readonly by?: SplitBy;
  /** Share that is held out for testing, and then of the rest for validation. Default 0.2. */
  readonly share?: number;
  /** The seed, an integer from 0 to 2^32 - 1. Default 123. */
  readonly seed?: number;
  /** Keeps images with the same bytes in one part: they count as one group. Needs `hashes`. Default false. */
  readonly keepsCopies?: boolean;
}

/** The parts of data. */
export interface SplitIntoParts {
  /** Rows of the images of each part. */
  readonly rows: Readonly<Record<PartName, Int32Array>>;
  /** The way of splitting. */
  readonly by: SplitBy;
  /** The parts that are held out of the training images and not brought along by the data. */
  readonly heldOut: readonly PartName[];
}

/**
 * Puts images into parts. Images that the data put into a part stay there; a part that no image is put into is held out
 * of the rest, testing first.
 * @param facts The facts that the split goes by.
 * @throws FoveaError for a single image, a group in two parts, a way of splitting that the data lack the column for, or
 * data that bring no training images along.
 * @example splitIntoParts({ where: "claims.csv", count: 5, group: ["a", "a", "b", "c", "c"] }).rows.test
 */
export function splitIntoParts(facts: SplitInput, options: PartsOptions = {}): SplitIntoParts {
  checkOptions("splitIntoParts", options, ["by", "share", "seed", "keepsCopies"]);
  const { where, count, split, group } = facts;
  if (count < 2)
    throw new FoveaError(
      "impossible-split",
      `${where}: ${counted(count, "image")} cannot be split; expected at least two, one to train and one to judge by`,
    );
  if (split !== undefined && group !== undefined) checkGroupsWhole(where, split, group);
  const share = checkShare(options.share ?? 0.2);
  const wanted = oneOf("split by", options.by ?? (group ? "group" : "random"), SPLIT_WAYS);
  const cutFacts = options.keepsCopies ? { ...facts, group: copiesAsGroups(facts, wanted) } : facts;
  const by = options.keepsCopies && wanted === "random" ? "group" : wanted;
  const put = (part: PartName): Int32Array =>
    Int32Array.from({ length: count }, (_, row) => row).filter((row) => (split?.[row] ?? "train") === part);
  const rows = { train: put("train"), validation: put("validation"), test: put("test") };
  if (rows.train.length === 0)
    throw new FoveaError(
      "impossible-split",
      `${where}: its split has no training images; put some into train, or leave the column out`,
    );
  const heldOut = (["test", "validation"] as const).filter((part) => rows[part].length === 0);
  if (by === "group") {
    const groups = new Set(Array.from(rows.train, (row) => cutFacts.group?.[row])).size;
    if (cutFacts.group !== undefined && groups <= heldOut.length)
      throw new FoveaError("impossible-split", tooFewGroups(where, groups, heldOut.length + 1, options));
  }
  for (const part of heldOut) {
    const cut = cutOff(cutFacts, rows.train, by, share, options.seed ?? 123);
    const from = rows.train;
    rows[part] = cut.test.map((at) => from[at]!);
    rows.train = cut.train.map((at) => from[at]!);
  }
  return { rows, by, heldOut: PART_NAMES.filter((part) => heldOut.some((held) => held === part)) };
}

/** Sentence for fewer groups than parts that need one. */
function tooFewGroups(where: string, found: number, needed: number, { keepsCopies }: PartsOptions): string {
  const what = keepsCopies ? "copies and groups together" : "groups whole";
  return (
    `${where}: a split that keeps ${what} needs at least ${needed} groups, one to train and one for each part that is held out, ` +
    `and there ${found === 1 ? "is one" : `are ${found}`}; add images of other groups, or split otherwise (--split-by)`
  );
}

/** Groups of images with their copies. @throws FoveaError without hashes, or where the split cannot keep groups. */
function copiesAsGroups({ where, hashes, group }: SplitInput, by: SplitBy): readonly string[] {
  if (hashes === undefined)
    throw new FoveaError("missing-option", `${where}: copies are kept together by hashes; pass those of the images`);
  if (by === "stratified" || by === "date")
    throw new FoveaError(
      "conflicting-options",
      `${where}: a split by ${by === "date" ? "date" : "class"} cannot keep copies together as well; split at random or by group`,
    );
  return copiesTogether(hashes, by === "group" ? group : undefined);
}

/** Holds a share out of some rows; the result are places among these. */
function cutOff(facts: SplitInput, rows: Int32Array, by: SplitBy, testSize: number, randomState: number): Split {
  const { where, labels, group, date } = facts;
  const of = <T>(values: ArrayLike<T>): T[] => Array.from(rows, (row) => values[row]!);
  const needed = <T>(values: T | undefined, what: string): T => {
    if (values !== undefined) return values;
    throw new FoveaError(
      "impossible-split",
      `${where}: a split by ${by} needs ${what}, which the data lack; add it, or choose another --split-by`,
    );
  };
  const how = { testSize, randomState };
  const ways: Readonly<Record<SplitBy, () => Split>> = {
    random: () => trainTestSplit(rows.length, how),
    stratified: () => proportionalSplit(of(needed(labels, "the class of every image")), how),
    group: () => groupSplit(of(needed(group, "a group column")), how),
    date: () => dateSplit(of(needed(date, "a date column")), { testSize }),
  };
  return ways[by]();
}
