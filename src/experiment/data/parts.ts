// Samples that train, validate and test: those of their own folders, or a share of the training folder's, split as
// scikit-learn's train_test_split does it, plain or stratified. The rule for stratifying unasked is here too.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import {
  BOX_NUMBERS,
  checkTargetsForSplit,
  type PartName,
  proportionalSplit,
  splitIntoParts,
  type Targets,
  trainTestSplit,
} from "../../data/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { addedCount, withoutLast } from "./added-images.js";
import type { LoadedFolder } from "./loaded-folder.js";
import type { SampleNames, Samples } from "./sample-set.js";

export { PART_NAMES, type PartName } from "../../data/index.js";
export type { LoadedFolder } from "./loaded-folder.js";

/** Some samples of a folder, in an order of their own. */
export interface Part<S extends SampleNames = Samples> {
  /** All samples of the folder. */
  readonly samples: S;
  /** Targets of all samples of the folder. */
  readonly targets: Targets;
  /** Numbers of the samples that are of the part, counted from 0. */
  readonly rows: Int32Array;
  /** Weight of each sample of the folder in losses and figures; absent where all count the same. */
  readonly weight?: Float64Array | undefined;
}

/**
 * The folder that the samples of a part are of; undefined for samples of none of them.
 * @param folders of some data: `data.folders`
 * @param part of the same data: `data.parts.test`, say
 */
export const folderOfPart = <S extends SampleNames>(
  folders: Folders<S>,
  { samples }: Pick<Part<S>, "samples">,
): LoadedFolder<S> | undefined => Object.values(folders).find((folder) => folder.samples === samples);

/** Settings that hold out the parts without a folder of their own; without `stratify` and `by` the split is plain. */
export type SplitSettings = Pick<
  Recipe["split"],
  "validation" | "seed" | "stratify" | "by" | "keepCopies" | "bySource"
>;

/** The same before the images are known: `"uneven"` stratifies where a plain split would not do every class justice. */
export type SplitWish = Omit<SplitSettings, "stratify"> & {
  /** True to hold out each class in its proportion; `"uneven"` to decide by the images. Default: a plain split. */
  readonly stratify?: boolean | "uneven" | undefined;
};

/** The folders of the parts; a part without one is held out of the training folder. */
export interface Folders<S extends SampleNames = Samples> {
  readonly train: LoadedFolder<S>;
  readonly validation?: LoadedFolder<S>;
  readonly test?: LoadedFolder<S>;
}

export interface Parts<S extends SampleNames = Samples> {
  readonly parts: Readonly<Record<PartName, Part<S>>>;
  /** Settings of the split that was made. */
  readonly split: SplitSettings;
  /** Notes on the split and on the images that are held out, a sentence each. */
  readonly notes: readonly string[];
}

type Classes = Extract<Targets, { readonly kind: "classes" }>;
type HeldOut = "test" | "validation";
type Cut = Record<"train" | HeldOut, Int32Array>;

/** Names of the parts in messages. */
export const PART_WORDS: Readonly<Record<PartName, string>> = {
  train: "training",
  validation: "validation",
  test: "test",
};

/** From so many times as many images in the largest class as in the smallest, classes count as uneven. */
export const UNEVEN = 5;
/** A class gets its share of a part when it has at least this much of the images that its proportion gives it. */
const LEAST_SHARE = 0.5;

/**
 * Says which samples train, validate and test.
 *
 * With `stratify: "uneven"` the split is scikit-learn's plain one unless the largest class has at least five times as
 * many images as the smallest, or the plain split leaves some class less than half of its proportional share of a part;
 * then it is scikit-learn's stratified one (see `proportionalSplit` for what scikit-learn refuses).
 * @throws FoveaError when a class has a single image.
 */
export function partsOf<S extends SampleNames>(folders: Folders<S>, wish: SplitWish): Parts<S> {
  const count = addedCount(folders.train.samples);
  if (count === 0) return splitOf(folders, wish);
  // Images that a journal has added train, and change nothing about how the others are split.
  const { train: whole } = folders;
  const before = withoutLast(whole, count);
  const made = splitOf({ ...folders, train: before }, wish);
  const added = Int32Array.from({ length: count }, (_, i) => before.samples.files.length + i);
  const within = (part: Part<S>, more = new Int32Array(0)): Part<S> =>
    part.samples === before.samples ? partIn(whole, Int32Array.from([...part.rows, ...more])) : part;
  const { train, validation, test } = made.parts;
  return { ...made, parts: { train: within(train, added), validation: within(validation), test: within(test) } };
}

