// Wrong labels that `fovea health` finds, and the accuracy that mending them wins back. A label journal flips 5, 10 and
// 20 % of a training set's labels at random, the check "labels" judges the set, and a model is trained with right
// labels, with the flipped labels, and after the changes that `--fix` would write. Medians of three seeds.
//
//   node dist/tools/measure-labels.js hanzi FOLDER                    of `fovea synth hanzi --out FOLDER`: Train and Test
//   node dist/tools/measure-labels.js fashion [IMAGES]                Debian's package; the first so many of each part
//   node dist/tools/measure-labels.js bees FOLDER WEIGHTS.h5          hymenoptera: train and val, MobileNetV2 of keras.applications
//
// Numbers below 1 behind these are other shares to flip, such as 0.05 alone.
//
// The model is a new head on the same features, as `fovea transfer` trains it without augmentation. Accuracy is that on
// the test part, whose labels stay right.
import { join } from "node:path";
import { Random, STREAM } from "../src/core/random.js";
import { sliceRows, takeRows } from "../src/core/tensor.js";
import { lookAtImages } from "../src/data/health/looks.js";
import { type Listing, type OpenedSource, openSource, rankedLabels } from "../src/data/index.js";
import { defaultPlace } from "../src/default-backend.js";
import { seenImages } from "../src/experiment/health/features.js";
import { classAnswers } from "../src/experiment/health/held-out.js";
import { isSure, judgeLabels, sureOdds } from "../src/experiment/health/labels.js";
import { type HealthSubject, subjectOfLooks } from "../src/experiment/health/subject.js";
import type { JournalEntry, LabelJournal } from "../src/experiment/journal/entries.js";
import { median } from "../src/experiment/models/benchmark.js";
import { Sequential } from "../src/nn/index.js";
import { dense, input } from "../src/nn/layers/index.js";
import { adam, cosineDecay } from "../src/nn/optimizers/index.js";

const SEEDS = [1, 2, 3];
const FASHION = "/usr/share/datasets/fashion-mnist";

const [, , name = "", ...rest] = process.argv;
/** Shares of labels that are flipped: numbers below 1 among the arguments, or all three. */
const shares = rest.map(Number).filter((value) => value > 0 && value < 1);
const RATES = shares.length > 0 ? shares : [0.05, 0.1, 0.2];
const given = rest.filter((text) => !shares.includes(Number(text)));

interface Settings {
  readonly train: OpenedSource;
  readonly test: OpenedSource;
  readonly base: string;
  /** Images of each part that are used. */
  readonly most?: number;
}

const SETS: Readonly<Record<string, () => Promise<Settings>>> = {
  hanzi: async () => ({
    train: await openSource(join(given[0]!, "Train")),
    test: await openSource(join(given[0]!, "Test")),
    base: "hanzi",
  }),
  fashion: async () => ({
    train: await openSource(join(FASHION, "train-images-idx3-ubyte.gz")),
    test: await openSource(join(FASHION, "t10k-images-idx3-ubyte.gz")),
    base: "none",
    most: Number(given[0] ?? 60_000),
  }),
  bees: async () => ({
    train: await openSource(join(given[0]!, "train")),
    test: await openSource(join(given[0]!, "val")),
    base: given[1]!,
  }),
};

const open = SETS[name];
if (open === undefined) throw new Error(`usage: node dist/tools/measure-labels.js ${Object.keys(SETS).join("|")} ...`);
const { train, test, base, most } = await open();
const [trainListing, testListing] = [firstImages(train.listing, most), test.listing];
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
const all = Int32Array.from(truth.keys());
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
    const accuracies = {
      clean: await accuracy(all, truth, seed),
      flipped: await accuracy(all, labels, seed),
      fixed: await accuracy(all, mended, seed),
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

/** Accuracy on the test part of a head that learned some rows with some labels. */
async function accuracy(rows: Int32Array, labels: Int32Array, seed: number): Promise<number> {
  const answers = classAnswers(labels, classNames.length);
  const x = { dtype: "float32", shape: features.shape.slice(1) } as const;
  const layers = [input([...x.shape]), dense(classNames.length, { kernelInitializer: "zeros" })];
  const model = new Sequential(layers, { ...defaultPlace, seed, mode: "reproducible", threads: 1 });
  const epochs = Math.max(20, Math.ceil(16_000 / rows.length));
  // A falling rate: at a steady one the last steps scatter accuracy by as much as flipped labels cost.
  const learningRate = cosineDecay(1e-3, epochs * Math.ceil(rows.length / 32));
  model.compile({ optimizer: adam({ learningRate }), loss: answers.loss });
  const take = (indices: Int32Array) => {
    const picked = indices.map((at) => rows[at]!);
    return { x: takeRows(features, picked), y: answers.take(indices) };
  };
  await model.fit({ size: rows.length, x, y: answers.y, take }, { epochs, batchSize: 32 });
  const { data } = await model.predict(sliceRows(features, truth.length, truth.length + testTruth.length), {
    batchSize: 256,
  });
  await model.close();
  let right = 0;
  for (let row = 0; row < testTruth.length; row++) {
    const outputs = data.subarray(row * classNames.length, (row + 1) * classNames.length);
    if (outputs.indexOf(Math.max(...outputs)) === testTruth[row]) right++;
  }
  return right / testTruth.length;
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
