// Calibration, sets and referral against SciPy, scikit-learn and NumPy (tools/calibration-fixtures.py), and what they promise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random, STREAM } from "../../src/core/random.js";
import * as trust from "../../src/experiment/trust/index.js";

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/calibration.json", import.meta.url), "utf8"),
) as {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
  readonly temperature: number;
  readonly before: number;
  readonly after: number;
  readonly equal: { readonly ece: number; readonly mce: number };
  readonly adaptive: { readonly ece: number; readonly mce: number };
  readonly brier: number;
  readonly parts: Omit<trust.BrierParts, "within">;
  readonly limits: Readonly<Record<trust.SetMethod, Readonly<Record<string, number | null>>>>;
  readonly perClass: readonly number[];
  readonly risk: readonly number[];
  readonly area: number;
  readonly novelty: {
    readonly logits: readonly number[][];
    readonly energy: readonly number[];
    readonly embeddings: readonly number[][];
    readonly strange: readonly number[][];
    readonly nearest: readonly number[];
  };
};
const answers: trust.ClassAnswers = {
  classes: fixture.classes,
  probabilities: Float64Array.from(fixture.probabilities),
  labels: fixture.labels,
};

const near = (got: number, wanted: number, what: string, tolerance = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${what}: ${got}, expected ${wanted}`);

test("the temperature is where SciPy finds the least loss, and changes no decision", () => {
  const { temperature, before, after } = trust.fitTemperature(answers);
  near(before, fixture.before, "loss before");
  near(after, fixture.after, "loss after");
  // A search by values finds the place of a minimum to half of the digits.
  near(temperature, fixture.temperature, "temperature", 1e-7);
  const scaled = trust.atTemperature(answers.probabilities, answers.classes, temperature);
  for (let n = 0; n < answers.labels.length; n++) {
    const [row, cooled] = [answers.probabilities, scaled].map((all) => all.subarray(4 * n, 4 * n + 4)) as [
      Float64Array,
      Float64Array,
    ];
    assert.equal(row.indexOf(Math.max(...row)), cooled.indexOf(Math.max(...cooled)));
    near(
      cooled.reduce((sum, p) => sum + p, 0),
      1,
      "sum",
    );
  }
  assert.deepEqual(trust.atTemperature(answers.probabilities, answers.classes, 1), answers.probabilities);
});

test("a model that is never wrong, or has no idea, has a temperature at an end", () => {
  const sure = { classes: 2, probabilities: Float64Array.of(0.9, 0.1, 0.1, 0.9), labels: [0, 1] };
  near(trust.fitTemperature(sure).temperature, 0.05, "never wrong");
  const wrong = { ...sure, labels: [1, 0] };
  near(trust.fitTemperature(wrong).temperature, 20, "always wrong");
  const certain = { classes: 2, probabilities: Float64Array.of(1, 0, 1, 0), labels: [0, 1] };
  assert.ok(Number.isFinite(trust.fitTemperature(certain).after), "a probability of 0 for what is true");
});

test("calibration errors and Brier's score with its parts are NumPy's and scikit-learn's", () => {
  for (const [found, expected] of [
    [trust.reliability(answers), fixture.equal],
    [trust.adaptiveReliability(answers), fixture.adaptive],
  ] as const) {
    near(found.ece, expected.ece, "ECE");
    near(found.mce, expected.mce, "MCE");
    assert.equal(
      found.bins.reduce((sum, { count }) => sum + count, 0),
      answers.labels.length,
    );
  }
  near(trust.brierScore(answers), fixture.brier, "Brier's score");
  const parts = trust.brierParts(answers);
  for (const key of ["score", "reliability", "resolution", "uncertainty"] as const)
    near(parts[key], fixture.parts[key], key);
  near(parts.reliability - parts.resolution + parts.uncertainty + parts.within, parts.score, "sum of the parts");
});

test("limits of conformal sets are NumPy's quantiles", () => {
  for (const method of trust.SET_METHODS)
    for (const [coverage, limit] of Object.entries(fixture.limits[method])) {
      const sets = trust.fitClassSets(answers, { coverage: Number(coverage), method, penalty: 0.1, free: 2 });
      if (limit === null) assert.deepEqual(sets.limits, [Number.POSITIVE_INFINITY]);
      // NumPy's score is 1 - p, here it is -p.
      else near(sets.limits[0]! + (method === "lac" ? 1 : 0), limit, `${method} at ${coverage}`);
    }
  const { limits } = trust.fitClassSets(answers, { coverage: 0.8, perClass: true });
  for (const [k, limit] of limits.entries()) near(1 + limit, fixture.perClass[k]!, `class ${k}`);
});

/** Answers by chance: a model that is right with the probability that it says. */
function drawn(images: number, seed: number): trust.ClassAnswers {
  const random = new Random(seed, STREAM.user);
  const classes = 5;
  const probabilities = new Float64Array(images * classes);
  const labels = new Int32Array(images);
  for (let n = 0; n < images; n++) {
    const row = Array.from({ length: classes }, () => random.uniform() ** 4 + 1e-3);
    const sum = row.reduce((a, b) => a + b);
    const at = random.uniform() * sum;
    labels[n] = row.findIndex((_, k) => row.slice(0, k + 1).reduce((a, b) => a + b) >= at);
    probabilities.set(
      row.map((p) => p / sum),
      n * classes,
    );
  }
  return { classes, probabilities, labels };
}

test("sets hold the true class as often as was asked for", () => {
  const [fitted, fresh] = [drawn(2000, 1), drawn(4000, 2)];
  for (const method of trust.SET_METHODS)
    for (const coverage of [0.8, 0.95]) {
      const sets = trust.fitClassSets(fitted, { coverage, method });
      let held = 0;
      for (let n = 0; n < 4000; n++)
        if (trust.classSet(fresh.probabilities.subarray(5 * n, 5 * n + 5), sets).includes(fresh.labels[n]!)) held++;
      assert.ok(Math.abs(held / 4000 - coverage) < 0.03, `${method} at ${coverage}: ${held / 4000}`);
    }
  assert.throws(() => trust.fitClassSets(fitted, { coverage: 1 }), /a coverage above 0 and below 1, received 1/);
  assert.throws(() => trust.fitClassSets({ ...fitted, classes: 4 }), /4 probabilities for each of 2000 images/);
});

test("intervals hold the true number as often as was asked for", () => {
  const random = new Random(5, STREAM.user);
  const predicted = Float64Array.from({ length: 3000 }, () => 100 * random.between(1, 20));
  const actual = predicted.map((m) => m * random.between(0.5, 1.5));
  for (const method of trust.INTERVAL_METHODS) {
    const intervals = trust.fitNumberIntervals(actual.subarray(0, 1000), predicted.subarray(0, 1000), { method });
    const held = predicted.subarray(1000).filter((m, n) => {
      const { low, high } = trust.numberInterval(m, intervals);
      return low <= actual[1000 + n]! && actual[1000 + n]! <= high;
    }).length;
    assert.ok(Math.abs(held / 2000 - 0.9) < 0.03, `${method}: ${held / 2000}`);
  }
  const few = trust.fitNumberIntervals([1, 2], [1, 1]);
  assert.deepEqual(trust.numberInterval(1, few), { low: -Infinity, high: Infinity });
  assert.throws(() => trust.fitNumberIntervals([1], []), /a prediction for each of 1 numbers, received 0/);
});

test("ranges by quantiles of the errors are NumPy's", () => {
  const { actual, predicted, asked, ranges } = JSON.parse(
    readFileSync(new URL("../../../test/parity/fixtures/quantile-intervals.json", import.meta.url), "utf8"),
  ) as {
    readonly actual: number[];
    readonly predicted: number[];
    readonly asked: number[];
    readonly ranges: readonly {
      readonly coverage: number;
      readonly limit: number;
      readonly ends: [number, number][];
    }[];
  };
  for (const { coverage, limit, ends } of ranges) {
    const intervals = trust.fitNumberIntervals(actual, predicted, { coverage, method: "quantile" });
    assert.ok(Math.abs(intervals.limit - limit) < 1e-9, `limit at ${coverage}`);
    for (const [n, [low, high]] of ends.entries()) {
      const found = trust.numberInterval(asked[n]!, intervals);
      assert.ok(Math.abs(found.low - low) < 1e-9 && Math.abs(found.high - high) < 1e-9, `${asked[n]} at ${coverage}`);
    }
  }
});

test("risk and coverage are NumPy's; a bounded risk keeps its promise", () => {
  const row = (n: number): Float64Array => answers.probabilities.subarray(4 * n, 4 * n + 4);
  const confidence = answers.labels.length === 0 ? [] : Array.from(fixture.labels, (_, n) => Math.max(...row(n)));
  const isRight = confidence.map((p, n) => row(n).indexOf(p) === fixture.labels[n]);
  const { risk, area, coverage } = trust.riskCoverage(confidence, isRight);
  for (const [i, value] of risk.entries()) near(value, fixture.risk[i]!, `risk ${i}`);
  near(area, fixture.area, "area");
  assert.equal(coverage.at(-1), 1);
  let broken = 0;
  for (let seed = 0; seed < 40; seed++) {
    const random = new Random(seed, STREAM.user, 9);
    const sure = Array.from({ length: 600 }, () => random.uniform());
    const right = sure.map((p) => random.uniform() < 0.5 + p / 2);
    const found = trust.boundedRisk(sure, right, { risk: 0.15 });
    assert.ok(found === undefined || found.bound <= 0.15);
    // The true error of answers above t is the mean of (1 - p) / 2.
    if (found !== undefined && (1 - (1 + found.threshold) / 2) / 2 > 0.15) broken++;
  }
  assert.ok(broken <= 4, `${broken} of 40 promises of 95 % are broken`);
  assert.equal(trust.boundedRisk([0.5, 0.6], [false, false], { risk: 0.1 }), undefined);
});

test("decisions are those of the least expected cost", () => {
  const costs = trust.uniformCosts(3, 20, 1);
  assert.deepEqual(trust.cheapestDecision([0.96, 0.03, 0.01], costs), {
    decision: 0,
    cost: 20 * (0.03 + 0.01),
    lookCost: 1,
    isReferred: false,
  });
  assert.equal(trust.cheapestDecision([0.94, 0.05, 0.01], costs).isReferred, true);
  // Missing a rare, dear class costs more than a false alarm.
  const dear: trust.Costs = {
    matrix: [
      [0, 1],
      [50, 0],
    ],
    look: Number.POSITIVE_INFINITY,
  };
  assert.equal(trust.cheapestDecision([0.9, 0.1], dear).decision, 1);
  // A look may cost more where one class is true than where another is.
  const uneven = { ...trust.uniformCosts(2, 20, 1), look: [1, 31] };
  assert.equal(trust.cheapestDecision([0.9, 0.1], uneven).lookCost, 0.9 + 3.1);
  assert.throws(() => trust.checkCosts({ ...uneven, look: [1] }, 2), /a look's cost for each of 2 classes, received 1/);
  assert.throws(() => trust.checkCosts(dear, 3), /expected 3 rows of 3 costs/);
  assert.throws(
    () =>
      trust.checkCosts(
        {
          matrix: [
            [0, -1],
            [1, 0],
          ],
          look: 1,
        },
        2,
      ),
    /numbers from 0 on/,
  );
});

test("energies are SciPy's logsumexp, and distances those of its cdist up to a byte a number", () => {
  const { logits, energy, embeddings, strange, nearest } = fixture.novelty;
  for (const [n, row] of logits.entries()) near(trust.energyOf(row), energy[n]!, `energy of ${n}`);
  assert.ok(Number.isFinite(trust.energyOf([1000, 999])), "large logits do not overflow");
  const bank = trust.embeddingBank(embeddings);
  assert.equal(bank.bytes.length, 12 * 6);
  for (const [n, row] of strange.entries())
    near(trust.nearestDistance(row, bank), nearest[n]!, `distance of ${n}`, 4 * bank.step);
  // Scaled by any factor, for embeddings are taken at length 1.
  const [first] = strange;
  near(
    trust.nearestDistance(
      first!.map((value) => 7 * value),
      bank,
    ),
    trust.nearestDistance(first!, bank),
    "scale",
  );
  assert.throws(() => trust.nearestDistance([1], bank), /expected an embedding of 6 numbers, received 1/);
  assert.throws(() => trust.embeddingBank([]), /expected 1 to 0 embeddings, received 0/);
});
