// Limits from stored answers, novelty, costs out of files, and the sentences of verdicts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, STREAM } from "../../src/core/random.js";
import {
  atTemperature,
  boundedRisk,
  type ClassAnswers,
  classJudge,
  classSet,
  embeddingBank,
  fitClassSets,
  fitClassTrust,
  fitNovelty,
  fitNumberIntervals,
  fitNumberTrust,
  mostEmbeddings,
  noveltyOf,
  readCosts,
  storedIntervals,
  storedSets,
  storedThreshold,
} from "../../src/experiment/trust/index.js";
import { checkFacts } from "../../src/formats/index.js";

/** Answers at a temperature, with their decisions. */
function decidedOf(
  { classes, probabilities, labels }: ClassAnswers,
  { temperature }: { temperature: { value: number } },
) {
  const scaled = atTemperature(probabilities, classes, temperature.value);
  const rows = Array.from(labels, (_, n) => Array.from(scaled.subarray(n * classes, (n + 1) * classes)));
  return {
    probabilities: scaled,
    confidence: rows.map((row) => Math.max(...row)),
    isRight: rows.map((row, n) => row.indexOf(Math.max(...row)) === labels[n]),
  };
}

/** Answers that are right in about three of four, surer where they are. */
function madeUp(images: number, classes: number, seed = 1): ClassAnswers {
  const random = new Random(seed, STREAM.user);
  const labels = Array.from({ length: images }, () => random.integer(classes));
  const probabilities = new Float64Array(images * classes);
  for (const [n, label] of labels.entries()) {
    const row = probabilities.subarray(n * classes, (n + 1) * classes);
    for (let k = 0; k < classes; k++) row[k] = Math.exp(random.normal() + (k === label ? 2 * random.uniform() * 2 : 0));
    const sum = row.reduce((a, b) => a + b);
    for (let k = 0; k < classes; k++) row[k]! /= sum;
  }
  return { classes, probabilities, labels };
}

test("limits of stored answers are those of the answers themselves", () => {
  const answers = madeUp(300, 4);
  const trust = fitClassTrust(answers, { choseEpoch: false });
  const scaled = { ...answers, probabilities: decidedOf(answers, trust).probabilities };
  for (const method of ["lac", "aps", "raps"] as const)
    for (const perClass of [false, true]) {
      const [stored, fitted] = [
        storedSets(trust, 4, { method, perClass, coverage: 0.9 }),
        fitClassSets(scaled, { method, perClass, coverage: 0.9 }),
      ];
      for (const [k, limit] of stored.limits.entries()) assert.ok(Math.abs(limit - fitted.limits[k]!) < 1e-10);
      assert.ok(classSet(scaled.probabilities.subarray(0, 4), stored).length > 0);
    }
  const { confidence, isRight } = decidedOf(answers, trust);
  const [stored, fitted] = [storedThreshold(trust, { risk: 0.2 }), boundedRisk(confidence, isRight, { risk: 0.2 })];
  assert.ok(stored && fitted && Math.abs(stored.threshold - fitted.threshold) < 1e-10);
  assert.equal(stored.accepted, fitted.accepted);
});

test("a temperature that would make the Brier score worse is not taken, and the file says so", () => {
  const answers = madeUp(300, 4);
  const { temperature } = fitClassTrust(answers, { choseEpoch: false });
  assert.equal(temperature.refused, undefined);
  // A few answers that are surely wrong weigh more in the log loss than all others together.
  const odd = answers.probabilities.slice();
  for (let n = 0; n < 12; n++)
    for (let k = 0; k < 4; k++)
      odd[4 * n + k] = k === answers.labels[n] ? 1e-40 : k === (answers.labels[n]! + 1) % 4 ? 1 : 0;
  const { temperature: other } = fitClassTrust({ ...answers, probabilities: odd }, { choseEpoch: false });
  assert.ok(other.value === 1 && other.after === other.before);
  assert.ok(other.refused! > 3);
});

test("what is stored is bounded, checked when read, and says nothing of files", () => {
  const trust = fitClassTrust(madeUp(2500, 3), { choseEpoch: true });
  assert.deepEqual([trust.images, trust.answers.truth.length], [2500, 2000]);
  assert.deepEqual(checkFacts("facts", { version: 1, trust }).trust, trust);
  const short = { ...trust, answers: { ...trust.answers, rank: [1] } };
  assert.throws(() => checkFacts("facts", { version: 1, trust: short }), /lists of one length/);
  const cold = { ...trust, temperature: { ...trust.temperature, value: 0 } };
  assert.throws(() => checkFacts("facts", { version: 1, trust: cold }), /temperature/);
  const outcome = { targets: 1, actual: Float32Array.of(1, 2, 3), predicted: Float32Array.of(2, 2, 2) };
  const numbers = fitNumberTrust(outcome, { choseEpoch: false, method: "absolute" });
  assert.deepEqual(checkFacts("facts", { version: 1, trust: numbers }).trust, numbers);
  assert.deepEqual(storedIntervals(numbers, 0.7), [
    fitNumberIntervals([1, 2, 3], [2, 2, 2], { coverage: 0.7, method: "absolute" }),
  ]);
});

