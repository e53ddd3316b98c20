// The pages of a regression and of several labels: every figure and chart in place, amounts in their unit, names as text,
// the same each time; and the page of a classification without anything of theirs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { regressionFacts } from "../../src/experiment/tasks/scores/index.js";
import { amountAxis, axisLike } from "../../src/report/charts/regression/amounts.js";
import type { MultiLabelFacts, RegressionFacts, RunFacts } from "../../src/report/facts.js";
import { amount } from "../../src/report/format.js";
import { renderRunPage } from "../../src/report/pages/run-page.js";
import { blot } from "./made-up-run.js";
import { LABEL_NAMES, madeUpLabels, madeUpRegression } from "./made-up-tasks.js";

const twoTargets = madeUpRegression({ targets: 2, rows: 400 });
const regression = await renderRunPage(twoTargets);
const labels = await renderRunPage(madeUpLabels(300));

const sectionsOf = (page: string): string[] => [...page.matchAll(/<section id="([^"]+)">/g)].map(([, id]) => id!);

test("a regression has a block for each number, with all charts and the figures of both", () => {
  assert.deepEqual(sectionsOf(regression.html), [
    "data",
    "model",
    "training",
    "metrics",
    "target-1",
    "target-2",
    "again",
  ]);
  const ofTarget = (n: number) =>
    ["scatter", "residuals", "ratio", "lift", "lorenz", "residual-histogram"].map((chart) => `target-${n}-${chart}`);
  assert.deepEqual(
    regression.charts.map(({ name }) => name),
    ["spread-1", "spread-2", "curve-loss", ...ofTarget(1), ...ofTarget(2)],
  );
  for (const { name } of regression.charts) assert.ok(regression.html.includes(`id="${name}-chart"`), name);
  const [cost] = (twoTargets.evaluation as RegressionFacts).targets;
  for (const text of [
    amount(cost!.figures.rmse, "€"),
    cost!.figures.d2.toFixed(4),
    cost!.figures.normalizedGini!.toFixed(4),
    amount(cost!.baseline.rmse, "€"),
    "Cochran, 1977",
    "Garwood, 1936",
    "Weighted by <bdi>exposure 风险暴露</bdi>",
    "维修费用",
  ])
    assert.ok(regression.html.includes(text), text);
});

test("the worst misses say what is and what was predicted in their unit", () => {
  const [cost] = (twoTargets.evaluation as RegressionFacts).targets;
  const { actual, predicted, file } = cost!.misses[0]!;
  const [, shown] = regression.html.split("<h3>Worst misses</h3>");
  const caption = `<span class="is">${amount(actual, "€")}</span><span class="said">predicted ${amount(predicted, "€")}</span><span class="file" title="${file}">`;
  assert.ok(shown!.includes(caption), caption);
});

test("a model that is worse than the mean is called so", async () => {
  const evaluation = twoTargets.evaluation as RegressionFacts;
  const target = evaluation.targets[0]!;
  const bad = { ...target, figures: { ...target.figures, d2: -0.25 }, misses: [] };
  const { html: page } = await renderRunPage({ ...twoTargets, evaluation: { ...evaluation, targets: [bad] } });
  assert.match(
    page,
    /explains nothing of the gamma deviance .*: always saying [\d,]+ € predicts it better \(D² -0\.250\)/,
  );
  assert.match(page, /<dt>Test, explained \(D²\)<\/dt><dd>-25\.0%<\/dd>/);
  assert.doesNotMatch(page, /Worst misses/);
});

test("numbers below 0 have means and no ratios of sums", async () => {
  const evaluation = regressionFacts(
    "Test",
    [
      {
        name: "temperature",
        unit: "°C",
        pairs: { actual: [-12, -3, 4, 9, 21], predicted: [-10, -5, 5, 8, 18] },
        family: { kind: "squared" },
      },
    ],
    () => ({}),
  );
  const { html: page, charts } = await renderRunPage({ ...twoTargets, evaluation });
  assert.match(page, /Its mean prediction is 3\.2 °C, the actual mean 3\.8 °C\./);
  const names = charts.map(({ name }) => name);
  assert.deepEqual([names.includes("target-1-ratio"), names.includes("target-1-lorenz")], [false, false]);
  assert.ok(names.includes("target-1-lift"));
});

test("a model that says one number for all rows, and a single row, still have a page", async () => {
  const targets = [
    { name: "unlearned", pairs: { actual: [1, 2, 3], predicted: [2, 2, 2] }, family: { kind: "gamma" } as const },
    { name: "single", pairs: { actual: [3], predicted: [2] }, family: { kind: "poisson" } as const },
  ];
  const evaluation = regressionFacts("Test", targets, () => ({}));
  const { html: page } = await renderRunPage({ ...twoTargets, evaluation });
  assert.deepEqual(sectionsOf(page).slice(-3), ["target-1", "target-2", "again"]);
  assert.doesNotMatch(page, /NaN|undefined/);
});

