// Stated coverages and bounds against what images show: `node dist/tools/measure-coverage.js classes RUN FOLDER` for a classifier and folders of
// images that it has never seen, `... numbers RUN MANIFEST` for a regression. The model is asked once about all of them; then its
// answers are split at random 20 times into calibration and test, and drawn 200 times for bounds on the risk. docs/trust.md has
// the figures and the commands.
import { Random, STREAM } from "../src/core/random.js";
import { sourceOf } from "../src/experiment/data/index.js";
import { openAnswering, partFor } from "../src/experiment/models/index.js";
import { type Outcome, taskOf } from "../src/experiment/tasks/index.js";
import { decide } from "../src/experiment/training/index.js";
import {
  boundedRisk,
  type ClassAnswers,
  classSet,
  fitClassTrust,
  fitNumberIntervals,
  INTERVAL_METHODS,
  numberInterval,
  storedSets,
} from "../src/experiment/trust/index.js";
import { calibratedAnswers } from "../src/experiment/trust/report.js";
import { textTable } from "../src/report/text/table.js";

const SEEDS = 20;
const COVERAGES = [0.8, 0.9, 0.95] as const;
/** Share of the images that limits are tested on; the others fit them. */
const TESTED = 1 / 4;
const RESAMPLES = 200;
const RISKS = [0.02, 0.05, 0.1] as const;
const SURENESS = 0.95;
const BATCH = 128;

const [kind, run, folder] = process.argv.slice(2);
if ((kind !== "classes" && kind !== "numbers") || run === undefined || folder === undefined)
  throw new Error("expected classes or numbers, a run, and images that it has never seen");
const trained = await openAnswering(run, { compile: "objective" });
const { part, task } = await partFor(trained, folder, { batchSize: BATCH });
const outcome = await decide(trained.model, task, part, BATCH);
const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
const right = (head: string) => ({ head, align: "right" as const });

/** Most validation images whose answers a file stores. */
const STORED = 2000;

/**
 * Half of the band that the coverage lies in, 19 times of 20: of as many cases as are tested, and by as many as fitted the limit,
 * for that is drawn by chance as well.
 */
const band = (share: number, tested: number, fitted: number): number =>
  1.96 * Math.sqrt(share * (1 - share) * (1 / tested + 1 / (fitted + 2)));

/** Places of the calibration and of the test images of a seed. */
function split(images: number, seed: number): readonly [calibration: Int32Array, test: Int32Array] {
  const order = new Random(seed, STREAM.user, 1).permutation(images);
  const tested = Math.round(images * TESTED);
  return [order.slice(tested), order.slice(0, tested)];
}

/** The coverage of some test images in each split, and what a table says of it. */
function told(name: string, coverage: number, shares: readonly number[], images: number, more: string): string[] {
  const tested = Math.round(images * TESTED);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const half = band(coverage, tested, Math.min(STORED, images - tested));
  const [below, above] = [
    shares.filter((share) => share < coverage - half).length,
    shares.filter((share) => share > coverage + half).length,
  ];
  return [
    name,
    percent(coverage, 0),
    percent(mean, 2),
    `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`,
    `${percent(coverage - half)} to ${percent(coverage + half)}`,
    `${shares.length - below - above} of ${shares.length}`,
    String(below),
    more,
  ];
}

const COLUMNS = ["asked", "mean", "range", "band", "within", "below"];

async function measureClasses(found: Extract<Outcome, { kind: "classification" }>): Promise<void> {
  const { width, data } = await probabilities();
  const all: ClassAnswers = { classes: width, probabilities: Float64Array.from(data), labels: found.labels };
  const images = all.labels.length;
  const some = (rows: Int32Array): ClassAnswers => ({
    classes: width,
    probabilities: Float64Array.from(
      Array.from(rows).flatMap((n) => Array.from(data.subarray(n * width, (n + 1) * width))),
    ),
    labels: Array.from(rows, (n) => all.labels[n]!),
  });
  const kinds = [
    { method: "lac", perClass: false },
    { method: "aps", perClass: false },
    { method: "raps", perClass: false },
    { method: "lac", perClass: true },
  ] as const;
  const shares = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  const perClass = new Map<number, Int32Array>(COVERAGES.map((coverage) => [coverage, new Int32Array(2 * width)]));
  let tested = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const [calibration, test] = split(images, seed);
    tested = test.length;
    const trust = fitClassTrust(some(calibration), { choseEpoch: false });
    const judged = calibratedAnswers(some(test), trust);
    for (const kind of kinds)
      for (const coverage of COVERAGES) {
        const limits = storedSets(trust, width, { ...kind, coverage });
        const key = `${kind.method}${kind.perClass ? " per class" : ""}|${coverage}`;
        let [covered, size] = [0, 0];
        for (let n = 0; n < tested; n++) {
          const set = classSet(judged.probabilities.subarray(n * width, (n + 1) * width), limits);
          const label = judged.labels[n]!;
          const holds = set.includes(label);
          if (holds) covered++;
          size += set.length / tested / SEEDS;
          if (kind.perClass) {
            perClass.get(coverage)![2 * label]! += 1;
            perClass.get(coverage)![2 * label + 1]! += holds ? 1 : 0;
          }
        }
        shares.set(key, [...(shares.get(key) ?? []), covered / tested]);
        sizes.set(key, (sizes.get(key) ?? 0) + size);
      }
  }
  console.log(`${images} images that the model has never seen, ${tested} of them tested in each of ${SEEDS} splits\n`);
  console.log(
    textTable(
      [{ head: "sets" }, ...[...COLUMNS, "mean size"].map(right)],
      [...shares].map(([key, list]) => {
        const [name, coverage] = key.split("|") as [string, string];
        return told(name, Number(coverage), list, images, sizes.get(key)!.toFixed(2));
      }),
    ),
  );
  console.log("\nPer-class sets, class by class over all splits:");
  for (const [coverage, counts] of perClass) {
    const classes = Array.from({ length: width }, (_, k) => counts[2 * k + 1]! / counts[2 * k]!);
    const below = classes.filter((share, k) => {
      const tested = counts[2 * k]! / SEEDS;
      return share < coverage - band(coverage, tested, (tested * (1 - TESTED)) / TESTED);
    }).length;
    console.log(
      `  ${percent(coverage, 0)}: classes from ${percent(Math.min(...classes))} to ${percent(Math.max(...classes))}, ${below} of ${width} below the band of one split`,
    );
  }
  measureRisk(all);
}

