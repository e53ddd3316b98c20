// Typed targets: the kind is told from the values, said in a sentence, and can be said otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inferTargets, type ListingColumn, targetsOf } from "../../src/data/index.js";

const listing = (columns: Record<string, ListingColumn>) => ({
  where: "m.csv",
  columns,
  images: Array.from({ length: Object.values(columns)[0]?.length ?? 0 }, (_, i) => ({
    path: `${i}.png`,
    size: 0,
    source: `${i}.png`,
  })),
});
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

test("the kind is inferred, and the sentence says how to say otherwise", () => {
  const sentence = (columns: Record<string, ListingColumn>): readonly [string, string | undefined] => {
    const { kind, sentence } = inferTargets(listing(columns));
    return [kind, sentence];
  };
  assert.deepEqual(sentence({ kind: ["cat", "dog", "cat"] }), [
    "classes",
    "The column kind has text (2 different), so the task is classification.",
  ]);
  assert.deepEqual(sentence({ damage: ["dent; scratch", "", "dent"] }), [
    "labels",
    "The column damage has several labels in a cell, so the task is multiLabel; --task classification takes each cell for a class.",
  ]);
  assert.deepEqual(sentence({ tags: [["dent"], []] })[0], "labels");
  assert.deepEqual(sentence({ dent: ["0", "1"], glass: ["1", "1"] }), [
    "labels",
    "The columns dent, glass have 0 and 1 only, so the task is multiLabel; --task regression takes them for numbers.",
  ]);
  assert.deepEqual(sentence({ price: ["1.5", "2"] }), [
    "numbers",
    "The column price has numbers (2 different), so the task is regression.",
  ]);
  assert.deepEqual(sentence({ price: numbered(21) }), [
    "numbers",
    "The column price has numbers (21 different), so the task is regression; --task classification takes each for a class.",
  ]);
  assert.deepEqual(sentence({ dents: numbered(20) }), [
    "classes",
    "The column dents has only 20 different whole numbers, so the task is classification; --task regression takes them for numbers.",
  ]);
  assert.deepEqual(sentence({ dents: Float64Array.of(0, 1, 0.5) })[0], "numbers");
  assert.equal(inferTargets(listing({ a: ["0", "1"] }), { kind: "classes" }).sentence, undefined, "all was said");
});

test("the column is the only one, the one that is called so, or the one that is named", () => {
  const columns = { area: ["1.5", "2"], label: ["a", "b"], price: ["1", "2"] };
  assert.deepEqual(inferTargets(listing(columns)).columns, ["label"]);
  assert.deepEqual(inferTargets(listing(columns), { columns: ["price"], kind: "numbers" }).columns, ["price"]);
  const two = inferTargets(listing(columns), { columns: ["area", "price"] });
  assert.deepEqual([two.kind, two.columns], ["numbers", ["area", "price"]]);
  const hail = { class: ["none", "minor"], labels: ["", "dent"], cost: ["0", "1.5"] };
  assert.deepEqual(inferTargets(listing(hail), { kind: "labels" }).columns, ["labels"]);
  assert.deepEqual(inferTargets(listing(hail), { kind: "classes" }).columns, ["class"]);
  assert.deepEqual(inferTargets(listing(hail), { kind: "numbers" }).columns, ["cost"]);
  assert.throws(() => inferTargets(listing(hail)), /expected one column as the target, found class, labels, cost/);
  const odd = { constructor: ["a", "b"], toString: ["x", "y"] };
  assert.deepEqual(inferTargets(listing(odd), { columns: ["toString"] }).kind, "classes");
  assert.throws(() => inferTargets(listing({ a: ["x"] }), { columns: ["valueOf"] }), /there is no column "valueOf"/);
});

test("classes come in code-point order, or in a model's, spelled either way", () => {
  assert.deepEqual(targetsOf(listing({ y: ["b", "a", "10", "2"] })).targets, {
    kind: "classes",
    classNames: ["10", "2", "a", "b"],
    indices: Int32Array.of(3, 2, 0, 1),
  });
  const names = ["z", "e\u0301"];
  assert.deepEqual(targetsOf(listing({ y: ["\u00e9", "z"] }), { names }).targets, {
    kind: "classes",
    classNames: names,
    indices: Int32Array.of(1, 0),
  });
  assert.deepEqual(targetsOf(listing({ y: Float64Array.of(3, 1, 3) })).targets, {
    kind: "classes",
    classNames: ["1", "3"],
    indices: Int32Array.of(1, 0, 1),
  });
});

test("labels are 0 and 1, row by row", () => {
  assert.deepEqual(targetsOf(listing({ y: ["dent|scratch", "", "glass; dent"] })).targets, {
    kind: "labels",
    labelNames: ["dent", "glass", "scratch"],
    values: Uint8Array.of(1, 0, 1, 0, 0, 0, 1, 1, 0),
  });
  assert.deepEqual(targetsOf(listing({ scratch: ["1", "0"], dent: ["0.0", "1"] })).targets, {
    kind: "labels",
    labelNames: ["scratch", "dent"],
    values: Uint8Array.of(1, 0, 0, 1),
  });
  assert.deepEqual(targetsOf(listing({ y: [["b"], []] }), { names: ["a", "b"] }).targets, {
    kind: "labels",
    labelNames: ["a", "b"],
    values: Uint8Array.of(0, 1, 0, 0),
  });
  assert.deepEqual(targetsOf(listing({ dent: ["1", "0"] }), { kind: "labels" }).targets, {
    kind: "labels",
    labelNames: ["dent"],
    values: Uint8Array.of(1, 0),
  });
});

test("numbers are 32-bit floats, one row an image", () => {
  assert.deepEqual(
    targetsOf(listing({ a: ["1.5", "-2"], b: Float64Array.of(3, 1e6) }), { columns: ["b", "a"] }).targets,
    {
      kind: "numbers",
      names: ["b", "a"],
      values: Float32Array.of(3, 1.5, 1e6, -2),
    },
  );
  assert.throws(
    () => targetsOf(listing({ a: Float64Array.of(0.5, Number.NaN) })),
    /found "NaN" in 1\.png; correct the cells/,
  );
});
