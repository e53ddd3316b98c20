// Wrong labels that `fovea health` finds, and the accuracy that mending them wins back. A label journal flips 5, 10 and
// 20 % of a training set's labels at random, the check "labels" judges the set, and a model is trained with right
// labels, with the flipped labels, and after the changes that `--fix` would write. Medians of three seeds.
//
//   node dist/tools/measure-labels.js hanzi FOLDER                    of `fovea synth hanzi --out FOLDER`: Train and Test
//   node dist/tools/measure-labels.js fashion [IMAGES]                Debian's package; the first so many to learn and 5,000 to test
//   node dist/tools/measure-labels.js bees FOLDER WEIGHTS.h5          hymenoptera: train and val, MobileNetV2 of keras.applications
//
// Numbers below 1 behind these are other shares to flip, such as 0.05 alone.
//
// The model is a new head on the features of the base, as `fovea transfer` trains it without augmentation; of Fashion-MNIST, for
// which there is no base, the network of `fovea train` on pixels, `cnn`. Accuracy is that on the test part, whose labels stay right.
import { join } from "node:path";
import { Random, STREAM } from "../src/core/random.js";
import { sliceRows, type Tensor, takeRows } from "../src/core/tensor.js";
import { lookAtImages } from "../src/data/health/looks.js";
import { type Listing, type OpenedSource, openListing, openSource, rankedLabels } from "../src/data/index.js";
import { defaultPlace } from "../src/default-backend.js";
import { lookOf } from "../src/experiment/data/look.js";
import { seenImages } from "../src/experiment/health/features.js";
import { classAnswers } from "../src/experiment/health/held-out.js";
import { isSure, judgeLabels, sureOdds } from "../src/experiment/health/labels.js";
import { type HealthSubject, subjectOfLooks } from "../src/experiment/health/subject.js";
import type { JournalEntry, LabelJournal } from "../src/experiment/journal/entries.js";
import { median } from "../src/experiment/models/benchmark.js";
import { UPRIGHT } from "../src/formats/run/recipe.js";
import { application } from "../src/known-models.js";
import { Sequential } from "../src/nn/index.js";
import { dense, input } from "../src/nn/layers/index.js";
import { adam, cosineDecay } from "../src/nn/optimizers/index.js";

const SEEDS = [1, 2, 3];
/** Passes of the network over its images. */
const EPOCHS = 10;
const FASHION = "/usr/share/datasets/fashion-mnist";

const [, , name = "", ...rest] = process.argv;
/** Shares of labels that are flipped: numbers below 1 among the arguments, or all three. */
const shares = rest.map(Number).filter((value) => value > 0 && value < 1);
const RATES = shares.length > 0 ? shares : [0.05, 0.1, 0.2];
const folders = rest.filter((text) => !shares.includes(Number(text)));

interface Settings {
  readonly train: OpenedSource;
  readonly test: OpenedSource;
  readonly base: string;
  /** Size of the pixels that a network learns from; without it a head learns from features. */
  readonly imageSize?: readonly [number, number];
  /** Images of the training part and of the test part that are used. */
  readonly most?: readonly [number, number];
}

const SETS: Readonly<Record<string, () => Promise<Settings>>> = {
  hanzi: async () => ({
    train: await openSource(join(folders[0]!, "Train")),
    test: await openSource(join(folders[0]!, "Test")),
    base: "hanzi",
  }),
  fashion: async () => ({
    train: await openSource(join(FASHION, "train-images-idx3-ubyte.gz")),
    test: await openSource(join(FASHION, "t10k-images-idx3-ubyte.gz")),
    base: "none",
    imageSize: [28, 28],
    most: [Number(folders[0] ?? 60_000), 5000],
  }),
  bees: async () => ({
    train: await openSource(join(folders[0]!, "train")),
    test: await openSource(join(folders[0]!, "val")),
    base: folders[1]!,
  }),
};

