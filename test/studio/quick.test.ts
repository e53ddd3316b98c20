// Quick start in Chromium: examples by the fake webcam and by the drawing pad, one button, live answers; and an export of
// Teachable Machine that is opened and trained further.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { zipSync } from "fflate";
import type { Page } from "playwright-core";
import { saveTfjs } from "../../src/formats/index.js";
import { sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";
import {
  checkAccessible,
  closeBrowser,
  emptyFolder,
  localStudio,
  noBrowser,
  plainServer,
  watchedPage,
} from "./page.js";
import { tinyPng } from "./small-data.js";

const PATIENCE = 120_000;
const WEBCAM = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

after(closeBrowser);

type Point = readonly [x: number, y: number];

/** Strokes of two characters, in a square of side 1. */
const CHARACTERS: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  十: [
    [
      [0.15, 0.45],
      [0.85, 0.45],
    ],
    [
      [0.5, 0.12],
      [0.5, 0.9],
    ],
  ],
  口: [
    [
      [0.22, 0.25],
      [0.25, 0.8],
    ],
    [
      [0.22, 0.25],
      [0.78, 0.25],
      [0.75, 0.78],
    ],
    [
      [0.25, 0.75],
      [0.75, 0.75],
    ],
  ],
};

/** Draws a character on a pad, each time a little elsewhere and larger or smaller. */
async function draw(page: Page, pad: ReturnType<Page["locator"]>, character: string, variant: number): Promise<void> {
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await pad.boundingBox())!;
  const [size, left, top] = [0.8 + 0.05 * (variant % 4), 0.03 * (variant % 3), 0.04 * (variant % 2)];
  const at = ([px, py]: Point): Point => [x + width * (left + size * px), y + height * (top + size * py)];
  for (const [first, ...others] of CHARACTERS[character]!) {
    await page.mouse.move(...at(first!));
    await page.mouse.down();
    for (const point of others) await page.mouse.move(...at(point), { steps: 6 });
    await page.mouse.up();
  }
}

const trained = (page: Page): Promise<void> =>
  page.getByText("Trained", { exact: true }).waitFor({ timeout: PATIENCE });

/** The most probable class of the answer that is shown. */
const best = (page: Page): Promise<string | null> => page.locator(".answer .answer-bars bdi").first().textContent();

test("eight drawn examples of two characters are told apart", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const studio = await localStudio(t);
  const { page, elsewhere, errors } = await watchedPage(t, studio.address);
  await page.getByRole("link", { name: "Quick start" }).first().click();
  for (const [at, character] of ["十", "口"].entries()) {
    const card = page.locator("li.class").nth(at);
    await card.getByLabel("Name of the class").fill(character);
    await card.getByLabel("Name of the class").press("Tab");
    await page.getByRole("button", { name: `Draw: examples of ${character}` }).click();
    for (let variant = 0; variant < 4; variant++) {
      await draw(page, card.locator("canvas"), character, variant);
      await card.getByRole("button", { name: "Add drawing" }).click();
      await card.getByText(variant === 0 ? "1 example" : `${variant + 1} examples`, { exact: true }).waitFor();
    }
    await page.getByRole("button", { name: `Draw: examples of ${character}` }).click();
  }
  // Nothing is lost by a reload.
  await page.reload();
  await page.getByLabel("Examples of 口").getByRole("button").nth(3).waitFor();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await trained(page);
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  const pad = page.getByRole("region", { name: "Preview" }).locator("canvas");
  for (const [variant, character] of ["十", "口", "口", "十"].entries()) {
    await draw(page, pad, character, variant + 5);
    await page.locator(".answer").waitFor();
    await page.waitForFunction(
      (name) => document.querySelector(".answer .answer-bars bdi")?.textContent === name,
      character,
    );
    assert.equal(await best(page), character);
    await page.getByRole("region", { name: "Preview" }).getByRole("button", { name: "Clear" }).click();
  }
  await checkAccessible(page, "Quick start");
  await page.getByRole("button", { name: "Open in the workbench" }).click();
  await page.getByRole("link", { name: "Data", exact: true }).waitFor();
  assert.match(page.url(), /#\/work\/quick-1-[^/]+\/data/);
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});

