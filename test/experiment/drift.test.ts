// Statistics of drift: corrections, counts, stability and the mean discrepancy against SciPy, statsmodels and scikit-learn
// (tools/watching-fixtures.py), and false alarms at the rate that they promise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random, STREAM } from "../../src/core/random.js";
import {
  benjaminiHochberg,
  comparedCounts,
  fisherExact,
  holm,
  meanDiscrepancy,
  populationStability,
} from "../../src/core/statistics/index.js";

const fixtures = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/watching.json", import.meta.url), "utf8"),
) as {
  corrections: { p: number[]; bh: number[]; holm: number[] }[];
  counts: { a: number[]; b: number[]; chi: number; p: number; name: number; residual: number; psi: number }[];
  exact: { shares: [number, number, number, number]; p: number }[];
  discrepancies: { size: number; x: number[]; y: number[]; width: number; squared: number }[];
};

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${actual}, expected ${expected}`);

test("probabilities of many tests are adjusted as statsmodels does it", () => {
  for (const { p, bh, holm: stepped } of fixtures.corrections) {
    for (const [i, value] of benjaminiHochberg(p).entries()) near(value, bh[i]!);
    for (const [i, value] of holm(p).entries()) near(value, stepped[i]!);
  }
  assert.throws(() => holm([0.5, Number.NaN]), /expected probabilities/);
});

test("counts are compared as SciPy does it, with the name that differs most", () => {
  for (const { a, b, chi, p, name, residual, psi } of fixtures.counts) {
    const compared = comparedCounts(a, b);
    near(compared.chiSquared, chi);
    near(compared.p, p);
    assert.equal(compared.most.name, name);
    near(compared.most.residual, residual);
    near(populationStability(a, b), psi);
  }
  assert.equal(comparedCounts([0, 5], [0, 9]).p, 1);
  assert.throws(() => comparedCounts([1], [1, 2]), /expected counts/);
});

test("shares are compared exactly as SciPy does it", () => {
  for (const { shares, p } of fixtures.exact) near(fisherExact(...shares), p);
  assert.throws(() => fisherExact(3, 2, 0, 1), /expected whole numbers/);
});

test("the mean discrepancy is scikit-learn's, and tells samples of another distribution", () => {
  for (const { size, x, y, width, squared } of fixtures.discrepancies) {
    const found = meanDiscrepancy({ size, data: x }, { size, data: y }, { draws: 99 });
    near(found.squared, squared);
    near(found.width, width);
    near(meanDiscrepancy({ size, data: x }, { size, data: y }, { draws: 1, width }).squared, squared);
  }
  const [, apart] = fixtures.discrepancies;
  assert.ok(meanDiscrepancy({ size: 2, data: apart!.x }, { size: 2, data: apart!.y }).p < 0.01);
});

test("samples of the same distribution are called different at the promised rate, where counts are small as well", () => {
  const [tests, level] = [200, 0.1];
  const random = new Random(5, STREAM.user);
  const counts = (items: number): number[] => {
    const found = new Array<number>(12).fill(0);
    for (let i = 0; i < items; i++) found[Math.floor(12 * random.uniform() ** 2)]!++;
    return found;
  };
  const vectors = (rows: number): Float64Array => Float64Array.from({ length: 2 * rows }, () => random.normal());
  let [all, most, discrepancies] = [0, 0, 0];
  for (let n = 0; n < tests; n++) {
    const compared = comparedCounts(counts(40), counts(25), { draws: 99, seed: n });
    assert.equal(compared.isCounted, true);
    if (compared.p <= level) all++;
    if (compared.most.p <= level) most++;
    const [x, y] = [vectors(12), vectors(9)];
    if (meanDiscrepancy({ size: 2, data: x }, { size: 2, data: y }, { draws: 99, seed: n }).p <= level) discrepancies++;
  }
  // 33 of 200 are exceeded with probability 0.0013 at a rate of 0.1.
  for (const count of [all, most, discrepancies]) assert.ok(count <= 33, `${count} of ${tests}`);
});
