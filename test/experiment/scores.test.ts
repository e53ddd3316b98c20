// Statistics of evaluations against scikit-learn (tools/sklearn-regression-fixtures.py), and what they refuse.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gammaCdf, gammaQuantile } from "../../src/core/statistics/gamma.js";
import * as scores from "../../src/experiment/tasks/scores/index.js";

interface Case {
  readonly name: string;
  readonly family: "squared" | "absolute" | "poisson" | "gamma" | "tweedie";
  readonly power: number;
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
  readonly weight: readonly number[] | null;
  readonly rmse: number;
  readonly mae: number;
  readonly deviance: number;
  readonly d2: number;
  readonly gini?: number;
  readonly normalizedGini?: number;
  readonly lorenz?: scores.LorenzCurve;
}

interface PerLabel {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
}

interface Averaged {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/sklearn-regression.json", import.meta.url), "utf8"),
) as {
  readonly regressions: readonly Case[];
  readonly gammaQuantiles: readonly { readonly p: number; readonly shape: number; readonly x: number }[];
  readonly labels: {
    readonly labels: number;
    readonly actual: readonly number[];
    readonly scores: readonly number[];
    readonly thresholds: readonly number[];
    readonly perLabel: PerLabel;
    readonly macro: Averaged;
    readonly micro: Averaged;
    readonly auc: readonly (number | null)[];
    readonly averagePrecision: readonly (number | null)[];
    readonly macroAuc: number;
    readonly microAuc: number;
    readonly microAveragePrecision: number;
    readonly exact: number;
    readonly bestF1: readonly number[];
  };
};

const near = (got: number | undefined, wanted: number, what: string, tolerance = 1e-10): void =>
  assert.ok(
    Math.abs(got! - wanted) <= tolerance * Math.max(1, Math.abs(wanted)),
    `${what}: ${got}, expected ${wanted}`,
  );

const familyOf = ({ family, power }: Case): scores.Family =>
  family === "tweedie" ? { kind: family, power } : { kind: family };

const pairsOf = ({ actual, predicted, weight }: Case): scores.Pairs => ({
  actual,
  predicted,
  ...(weight === null ? {} : { weight }),
});

for (const regression of fixture.regressions)
  test(`errors, explained deviance and Gini as in scikit-learn: ${regression.name}`, () => {
    const [pairs, family] = [pairsOf(regression), familyOf(regression)];
    near(scores.rmse(pairs), regression.rmse, "rmse");
    near(scores.mae(pairs), regression.mae, "mae");
    near(scores.meanDeviance(pairs, family), regression.deviance, "deviance");
    near(scores.d2(pairs, family), regression.d2, "d2");
    const gini = scores.gini(pairs);
    assert.equal(gini === undefined, regression.gini === undefined);
    if (regression.gini === undefined) return;
    near(gini!.gini, regression.gini, "gini");
    near(gini!.normalized, regression.normalizedGini!, "normalized gini");
    const curve = scores.lorenzCurve(pairs)!;
    for (const side of ["exposure", "amount"] as const) {
      assert.equal(curve[side].length, regression.lorenz![side].length);
      curve[side].forEach((value, i) => {
        near(value, regression.lorenz![side][i]!, `lorenz ${side} ${i}`);
      });
    }
  });

test("quantiles of the gamma distribution as in SciPy", () => {
  for (const { p, shape, x } of fixture.gammaQuantiles)
    near(gammaQuantile(p, shape), x, `gamma(${shape}) at ${p}`, 1e-9);
  assert.equal(gammaCdf(0, 3), 0);
});

