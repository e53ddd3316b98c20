// How many wrong labels `fovea health` finds, and what mending them wins back: 5, 10 and 20 % of the labels of a training set
// are flipped at random by a label journal, the set is judged as the check "labels" judges it, and a model is trained with right
// labels, with the flipped ones, and after what `--fix` would write. Medians of three seeds.
//
//   node dist/tools/measure-labels.js hanzi FOLDER                    of `fovea synth hanzi --out FOLDER`: Train and Test
//   node dist/tools/measure-labels.js fashion [IMAGES]                Debian's package; the first so many of 60,000
//   node dist/tools/measure-labels.js bees FOLDER WEIGHTS.h5          hymenoptera: train and val, MobileNetV2 of keras.applications
//
// The model is a new head on the same features, as `fovea transfer` trains it without augmentation. Accuracy is that on the test part, whose labels stay right.
import { join } from "node:path";
import { Random, STREAM } from "../src/core/random.js";
import { sliceRows, takeRows } from "../src/core/tensor.js";
import { lookAtImages } from "../src/data/health/looks.js";
import { type Listing, type OpenedSource, openSource, rankedLabels } from "../src/data/index.js";
import { defaultPlace } from "../src/default-backend.js";
import { seenImages } from "../src/experiment/health/features.js";
import { classAnswers } from "../src/experiment/health/held-out.js";
import { judgeLabels } from "../src/experiment/health/labels.js";
import { type HealthSubject, joined } from "../src/experiment/health/subject.js";
import type { JournalEntry } from "../src/experiment/journal/entries.js";
import { median } from "../src/experiment/models/benchmark.js";
import { Sequential } from "../src/nn/index.js";
import { dense, input } from "../src/nn/layers/index.js";
import { adam } from "../src/nn/optimizers/index.js";

const RATES = [0.05, 0.1, 0.2];
const SEEDS = [1, 2, 3];
const FASHION = "/usr/share/datasets/fashion-mnist";

const [, , name = "", ...given] = process.argv;

interface Settings {
  readonly train: OpenedSource;
  readonly test: OpenedSource;
  readonly base: string;
  /** Images of the training part that are used. */
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
const trainSource = most === undefined ? train : { ...train, listing: firstImages(train.listing, most) };
const trainLooks = await lookAtImages(trainSource.listing);
const clean = joined(trainSource, trainLooks, { base });
const testSubject = joined(test, await lookAtImages(test.listing), { base });
// Both parts at once, so that features without a base have the same filters for both.
const both = { ...trainSource, listing: joinedListings(trainSource.listing, test.listing) };
const { base: seenBase, features } = await seenImages(
  joined(both, await lookAtImages(both.listing), { base }),
  Array.from(both.listing.images.keys()),
  () => {},
);
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
    const subject = joined(trainSource, trainLooks, { journal, base, seed });
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
    const excluded = new Set<number>();
    let right = 0;
    for (const { row, suggested, isConfident } of judged.suspects) {
      const at = rows[row]!;
      if (!isConfident) excluded.add(at);
      else mended[at] = placeOf(judged.classNames[suggested]);
      if (isConfident && mended[at] === truth[at]) right++;
    }
    const kept = all.filter((row) => !excluded.has(row));
    const accuracies = {
      clean: await accuracy(all, truth, seed),
      flipped: await accuracy(all, labels, seed),
      fixed: await accuracy(kept, mended, seed),
    };
    for (const [key, value] of Object.entries({ precision, ...accuracies, seconds })) found[key]!.push(value);
    const caught = judged.suspects.filter(({ row }) => isFlipped[rows[row]!] === 1).length;
    const relabelled = judged.suspects.length - excluded.size;
    console.log(
      `  ${100 * rate} %, seed ${seed}: of the ${count} most suspicious ${(100 * precision).toFixed(1)} % flipped; ` +
        `${judged.suspects.length} named, ${caught} of them flipped; ${relabelled} relabelled (${right} rightly), ${excluded.size} left out; accuracy ` +
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
      image: trainLooks.hashes[index]!,
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
  const model = new Sequential(layers, { ...defaultPlace, seed, mode: "reproducible" });
  model.compile({ optimizer: adam({ learningRate: 1e-3 }), loss: answers.loss });
  const take = (indices: Int32Array) => {
    const picked = indices.map((at) => rows[at]!);
    return { x: takeRows(features, picked), y: answers.take(picked) };
  };
  const epochs = Math.max(20, Math.ceil(16_000 / rows.length));
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

/** Images of two listings without their columns. */
function joinedListings(first: Listing, second: Listing): Listing {
  return { where: first.where, images: [...first.images, ...second.images], columns: {}, findings: [] };
}

/** The first images of a listing. */
function firstImages(listing: Listing, count: number): Listing {
  const columns = Object.fromEntries(
    Object.entries(listing.columns).map(([key, values]) => [key, values.slice(0, count)]),
  );
  return { ...listing, images: listing.images.slice(0, count), columns };
}
