// The report of a study: axes that put every value where its tick is, charts that say what the facts say, and a page that
// is complete, self-contained, escaped and the same each time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSvg } from "../../src/report/charts/render.js";
import { parameterAxis, shortNumber } from "../../src/report/charts/study/axis.js";
import { improvements } from "../../src/report/charts/study/comparison.js";
import { optimizationHistory } from "../../src/report/charts/study/history.js";
import { gridVersusTrials, paretoFront, staircase } from "../../src/report/charts/study/pairs.js";
import { axesOf, parallelCoordinates } from "../../src/report/charts/study/parameters.js";
import { surface } from "../../src/report/charts/study/surface.js";
import { drawnTrials, goodness, MOST_TRIALS, shownRange } from "../../src/report/charts/study/values.js";
import { renderStudyPage } from "../../src/report/pages/study-page.js";
import type { StudyFacts } from "../../src/report/study-facts.js";
import { golden } from "./golden.js";
import { madeUpFront, madeUpStudy } from "./made-up-study.js";

const facts = madeUpStudy();
const axes = axesOf(facts);

test("axes: logarithmic, linear, whole numbers, choices; what is outside has no place", () => {
  const rate = parameterAxis("rate", { type: "float", low: 1e-4, high: 1e-2, log: true });
  assert.deepEqual(
    rate.ticks.map(({ label }) => label),
    ["0.0001", "0.001", "0.01"],
  );
  assert.ok(Math.abs(rate.position(1e-3)! - 0.5) < 1e-12);
  assert.equal(rate.position(1), undefined);
  const drop = parameterAxis("drop", { type: "float", low: 0, high: 0.5, log: false });
  assert.deepEqual(
    drop.ticks.map(({ label }) => label),
    ["0", "0.1", "0.2", "0.3", "0.4", "0.5"],
  );
  const width = parameterAxis("width", { type: "categorical", choices: [64, 8, 16, 32] });
  assert.deepEqual(
    width.ticks.map(({ label }) => label),
    ["8", "16", "32", "64"],
  );
  assert.equal(width.position(8), 0.125);
  assert.equal(parameterAxis("n", { type: "int", low: 1, high: 3, log: false }).ticks.length, 3);
  for (const [value, text] of [
    [1e-5, "1e-5"],
    [0.1 + 0.2, "0.3"],
    [12345678, "1.2345678e7"],
    [0, "0"],
  ] as const)
    assert.equal(shortNumber(value), text);
});

test("axes come by importance; a parameter of one value has none", () => {
  assert.deepEqual(
    axes.map(({ name }) => name),
    ["rate", "activation", "layers", "width"],
  );
});

test("far outliers do not squeeze the others, upwards or downwards", () => {
  const values = [0.2, 0.21, 0.22, 0.23, 0.24, 900];
  const { low, high } = shownRange(values, 1);
  assert.ok(low > 0.19 && low < 0.2 && high > 0.24 && high < 0.3, `${low} ${high}`);
  const flipped = shownRange(
    values.map((value) => -value),
    -1,
  );
  assert.deepEqual([flipped.low, flipped.high], [-high, -low]);
  const good = goodness(values, 1);
  assert.deepEqual([good(0.2), good(900)], [1, 0]);
  assert.deepEqual(Object.keys(shownRange([], 1)), ["low", "high"]);
});

test("a huge study draws its best trials and a sample of the rest", () => {
  const many = Array.from({ length: 10_000 }, (_, number) => ({
    ...facts.trials[0]!,
    number,
    values: [(number * 7919) % 10_000],
  }));
  const drawn = drawnTrials({ ...facts, trials: many }, many);
  assert.ok(drawn.length <= MOST_TRIALS, `${drawn.length}`);
  const best = new Set(drawn.map(({ values }) => values![0]));
  for (let value = 0; value < 100; value++) assert.ok(best.has(value), `${value}`);
});

test("a surface is deep where good trials are, and nothing flows between choices", () => {
  const points = [
    { x: 0.25, y: 0.1, good: 1 },
    { x: 0.75, y: 0.9, good: 0 },
  ];
  const smooth = { domain: [0, 1] as const, cells: undefined };
  const at = (data: Uint8Array, side: number, x: number, y: number) =>
    [...data.subarray(4 * (Math.floor((1 - y) * side) * side + Math.floor(x * side)))].slice(0, 4);
  const map = surface(points, { domain: [0, 1], cells: 2 }, smooth);
  const [deep] = at(map.data, map.width, 0.45, 0.1);
  const [pale] = at(map.data, map.width, 0.55, 0.9);
  assert.ok(deep! < 60 && pale! > 200, `${deep} ${pale}`);
  // Right of the border only the bad one counts, however far it is.
  assert.ok(at(map.data, map.width, 0.52, 0.3)[0]! > 200);
});

test("golden chart: the optimization history", async () => {
  golden("study-history.svg", `${(await renderSvg(optimizationHistory(facts))).replaceAll("><", ">\n<")}\n`);
});

test("golden chart: parallel coordinates, with lines that break where a trial lacks a parameter", async () => {
  golden("study-parallel.svg", `${(await renderSvg(parallelCoordinates(facts, axes)!)).replaceAll("><", ">\n<")}\n`);
});