const open = SETS[name];
if (open === undefined) throw new Error(`usage: node dist/tools/measure-labels.js ${Object.keys(SETS).join("|")} ...`);
const { train, test, base, imageSize, most } = await open();
const [trainListing, testListing] = [firstImages(train.listing, most?.[0]), firstImages(test.listing, most?.[1])];
// Both parts at once, so that features without a base have the same filters for both.
const source: OpenedSource = { ...train, listing: joinedListings(trainListing, testListing) };
const looks = await lookAtImages(source.listing);
const { base: seenBase, features } = await seenImages(
  subjectOfLooks(source, looks, { base }),
  Array.from(source.listing.images.keys()),
  () => {},
);
/** Images of one part as a subject of their own. */
const subjectOf = (
  isTest: boolean,
  settings: { readonly journal?: LabelJournal; readonly seed?: number } = {},
): HealthSubject => {
  const whole = subjectOfLooks(source, looks, { base, ...settings });
  return { ...whole, used: whole.used.filter((index) => isTest === index >= trainListing.images.length) };
};
const clean = subjectOf(false);
const testSubject = subjectOf(true);
const classNames = clean.targets?.kind === "classes" ? clean.targets.classNames : [];
const placeOf = (label: unknown): number => classNames.indexOf(label as string);
const labelsOf = ({ images, used }: HealthSubject): Int32Array =>
  Int32Array.from(used, (at) => placeOf(images[at]!.label));
const truth = labelsOf(clean);
const testTruth = labelsOf(testSubject);
/** Features or pixels from which the model learns, one row an image. */
const learned: Tensor<"uint8" | "float32"> = imageSize === undefined ? features : await pixelsOf(imageSize);
/** Accuracies with right labels, by seed. */
const cleanAccuracies = new Map<number, number>();
console.log(
  `${name}: ${truth.length} images of ${classNames.length} classes, ${testTruth.length} to test; base ${seenBase}`,
);

for (const rate of RATES) {
  const found: Record<string, number[]> = { precision: [], clean: [], flipped: [], fixed: [], seconds: [] };
  for (const seed of SEEDS) {
    const journal = { where: "flips", entries: flips(rate, seed), isTorn: false };
    const subject = subjectOf(false, { journal, seed });
    const labels = labelsOf(subject);
    const isFlipped = labels.map((label, row) => Number(label !== truth[row]));
    const count = isFlipped.reduce((a, b) => a + b, 0);
    const began = performance.now();
    const judged = (await judgeLabels(subject))!;
    const seconds = (performance.now() - began) / 1000;
    const rowOf = new Map(subject.used.map((index, row) => [index, row]));
    const rows = judged.images.map((index) => rowOf.get(index)!);
    const ranked = rankedLabels({ ...judged, classes: judged.classNames.length });
    const precision = ranked.slice(0, count).reduce((sum, { row }) => sum + isFlipped[rows[row]!]!, 0) / count;
    const mended = labels.slice();
    let [relabelled, right] = [0, 0];
    const odds = sureOdds(judged);
    for (const suspect of judged.suspects) {
      const { row, suggested } = suspect;
      const at = rows[row]!;
      if (!isSure(suspect, odds)) continue;
      relabelled++;
      mended[at] = placeOf(judged.classNames[suggested]);
      if (mended[at] === truth[at]) right++;
    }
    const known = cleanAccuracies.get(seed) ?? (await accuracy(truth, seed));
    cleanAccuracies.set(seed, known);
    const accuracies = {
      clean: known,
      flipped: await accuracy(labels, seed),
      fixed: await accuracy(mended, seed),
    };
    for (const [key, value] of Object.entries({ precision, ...accuracies, seconds })) found[key]!.push(value);
    const caught = judged.suspects.filter(({ row }) => isFlipped[rows[row]!] === 1).length;
    console.log(
      `  ${100 * rate} %, seed ${seed}: of the ${count} most suspicious ${(100 * precision).toFixed(1)} % flipped; ` +
        `${judged.suspects.length} named, ${caught} of them flipped; ${relabelled} relabelled (${right} rightly); accuracy ` +
        `${accuracies.clean.toFixed(4)} > ${accuracies.flipped.toFixed(4)} > ${accuracies.fixed.toFixed(4)}; ${seconds.toFixed(0)} s`,
    );
  }
  const middle = (key: string): number => median(found[key]!);
  const total = (key: string): number => found[key]!.reduce((sum, value) => sum + value, 0);
  const won = (total("fixed") - total("flipped")) / (total("clean") - total("flipped"));
  console.log(
    `${name}, ${100 * rate} %: ${(100 * middle("precision")).toFixed(1)} % of the N most suspicious are flipped; accuracy with right labels ` +
      `${middle("clean").toFixed(4)}, flipped ${middle("flipped").toFixed(4)}, after --fix ${middle("fixed").toFixed(4)}: ` +
      `${(100 * won).toFixed(0)} % of the loss of all seeds won back; judged in ${middle("seconds").toFixed(0)} s`,
  );
}

