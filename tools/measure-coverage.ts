// Stated coverages and bounds against what images show: `node dist/tools/measure-coverage.js classes RUN FOLDER` for a classifier and folders of
// images that it has never seen, `... numbers RUN MANIFEST` for a regression. The model is asked once about all of them; then its
// answers are split at random 20 times (--splits N) into calibration and test, and drawn 200 times for bounds on the risk. docs/trust.md has
// the figures and the commands.
import { parseArgs } from "node:util";
import { Random, STREAM } from "../src/core/random.js";
import { sourceOf } from "../src/experiment/data/index.js";
import { openAnswering, partFor } from "../src/experiment/models/index.js";
import { type Outcome, taskOf } from "../src/experiment/tasks/index.js";
import { decide } from "../src/experiment/training/index.js";
import {
  boundedRisk,
  type ClassAnswers,
  fitClassTrust,
  fitNumberIntervals,
  INTERVAL_METHODS,
  numberInterval,
  storedSets,
} from "../src/experiment/trust/index.js";
import { calibratedAnswers } from "../src/experiment/trust/report.js";
import { classSets } from "../src/experiment/trust/sets/class-sets.js";
import type { ClassTrust } from "../src/formats/models/trust-facts.js";
import { textTable } from "../src/report/text/table.js";
import { type Band, betaBinomialBand } from "./beta-binomial.js";

const COVERAGES = [0.8, 0.9, 0.95] as const;
/** Share of the images that limits are tested on; the others fit them. */
const TESTED = 1 / 4;
const RESAMPLES = 200;
const RISKS = [0.02, 0.05, 0.1] as const;
const SURENESS = 0.95;
const BATCH = 128;

/** Kinds of sets. */
const SETS = [
  { method: "lac", perClass: false },
  { method: "aps", perClass: false },
  { method: "raps", perClass: false },
  { method: "lac", perClass: true },
] as const;

const { values, positionals } = parseArgs({ options: { splits: { type: "string" } }, allowPositionals: true });
const [kind, run, folder] = positionals;
const splits = Number(values.splits ?? "20");
if ((kind !== "classes" && kind !== "numbers") || run === undefined || folder === undefined)
  throw new Error("expected classes or numbers, a run, and images that it has never seen");
const trained = await openAnswering(run, { compile: "objective" });
const { part, task } = await partFor(trained, folder, { batchSize: BATCH });
const outcome = await decide(trained.model, task, part, BATCH);
const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
const right = (head: string) => ({ head, align: "right" as const });

/** Images that thresholds are fitted on: as many as a file stores answers of. */
const STORED = 2000;

/** Places of the calibration and of the test images of a seed. */
function split(images: number, seed: number): readonly [calibration: Int32Array, test: Int32Array] {
  const order = new Random(seed, STREAM.user, 1).permutation(images);
  const tested = Math.round(images * TESTED);
  return [order.slice(tested), order.slice(0, tested)];
}

/** Images that are tested together, by a limit that as many others fitted. */
interface Group {
  readonly tested: number;
  readonly fitted: number;
}

/**
 * The distribution of how many of the tested are covered, before anybody looks: a limit at rank k of n scores covers a share that
 * is beta(k, n + 1 - k), so the count of one group is beta-binomial (Vovk, Conditional validity of inductive conformal predictors,
 * 2012). Its mean is k / (n + 1), not below what was asked for. Groups add up.
 */
function expectedCovered(
  coverage: number,
  groups: readonly Group[],
): { readonly mean: number; readonly deviation: number } {
  let [mean, variance] = [0, 0];
  for (const { tested, fitted } of groups) {
    const rank = Math.ceil((fitted + 1) * coverage - 1e-9);
    const share = Math.min(1, rank / (fitted + 1));
    mean += tested * share;
    variance += tested * share * (1 - share) * (1 + (tested - 1) / (fitted + 2));
  }
  return { mean, deviation: Math.sqrt(variance) };
}

/** Covered counts from `low` to `high`, of which all others together have a probability of at most 5 %. */
function band(coverage: number, groups: readonly Group[]): Band {
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) return betaBinomialBand(coverage, only.tested, only.fitted);
  // Many small groups add up to a normal count.
  const { mean, deviation } = expectedCovered(coverage, groups);
  return { low: mean - NORMAL * deviation, high: mean + NORMAL * deviation };
}
const NORMAL = 1.959964;

/** Coverage of one split: covered images, and the groups that they were tested in. */
interface Tested {
  readonly covered: number;
  readonly groups: readonly Group[];
}

/** The line of a method and a coverage. */
function told(name: string, coverage: number, splits: readonly Tested[], more: string): string[] {
  const counts = splits.map(({ groups }) => groups.reduce((sum, { tested }) => sum + tested, 0));
  const shares = splits.map(({ covered }, at) => covered / counts[at]!);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const mean = splits.reduce((sum, { covered }) => sum + covered, 0) / all;
  const expected = splits.reduce((sum, { groups }) => sum + expectedCovered(coverage, groups).mean, 0) / all;
  const half = NORMAL * Math.sqrt((expected * (1 - expected)) / all);
  const bands = splits.map(({ groups }) => band(coverage, groups));
  const inside = splits.filter(({ covered }, at) => covered >= bands[at]!.low && covered <= bands[at]!.high).length;
  return [
    name,
    percent(coverage, 0),
    percent(expected, 2),
    percent(mean, 2),
    `${percent(expected - half, 2)} to ${percent(expected + half, 2)}`,
    Math.abs(mean - expected) <= half ? "inside" : "outside",
    `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`,
    `${percent(bands[0]!.low / counts[0]!)} to ${percent(bands[0]!.high / counts[0]!)}`,
    `${inside} of ${splits.length}`,
    more,
  ];
}