test("scores of labels as in scikit-learn", () => {
  const { labels, perLabel, macro, micro, auc, averagePrecision, thresholds, ...wanted } = fixture.labels;
  const table = { labels, actual: wanted.actual, scores: wanted.scores };
  const ours = scores.multiLabelScores(table, thresholds);
  for (const key of ["precision", "recall", "f1"] as const) {
    ours.labels.forEach((label, k) => {
      near(label[key], perLabel[key][k]!, `${key} of ${k}`);
    });
    near(ours.macro[key], macro[key], `macro ${key}`);
    near(ours.micro[key], micro[key], `micro ${key}`);
  }
  ours.labels.forEach((label, k) => {
    if (auc[k] === null) assert.equal(label.auc, undefined);
    else near(label.auc, auc[k]!, `auc of ${k}`);
    if (averagePrecision[k] === null) assert.equal(label.averagePrecision, undefined);
    else near(label.averagePrecision, averagePrecision[k]!, `average precision of ${k}`);
  });
  near(ours.macro.auc, wanted.macroAuc, "macro auc");
  near(ours.micro.auc, wanted.microAuc, "micro auc");
  near(ours.micro.averagePrecision, wanted.microAveragePrecision, "micro average precision");
  near(ours.exact, wanted.exact, "exact");
});

test("the best thresholds reach the best F1 of scikit-learn's precision_recall_curve", () => {
  const { labels, actual, scores: probabilities, bestF1 } = fixture.labels;
  const thresholds = scores.bestThresholds({ labels, actual, scores: probabilities });
  scores.multiLabelScores({ labels, actual, scores: probabilities }, thresholds).labels.forEach(({ f1 }, k) => {
    near(f1, bestF1[k]!, `F1 of ${k}`);
  });
  assert.equal(thresholds[3], 0.5);
  const [threshold] = scores.bestThresholds({ labels: 1, actual: [0, 1, 1, 0], scores: [0.1, 0.4, 0.8, 0.2] });
  near(threshold, 0.3, "halfway between 0.4 and 0.2");
});

test("tenths of the prediction hold a tenth of the exposure each, and equal predictions stay together", () => {
  const predicted = Array.from({ length: 100 }, (_, i) => ((37 * i) % 100) + 1);
  const pairs = { actual: predicted.map((value) => 2 * value), predicted };
  const bins = scores.deciles(pairs, { kind: "squared" });
  assert.deepEqual(
    bins.map(({ number, from, to, rows }) => [number, from, to, rows]),
    Array.from({ length: 10 }, (_, i) => [i + 1, 10 * i + 1, 10 * i + 10, 10]),
  );
  for (const { ratio, low, high } of bins) assert.deepEqual([ratio, low, high], [2, 2, 2]);
  near(bins[9]!.lift, 95.5 / 50.5, "lift");
  const constant = scores.deciles({ actual: predicted, predicted: predicted.map(() => 7) }, { kind: "squared" });
  assert.deepEqual(
    constant.map(({ rows }) => rows),
    [100],
  );
  const heavy = scores.deciles({ actual: [1, 1, 1], predicted: [1, 2, 3], weight: [0, 5, 5] }, { kind: "poisson" }, 2);
  assert.deepEqual(
    heavy.map(({ rows, from }) => [rows, from]),
    [
      [1, 2],
      [1, 3],
    ],
  );
});

test("intervals of actual-to-expected: Garwood's for counts, Cochran's for amounts", () => {
  const counts = { actual: [0, 2, 1, 0], predicted: [0.5, 0.5, 0.5, 0.5], weight: [1, 1, 2, 2] };
  const some = scores.actualToExpected(counts, [0, 1, 2, 3], { kind: "poisson" });
  // Garwood's interval of the mean of 4 claims, as printed in tables: 1.0899 to 10.2416; expected are 3.
  near(some.ratio, 4 / 3, "ratio");
  near(some.low, 1.0899 / 3, "low", 1e-4);
  near(some.high, 10.2416 / 3, "high", 1e-4);
  const none = scores.actualToExpected(counts, [0, 3], { kind: "poisson" });
  assert.deepEqual([none.ratio, none.low], [0, 0]);
  near(none.high, 3.6889 / 1.5, "high without a claim", 1e-4);
  const amounts = { actual: [1, 3, 5], predicted: [2, 2, 5] };
  const cost = scores.actualToExpected(amounts, [0, 1, 2], { kind: "gamma" });
  // R = 1; sum of squared differences 1 + 1 + 0; variance 3 / 2 * 2 / 81.
  near(cost.high, 1 + (1.959963984540054 * Math.sqrt(3)) / 9, "high of amounts");
  near(cost.low, 1 - (1.959963984540054 * Math.sqrt(3)) / 9, "low of amounts");
  assert.deepEqual(scores.actualToExpected(amounts, [0], { kind: "gamma" }), { ratio: 0.5, low: 0, high: Infinity });
});

