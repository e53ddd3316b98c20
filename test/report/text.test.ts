// Reports in the terminal: everything lines up, whatever script the class names are written in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { singleLine } from "../../src/core/text.js";
import { histogram } from "../../src/report/histogram.js";
import { textBars, textHistogram } from "../../src/report/text/bars.js";
import { textCurves } from "../../src/report/text/curves.js";
import { textTable } from "../../src/report/text/table.js";
import { cutColumns, padColumns, textColumns } from "../../src/report/text/width.js";
import { golden } from "./golden.js";
import { madeUpRun } from "./made-up-run.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence is what is looked for
const COLOURED = /\u001b\[36m/;

test("columns are counted as a terminal counts them", () => {
  const widths = { abc: 3, 太: 2, "太 not 大": 9, "e\u0301": 1, "👍🏽": 2, ﾊﾝ: 2, Ｗ: 2, "": 0 };
  for (const [text, columns] of Object.entries(widths)) assert.equal(textColumns(text), columns, text);
  assert.equal(padColumns("太", 4), "太  ");
  assert.equal(padColumns("太", 4, "right"), "  太");
  assert.equal(cutColumns("東京東京", 5), "東京…");
  assert.equal(cutColumns("東京東京", 8), "東京東京");
  assert.equal(cutColumns("plain text", 6), "plain…");
});

test("a name cannot move the cursor, colour the screen or break a line", () => {
  assert.equal(singleLine("a\u001b[31m\nb\u0007"), "a\ufffd[31m b\ufffd");
  const table = textTable([{ head: "name" }], [["x\r\ny"]]);
  assert.equal(table, "name\n────\nx y");
});

test("tables line up", () => {
  const rows = [
    ["太", "0.9", "14"],
    ["Käfer", "0.85", "1,400"],
    ["a rather long name", "1", "2"],
  ];
  const text = textTable(
    [
      { head: "class", most: 10 },
      { head: "recall", align: "right" },
      { head: "images", align: "right" },
    ],
    rows,
  );
  golden("table.txt", `${text}\n`);
  const widths = new Set(text.split("\n").map(textColumns));
  assert.equal(widths.size, 1, text);
});

test("bars: the longest fills the room, something shows at least a hairline", () => {
  const text = textBars(
    [
      { label: "太", value: 100000 },
      { label: "bees", value: 1 },
      { label: "none", value: 0 },
    ],
    40,
  );
  assert.deepEqual(text.split("\n"), [`  太 ${"█".repeat(27)} 100,000`, "bees ▏ 1", "none  0"]);
});

test("curves and histograms as text", () => {
  const { history, splits } = madeUpRun();
  const curves = textCurves(
    [
      { name: "train", values: history!.accuracy! },
      { name: "validation", values: history!.val_accuracy! },
    ],
    { title: "accuracy", bestEpoch: 26 },
  );
  golden("curves.txt", `${curves}\n`);
  assert.equal(curves.includes("\u001b"), false);
  assert.match(textCurves([{ name: "train", values: [1, 2] }], { title: "loss", color: true }), COLOURED);
  golden("bars.txt", `${textHistogram(histogram(splits[0]!.heights!, 12))}\n`);
});

test("four curves differ in their dashes, and each has its sample", () => {
  const flat = (name: string, value: number) => ({ name, values: [value, value] });
  const curves = ["a", "b", "c", "d"].map((name, i) => flat(name, i));
  const [title = "", ...rows] = textCurves(curves, { title: "best", columns: 12, rows: 4 }).split("\n");
  assert.equal(title, "best   ⠤⠤⠤ a   ⠤ ⠤ b   ⠄⠄⠄ c   ⠤⠄  d");
  const drawn = rows.slice(0, 4).map((row) => row.slice(row.indexOf("│") + 1));
  assert.equal(
    new Set(drawn.map((row) => row.replaceAll(/[⠁⠂⠄⡀]/g, "l").replaceAll(/[⠉⠒⠤⣀]/g, "b"))).size,
    4,
    drawn.join("\n"),
  );
});

test("curves of one epoch, of one value, of none, and with gaps", () => {
  const draw = (values: number[]) => textCurves([{ name: "train", values }], { title: "loss", columns: 8, rows: 3 });
  assert.match(draw([1]), /1\.000 │⠄\n/);
  assert.equal(draw([]), "loss: no values");
  assert.equal(draw([Number.NaN]), "loss: no values");
  const gap = draw([1, Number.NaN, 3, 3]).split("\n");
  assert.match(gap[1]!, /^3\.000 │ {5,}\S+$/);
  assert.match(gap[3]!, /^1\.000 │\S$/);
});