/**
 * The share of thresholds that break their bound, the images being the whole population that calibration images are drawn from.
 * The temperature is fitted once, on all: a threshold is of the confidence, however that is scaled.
 */
function measureRisk(all: ClassAnswers): void {
  const images = all.labels.length;
  const drawn = Math.min(STORED, images);
  const { probabilities } = calibratedAnswers(all, fitClassTrust(all, { choseEpoch: false }));
  const rows = Array.from({ length: images }, (_, n) => probabilities.subarray(n * all.classes, (n + 1) * all.classes));
  const confidence = rows.map((row) => row.reduce((a, b) => Math.max(a, b)));
  const isRight = rows.map((row, n) => row.indexOf(confidence[n]!) === all.labels[n]);
  const told = RISKS.map((risk) => {
    let [broken, none, accepted] = [0, 0, 0];
    for (let turn = 1; turn <= RESAMPLES; turn++) {
      const random = new Random(turn, STREAM.user, 2);
      const places = Array.from({ length: drawn }, () => random.integer(images));
      const bounded = boundedRisk(
        places.map((n) => confidence[n]!),
        places.map((n) => isRight[n]!),
        { risk, confidence: SURENESS },
      );
      if (bounded === undefined) {
        none++;
        continue;
      }
      const kept = isRight.filter((_, n) => confidence[n]! >= bounded.threshold);
      accepted += kept.length / images / RESAMPLES;
      if (kept.filter((right) => !right).length > risk * kept.length) broken++;
    }
    return [percent(risk, 0), percent(1 - SURENESS, 0), `${broken} of ${RESAMPLES}`, String(none), percent(accepted)];
  });
  const heads = ["wrong at most", "broken at most", "broken", "no threshold", "accepted in the mean"];
  console.log(`\nThresholds fitted on ${drawn} images drawn from all, ${RESAMPLES} times:\n`);
  console.log(textTable(heads.map(right), told));
}

async function probabilities() {
  const source = sourceOf(part);
  const outputs = await trained.model.predict(
    (await source.take(Int32Array.from({ length: source.size }, (_, n) => n))).x,
    {
      batchSize: BATCH,
    },
  );
  return taskOf(task).readings(trained.model, outputs);
}

function measureNumbers({ targets, actual, predicted }: Extract<Outcome, { kind: "regression" }>): void {
  const images = actual.length / targets;
  const of = (values: Float32Array, rows: Int32Array): number[] => Array.from(rows, (n) => values[n * targets]!);
  const [, first] = split(images, 1);
  const rows = INTERVAL_METHODS.flatMap((method) =>
    COVERAGES.map((coverage) => {
      const shares: number[] = [];
      let width = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const [calibration, test] = split(images, seed);
        const limits = fitNumberIntervals(of(actual, calibration), of(predicted, calibration), { coverage, method });
        const ends = of(predicted, test).map((value) => numberInterval(value, limits));
        const truths = of(actual, test);
        shares.push(truths.filter((y, n) => y >= ends[n]!.low && y <= ends[n]!.high).length / test.length);
        width += ends.reduce((sum, { low, high }) => sum + high - low, 0) / test.length / SEEDS;
      }
      return told(method, coverage, shares, images, width.toFixed(0));
    }),
  );
  console.log(
    `${images} photos that the model has never seen, ${first.length} of them tested in each of ${SEEDS} splits\n`,
  );
  console.log(textTable([{ head: "intervals" }, ...[...COLUMNS, "mean width"].map(right)], rows));
}

if (kind === "classes" && outcome.kind === "classification") await measureClasses(outcome);
else if (kind === "numbers" && outcome.kind === "regression") measureNumbers(outcome);
else throw new Error(`${run} answers with ${task.kind}; expected a model of ${kind}`);
await part.samples.close?.();
await trained.model.close();
