// Tuning: a grid tries few values of each setting and chance many; the best are those of the library's studies.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import {
  createStudy,
  gridSampler,
  openStorage,
  quasiRandomSampler,
  randomSampler,
  type Sampler,
  type Study,
  tpeSampler,
} from "../../src/tune/index.js";
import { learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkAccessible, checkBothThemes, closeBrowser, counted, emptyFolder, noBrowser } from "./page.js";

after(closeBrowser);

const skip = noBrowser;

type Objective = (x: number, y: number) => number;
const narrow: Objective = (x, y) => Math.exp(-(((x - 0.37) / 0.07) ** 2)) + 0.05 * y;
const round: Objective = (x, y) => Math.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.08);
const ridge: Objective = (x, y) => Math.exp(-(((x + y - 0.85) / 0.09) ** 2)) * (1 - 0.4 * x);

async function searched(sampler: Sampler, objective: Objective, trials: number, seed: number): Promise<Study> {
  const study = await createStudy({ sampler, seed, direction: "maximize" });
  await study.optimize((trial) => objective(trial.suggestFloat("x", 0, 1), trial.suggestFloat("y", 0, 1)), { trials });
  return study;
}

const middles = (side: number): number[] =>
  Array.from({ length: side }, (_, i) => Math.round(((i + 0.5) / side) * 10_000) / 10_000);

const textOf = ({ bestValue, bestParams: { x, y } }: Study): string =>
  `${bestValue.toPrecision(3)} at (${Number(x).toPrecision(3)}, ${Number(y).toPrecision(3)})`;

/** Opens a state with all trials drawn at once. */
async function open(page: Page, state: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await turnTo(page, `tuning?${state}`);
}

test("a grid tries few values, chance many, and the best are the library's", { skip }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "tuning?trials=0");
  for (const [state, objective, side, rival, seed] of [
    ["seed=5", narrow, 3, randomSampler(), 5],
    ["objective=round&grid=5&seed=2&rival=tpe", round, 5, tpeSampler(), 2],
    ["objective=ridge&grid=4&seed=3&rival=quasirandom", ridge, 4, quasiRandomSampler(), 3],
  ] as const) {
    await open(page, state);
    const values = middles(side);
    const budget = side * side;
    const grid = await searched(gridSampler({ x: values, y: values }), objective, budget, seed);
    const other = await searched(rival, objective, budget, seed);
    await said(page, '.search[data-kind="rival"] .best', textOf(other));
    await said(page, '.search[data-kind="grid"] .best', textOf(grid));
    const distinct = await page.locator(".distinct").allTextContents();
    assert.deepEqual(distinct, [`${side}, ${side}`, `${budget}, ${budget}`]);
    const printed = (await runShownCode(t, page)).split("\n");
    assert.ok(printed[0]!.startsWith(`grid ${grid.bestValue} `) && printed[0]!.endsWith(` ${side}`), printed[0]);
    assert.ok(printed[1]!.includes(` ${other.bestValue} `) && printed[1]!.endsWith(` ${budget}`), printed[1]);
  }
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("trials are drawn one after the other, and by keys", { skip }, async (t) => {
  const { page } = await learnPage(t, "tuning?grid=4&trials=2");
  await said(page, ".controls output", "2 of 16");
  await page.locator(".search circle").nth(3).waitFor();
  await counted(page.locator(".search circle"), 4);
  await page.getByRole("slider", { name: "Trials" }).focus();
  await page.keyboard.press("ArrowRight");
  await said(page, ".controls output", "3 of 16");
  await counted(page.locator(".search circle"), 6);
  await page.keyboard.press("End");
  await said(page, ".controls output", "16 of 16");
  // The grid of four values happens to try 0.375.
  await said(page, '.challenges [data-solved="true"]', "by luck");
});

test("a real study's trials stand in the same plane", { skip }, async (t) => {
  const path = join(emptyFolder(t), "study.log");
  const storage = await openStorage(`journal://${path}`);
  const study = await createStudy({ storage, name: "n <b>eurons", seed: 3 });
  await study.optimize(
    (trial) => {
      const rate = trial.suggestFloat("rate", 1e-4, 1e-2, { log: true });
      return (Math.log10(rate) + 3) ** 2 + trial.suggestInt("neurons", 4, 256) / 1000;
    },
    { trials: 12 },
  );
  await storage.close();
  const { page, errors } = await learnPage(t, "tuning?trials=0");
  await page.setInputFiles(".study-trials input[type=file]", path);
  const facts = await said(page, "#study-facts", "best");
  assert.ok(facts.includes(`trial ${study.bestTrial.number} ${study.bestValue.toPrecision(4)}`), facts);
  assert.ok(facts.includes("12 different of 12: 0.0001 to 0.01, logarithmic"), facts);
  await counted(page.locator(".study-trials .scatter circle"), 12);
  assert.equal(await page.locator(".study-trials b").count(), 0, "names are text");
  await page.reload();
  await said(page, "#study-facts", "best");
  await page.setInputFiles(".study-trials input[type=file]", {
    name: "x.log",
    mimeType: "",
    buffer: Buffer.from("no"),
  });
  await said(page, ".study-trials .error", "expected Optuna's journal");
  await checkAccessible(page, "a study");
  assert.deepEqual(errors, []);
});

test("the page of tuning is accessible, light and dark", { skip }, async (t) => {
  const { page } = await learnPage(t, "tuning?trials=8");
  await said(page, ".best", "at (");
  await checkBothThemes(page, "tuning");
});