/** Journal entries that give a share of the images another class, drawn by the seed. */
function flips(rate: number, seed: number): JournalEntry[] {
  const random = new Random(seed, STREAM.user);
  const chosen = random.permutation(truth.length).subarray(0, Math.round(rate * truth.length));
  return Array.from(chosen, (row) => {
    const to = (truth[row]! + 1 + random.integer(classNames.length - 1)) % classNames.length;
    const index = clean.used[row]!;
    return {
      image: looks.hashes[index]!,
      file: clean.images[index]!.file,
      from: classNames[truth[row]!]!,
      to: classNames[to]!,
      when: "2024-01-01T00:00:00Z",
    };
  });
}

/** Accuracy on the test part of a model that learned the training part with some labels. */
async function accuracy(labels: Int32Array, seed: number): Promise<number> {
  const classes = classNames.length;
  const x = { dtype: learned.dtype, shape: learned.shape.slice(1) } as const;
  const epochs = imageSize === undefined ? Math.max(20, Math.ceil(16_000 / labels.length)) : EPOCHS;
  const modelOptions = { ...defaultPlace, seed, mode: "reproducible", threads: 1 } as const;
  const head = [input([...x.shape]), dense(classes, { kernelInitializer: "zeros" })];
  const model =
    imageSize === undefined
      ? new Sequential(head, modelOptions)
      : application("cnn", { imageSize, channels: 1, classes }, modelOptions);
  // A falling rate: at a steady one the last steps scatter accuracy by as much as a few flipped labels cost.
  const learningRate = cosineDecay(1e-3, epochs * Math.ceil(labels.length / 32));
  const answers = classAnswers(labels, classes);
  model.compile({ optimizer: adam({ learningRate }), loss: answers.loss });
  const take = (rows: Int32Array) => ({ x: takeRows(learned, rows), y: answers.take(rows) });
  await model.fit({ size: labels.length, x, y: answers.y, take }, { epochs, batchSize: 32 });
  const tested = sliceRows(learned, labels.length, labels.length + testTruth.length);
  const { data } = await model.predict(tested, { batchSize: 256 });
  await model.close();
  let right = 0;
  for (let row = 0; row < testTruth.length; row++) {
    const outputs = data.subarray(row * classes, (row + 1) * classes);
    if (outputs.indexOf(Math.max(...outputs)) === testTruth[row]) right++;
  }
  return right / testTruth.length;
}

/** Grey levels of all images in one size. */
async function pixelsOf(size: readonly [number, number]): Promise<Tensor<"uint8">> {
  const look = { imageSize: size, color: "grayscale", interpolation: "bilinear", ...UPRIGHT } as const;
  const { images } = await openListing(source.listing, lookOf(look));
  try {
    return await images.rows(Int32Array.from(source.listing.images.keys()));
  } finally {
    await images.close?.();
  }
}

/** Images of two listings with the columns that both have. */
function joinedListings(first: Listing, second: Listing): Listing {
  const columns = Object.entries(first.columns).map(([key, values]) => {
    const others = second.columns[key] ?? [];
    return [key, [...Array.from(values, String), ...Array.from(others, String)]] as const;
  });
  const part = (listing: Listing, name: string) =>
    listing.images.map((image) => ({ ...image, path: `${name}/${image.path}` }));
  const images = [...part(first, "train"), ...part(second, "test")];
  return { where: first.where, images, columns: Object.fromEntries(columns), findings: [] };
}

/** The first images of a listing. */
function firstImages(listing: Listing, count = listing.images.length): Listing {
  const columns = Object.fromEntries(
    Object.entries(listing.columns).map(([key, values]) => [key, values.slice(0, count)]),
  );
  return { ...listing, images: listing.images.slice(0, count), columns };
}