test("novelty is the larger of energy and distance, and lets as many validation images pass as it says", () => {
  const random = new Random(3, STREAM.user);
  const vectors = Array.from({ length: 40 }, () => [1 + 0.1 * random.normal(), 0.1 * random.normal(), 0]);
  const bank = embeddingBank(vectors);
  const images = 400;
  const measures = {
    confidence: Float64Array.from({ length: images }, () => random.uniform()),
    energy: Float64Array.from({ length: images }, () => random.normal()),
    nearest: Float64Array.from({ length: images }, () => random.uniform()),
  };
  const facts = fitNovelty(measures, bank);
  const passing = Array.from({ length: images }, (_, n) => noveltyOf(facts, measures, n) <= facts.limit).filter(
    Boolean,
  );
  assert.equal(passing.length, Math.ceil((images + 1) * facts.level));
  const strange = { confidence: [0.9, 0.9, 0.9], energy: [0, 9, 0], nearest: [0.5, 0.5, 9] };
  assert.deepEqual(
    [0, 1, 2].map((n) => noveltyOf(facts, strange, n) > facts.limit),
    [false, true, true],
  );
  const alone = fitNovelty({ confidence: measures.confidence }, undefined);
  assert.ok(alone.doubt !== undefined && alone.energy === undefined && alone.nearest === undefined);
  assert.ok(mostEmbeddings(64) === 1000 && mostEmbeddings(10_000) * 10_000 <= 131_072, "bytes are bounded");
  const judge = classJudge({ ...fitClassTrust(madeUp(50, 3), { choseEpoch: true }), novelty: facts }, 3);
  const verdict = judge(Float64Array.of(0.9, 0.1, 0), strange, 2);
  assert.match(
    verdict.reason!,
    /^none of these: it is less like the training images than 95 % of the validation images/,
  );
});

test("costs come out of a file with classes in any order, and what does not fit is named", () => {
  const classes = ["dent", "none, at all"];
  const text = 'truth,"none, at all",dent,look\r\ndent,20,0,1\r\n"none, at all",0,2,3\r\n';
  assert.deepEqual(readCosts(text, classes), {
    matrix: [
      [0, 20],
      [2, 0],
    ],
    look: [1, 3],
  });
  assert.equal(readCosts("truth,dent,x\ndent,0,1\nx,1,0\n", ["dent", "x"]).look, Number.POSITIVE_INFINITY);
  const told = (text: string, message: RegExp) => assert.throws(() => readCosts(text, ["dent", "x"]), message);
  told("truth,dent,look\ndent,0,1\nx,1,0\n", /costs\.csv: expected one column for each class, "x" has none/);
  told("truth,dent,x,y\n", /the column "y" is no class of the model/);
  told("truth,dent,x\ndent,0,1\ndent,1,0\n", /expected one row for each class, "x" has none/);
  told("truth,dent,x\ndent,0,-1\nx,1,0\n", /row "dent", column "x": expected a number from 0 on, received "-1"/);
  told("truth,dent,x\ndent,0\nx,1,0\n", /line 2 has 2 fields, the first row has 3/);
});

test("a verdict names each rule that refers the image", () => {
  const trust = fitClassTrust(madeUp(400, 3), { choseEpoch: true });
  const judge = classJudge(trust, 3, {
    coverage: 0.95,
    referAbove: 0.15,
    costs: {
      matrix: [
        [0, 9, 9],
        [9, 0, 9],
        [9, 9, 0],
      ],
      look: 1,
    },
  });
  const unsure = judge(Float64Array.of(0.4, 0.35, 0.25), { confidence: [0.4] }, 0);
  assert.equal(unsure.accepted, false);
  assert.match(unsure.reason!, /3 classes cannot be ruled out at a coverage of 95 %; its probability of 0\.4 is below/);
  assert.match(unsure.reason!, /a look costs 1, the cheapest class 5\.4 on average/);
  const sure = judge(Float64Array.of(0.99, 0.005, 0.005), { confidence: [0.99] }, 0);
  assert.deepEqual([sure.accepted, sure.reason, sure.set, sure.decision], [true, undefined, [0], 0]);
  assert.throws(() => classJudge(trust, 3, { referAbove: 2 }), /expected a finite number from 0 to 1/);
  assert.throws(() => classJudge(trust, 2, { costs: { matrix: [[0]], look: 1 } }), /expected 2 rows of 2 costs/);
});
