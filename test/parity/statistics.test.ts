// Distributions, intervals and tests against SciPy and statsmodels (tools/statistics-fixtures.py), and what they refuse.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { betaCdf, betaQuantile, binomialCdf } from "../../src/core/statistics/beta.js";
import { bootstrapInterval, correctedShares, quantileOf } from "../../src/core/statistics/bootstrap.js";
import { mcnemarTest, pairedAnswers } from "../../src/core/statistics/mcnemar.js";
import { normalQuantile } from "../../src/core/statistics/normal.js";
import { upperBound, wilsonInterval } from "../../src/core/statistics/rate-intervals.js";

interface Counted {
  readonly trials: number;
  readonly confidence: number;
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/statistics.json", import.meta.url), "utf8"),
) as {
  readonly beta: readonly { readonly x: number; readonly a: number; readonly b: number; readonly cdf: number }[];
  readonly betaQuantiles: readonly { readonly p: number; readonly a: number; readonly b: number; readonly x: number }[];
  readonly normal: readonly { readonly q: number; readonly x: number }[];
  readonly binomial: readonly { readonly k: number; readonly n: number; readonly p: number; readonly cdf: number }[];
  readonly wilson: readonly (Counted & { readonly successes: number; readonly interval: readonly [number, number] })[];
  readonly bounds: readonly (Counted & { readonly events: number; readonly bound: number })[];
  readonly mcnemar: readonly { readonly firstOnly: number; readonly secondOnly: number; readonly pValue: number }[];
  readonly bootstrap: {
    readonly values: readonly number[];
    readonly draws: readonly number[];
    readonly without: readonly number[];
    readonly bca: readonly { readonly tail: number; readonly shares: readonly [number, number] }[];
    readonly quantile: number;
  };
};

const near = (got: number, wanted: number, what: string): void =>
  assert.ok(Math.abs(got - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${what}: ${got}, expected ${wanted}`);

test("distributions are SciPy's", () => {
  for (const { x, a, b, cdf } of fixture.beta) near(betaCdf(x, a, b), cdf, `beta(${a}, ${b}) at ${x}`);
  for (const { p, a, b, x } of fixture.betaQuantiles) near(betaQuantile(p, a, b), x, `beta(${a}, ${b}) quantile ${p}`);
  for (const { q, x } of fixture.normal) near(normalQuantile(q), x, `normal quantile ${q}`);
  for (const { k, n, p, cdf } of fixture.binomial) near(binomialCdf(k, n, p), cdf, `binomial(${n}, ${p}) at ${k}`);
});

test("intervals of rates are statsmodels'", () => {
  for (const { successes, trials, confidence, interval } of fixture.wilson) {
    const { low, high } = wilsonInterval(successes, trials, { confidence });
    near(low, interval[0], `Wilson ${successes} of ${trials}, low`);
    near(high, interval[1], `Wilson ${successes} of ${trials}, high`);
  }
  for (const { events, trials, confidence, bound } of fixture.bounds)
    near(upperBound(events, trials, { confidence }), bound, `bound ${events} of ${trials}`);
});

test("McNemar's test is statsmodels'", () => {
  for (const { firstOnly, secondOnly, pValue } of fixture.mcnemar)
    near(mcnemarTest({ firstOnly, secondOnly }).pValue, pValue, `McNemar ${firstOnly}, ${secondOnly}`);
  assert.deepEqual(pairedAnswers([true, true, false, false], [true, false, true, false]), {
    firstOnly: 1,
    secondOnly: 1,
  });
  assert.throws(() => pairedAnswers([true], []), /answers about the same images, received 1 and 0/);
  assert.throws(() => mcnemarTest({ firstOnly: -1, secondOnly: 0 }), /received -1/);
});

test("the corrected bootstrap ends where SciPy's does", () => {
  const { values, draws, without, bca, quantile } = fixture.bootstrap;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const { tail, shares } of bca) {
    const [low, high] = correctedShares(Float64Array.from(draws), mean, without, tail);
    near(low, shares[0], `share below, tail ${tail}`);
    near(high, shares[1], `share below, tail ${1 - tail}`);
  }
  near(quantileOf(Float64Array.from(draws), 0.0371), quantile, "quantile");
});

test("bootstrap intervals hold the mean, are drawn again alike, and keep groups whole", () => {
  const { values } = fixture.bootstrap;
  const mean = (rows: Int32Array): number => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;
  const first = bootstrapInterval(values.length, mean, { seed: 3 })!;
  assert.deepEqual(bootstrapInterval(values.length, mean, { seed: 3 }), first);
  const found = mean(Int32Array.from(values.keys()));
  assert.ok(first.low < found && found < first.high, `${first.low} to ${first.high}`);
  // Rows of a group say the same: ten copies of each must not make the interval narrower.
  const copied = (rows: Int32Array): number => mean(rows.map((row) => Math.floor(row / 10)));
  const groups = Array.from({ length: 10 * values.length }, (_, row) => Math.floor(row / 10));
  const grouped = bootstrapInterval(groups.length, copied, { seed: 3, groups })!;
  near(grouped.low, first.low, "interval of groups, low");
  near(grouped.high, first.high, "interval of groups, high");
  assert.equal(bootstrapInterval(1, mean), undefined);
  assert.equal(
    bootstrapInterval(5, () => Number.NaN),
    undefined,
  );
  assert.deepEqual(
    bootstrapInterval(5, () => 2),
    { low: 2, high: 2 },
  );
  assert.throws(() => bootstrapInterval(5, mean, { groups: [1] }), /a group for each of 5 rows, received 1/);
  assert.throws(() => bootstrapInterval(5, mean, { draws: 0 }), /draws/);
});