test("several labels have a table, bars, errors that occur together and the worst misses", () => {
  assert.deepEqual(sectionsOf(labels.html), [
    "data",
    "model",
    "training",
    "metrics",
    "labels",
    "errors",
    "mistakes",
    "again",
  ]);
  assert.deepEqual(
    labels.charts.map(({ name }) => name),
    ["counts-per-class", "curve-loss", "label-bars", "error-pairs"],
  );
  for (const text of [
    "Images per label",
    "mean of labels (macro)",
    "all decisions (micro)",
    "all labels right",
    '<b class="missed">− ',
  ])
    assert.ok(labels.html.includes(text), text);
  const rows = [...labels.html.matchAll(/<td><span class="glyph"><bdi>([^<]+)<\/bdi><\/span><\/td>/g)].map(
    ([, name]) => name!,
  );
  assert.deepEqual(rows.toSorted(), LABEL_NAMES.toSorted());
  const { svg } = labels.charts.at(-1)!;
  const { errors } = madeUpLabels(300).evaluation as MultiLabelFacts;
  const side = LABEL_NAMES.length + 1;
  assert.ok(svg.includes(`missed scratch, said falsely 划痕: ${errors[1 * side + 3]}`));
});

test("labels without an error say so", async () => {
  const facts = madeUpLabels(300);
  const evaluation = facts.evaluation as MultiLabelFacts;
  const perfect = { ...evaluation, errors: new Int32Array(36), wrong: 0, misses: [] };
  const { html: page, charts } = await renderRunPage({ ...facts, evaluation: perfect });
  assert.match(page, /<h2>Errors<\/h2>\n<p>There are none\.<\/p>/);
  assert.equal(
    charts.some(({ name }) => name === "error-pairs"),
    false,
  );
});

test("pages are the same each time, ask for nothing, use no id twice, and stay below three megabytes", async () => {
  assert.equal((await renderRunPage(madeUpLabels(300))).html, labels.html);
  for (const page of [regression.html, labels.html]) {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    );
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map(
      (match) => match[1] ?? match[2]!,
    );
    assert.deepEqual(
      addresses.filter((address) => !/^(#|data:image\/png;base64,|data:font\/woff2;base64,)/.test(address)),
      [],
    );
    assert.match(page, /prefers-color-scheme: dark/);
    assert.ok(Buffer.byteLength(page) < 3e6, `${Buffer.byteLength(page)} bytes`);
  }
});

test("no name of a target, unit, label or file can become markup", async () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror="alert(1)">'&`;
  const miss = { image: blot(8, 8, 1), file: evil };
  const regressed = twoTargets.evaluation as RegressionFacts;
  const labelled = madeUpLabels(100);
  const pages: RunFacts[] = [
    {
      ...twoTargets,
      splits: twoTargets.splits.map((split) => ({
        ...split,
        targets: [{ name: evil, unit: evil, values: [1, 2, 3] }],
      })),
      evaluation: {
        ...regressed,
        split: evil,
        targets: [
          {
            ...regressed.targets[0]!,
            name: evil,
            unit: evil,
            deviance: evil,
            weight: evil,
            misses: [{ actual: 1, predicted: 2, ...miss }],
          },
        ],
      },
    },
    {
      ...labelled,
      classNames: LABEL_NAMES.map((name, i) => (i === 0 ? evil : name)),
      evaluation: {
        ...(labelled.evaluation as MultiLabelFacts),
        split: evil,
        labelNames: LABEL_NAMES.map((name, i) => (i === 0 ? evil : name)),
        misses: [{ right: [0], missed: [0], falsely: [0], ...miss }],
      },
    },
  ];
  for (const facts of pages) {
    const { html: page, charts } = await renderRunPage(facts);
    assert.equal(page.match(/<script/g)!.length, 1);
    assert.equal(/<img src=x/.test(page), false);
    for (const { name, svg } of charts) assert.equal(/<script|<img/.test(svg), false, name);
  }
});

test("axes are logarithmic for skewed amounts, by square root where zeros are among them, else linear", () => {
  const skewed = Array.from({ length: 101 }, (_, i) => 10 ** (i / 25));
  const axis = amountAxis(skewed);
  assert.equal(axis.type, "log");
  assert.deepEqual(axis.values, [1, 10, 100, 1000, 10000]);
  assert.equal(amountAxis([0, ...skewed.map((value) => value ** 2)]).type, "sqrt");
  assert.equal(amountAxis([-5, ...skewed]).type, "linear");
  assert.deepEqual(amountAxis([3, 3]).domain, [2.5, 3.5]);
  assert.deepEqual(amountAxis([]).domain, [0, 1]);
  assert.equal(axisLike(axis, [20, 30, 40]).type, "log");
  assert.equal(axisLike(axis, [0, 30, 40]).type, "linear");
});

test("amounts have about four digits and their unit", () => {
  const cases = [
    [1234.56, "€", "1,235 €"],
    [750.31, "€", "750.3 €"],
    [3, "dents", "3 dents"],
    [0.012345, undefined, "0.01235"],
    [-2.5, "m", "-2.5 m"],
    [0.000012, undefined, "1.20e-5"],
    [0, "€", "0 €"],
    [Number.NaN, "€", "NaN €"],
    [1e9, "€", "1,000,000,000 €"],
  ] as const;
  for (const [value, unit, text] of cases) assert.equal(amount(value, unit), text);
});