test("residuals point to the rows that are missed most", () => {
  const pairs = { actual: [1, 100, 10], predicted: [4, 110, 10] };
  assert.deepEqual([...scores.residuals(pairs)], [-3, -10, 0]);
  assert.deepEqual(scores.worstRows(pairs, { kind: "squared" }, 2), [1, 0]);
  // In proportion 1 for 4 is worse than 100 for 110.
  assert.deepEqual(scores.worstRows(pairs, { kind: "gamma" }, 9), [0, 1, 2]);
  const deviance = scores.devianceResiduals(pairs, { kind: "gamma" });
  near(
    deviance.reduce((sum, residual) => sum + residual * residual, 0) / 3,
    scores.meanDeviance(pairs, { kind: "gamma" }),
    "squares",
  );
});

test("errors that occur together: what was missed by what was said falsely", () => {
  const table = {
    labels: 2,
    actual: [1, 0, 1, 0, 0, 0, 1, 1, 0, 1],
    scores: [0, 1, 1, 0, 0, 1, 0, 1, 1, 0],
  };
  assert.deepEqual([...scores.errorPairs(table, [0.5, 0.5])], [0, 1, 1, 1, 0, 0, 0, 1, 0]);
});

test("exposure turns amounts into rates", () => {
  const rates = scores.ratesOf({ actual: [1, 0], predicted: [0.5, 0.25] }, [0.5, 1]);
  assert.deepEqual(
    [Array.from(rates.actual), Array.from(rates.predicted)],
    [
      [2, 0],
      [1, 0.25],
    ],
  );
  assert.throws(
    () => scores.ratesOf({ actual: [1], predicted: [1] }, [0]),
    /exposure: expected numbers above 0, .* row 0/,
  );
});

test("what has no meaning is refused in a sentence, or has no Gini", () => {
  const pairs = { actual: [1, 0, 2], predicted: [1, 1, 1] };
  assert.throws(
    () => scores.d2(pairs, { kind: "gamma" }),
    /gamma deviance: expected targets above 0, received 0 at row 1/,
  );
  assert.throws(
    () => scores.d2({ ...pairs, actual: [1, -1, 2] }, { kind: "poisson" }),
    /at least 0, received -1 at row 1/,
  );
  assert.throws(() => scores.d2(pairs, { kind: "tweedie", power: 2 }), /a power between 1 \(Poisson\) and 2/);
  assert.throws(() => scores.rmse({ ...pairs, predicted: [1] }), /expected 3 numbers as predicted.* received 1/);
  assert.throws(() => scores.rmse({ actual: [], predicted: [] }), /at least one row/);
  assert.throws(() => scores.mae({ ...pairs, predicted: [1, Number.NaN, 1] }), /received NaN at predicted\[1\]/);
  assert.throws(() => scores.mae({ ...pairs, weight: [0, 0, 0] }), /zeros alone/);
  assert.throws(() => scores.mae({ ...pairs, weight: [1, -1, 0] }), /at least 0, received -1 at weight\[1\]/);
  assert.throws(
    () => scores.multiLabelScores({ labels: 2, actual: [0, 2], scores: [0, 0] }, [0, 0]),
    /received 2 at row 0, label 1/,
  );
  assert.equal(scores.gini({ actual: [-1, 2], predicted: [1, 2] }), undefined);
  assert.equal(scores.gini({ actual: [0, 0], predicted: [1, 2] }), undefined);
  assert.equal(scores.gini({ actual: [3, 3], predicted: [1, 2] }), undefined);
  assert.equal(scores.d2({ actual: [3, 3], predicted: [3, 3] }, { kind: "squared" }), 1);
  assert.equal(scores.d2({ actual: [3, 3], predicted: [3, 4] }, { kind: "squared" }), 0);
});
