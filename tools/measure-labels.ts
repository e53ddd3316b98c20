// How many wrong labels `fovea health` finds, and what mending them wins back: 5, 10 and 20 % of the labels of a training set
// are flipped at random by a label journal, the set is judged as the check "labels" judges it, and a model is trained with right
// labels, with the flipped ones, and after what `--fix` would write. Medians of three seeds.
//
//   node dist/tools/measure-labels.js hanzi FOLDER                    of `fovea synth hanzi --out FOLDER`: Train and Test
//   node dist/tools/measure-labels.js fashion [IMAGES]                Debian's package; the first so many of 60,000
//   node dist/tools/measure-labels.js bees FOLDER WEIGHTS.h5          hymenoptera: train and val, MobileNetV2 of keras.applications
//
// The model is a new head on the base's features, as `fovea transfer` trains it without augmentation, or the small network of
// the check where there is no base. Accuracy is that on the test part, whose labels stay right.
import { join } from "node:path";
import { Random, STREAM } from "../src/core/random.js";
import { type Tensor, takeRows } from "../src/core/tensor.js";
import { lookAtImages } from "../src/data/health/looks.js";
import { type OpenedSource, openSource, rankedLabels } from "../src/data/index.js";
import { defaultPlace } from "../src/default-backend.js";
import { forBlocks } from "../src/experiment/data/blocks.js";
import { type Seen, seenImages } from "../src/experiment/health/features.js";
import { classAnswers, type Learnable, networkFor } from "../src/experiment/health/held-out.js";
import { judgeLabels } from "../src/experiment/health/labels.js";
import { type HealthSubject, subjectOfLooks } from "../src/experiment/health/subject.js";
import type { JournalEntry } from "../src/experiment/journal/entries.js";
import { median } from "../src/experiment/models/benchmark.js";
import { Sequential } from "../src/nn/index.js";
import { dense, input } from "../src/nn/layers/index.js";
import { adam, cosineDecay } from "../src/nn/optimizers/index.js";

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
const clean = subjectOfLooks(trainSource, trainLooks, { base });
const testSubject = subjectOfLooks(test, await lookAtImages(test.listing), { base });
const nothing = (): void => {};
const seen = await seenImages(clean, clean.used, nothing);
const testSeen = await seenImages(testSubject, testSubject.used, nothing);
const classNames = clean.targets?.kind === "classes" ? clean.targets.classNames : [];
const placeOf = (label: unknown): number => classNames.indexOf(label as string);
const labelsOf = ({ images, used }: HealthSubject): Int32Array =>
  Int32Array.from(used, (at) => placeOf(images[at]!.label));
const truth = labelsOf(clean);
const testTruth = labelsOf(testSubject);
const all = Int32Array.from(truth.keys());
console.log(
  `${name}: ${truth.length} images of ${classNames.length} classes, ${testTruth.length} to test; base ${seen.base}`,
);

for (const rate of RATES) {
  const found: Record<string, number[]> = { precision: [], clean: [], flipped: [], fixed: [], seconds: [] };
  for (const seed of SEEDS) {
    const journal = { where: "flips", entries: flips(rate, seed), isTorn: false };
    const subject = subjectOfLooks(trainSource, trainLooks, { journal, base, seed });
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
await seen.close();
await testSeen.close();

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

/** Accuracy on the test part of a model that learned some rows with some labels. */
async function accuracy(rows: Int32Array, labels: Int32Array, seed: number): Promise<number> {
  const answers = classAnswers(labels, classNames.length);
  const samples = learnable(seen);
  const network = networkFor(rows.length);
  const isHead = seen.features !== undefined;
  const [batchSize, epochs] = isHead ? [32, Math.max(20, Math.ceil(16_000 / rows.length))] : [network.batchSize, 8];
  const steps = epochs * Math.ceil(rows.length / batchSize);
  const layers = isHead
    ? [input([...samples.x.shape]), dense(classNames.length, { kernelInitializer: "zeros" })]
    : network.layers(samples.x, classNames.length);
  const model = new Sequential(layers, { ...defaultPlace, seed, mode: "reproducible" });
  const learningRate = isHead ? 1e-3 : cosineDecay(network.rate, steps);
  model.compile({ optimizer: adam({ learningRate }), loss: answers.loss });
  const take = async (indices: Int32Array) => {
    const picked = indices.map((at) => rows[at]!);
    return { x: await samples.rows(picked), y: answers.take(picked) };
  };
  await model.fit({ size: rows.length, x: samples.x, y: answers.y, take }, { epochs, batchSize });
  const asked = learnable(testSeen);
  let right = 0;
  await forBlocks(
    asked.count,
    256,
    (indices) => asked.rows(indices),
    async (x, start) => {
      const { data } = await model.predict(x, { batchSize: 256 });
      for (let row = 0; row * classNames.length < data.length; row++) {
        const outputs = data.subarray(row * classNames.length, (row + 1) * classNames.length);
        if (outputs.indexOf(Math.max(...outputs)) === testTruth[start + row]) right++;
      }
    },
  );
  await model.close();
  return right / asked.count;
}

/** Features or pixels, by row. */
function learnable({ features, pixels }: Seen): Learnable {
  if (features === undefined) return pixels!;
  const [count, width] = features.shape as [number, number];
  return { count, x: { dtype: "float32", shape: [width] }, rows: (indices): Tensor => takeRows(features, indices) };
}

/** The first images of a listing. */
function firstImages<L extends OpenedSource["listing"]>(listing: L, count: number): L {
  const columns = Object.fromEntries(
    Object.entries(listing.columns).map(([key, values]) => [key, values.slice(0, count)]),
  );
  return { ...listing, images: listing.images.slice(0, count), columns };
}