function splitOf<S extends SampleNames>(folders: Folders<S>, wish: SplitWish): Parts<S> {
  const { train } = folders;
  const goesByColumns = train.split !== undefined || train.group !== undefined || wish.by !== undefined;
  return goesByColumns || wish.keepCopies ? partsByColumns(folders, wish) : partsByFolders(folders, wish);
}

/** A folder's samples at some rows. */
const partIn = <S extends SampleNames>({ samples, targets, weight }: LoadedFolder<S>, rows: Int32Array): Part<S> => ({
  samples,
  targets,
  rows,
  ...defined({ weight }),
});

function partsByFolders<S extends SampleNames>({ train, validation, test }: Folders<S>, wish: SplitWish): Parts<S> {
  const { validation: share, seed } = wish;
  // Testing comes first: it must not depend on whether anything validates.
  const held: HeldOut[] = [...(test ? [] : (["test"] as const)), ...(validation ? [] : (["validation"] as const))];
  if (held.length > 0) checkTargetsForSplit(train.path, train.targets);
  const { cut, stratified, reason } = decide(train, held, wish);
  const part = (name: HeldOut, folder: LoadedFolder<S> | undefined): Part<S> =>
    folder ? partIn(folder, allRows(folder.samples)) : partIn(train, cut[name]);
  return {
    parts: { train: partIn(train, cut.train), validation: part("validation", validation), test: part("test", test) },
    split: { validation: share, seed, ...(stratified && { stratify: true }) },
    notes: [
      ...(validation && !test
        ? [`the folder ${validation.name} chooses the best epoch, so its figures are no test`]
        : []),
      ...notesOn(held, cut, train, wish),
      ...(stratified && wish.stratify === true
        ? ["the split is stratified: each class is held out in its proportion"]
        : []),
      ...(stratified && reason
        ? [`the split is stratified, because ${reason}; --no-stratify keeps the plain one`]
        : []),
    ],
  };
}

/** Deeds of the images of a part. */
const PART_DEEDS = { validation: "validate", test: "test" } as const;

/** Sentences on a way of splitting, by its name. */
const BY_WORDS = {
  random: "at random",
  stratified: "each class in its proportion",
  group: "groups whole",
  date: "the latest",
} as const;

/** The parts that a source itself names: those that no share was held out for. */
export function namedParts(heldOut: readonly PartName[]): Pick<SplitSettings, "bySource"> {
  const bySource = (["validation", "test"] as const).filter((part) => !heldOut.includes(part));
  return bySource.length > 0 ? { bySource } : {};
}

/** Parts of one source whose columns say where images belong, or what must stay together. */
function partsByColumns<S extends SampleNames>({ train, validation, test }: Folders<S>, wish: SplitWish): Parts<S> {
  const { path, samples, targets, split, group, date } = train;
  if (validation !== undefined || test !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `${path}: a split by ${wish.by ?? "columns"} needs all ${samples.nouns[1]} in one source, and there is a folder for a part; ` +
        "leave out --split-by, or give one manifest",
    );
  const labels = targets.kind === "classes" ? targets.indices : undefined;
  const stratify = wish.stratify === true;
  const by = wish.by ?? (stratify ? "stratified" : undefined);
  checkTargetsForSplit(path, targets);
  const made = splitIntoParts(
    {
      where: path,
      count: samples.files.length,
      ...defined({ hashes: samples.hashes, labels, split, group, date }),
    },
    { share: wish.validation, seed: wish.seed, ...defined({ by, keepsCopies: wish.keepCopies }) },
  );
  const { rows, heldOut } = made;
  const groups = group === undefined ? "" : ` (${new Set(group).size} groups)`;
  const named = namedParts(heldOut);
  return {
    parts: {
      train: partIn(train, rows.train),
      validation: partIn(train, rows.validation),
      test: partIn(train, rows.test),
    },
    split: {
      validation: wish.validation,
      seed: wish.seed,
      ...(made.by === "stratified" && { stratify: true }),
      ...(made.by === "group" || made.by === "date" || group !== undefined
        ? { by: made.by === "stratified" ? ("random" as const) : made.by }
        : {}),
      ...defined({ keepCopies: wish.keepCopies }),
      ...named,
    },
    notes: [
      ...(named.bySource
        ? [`the data say which ${samples.nouns[1]} ${named.bySource.map((part) => PART_DEEDS[part]).join(" and ")}`]
        : []),
      ...heldOut.map(
        (part) =>
          `${rows[part].length} of ${samples.files.length} ${samples.nouns[1]} are held out for ${part === "test" ? "testing" : part}: ` +
          `${BY_WORDS[made.by]}${made.by === "group" ? groups : ""}, share ${wish.validation}, random state ${wish.seed}`,
      ),
    ],
  };
}

