// Tables as Python's csv module writes them, scaled and encoded as scikit-learn does (tools/table-fixtures.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fitFeatures, parseCsv, parseTable, standardScaler } from "../../src/data/index.js";

interface Fixture {
  readonly rows: string[][];
  readonly texts: { readonly excel: string; readonly unix: string; readonly semicolons: string };
  readonly train: number[];
  readonly mean: number[];
  readonly scale: number[];
  readonly scaled: number[][];
  readonly oneHot: number[][];
  readonly categories: string[];
}

const url = new URL("../../../test/parity/fixtures/table.json", import.meta.url);
const fixture = JSON.parse(readFileSync(url, "utf8")) as Fixture;
const { texts, rows, train } = fixture;

test("CSV in three dialects is what Python's csv module wrote", () => {
  assert.deepEqual(parseCsv(texts.excel), rows);
  assert.deepEqual(parseCsv(texts.unix), rows);
  assert.deepEqual(parseCsv(texts.semicolons, { delimiter: ";" }), rows);
});

test("standardScaler learns scikit-learn's means and scales, of a constant column too", () => {
  const table = parseTable(texts.excel);
  for (const [i, name] of ["value", "age", "same"].entries()) {
    const values = table.numbers(name);
    const { mean, scale, transform } = standardScaler(train.map((row) => values[row]!));
    assert.ok(Math.abs(mean - fixture.mean[i]!) < 1e-12, `${name}: mean ${mean}`);
    assert.ok(Math.abs(scale - fixture.scale[i]!) < 1e-12, `${name}: scale ${scale}`);
    values.forEach((value, row) => {
      assert.ok(Math.abs(transform(value) - fixture.scaled[row]![i]!) < 1e-11, `${name} of row ${row}`);
    });
  }
});

test("features are scaled numbers and one-hot categories, learnt from the training rows alone", () => {
  const table = parseTable(texts.unix);
  const encoder = fitFeatures(table, train, { columns: ["value", "body"] });
  const known = fixture.categories;
  assert.deepEqual([...encoder.names].sort(), ["value", ...known.map((category) => `body=${category}`)].sort());
  const all = Array.from({ length: table.rows }, (_, row) => row);
  const { data, shape } = encoder.transform(all);
  assert.deepEqual(shape, [60, 1 + known.length]);
  for (const row of all) {
    const features = data.subarray(row * shape[1]!, (row + 1) * shape[1]!);
    assert.ok(Math.abs(features[0]! - fixture.scaled[row]![0]!) < 1e-6);
    for (const [k, category] of known.entries())
      assert.equal(features[encoder.names.indexOf(`body=${category}`)], fixture.oneHot[row]![k]);
  }
});