test("a grid of as many trials tries fewer values of the continuous parameter", async () => {
  const svg = await renderSvg(gridVersusTrials(facts, axes, "tpe")!);
  assert.match(svg, />A grid</);
  const counts = [...svg.matchAll(/>(\d+) trials, (\d+) values of rate</g)].map(([, trials, values]) => [
    Number(trials),
    Number(values),
  ]);
  assert.equal(counts.length, 2);
  const [grid, tried] = counts as [number[], number[]];
  assert.ok(grid[0]! <= tried[0]! && grid[1]! < tried[1]!, JSON.stringify(counts));
  assert.equal(tried[0], tried[1]);
});

test("the page has every section, and each chart as a file", async () => {
  const { html, charts } = await renderStudyPage(facts);
  for (const id of [
    "best",
    "history",
    "importance",
    "slices",
    "contours",
    "parallel",
    "intermediate",
    "grid",
    "timeline",
    "trials",
    "failures",
  ])
    assert.match(html, new RegExp(`<section id="${id}">`), id);
  assert.doesNotMatch(html, /<section id="pareto">/);
  for (const { name, svg } of charts) {
    assert.match(svg, /^<svg [^>]*><style>/, name);
    assert.ok(html.includes(`id="${name}-chart"`), name);
  }
  for (const text of ["Error: no more memory", "fovea tune rebuild --study made-up", "leaky_relu"])
    assert.ok(html.includes(text), text);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map((match) => match[1] ?? match[2]!);
  assert.deepEqual(
    addresses.filter((address) => !/^(#|data:image\/png;base64,|data:font\/woff2;base64,)/.test(address)),
    [],
  );
  assert.ok(Buffer.byteLength(html) < 1.5e6, `${Buffer.byteLength(html)} bytes`);
  assert.equal((await renderStudyPage(madeUpStudy())).html, html);
});

test("several objectives have a front, a history each, and no curves", async () => {
  const { html } = await renderStudyPage(madeUpFront());
  for (const id of ["pareto-chart", "history-chart", "history-2-chart"]) assert.match(html, new RegExp(`id="${id}"`));
  assert.doesNotMatch(html, /<section id="intermediate">/);
  assert.match(html, /On the Pareto front/);
});

test("the line of a front is of what no other beats in the two values shown, and turns on the side that is reached", () => {
  const points = [
    { x: 1, y: 5 },
    { x: 2, y: 7 },
    { x: 2, y: 3 },
    { x: 3, y: 4 },
    { x: 4, y: 1 },
  ];
  const corners = (signX: 1 | -1, signY: 1 | -1) => staircase(points, signX, signY).map(({ x, y }) => `${x} ${y}`);
  assert.deepEqual(corners(1, 1), ["1 5", "2 3", "4 1"]);
  assert.deepEqual(corners(1, -1), ["1 5", "2 7"]);
  assert.deepEqual(corners(-1, 1), ["4 1"]);
  assert.deepEqual(corners(-1, -1), ["4 1", "3 4", "2 7"]);
  const front = madeUpFront();
  for (const [directions, turn] of [
    [["minimize", "maximize"], "step-after"],
    [["maximize", "minimize"], "step-before"],
  ] as const)
    assert.match(JSON.stringify(paretoFront({ ...front, directions })!.spec), new RegExp(`"interpolate":"${turn}"`));
});

test("studies side by side: steps at improvements only, to the end of each, whichever way is better", async () => {
  const trials = [3, 5, 2, 4].map((value, number) => ({ ...facts.trials[0]!, number, values: [value] }));
  assert.deepEqual(improvements(trials, 1), [
    { trial: 0, value: 3 },
    { trial: 2, value: 2 },
    { trial: 3, value: 2 },
  ]);
  assert.deepEqual(
    improvements(trials, -1).map(({ value }) => value),
    [3, 5, 5],
  );
  const { html } = await renderStudyPage({ ...facts, beside: [{ name: "a grid", trials }] });
  assert.match(html, /<section id="beside">[\s\S]*>a grid</);
});

test("a study without a complete trial, or without any, still has a page", async () => {
  const failed: StudyFacts = {
    ...facts,
    trials: facts.trials.filter(({ state }) => state === "fail"),
    best: [],
    importances: [],
  };
  assert.match((await renderStudyPage(failed)).html, /<section id="failures">/);
  assert.match((await renderStudyPage({ ...failed, trials: [], space: {} })).html, /<h1><bdi>made-up<\/bdi><\/h1>/);
});

test("no name or choice can become markup or code", async () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror="alert(1)">'&"])`;
  const trials = facts.trials.map((trial) => ({
    ...trial,
    params: { rate: trial.params.rate!, [evil]: evil },
    reason: evil,
  }));
  const { html, charts } = await renderStudyPage({
    ...facts,
    name: evil,
    createdBy: evil,
    objectives: [evil],
    trials,
    space: { rate: facts.space.rate!, [evil]: { type: "categorical", choices: [evil, "other"] } },
    importances: [{ method: evil, shares: { rate: 0.5, [evil]: 0.5 } }],
    rows: [{ label: evil, value: evil }],
    rebuild: evil,
  });
  assert.equal(/<script/.test(html), false);
  assert.equal(/<img src=x/.test(html), false);
  for (const { name, svg } of charts) assert.equal(/<img src=x|<script/.test(svg), false, name);
});