function decide(
  folder: LoadedFolder<SampleNames>,
  held: readonly HeldOut[],
  wish: SplitWish,
): { readonly cut: Cut; readonly stratified: boolean; readonly reason?: string } {
  const { samples, targets } = folder;
  const [, nouns] = samples.nouns;
  const count = samples.files.length;
  if (targets.kind !== "classes") {
    if (wish.stratify === true)
      throw new FoveaError(
        "unsuited-option",
        `${folder.path}: a stratified split keeps classes in proportion, and these ${nouns} have none; leave out --stratify`,
      );
    return { cut: cutOff(count, undefined, held, wish), stratified: false };
  }
  const { indices } = targets;
  if (held.length === 0 || wish.stratify === undefined || wish.stratify === false)
    return { cut: cutOff(count, undefined, held, wish), stratified: false };
  if (wish.stratify === true) return { cut: cutOff(count, indices, held, wish), stratified: true };
  const plain = cutOff(count, undefined, held, wish);
  const reason = unevenness(targets, held, plain, nouns);
  if (reason === undefined) return { cut: plain, stratified: false };
  return { cut: cutOff(count, indices, held, wish), stratified: true, reason };
}

/** Holds out one part after the other, each of what is left; in the proportion of `labels` where there are some. */
function cutOff(
  count: number,
  labels: Int32Array | undefined,
  held: readonly HeldOut[],
  { validation: testSize, seed: randomState }: SplitWish,
): Cut {
  const none = new Int32Array(0);
  const cut: Cut = { train: Int32Array.from({ length: count }, (_, row) => row), validation: none, test: none };
  for (const name of held) {
    const how = { testSize, randomState };
    const { train, test } = labels
      ? proportionalSplit(pick(labels, cut.train), how)
      : trainTestSplit(cut.train.length, how);
    const rows = cut.train;
    cut[name] = pick(rows, test);
    cut.train = pick(rows, train);
  }
  return cut;
}

/** Reason for a stratified split; undefined where classes are even and each gets its share of the plain one. */
function unevenness(targets: Classes, held: readonly HeldOut[], cut: Cut, nouns: string): string | undefined {
  const { classNames, indices } = targets;
  const all = indices.length;
  const totals = countsOf(
    targets,
    Int32Array.from(indices, (_, row) => row),
  )!;
  const least = totals.indexOf(totals.reduce((a, b) => Math.min(a, b)));
  const most = totals.indexOf(totals.reduce((a, b) => Math.max(a, b)));
  if (totals[most]! >= UNEVEN * totals[least]!)
    return `classes are uneven (${classNames[least]} has ${totals[least]} ${nouns}, ${classNames[most]} ${totals[most]})`;
  for (const name of ["train", ...held] as const) {
    const counts = countsOf(targets, cut[name])!;
    const share = cut[name].length / all;
    const short = counts.findIndex((count, k) => count < LEAST_SHARE * share * totals[k]!);
    if (short >= 0)
      return (
        `a plain one would give ${classNames[short]} ${counts[short]} of its ${totals[short]} ${nouns} for ` +
        `${PART_WORDS[name]}`
      );
  }
  return undefined;
}