test("the webcam records while a button is held, and is asked live", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const studio = await localStudio(t);
  const { page, errors } = await watchedPage(t, studio.address, { flags: WEBCAM, theme: "dark", width: 390 });
  await page.goto(`${studio.origin}/#/quick`);
  for (const name of ["Class 1", "Class 2"]) {
    const button = page.getByRole("button", { name: `Webcam: examples of ${name}` });
    await button.click();
    const card = page.locator("li.class").filter({ has: button });
    await card.locator("video").waitFor();
    const hold = card.getByRole("button", { name: "Hold to record" });
    await hold.focus();
    await page.keyboard.down("Space");
    await card.getByLabel(`Examples of ${name}`).getByRole("button").nth(5).waitFor({ timeout: 30_000 });
    await page.keyboard.up("Space");
    await button.click();
  }
  await page.getByText("More settings").click();
  await page.getByLabel("Epochs").fill("2");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await trained(page);
  await page.getByRole("button", { name: "Webcam", exact: true }).click();
  await page.locator(".answer .answer-bars li").nth(1).waitFor();
  await checkAccessible(page, "Quick start, dark and narrow");
  assert.deepEqual(errors, []);
});

test("an export of Teachable Machine is opened, asked and trained further", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const folder = emptyFolder(t);
  const model = sequential([
    input([16, 16, 3]),
    sequential([input([16, 16, 3]), conv2d(4, 3, { activation: "relu" }), globalAveragePooling2d()]),
    sequential([input([4]), dense(8, { activation: "relu" }), dense(2, { activation: "softmax", useBias: false })]),
  ]);
  const facts = { version: 1, classNames: ["rock", "<b>paper</b>"] } as const;
  writeFileSync(join(folder, "converted_tfjs.zip"), zipSync(Object.fromEntries(await saveTfjs(model, { facts }))));
  await model.close();
  const studio = await localStudio(t);
  const { page, errors } = await watchedPage(t, studio.address);
  await page.getByLabel("Choose files").last().setInputFiles(join(folder, "converted_tfjs.zip"));
  await page.getByRole("heading", { name: "Try" }).waitFor({ timeout: PATIENCE });
  writeFileSync(join(folder, "photo.png"), tinyPng(1, { width: 16, height: 16 }));
  await page.locator("input[type=file]").setInputFiles(join(folder, "photo.png"));
  await page.getByText("<b>paper</b>").waitFor();
  await checkAccessible(page, "Try with an opened model");
  await page.getByRole("link", { name: "Train further" }).click();
  await checkAccessible(page, "Train further");
  await page.getByRole("link", { name: "Quick start" }).last().click();
  // Its classes are there, with names that folders can have.
  await page.getByText("trains converted_tfjs further").waitFor();
  await page.getByRole("button", { name: "Draw: examples of -b-paper-b-" }).waitFor();
  for (const [at, level] of [0, 100].entries()) {
    const files = Array.from({ length: 5 }, (_, i) => {
      const path = join(folder, `${level + i}.png`);
      writeFileSync(path, tinyPng(level + i, { width: 16, height: 16 }));
      return path;
    });
    await page.locator("li.class").nth(at).locator("input[type=file]").setInputFiles(files);
    await page.locator("li.class").nth(at).getByText("5 examples").waitFor();
  }
  await page.getByText("More settings").click();
  await page.getByLabel("Epochs").fill("3");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await trained(page);
  const code = page.getByRole("complementary", { name: "As code" });
  await code.getByRole("button", { name: "Commands" }).click();
  await code.getByText("fovea replay").waitFor();
  assert.deepEqual(errors, []);
});

test("a page alone keeps examples in the browser's private files", { skip: noBrowser, timeout: 120_000 }, async (t) => {
  const folder = emptyFolder(t);
  const { page, elsewhere, errors } = await watchedPage(t, await plainServer(t));
  await page.getByRole("link", { name: "Quick start" }).first().click();
  for (const [at, level] of [0, 100].entries()) {
    const path = join(folder, `${level}.png`);
    writeFileSync(path, tinyPng(level));
    await page.locator("li.class").nth(at).locator("input[type=file]").setInputFiles(path);
    await page.locator("li.class").nth(at).getByText("1 example").waitFor();
  }
  await page.reload();
  await page.locator(".examples img[src^='blob:']").nth(1).waitFor();
  await page.getByRole("button", { name: "Open in the workbench" }).click();
  await page.getByRole("link", { name: "Data", exact: true }).waitFor();
  await page.getByText("Class 2").first().waitFor({ state: "attached" });
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});
