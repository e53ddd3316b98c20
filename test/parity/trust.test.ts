// Intervals and bounds of shares as SciPy has them, and classes as scikit-learn scores them. The fixtures were made by
// tools/trust-fixtures.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { upperBound, wilsonInterval } from "../../src/core/statistics/index.js";
import { classTable } from "../../src/experiment/trust/index.js";

interface Fixtures {
  readonly proportions: readonly (readonly number[])[];
  readonly classes: {
    readonly labels: number[];
    readonly predicted: number[];
    readonly table: readonly (readonly number[])[];
    readonly chosen: number[];
  };
}
const url = new URL("../../../test/parity/fixtures/trust.json", import.meta.url);
const { proportions, classes } = JSON.parse(readFileSync(url, "utf8")) as Fixtures;

const close = (found: number, expected: number, what: string): void =>
  assert.ok(Math.abs(found - expected) < 1e-12 + 1e-10 * expected, `${what}: ${found} is not ${expected}`);

test("Wilson's intervals and exact upper bounds equal SciPy's", () => {
  for (const [count, total, low, high, bound, strict] of proportions as [
    number,
    number,
    number,
    number,
    number,
    number,
  ][]) {
    const interval = wilsonInterval(count, total);
    close(interval.low, low, `low of ${count} of ${total}`);
    close(interval.high, high, `high of ${count} of ${total}`);
    assert.equal(interval.share, count / total);
    close(upperBound(count, total), bound, `bound of ${count} of ${total}`);
    close(upperBound(count, total, { confidence: 0.99 }), strict, `bound at 99 % of ${count} of ${total}`);
  }
  assert.deepEqual(wilsonInterval(0, 0), { share: Number.NaN, low: 0, high: 1 });
  assert.equal(upperBound(0, 0), 1);
  assert.throws(() => wilsonInterval(0.8, 10), /expected whole numbers of cases, some of all, received 0.8 of 10/);
  assert.throws(() => upperBound(11, 10), /received 11 of 10/);
  assert.throws(() => upperBound(1, 10, { confidence: 95 }), /expected a confidence above 0 and below 1, received 95/);
});

test("the table of classes equals scikit-learn's", () => {
  const rows = classTable(classes, 4);
  const [precision, recall, f1, support] = classes.table as [number[], number[], number[], number[]];
  for (const [k, row] of rows.entries()) {
    close(row.precision, precision[k]!, `precision of ${k}`);
    close(row.recall, recall[k]!, `recall of ${k}`);
    close(row.f1, f1[k]!, `F1 of ${k}`);
    assert.deepEqual([row.support, row.chosen], [support[k], classes.chosen[k]]);
    assert.deepEqual(row.intervals.recall, wilsonInterval(row.right, row.support));
    assert.deepEqual(row.intervals.precision, wilsonInterval(row.right, row.chosen));
  }
});
