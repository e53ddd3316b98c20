// A study of ten thousand trials: opened by `fovea studio studies/NAME`, its time printed, filtered by brush and by keys.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { openStudy } from "../../src/experiment/index.js";
import { writeJournal } from "../tune/large-study.js";
import { checkAccessible, closeBrowser, emptyFolder, localStudio, noBrowser, openedPage } from "./page.js";

const TRIALS = 10_000;

after(closeBrowser);

/** True when every canvas on the screen is drawn. */
const IS_DRAWN = `(() => {
  const seen = [...document.querySelectorAll(".plot canvas")].filter((one) => one.getBoundingClientRect().top < innerHeight);
  return seen.length > 0 && seen.every((one) => one.dataset.drawn === "true");
})()`;

/** Waits until every canvas on the screen is drawn. */
const drawn = (page: Page) => page.waitForFunction(IS_DRAWN);

/** Notes the milliseconds from the first request until charts and table are there, and tasks of the page over 50 ms. */
const WATCH = `
  window.tasks = [];
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))))
    .observe({ type: "longtask", buffered: true });
  const looking = setInterval(() => {
    if (document.querySelector(".trials tbody tr") === null || !${IS_DRAWN}) return;
    clearInterval(looking);
    document.documentElement.dataset.opened = Math.round(performance.now());
  }, 10);
`;

/** A number as it is shown, whatever the reader's locale. */
const digits = (text: string | null): string => (text ?? "").replaceAll(/\D/g, "");

test("ten thousand trials open, and every chart answers a brush", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const folder = join(emptyFolder(t), "studies/large");
  mkdirSync(folder, { recursive: true });
  await writeJournal(join(folder, "journal.log"), TRIALS);
  const study = await openStudy(`journal://${folder}/journal.log`, undefined, { readOnly: true });
  t.after(() => study.close());
  const studio = await localStudio(t, folder);
  const { page } = await openedPage(t);
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(WATCH);
  await page.goto(studio.address);
  const opened = page.locator("html[data-opened]");
  await opened.waitFor({ state: "attached" });
  t.diagnostic(`a study of ${TRIALS} trials opens in ${await opened.getAttribute("data-opened")} ms, the page with it`);
  t.diagnostic(`tasks of the page over 50 ms meanwhile: ${JSON.stringify(await page.evaluate("window.tasks"))}`);

  const history = page.getByRole("img", { name: /^History: value of 10000 complete trials/ });
  assert.match((await history.getAttribute("aria-label"))!, new RegExp(`in trial ${study.bestTrial.number}$`));
  assert.equal(digits(await page.locator("nav[aria-label='Pages of trials'] span").textContent()), "12510000");
  const [first] = await page.locator(".trials tbody tr:first-child td:nth-child(3)").allTextContents();
  assert.ok(Math.abs(Number(first) - study.bestValue) < 1e-3, `${first} and ${study.bestValue}`);

  // By keys: the lower half of a logarithmic range, in the middle.
  await page.getByText("Filter by hand").press("Enter");
  const slider = page.getByRole("slider", { name: "rate, to" });
  await slider.press("Home");
  for (let tenth = 0; tenth < 5; tenth++) await slider.press("PageUp");
  const placeOf = (rate: unknown): number => Math.log(Number(rate) / 1e-5) / Math.log(1e4);
  const half = study.trials.filter(({ params }) => placeOf(params.rate) <= 0.5 + 1e-4).length;
  const status = page.locator(".filters [role=status]");
  await page.getByRole("button", { name: /^Take off the filter rate/ }).waitFor();
  assert.equal(digits(await status.textContent()), `${half}${TRIALS}`);
  assert.equal(
    digits(
      (await page.getByRole("img", { name: /^History/ }).getAttribute("aria-label"))!.split(" of ")[1]!.split(" ")[0]!,
    ),
    `${half}`,
  );
  await page.getByRole("button", { name: /^Take off the filter rate/ }).press("Enter");
  await page.getByText("Filter by hand").press("Enter");

  // By hand: along an axis of the parallel coordinates.
  await page.evaluate("window.tasks.length = 0");
  const axis = page.locator(".parallel .grasp").last();
  await axis.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await axis.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height * 0.6);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height - 2, { steps: 12 });
  await page.mouse.up();
  await page.getByRole("button", { name: /^Take off the filter value/ }).waitFor();
  const left = Number(digits(await status.textContent()).slice(0, -`${TRIALS}`.length));
  assert.ok(left > 0 && left < TRIALS, `${left} trials are left`);
  await page.getByText(`of ${left.toLocaleString("en")} lines are drawn`).waitFor();
  await drawn(page);
  t.diagnostic(`tasks over 50 ms while brushing: ${JSON.stringify(await page.evaluate("window.tasks"))}`);
  await page.getByText(/each on 300 of 10.000 complete trials/).waitFor();
  await checkAccessible(page, "A study of ten thousand trials");
  assert.deepEqual(errors, []);
});
