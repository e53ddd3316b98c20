// The numbers behind the charts: histograms against NumPy, scores against scikit-learn, the order of mistakes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { confusionMatrix } from "../../src/nn/metrics/index.js";
import { failureList, perClassTable, splitConfidence } from "../../src/report/evaluation.js";
import { duration, metric, percent } from "../../src/report/format.js";
import { histogram, rangeOf } from "../../src/report/histogram.js";

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/report/fixtures/${name}`, import.meta.url), "utf8"));

interface NumpyCase {
  name: string;
  values: number[];
  bins: number;
  range: [number, number] | null;
  counts: number[];
  densities: number[];
  edges: number[];
}

for (const known of (fixture("numpy-histograms.json") as { cases: NumpyCase[] }).cases)
  test(`histogram as np.histogram: ${known.name}`, () => {
    const ours = histogram(known.values, known.bins, known.range ?? rangeOf(known.values));
    assert.deepEqual(ours.counts, known.counts);
    assert.deepEqual(ours.edges, known.edges);
    ours.densities.forEach((density, i) => {
      assert.ok(
        Math.abs(density - known.densities[i]!) <= 1e-12 * Math.abs(density),
        `${density} ${known.densities[i]}`,
      );
    });
  });

test("a histogram refuses what it cannot cut", () => {
  assert.throws(() => histogram([1, 2], 0), FoveaError);
  assert.throws(() => histogram([1, Number.NaN], 3), FoveaError);
  assert.throws(() => histogram([1, 2], 3, [2, 1]), FoveaError);
  assert.deepEqual(histogram([], 2).counts, [0, 0]);
});

test("confusion matrix and scores as scikit-learn's", () => {
  const expected = fixture("sklearn-scores.json") as Record<string, number[]>;
  const matrix = confusionMatrix(expected.labels!, expected.predicted!, 7);
  assert.deepEqual([...matrix], expected.confusion);
  const table = perClassTable(matrix, 7);
  assert.deepEqual(
    table.map((row) => row.support),
    expected.support,
  );
  for (const key of ["precision", "recall", "f1"] as const)
    table.forEach((row, k) => {
      assert.ok(Math.abs(row[key] - expected[key]![k]!) < 1e-12, `${key} of class ${k}`);
    });
});

test("a label outside the classes is an error that says where", () => {
  assert.throws(() => confusionMatrix([0, 2], [0, 1], 2), /class 0 to 1 at 1, received 2/);
  assert.throws(() => confusionMatrix([0], [0, 1], 2), FoveaError);
  assert.throws(() => confusionMatrix([0], [0], 1.5), /expected a whole number of classes, received 1.5/);
});

test("predictions may be scores: the largest decides, the first of equals", () => {
  const scores = tensor([
    [0.1, 0.7, 0.2],
    [0.4, 0.2, 0.4],
    [0, 0, 1],
  ]);
  assert.deepEqual([...confusionMatrix(tensor([1, 2, 2], "int32"), scores, 3)], [0, 0, 0, 0, 1, 0, 1, 0, 1]);
  assert.throws(
    () => confusionMatrix([0, 1, 2], scores, 4),
    /class numbers \[n\] or scores \[n, 4\], received \[3, 3\]/,
  );
});

test("mistakes come most confident first, equals in the order of the data", () => {
  const evaluation = {
    split: "Test",
    labels: [0, 1, 2, 0, 1],
    predicted: [1, 1, 0, 2, 0],
    confidence: [0.5, 0.9, 0.8, 0.5, 0.7],
  };
  assert.deepEqual(failureList(evaluation), [2, 4, 0, 3]);
  assert.deepEqual(failureList(evaluation, 2), [2, 4]);
  assert.deepEqual(splitConfidence(evaluation), { right: [0.9], wrong: [0.5, 0.8, 0.5, 0.7] });
});

test("numbers as a reader writes them", () => {
  assert.deepEqual([0, 0.95134, 0.00002, 3e7, Number.NaN].map(metric), [
    "0.0000",
    "0.9513",
    "2.000e-5",
    "3.000e+7",
    "NaN",
  ]);
  assert.equal(percent(0.8849), "88.5%");
  assert.deepEqual([3.21, 59.6, 725, 12000].map(duration), ["3.2 s", "1 min 0 s", "12 min 5 s", "3 h 20 min"]);
});
