// Images that train, validate and test: those of their own folders, or a share of the training folder's, split as
// scikit-learn's train_test_split does it, plain or stratified. The rule for stratifying unasked is here too.
import { checkClassesForSplit, type ImageDataset, proportionalSplit, trainTestSplit } from "../../data/index.js";
import type { Recipe } from "../../formats/run/recipe.js";

export const PART_NAMES = ["train", "validation", "test"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** Some images of a folder, in an order of their own. */
export interface Part {
  readonly images: ImageDataset;
  readonly rows: Int32Array;
}

/** Settings that hold out the parts without a folder of their own; without `stratify` the split is plain. */
export type SplitSettings = Pick<Recipe["split"], "validation" | "seed" | "stratify">;

/** The same before the images are known: `"uneven"` stratifies where a plain split would not do every class justice. */
export type SplitWish = Omit<SplitSettings, "stratify"> & { readonly stratify?: boolean | "uneven" | undefined };

/** A folder of images as it is on disk. */
export interface LoadedFolder {
  readonly name: string;
  readonly path: string;
  readonly images: ImageDataset;
}

/** The folders of the parts; a part without one is held out of the training folder. */
export interface Folders {
  readonly train: LoadedFolder;
  readonly validation?: LoadedFolder;
  readonly test?: LoadedFolder;
}

export interface Parts {
  readonly parts: Readonly<Record<PartName, Part>>;
  /** Settings of the split that was made. */
  readonly split: SplitSettings;
  /** Notes on the split and on the images that are held out, a sentence each. */
  readonly notes: readonly string[];
}

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
 * Says which images train, validate and test.
 *
 * With `stratify: "uneven"` the split is scikit-learn's plain one unless the largest class has at least five times as
 * many images as the smallest, or the plain split leaves some class less than half of its proportional share of a part;
 * then it is scikit-learn's stratified one (see `proportionalSplit` for what scikit-learn refuses).
 * @throws FoveaError when a class has a single image.
 */
export function partsOf({ train, validation, test }: Folders, wish: SplitWish): Parts {
  const { images } = train;
  const { validation: share, seed } = wish;
  // Testing comes first: it must not depend on whether anything validates.
  const held: HeldOut[] = [...(test ? [] : (["test"] as const)), ...(validation ? [] : (["validation"] as const))];
  if (held.length > 0) checkClassesForSplit(images.y.data, images.classNames);
  const { cut, stratified, reason } = decide(images, held, wish);
  const part = (name: HeldOut, folder: LoadedFolder | undefined): Part =>
    folder ? { images: folder.images, rows: allRows(folder.images) } : { images, rows: cut[name] };
  const split = { validation: share, seed, ...(stratified && { stratify: true }) };
  return {
    parts: { train: { images, rows: cut.train }, validation: part("validation", validation), test: part("test", test) },
    split,
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

function decide(
  images: ImageDataset,
  held: readonly HeldOut[],
  wish: SplitWish,
): { readonly cut: Cut; readonly stratified: boolean; readonly reason?: string } {
  if (held.length === 0 || wish.stratify === undefined || wish.stratify === false)
    return { cut: cutOff(images, held, wish, false), stratified: false };
  if (wish.stratify === true) return { cut: cutOff(images, held, wish, true), stratified: true };
  const plain = cutOff(images, held, wish, false);
  const reason = unevenness(images, held, plain);
  if (reason === undefined) return { cut: plain, stratified: false };
  return { cut: cutOff(images, held, wish, true), stratified: true, reason };
}

/** Holds out one part after the other, each of what is left. */
function cutOff(
  { y }: ImageDataset,
  held: readonly HeldOut[],
  { validation: testSize, seed: randomState }: SplitWish,
  stratified: boolean,
): Cut {
  const none = new Int32Array(0);
  const cut: Cut = { train: y.data.map((_, row) => row), validation: none, test: none };
  for (const name of held) {
    const how = { testSize, randomState };
    const { train, test } = stratified
      ? proportionalSplit(pick(y.data, cut.train), how)
      : trainTestSplit(cut.train.length, how);
    const rows = cut.train;
    cut[name] = pick(rows, test);
    cut.train = pick(rows, train);
  }
  return cut;
}

/** Reason for a stratified split; undefined where classes are even and each gets its share of the plain one. */
function unevenness(images: ImageDataset, held: readonly HeldOut[], cut: Cut): string | undefined {
  const { classNames } = images;
  const all = allRows(images);
  const totals = countsOf(images, all, classNames.length);
  const least = totals.indexOf(totals.reduce((a, b) => Math.min(a, b)));
  const most = totals.indexOf(totals.reduce((a, b) => Math.max(a, b)));
  if (totals[most]! >= UNEVEN * totals[least]!)
    return `classes are uneven (${classNames[least]} has ${totals[least]} images, ${classNames[most]} ${totals[most]})`;
  for (const name of ["train", ...held] as const) {
    const counts = countsOf(images, cut[name], classNames.length);
    const share = cut[name].length / all.length;
    const short = counts.findIndex((count, k) => count < LEAST_SHARE * share * totals[k]!);
    if (short >= 0)
      return (
        `a plain one would give ${classNames[short]} ${counts[short]} of its ${totals[short]} images for ` +
        `${PART_WORDS[name]}`
      );
  }
  return undefined;
}

function notesOn(
  held: readonly HeldOut[],
  cut: Cut,
  { name: folder, images }: LoadedFolder,
  { validation: share, seed }: SplitWish,
): string[] {
  let left = images.files.length;
  return held.map((name) => {
    const why = name === "test" ? "there is no Test folder" : `split ${share} with random state ${seed}`;
    const note = `${why}: ${cut[name].length} of ${left} images${held.length === 1 && name === "test" ? ` of ${folder}` : ""} are held out for ${name === "test" ? "testing" : name}`;
    left -= cut[name].length;
    return note;
  });
}

export const allRows = ({ y }: Pick<ImageDataset, "y">): Int32Array => Int32Array.from(y.data, (_, row) => row);
export const pick = (values: Int32Array, places: Int32Array): Int32Array => places.map((place) => values[place]!);

/** The number of images of each class among some rows. */
export function countsOf(
  { y }: { readonly y: { readonly data: Int32Array } },
  rows: Int32Array,
  classes: number,
): Int32Array {
  const counts = new Int32Array(classes);
  for (const row of rows) counts[y.data[row]!]! += 1;
  return counts;
}
