// Penalised logistic regression against scikit-learn (tools/sklearn-softmax-fixtures.py): the same weights for the same penalty.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { solveSoftmax } from "../../src/experiment/training/softmax-solver.js";

interface Case {
  readonly features: number;
  readonly classes: number;
  readonly penalty: number;
  readonly x: readonly number[];
  readonly labels: readonly number[];
  readonly weights?: readonly number[];
  readonly kernel: readonly number[];
  readonly biases: readonly number[];
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/sklearn-softmax.json", import.meta.url), "utf8"),
);

for (const { features, classes, penalty, x, labels, weights, kernel, biases } of cases) {
  const about = `${labels.length} rows, ${classes} classes, penalty ${penalty}${weights ? ", weighted" : ""}`;
  test(`weights of least loss are scikit-learn's: ${about}`, () => {
    const rows = {
      ...{ features, classes, labels, x: Float64Array.from(x) },
      weights: weights && Float64Array.from(weights),
    };
    const solved = solveSoftmax(rows, penalty);
    const shift = solved.subarray(features * classes).reduce((sum, bias) => sum + bias, 0) / classes;
    const expected = [...kernel, ...biases];
    for (const [at, value] of solved.entries()) {
      const found = at < features * classes ? value : value - shift;
      assert.ok(Math.abs(found - expected[at]!) < 1e-6, `weight ${at}: ${found}, scikit-learn ${expected[at]}`);
    }
    const warm = solveSoftmax(rows, penalty, solveSoftmax(rows, penalty * 3));
    for (const [at, value] of warm.entries()) {
      const bias = at < features * classes ? 0 : 1;
      const other = warm.subarray(features * classes).reduce((sum, each) => sum + each, 0) / classes;
      assert.ok(Math.abs(value - bias * other - expected[at]!) < 1e-6, "whatever it begins with");
    }
  });
}