const COLUMNS = [
  ...["asked", "nominal", "mean", "binomial band of the mean", "mean is", "single splits"],
  ...["beta-binomial band", "within"],
];

/** Limits fitted on a calibration set, with the number of scores that each was fitted on. */
const fittedOn = ({ answers }: ClassTrust, label: number): number =>
  answers.truth.filter((truth) => truth === label).length;

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
  const kinds = SETS.flatMap((set) => COVERAGES.map((coverage) => ({ ...set, coverage })));
  const byKind = kinds.map((): Tested[] => []);
  const sizes = new Float64Array(kinds.length);
  /** Of each coverage and class: tested, covered, expected, variance. */
  const classes = COVERAGES.map(() => Array.from({ length: width }, () => ({ tested: 0, covered: 0, expected: 0 })));
  let tested = 0;
  for (let seed = 1; seed <= splits; seed++) {
    const [calibration, test] = split(images, seed);
    tested = test.length;
    const trust = fitClassTrust(some(calibration), { choseEpoch: false });
    const judged = calibratedAnswers(some(test), trust);
    const limits = kinds.map((kind) => storedSets(trust, width, kind));
    const covered = new Int32Array(kinds.length);
    const counts = new Int32Array(width);
    const fitted = Array.from({ length: width }, (_, label) => fittedOn(trust, label));
    for (let n = 0; n < tested; n++) {
      const label = judged.labels[n]!;
      counts[label]!++;
      for (const [at, set] of classSets(judged.probabilities.subarray(n * width, (n + 1) * width), limits).entries()) {
        sizes[at]! += set.length / tested / splits;
        if (!set.includes(label)) continue;
        covered[at]!++;
        if (kinds[at]!.perClass) classes[COVERAGES.indexOf(kinds[at]!.coverage)]![label]!.covered++;
      }
    }
    const perClass = Array.from(counts, (count, label): Group => ({ tested: count, fitted: fitted[label]! }));
    const whole = [{ tested, fitted: trust.answers.truth.length }];
    for (const [at, kind] of kinds.entries())
      byKind[at]!.push({ covered: covered[at]!, groups: kind.perClass ? perClass : whole });
    for (const [at, coverage] of COVERAGES.entries())
      for (const [label, group] of perClass.entries()) {
        classes[at]![label]!.tested += group.tested;
        classes[at]![label]!.expected += expectedCovered(coverage, [group]).mean;
      }
  }
  console.log(`${images} images that the model has never seen, ${tested} of them tested in each of ${splits} splits\n`);
  console.log(
    textTable(
      [{ head: "sets" }, ...[...COLUMNS, "mean size"].map(right)],
      kinds.map(({ method, perClass, coverage }, at) =>
        told(`${method}${perClass ? " per class" : ""}`, coverage, byKind[at]!, sizes[at]!.toFixed(2)),
      ),
    ),
  );
  console.log(
    `\nPer-class sets, class by class over all ${splits} splits (covered, and expected by the number that fitted):`,
  );
  for (const [at, coverage] of COVERAGES.entries()) {
    const shares = classes[at]!.map((figures) => figures.covered / figures.tested);
    const gaps = classes[at]!.map((figures) => (figures.covered - figures.expected) / figures.tested);
    const below = shares.filter((share) => share < coverage).length;
    const expected = classes[at]!.map((figures) => figures.expected / figures.tested);
    console.log(
      `  ${percent(coverage, 0)}: covered from ${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}, expected ` +
        `from ${percent(Math.min(...expected))} to ${percent(Math.max(...expected))}, mean gap ` +
        `${percent(gaps.reduce((sum, gap) => sum + gap, 0) / width, 2)}, ${below} of ${width} below ${percent(coverage, 0)}`,
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
      const tests: Tested[] = [];
      let width = 0;
      for (let seed = 1; seed <= splits; seed++) {
        const [calibration, test] = split(images, seed);
        const limits = fitNumberIntervals(of(actual, calibration), of(predicted, calibration), { coverage, method });
        const ends = of(predicted, test).map((value) => numberInterval(value, limits));
        const covered = of(actual, test).filter((y, n) => y >= ends[n]!.low && y <= ends[n]!.high).length;
        // Quantiles are fitted on one half, and the limit on the other.
        const fitted = method === "quantile" ? Math.floor(calibration.length / 2) : calibration.length;
        tests.push({ covered, groups: [{ tested: test.length, fitted }] });
        width += ends.reduce((sum, { low, high }) => sum + high - low, 0) / test.length / splits;
      }
      return told(method, coverage, tests, width.toFixed(0));
    }),
  );
  console.log(
    `${images} photos that the model has never seen, ${first.length} of them tested in each of ${splits} splits\n`,
  );
  console.log(textTable([{ head: "intervals" }, ...[...COLUMNS, "mean width"].map(right)], rows));
}

if (kind === "classes" && outcome.kind === "classification") await measureClasses(outcome);
else if (kind === "numbers" && outcome.kind === "regression") measureNumbers(outcome);
else throw new Error(`${run} answers with ${task.kind}; expected a model of ${kind}`);
await part.samples.close?.();
await trained.model.close();
