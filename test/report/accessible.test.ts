// Every kind of report in Chromium, light and dark: axe finds nothing, the page never scrolls sideways, what scrolls within it
// and each cell of the confusion matrix is reached by the keyboard, and print is light.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { DARK, LIGHT } from "../../src/report/charts/tokens.js";
import type { RunFacts } from "../../src/report/facts.js";
import { renderCardPage } from "../../src/report/pages/card-page.js";
import { renderComparisonPage } from "../../src/report/pages/comparison-page.js";
import { renderInspectPage } from "../../src/report/pages/inspect-page.js";
import { renderGalleryPage } from "../../src/report/pages/layer-gallery.js";
import { renderRunPage } from "../../src/report/pages/run-page.js";
import { renderStudyPage } from "../../src/report/pages/study-page.js";
import {
  COLOUR_RULES,
  checkAccessible,
  closeBrowser,
  emptyFolder,
  noBrowser,
  violationsOf,
  watchedPage,
} from "../studio/page.js";
import { madeUpCard } from "./made-up-card.js";
import { blot, madeUpInspection, madeUpRun } from "./made-up-run.js";
import { madeUpFront, madeUpStudy } from "./made-up-study.js";
import { madeUpLabels, madeUpRegression } from "./made-up-tasks.js";

const skip = noBrowser;

/** Rules that another theme or width of a page can break. */
const DARK_AND_NARROW = [...COLOUR_RULES, "scrollable-region-focusable", "target-size"];

after(closeBrowser);

/** Names of classes from the left, from the right, and longer than an axis has room for. */
const NAMES = ["大", "דבורים", "a class with a long name and a longer one after it"];

const GALLERY = {
  image: blot(8, 8, 1),
  filters: blot(8, 16, 2),
  layers: [{ name: "conv1", shape: "8 × 8 × 2", channels: [0, 1], image: blot(8, 16, 3) }],
  features: [{ layer: "conv1", channels: [0, 1], before: [0.1, 0], after: [1, 0], image: blot(8, 16, 4) }],
};

/** A classification by a tuned network, of few images, with every section that a run can have. */
function smallRun(): RunFacts {
  const { splits, samples, ...run } = madeUpRun(() => blot(8, 8, 1));
  const failure = { image: blot(8, 8, 1), file: "Test/大/1.png", trueClass: 0, predictedClass: 1, confidence: 0.8 };
  return {
    ...run,
    name: "דבורים ants",
    classNames: NAMES,
    splits: splits.map((split) => ({ ...split, counts: [9, 12, 10], heights: [8, 9], widths: [8, 9] })),
    samples: samples.slice(0, 3).map((sample, classIndex) => ({ ...sample, classIndex })),
    evaluation: {
      kind: "classification",
      split: "Test",
      labels: [0, 0, 0, 1, 1, 2, 2],
      predicted: [0, 1, 1, 1, 2, 2, 0],
      confidence: [0.9, 0.8, 0.7, 0.9, 0.6, 0.9, 0.5],
    },
    failures: [failure, { ...failure, confidence: 0.4 }, { ...failure, trueClass: 2, predictedClass: 0 }],
    attention: [failure],
    gallery: GALLERY,
    commonestClass: 1,
    metrics: [{ split: "Test", values: { loss: 0.5, accuracy: 0.75 }, baseline: 0.4 }],
  };
}

/** A run from rows of a table: no images, nothing to show but figures. */
function tableRun(): RunFacts {
  const { samples: _, ...run } = madeUpRegression({ rows: 40 });
  return { ...run, samples: [], splits: run.splits.map(({ heights: _h, widths: _w, modes: _m, ...rest }) => rest) };
}

