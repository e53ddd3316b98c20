// Splitting samples into a training and a test (or validation) part, the same partition in the same order as
// scikit-learn's train_test_split with the same random_state. Indices only; taking the rows is the caller's work.
import { FoveaError, shown } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { RandomState } from "./mersenne-twister.js";

/** Options of splitting samples in two. */
export interface SplitOptions {
  /** The part that goes into `test`, between 0 and 1; its count is rounded up. Default 0.2. */
  readonly testSize?: number;
  /** The seed, an integer from 0 to 2^32 - 1. Default 123. */
  readonly randomState?: number;
  /** A label for each sample: every class is then split in the same proportion. Default: none. */
  readonly stratify?: ArrayLike<number>;
}

/** Indices of samples, in scikit-learn's order. */
export interface Split {
  /** Rows to train on. */
  readonly train: Int32Array;
  /** Rows to test on. */
  readonly test: Int32Array;
}

/**
 * Splits `count` samples as `sklearn.model_selection.train_test_split` does (shuffled, ShuffleSplit or, with
 * `stratify`, StratifiedShuffleSplit).
 * @throws FoveaError when a part would be empty, an option is out of range or a class has a single sample.
 * @example trainTestSplit(32206, { testSize: 0.2, randomState: 123 }).test.length // 6442
 */
export function trainTestSplit(count: number, options: SplitOptions = {}): Split {
  checkOptions("trainTestSplit", options, ["testSize", "randomState", "stratify"]);
  wholeNumber("split: number of samples", count, 0);
  const { stratify } = options;
  const { trainCount, testCount, random } = sizesOf(count, options);
  if (stratify !== undefined) return stratifiedSplit(stratify, trainCount, testCount, random);
  const order = random.permutation(count);
  return { test: order.slice(0, testCount), train: order.slice(testCount) };
}

/**
 * The stratified split also where scikit-learn refuses it: a class with a single sample keeps that in training, behind
 * the other samples, and a part may have fewer samples than there are classes. Everywhere else it is scikit-learn's.
 * @param labels The class of each sample.
 * @param options Share and seed.
 * @example proportionalSplit([0, 0, 0, 1, 1], { testSize: 0.4 }).test.length; // 2
 */
