// The whole way in the page by keyboard alone: what is gone to is reached by the tab key or by arrows, seen, and shown to have
// the focus. Nothing is clicked.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { readJournal } from "../../src/experiment/index.js";
import { closeBrowser, emptyFolder, localStudio, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";

after(closeBrowser);

/** Milliseconds that training may take: a machine with much to do still ends within it. */
const PATIENCE = 240_000;

/** Presses of the tab key after which something counts as out of reach. */
const REACH = 60;

const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluateAll((found) => found.length > 0 && found[0] === document.activeElement);

/** The fault of how an element with the focus is seen; nothing where there is none. */
const faultOf = (target: Locator): Promise<string> =>
  target.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    if (there === null || !(element.contains(there) || there.contains(element))) return "is covered or out of sight";
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const isMarked = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    return element.matches(":focus-visible") && isMarked ? "" : "does not show that it has the focus";
  });

/** Goes to an element by the tab key. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let n = 0; !(await hasFocus(target)); n++) {
    assert.ok(n < REACH, `${target} is not reached within ${REACH} presses of the tab key`);
    await page.keyboard.press("Tab");
  }
  let fault = await faultOf(target);
  // A busy machine lays the page out a moment later.
  for (let n = 0; fault !== "" && n < 20; n++) {
    await page.waitForTimeout(100);
    fault = await faultOf(target);
  }
  assert.equal(fault, "", `${target}`);
}

/** Goes to an element and presses a key there. */
async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes through the matrix by arrows, from its first cell to the first that has mistakes. */
async function firstMistake(page: Page): Promise<void> {
  await tabTo(page, page.locator(".matrix button").first());
  const wrong = page.locator('.matrix button[data-wrong="true"]').first();
  const [row, column] = (await wrong.getAttribute("id"))!.split("-").slice(1).map(Number) as [number, number];
  for (let n = 0; n < row; n++) await page.keyboard.press("ArrowDown");
  for (let n = 0; n < column; n++) await page.keyboard.press("ArrowRight");
  assert.ok(await hasFocus(wrong), "arrows lead to the cell");
  assert.equal(await wrong.getAttribute("aria-pressed"), "true");
}

test("from generated handwriting to a saved model by keyboard alone", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  // Some 2,400 images, a small part of the set, make the test short.
  const studio = await localStudio(t, undefined, 0.06);
  const { page, errors } = await patientPage(t, studio.address);
  const button = (name: string | RegExp): Locator => page.getByRole("button", { name, exact: true });
  const view = (name: string): Locator => page.getByRole("navigation").getByRole("link", { name, exact: true });
  const trained = (run: string): Promise<void> =>
    page.getByRole("article", { name: run }).getByText("Done").waitFor({ timeout: PATIENCE });

  await press(page, button("Generated handwriting"));
  await press(page, view("Train"));
  await tabTo(page, page.getByLabel("Epochs"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1");
  await press(page, button("Train"));
  await trained("hanzi-cnn-1");

  await press(page, view("Understand"));
  await firstMistake(page);
  const images = page.locator(".thumbs button");
  await press(page, images.first(), "Space");
  await page
    .getByRole("img", { name: /^The places/ })
    .or(page.locator(".why img"))
    .first()
    .waitFor();

  // The same key takes the choice of the cell back; wrong labels are looked for in what trained the model.
  await press(page, page.locator('.matrix button[aria-pressed="true"]'), "Space");
  await page.getByRole("heading", { name: /^Mistakes, the surest first/ }).waitFor();
  await press(page, page.getByLabel("Judged on"), "End");
  await images.nth(1).waitFor();
  await press(page, images.first(), "Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  assert.deepEqual(
    await images.evaluateAll((all) => all.slice(0, 3).map((image) => image.getAttribute("aria-pressed"))),
    ["true", "true", "false"],
  );
  await press(page, page.getByLabel("New label"), "End");
  await press(page, button(/^Relabel/));
  await page.getByText("2 labels have been changed").waitFor();
  await press(page, button("Train again"));

  // The enter key in a field trains with what was just written there.
  await tabTo(page, page.getByLabel("Epochs"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await trained("hanzi-cnn-2");
  await page.getByRole("row", { name: /hanzi-cnn-2 .* 2 \(best/ }).waitFor();

  await press(page, view("Ship"));
  await tabTo(page, button("Save .keras"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const file = join(emptyFolder(t), "shipped.keras");
  await download.saveAs(file);
  assert.ok(statSync(file).size > 100_000, "the model is in the file");
  const { entries } = await readJournal(join(studio.home, "hanzi/labels.journal"));
  assert.equal(entries.length, 2);
  assert.deepEqual(errors, []);
});