const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  class: async () => (await renderRunPage(smallRun())).html,
  labels: async () => (await renderRunPage(madeUpLabels(60))).html,
  numbers: async () => (await renderRunPage(madeUpRegression({ targets: 2, rows: 40 }))).html,
  table: async () => (await renderRunPage(tableRun())).html,
  study: async () => (await renderStudyPage(madeUpStudy())).html,
  front: async () => (await renderStudyPage(madeUpFront())).html,
  comparison: async () => (await renderComparisonPage([madeUpStudy(), { ...madeUpStudy(), name: "random" }])).html,
  inspect: async () => {
    const { splits, samples, ...facts } = madeUpInspection();
    const small = splits.map((split) => ({ ...split, counts: [9, 12, 10] }));
    return (
      await renderInspectPage({
        ...facts,
        classNames: NAMES,
        splits: small,
        samples: [{ ...samples[0]!, classIndex: 1 }],
      })
    ).html;
  },
  card: async () => (await renderCardPage(madeUpCard())).html,
  gallery: () => renderGalleryPage("layers", "Fovea 0.1.0", GALLERY),
};

const drawn = new Map<string, string>();
before(async () => {
  if (skip) return;
  for (const [name, draw] of Object.entries(PAGES)) drawn.set(name, await draw());
});

/** A page of Chromium with a report. */
async function opened(t: TestContext, name: string, width: number): Promise<{ page: Page; errors: readonly string[] }> {
  const file = join(emptyFolder(t), `${name}.html`);
  writeFileSync(file, drawn.get(name)!);
  return watchedPage(t, pathToFileURL(file).href, { width });
}

const background = (page: Page): Promise<string> =>
  page.evaluate("getComputedStyle(document.body).backgroundColor") as Promise<string>;

const rgb = (hex: string): string =>
  `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;

for (const name of Object.keys(PAGES))
  test(`${name}: accessible light and dark, at any width, and printed in light`, { skip }, async (t) => {
    const { page, errors } = await opened(t, name, 1440);
    await checkAccessible(page, `${name}, light`);
    assert.equal(await background(page), rgb(LIGHT.page));
    await page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await background(page), rgb(DARK.page));
    for (const width of [2560, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      assert.ok(Number(over) <= 0, `${over} pixels too wide at ${width}`);
    }
    assert.deepEqual(await violationsOf(page, DARK_AND_NARROW), [], `${name}, dark and narrow`);
    // axe reads no colours in a drawing: none of a light page is left in it.
    const strange = await page.evaluate(`[...document.querySelectorAll("svg [fill], svg [stroke]")].flatMap((mark) =>
      ["fill", "stroke"].filter((key) => /^#/.test(mark.getAttribute(key) ?? "") && getComputedStyle(mark)[key] === "rgb(" +
        [1, 3, 5].map((at) => parseInt(mark.getAttribute(key).slice(at, at + 2), 16)).join(", ") + ")").map((key) => mark.outerHTML.slice(0, 200)))`);
    assert.deepEqual(strange, [], "colours of a light page");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await background(page), rgb(LIGHT.page));
    assert.deepEqual(errors, []);
  });

test("cells of the confusion matrix are one stop, arrows go from one to the next, enter opens its images", {
  skip,
}, async (t) => {
  const { page } = await opened(t, "class", 1440);
  const said = async (): Promise<string> => (await page.locator("#cell").textContent()) ?? "";
  await page.locator("#confusion-chart [tabindex='0']").focus();
  assert.match(await said(), /^true 大, predicted דבורים: 2 of 3/);
  await page.keyboard.press("ArrowDown");
  assert.match(await said(), /^true דבורים, predicted דבורים: 1 of 2/);
  await page.keyboard.press("ArrowRight");
  assert.match(await said(), /^true דבורים, predicted a class .*: 1 of 2/);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator("#confusion-chart [tabindex='0']").count(), 1);
  await page.locator("#confusion-chart a").first().focus();
  await page.keyboard.press("Enter");
  assert.match(await said(), /2 of them are in this page/);
  assert.equal(await page.locator("#cell figure").count(), 2);
});

test("nothing moves for who asks for that", { skip }, async (t) => {
  const { page } = await opened(t, "class", 1440);
  const behaviour = () => page.evaluate("getComputedStyle(document.documentElement).scrollBehavior");
  await page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await behaviour(), "auto");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.equal(await behaviour(), "smooth");
});