export function proportionalSplit(labels: ArrayLike<number>, options: Omit<SplitOptions, "stratify"> = {}): Split {
  checkOptions("proportionalSplit", options, ["testSize", "randomState"]);
  const counts = new Map<number, number>();
  for (const label of Array.from(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const places = Int32Array.from({ length: labels.length }, (_, at) => at);
  const single = places.filter((at) => counts.get(labels[at]!) === 1);
  const others = places.filter((at) => counts.get(labels[at]!) !== 1);
  const { trainCount, testCount, random } = sizesOf(others.length, options);
  const classes = classesOf(others.map((at) => labels[at]!));
  const { train, test } = drawn(classes, trainCount, testCount, random);
  const placed = (rows: Int32Array): Int32Array => rows.map((row) => others[row]!);
  return { train: joined(placed(train), single), test: placed(test) };
}

/** @throws FoveaError unless it lies between 0 and 1 */
export function checkShare(testSize: number): number {
  if (testSize > 0 && testSize < 1) return testSize;
  throw new FoveaError("out-of-range", `split: expected a test size between 0 and 1, received ${shown(testSize)}`);
}

/** @throws FoveaError unless it is a seed of NumPy's generator */
export function checkSeed(randomState: number): number {
  if (Number.isInteger(randomState) && randomState >= 0 && randomState <= 0xffffffff) return randomState;
  throw new FoveaError(
    "out-of-range",
    `split: expected a seed that is an integer from 0 to 4294967295, received ${shown(randomState)}`,
  );
}

/** Both, one after the other. */
function joined(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function sizesOf(count: number, { testSize = 0.2, randomState = 123 }: SplitOptions) {
  checkShare(testSize);
  checkSeed(randomState);
  const testCount = Math.ceil(testSize * count);
  const trainCount = count - testCount;
  if (trainCount < 1 || testCount < 1)
    throw new FoveaError(
      "impossible-split",
      `split: ${count} ${count === 1 ? "sample leaves" : "samples leave"} nothing to train on when ${testSize} of them are held out; add samples, or hold out fewer`,
    );
  return { trainCount, testCount, random: new RandomState(randomState) };
}

function stratifiedSplit(labels: ArrayLike<number>, trainCount: number, testCount: number, random: RandomState): Split {
  if (labels.length !== trainCount + testCount)
    throw new FoveaError(
      "length-mismatch",
      `split: expected a label for each of ${trainCount + testCount} samples to stratify by, received ${labels.length}; give all their labels`,
    );
  const classes = classesOf(labels);
  if (classes.some((members) => members.length < 2))
    throw new FoveaError(
      "impossible-split",
      "split: a class has a single sample, stratifying needs at least two of each class; add samples, or drop the class",
    );
  if (Math.min(trainCount, testCount) < classes.length)
    throw new FoveaError(
      "impossible-split",
      `split: ${trainCount} and ${testCount} samples cannot each hold all ${classes.length} classes; change the test size`,
    );
  return drawn(classes, trainCount, testCount, random);
}

/** The samples of each class, classes by their labels. */
function classesOf(labels: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const sameLabel = members.get(label);
    if (sameLabel === undefined) members.set(label, [i]);
    else sameLabel.push(i);
  }
  return [...members.keys()].sort((a, b) => a - b).map((label) => members.get(label)!);
}

/** Draws both parts from every class in its proportion. */
function drawn(
  classes: readonly (readonly number[])[],
  trainCount: number,
  testCount: number,
  random: RandomState,
): Split {
  const counts = classes.map((members) => members.length);
  const inTrain = apportion(counts, trainCount, random);
  const inTest = apportion(
    counts.map((n, i) => n - inTrain[i]!),
    testCount,
    random,
  );
  const parts = classes.map((indices, i) => {
    const shuffled = Array.from(random.permutation(indices.length), (at) => indices[at]!);
    return { train: shuffled.slice(0, inTrain[i]!), test: shuffled.slice(inTrain[i]!, inTrain[i]! + inTest[i]!) };
  });
  const train = random.shuffle(Int32Array.from(parts.flatMap((part) => part.train)));
  const test = random.shuffle(Int32Array.from(parts.flatMap((part) => part.test)));
  return { train, test };
}

/** Draws in proportion to the classes: whole parts first, then one each by largest remainder, ties by lot. */
function apportion(counts: readonly number[], draws: number, random: RandomState): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const drawn = exact.map(Math.floor);
  const remainders = exact.map((value, i) => value - drawn[i]!);
  let missing = draws - drawn.reduce((a, b) => a + b, 0);
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing === 0) break;
    const tied = [...remainders.keys()].filter((i) => remainders[i] === value);
    const lot = random.permutation(tied.length).slice(0, Math.min(tied.length, missing));
    for (const at of lot) drawn[tied[at]!]! += 1;
    missing -= lot.length;
  }
  return drawn;
}

/**
 * Throws when a class has a single image, which a split would leave in one part only.
 * @param labels the class of each image, as indices into `classNames`
 * @param classNames The names of the classes.
 * @throws FoveaError that names the classes of a single image.
 * @example checkClassesForSplit([0, 0, 1, 1], ["cat", "dog"]);
 */
export function checkClassesForSplit(labels: ArrayLike<number>, classNames: readonly string[]): void {
  const counts = new Int32Array(classNames.length);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]! += 1;
  const single = classNames.filter((_, i) => counts[i] === 1);
  if (single.length === 0) return;
  const which =
    single.length === 1
      ? `class ${single[0]} has a single image`
      : `${single.length} classes have a single image each, such as ${single[0]}`;
  throw new FoveaError(
    "impossible-split",
    `${which}; a split into training and validation needs at least two images ` +
      "of each class: add images or remove the class",
  );
}
