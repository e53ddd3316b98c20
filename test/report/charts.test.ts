// The charts as SVG: the same text everywhere (golden files), readable labels, numbers that are those of the facts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix } from "../../src/nn/metrics/index.js";
import { classCountHistogram, countsPerClass } from "../../src/report/charts/class-counts.js";
import { axisNames } from "../../src/report/charts/class-names.js";
import { confidenceHistograms } from "../../src/report/charts/confidence.js";
import { confusion, drawnClasses, MOST_CLASSES } from "../../src/report/charts/confusion.js";
import { curve } from "../../src/report/charts/curves.js";
import { imageSizes } from "../../src/report/charts/image-sizes.js";
import { renderSvg } from "../../src/report/charts/render.js";
import { textWidth } from "../../src/report/charts/text-width.js";
import { golden } from "./golden.js";
import { CLASS_NAMES, madeUpRun } from "./made-up-run.js";

const facts = madeUpRun();
const { evaluation, splits } = facts;
const history = facts.history!;
const matrix = confusionMatrix(evaluation!.labels, evaluation!.predicted, CLASS_NAMES.length);

/** A matrix of eight classes, two of them easily confused, one never seen. */
const small = Int32Array.from({ length: 64 }, (_, i) => {
  const [row, column] = [i >> 3, i & 7];
  return row === 7 ? 0 : row === column ? 20 + row : row === 1 && column === 2 ? 9 : (i * 7) % 11 === 0 ? 1 : 0;
});

const charts = [
  ...splits.map(classCountHistogram),
  countsPerClass(splits, CLASS_NAMES),
  ...imageSizes(splits),
  curve(history, { key: "accuracy", title: "Accuracy", legend: "bottom-right", bestEpoch: 26 }),
  curve(history, { key: "loss", title: "Loss", legend: "top-right", bestEpoch: 26 }),
  ...confidenceHistograms(evaluation!),
  confusion(small, CLASS_NAMES.slice(0, 8), "Test"),
];

for (const chart of charts)
  test(`golden chart: ${chart.name}`, async () => {
    golden(`${chart.name}.svg`, `${(await renderSvg(chart)).replaceAll("><", ">\n<")}\n`);
  });

/** Positions and sizes of the class labels of an axis, from the SVG. */
function labels(
  svg: string,
  names: readonly string[],
): { text: string; x: number; y: number; turned: boolean; size: number }[] {
  const wanted = new Set(names);
  const pattern =
    /<text text-anchor="[^"]*" transform="translate\(([-\d.]+),([-\d.]+)\)( rotate[^"]*)?"[^>]*font-size="(\d+)px"[^>]*>([^<]*)</g;
  return [...svg.matchAll(pattern)]
    .map(([, x, y, turn, size, text]) => ({
      text: text!,
      x: Number(x),
      y: Number(y),
      turned: turn !== undefined,
      size: Number(size),
    }))
    .filter(({ text }) => wanted.has(text));
}

test("55 Chinese labels stand on both axes of the confusion matrix and do not touch", async () => {
  const svg = await renderSvg(confusion(matrix, CLASS_NAMES, "Test"));
  const found = labels(svg, CLASS_NAMES);
  assert.equal(found.length, 110);
  const across = found.filter(({ y }) => y === found[0]!.y);
  const down = found.filter(({ x }) => x === found.at(-1)!.x);
  assert.deepEqual([across.length, down.length], [55, 55]);
  for (let i = 1; i < 55; i++) {
    assert.ok(across[i]!.x - across[i - 1]!.x >= textWidth("太", across[i]!.size), "across");
    assert.ok(down[i]!.y - down[i - 1]!.y >= down[i]!.size, "down");
  }
  assert.equal(across[0]!.turned, false);
});

test("every class is named under the bars, long names are turned", async () => {
  const chinese = labels(await renderSvg(countsPerClass(splits, CLASS_NAMES)), CLASS_NAMES);
  assert.deepEqual(
    chinese.map(({ text }) => text),
    CLASS_NAMES,
  );
  const words = Array.from({ length: 30 }, (_, i) => `class number ${i}`);
  const split = { name: "Train", counts: words.map((_, i) => i) };
  const turned = labels(await renderSvg(countsPerClass([split], words)), words);
  assert.equal(turned.length, 30);
  assert.ok(turned.every((label) => label.turned));
});

test("a cell of the matrix says its count and links to its mistakes, a right one does not", async () => {
  const svg = await renderSvg(confusion(small, ["a", "b", "c", "d", "e", "f", "g", "<&>"], "Test"));
  assert.match(svg, /<a [^>]*href="#cell-1-2" aria-label="true b, predicted c: 9 of \d+"><path/);
  assert.doesNotMatch(svg, /#cell-1-1"/);
  assert.match(svg, /&lt;&amp;&gt;/);
});

test("of very many classes those with the most mistakes are drawn", () => {
  const classes = MOST_CLASSES + 40;
  const many = new Int32Array(classes * classes);
  for (let k = 0; k < classes; k++) many[k * classes + k] = 10;
  many[5 * classes + 119] = 3;
  const drawn = drawnClasses(many, classes);
  assert.equal(drawn.length, MOST_CLASSES);
  assert.ok(drawn.includes(5) && drawn.includes(119) && !drawn.includes(118));
  assert.deepEqual(
    drawn,
    [...drawn].sort((a, b) => a - b),
  );
});

test("curves survive one epoch, missing validation, and losses that are not finite", async () => {
  const options = { key: "loss", title: "Loss", legend: "top-right" } as const;
  assert.match(await renderSvg(curve({ loss: [2.5] }, options)), /<svg/);
  const broken = await renderSvg(
    curve({ loss: [2, Number.NaN, 1, Number.POSITIVE_INFINITY] }, { ...options, bestEpoch: 2 }),
  );
  assert.doesNotMatch(broken, /NaN|Infinity/);
  assert.doesNotMatch(broken, /validation|best epoch/);
});

test("charts drawn at once come out as those drawn one by one", async () => {
  const alone: string[] = [];
  for (const chart of charts.slice(0, 4)) alone.push(await renderSvg(chart));
  assert.deepEqual(await Promise.all(charts.slice(0, 4).map(renderSvg)), alone);
});

test("names on an axis are distinct and printable", () => {
  assert.deepEqual(axisNames(["a", "a", "b\u0000", "a"]), ["a", "a (2)", "b\ufffd", "a (3)"]);
  assert.deepEqual(axisNames(["a", "a", "a (2)"]), ["a", "a (3)", "a (2)"]);
});