function notesOn(
  held: readonly HeldOut[],
  cut: Cut,
  { name: folder, samples }: LoadedFolder<SampleNames>,
  { validation: share, seed }: SplitWish,
): string[] {
  const [, nouns] = samples.nouns;
  let left = samples.files.length;
  return held.map((name) => {
    const why =
      name === "test" && samples.hasFolders ? "there is no Test folder" : `split ${share} with random state ${seed}`;
    const note = `${why}: ${cut[name].length} of ${left} ${nouns}${held.length === 1 && name === "test" ? ` of ${folder}` : ""} are held out for ${name === "test" ? "testing" : name}`;
    left -= cut[name].length;
    return note;
  });
}

/** Samples of a source that are judged, where it divides them itself. */
export interface JudgedRows {
  readonly part: "test" | "validation";
  readonly rows: Int32Array;
}

/** The test samples of a source that divides its samples itself, or else its validation samples; undefined where it has neither. */
export function judgedRows(split: LoadedFolder["split"]): JudgedRows | undefined {
  for (const part of ["test", "validation"] as const) {
    const rows = Int32Array.from((split ?? []).flatMap((name, row) => (name === part ? [row] : [])));
    if (rows.length > 0) return { part, rows };
  }
  return undefined;
}

/** A sentence on the samples of a source that are judged. */
export const judgedNote = (
  { part, rows }: JudgedRows,
  { nouns, files }: Pick<Samples, "nouns" | "files">,
  path: string,
): string =>
  `Of the ${files.length} ${nouns[1]} of ${path}, the ${rows.length} of its ${PART_WORDS[part]} part are judged`;

/** Numbers of all samples of a folder. */
export const allRows = ({ files }: Pick<SampleNames, "files">): Int32Array => Int32Array.from(files, (_, row) => row);
export const pick = (values: Int32Array, places: Int32Array): Int32Array => places.map((index) => values[index]!);

/** Number of samples of each class or label among some rows; undefined where targets are numbers. */
export function countsOf(targets: Targets, rows: Int32Array): Int32Array | undefined {
  if (targets.kind === "numbers") return undefined;
  if (targets.kind === "classes") {
    const counts = new Int32Array(targets.classNames.length);
    for (const row of rows) counts[targets.indices[row]!]! += 1;
    return counts;
  }
  if (targets.kind === "masks") return imagesPerClass(targets, rows);
  if (targets.kind === "boxes") return imagesWithClass(targets, rows);
  const { labelNames, values } = targets;
  const counts = new Int32Array(labelNames.length);
  for (const row of rows) for (const label of counts.keys()) counts[label]! += values[row * labelNames.length + label]!;
  return counts;
}

/** Number of images whose masks have a pixel of each class. */
function imagesPerClass(
  { classNames, height, width, values }: Extract<Targets, { readonly kind: "masks" }>,
  rows: Int32Array,
): Int32Array {
  const counts = new Int32Array(classNames.length);
  const size = height * width;
  for (const row of rows) {
    const seen = new Uint8Array(256);
    for (let at = row * size; at < (row + 1) * size; at++) seen[values[at]!] = 1;
    for (const k of counts.keys()) counts[k]! += seen[k]!;
  }
  return counts;
}

/** Number of images that have an object of each class. */
function imagesWithClass(
  { classNames, most, values }: Extract<Targets, { readonly kind: "boxes" }>,
  rows: Int32Array,
): Int32Array {
  const counts = new Int32Array(classNames.length);
  for (const row of rows) {
    const labels = Array.from({ length: most }, (_, i) => values[(row * most + i) * BOX_NUMBERS]!);
    for (const label of new Set(labels)) if (label >= 0) counts[label]! += 1;
  }
  return counts;
}

/**
 * Names of classes, labels or targets, in the order of a model's outputs.
 * @param targets of some data: `data.folders.train.targets`
 * @example namesOf({ kind: "classes", classNames: ["cat", "dog"], indices: Int32Array.of(1, 0) }) // ["cat", "dog"]
 */
export function namesOf(targets: Targets): readonly string[] {
  if (targets.kind === "classes" || targets.kind === "masks" || targets.kind === "boxes") return targets.classNames;
  return targets.kind === "labels" ? targets.labelNames : targets.names;
}
