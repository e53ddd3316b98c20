// Understand, Network, Try and Ship as a reader uses them: figures show their images, a map its kernel, a wrong answer becomes a
// training image and is taken back, the card keeps its lines.
import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkAccessible, closeBrowser, counted, emptyFolder, localStudio, noBrowser, watchedPage } from "./page.js";
import { classFolders, tinyPng } from "./small-data.js";

const PATIENCE = 120_000;

after(closeBrowser);

test("from a figure to its images, to the kernel, to a photo that is added, to the card", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const data = classFolders(emptyFolder(t), ["东", "<b>bold<", "人"], 12);
  const studio = await localStudio(t, data);
  const { page, elsewhere, errors } = await watchedPage(t, studio.address);
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByText("Logistic regression").click();
  await page.getByLabel("Epochs").fill("2");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("link", { name: "Understand" }).nth(1).waitFor({ timeout: PATIENCE });
  const work = page.url().replace(/(#\/work\/[^/]+).*/, "$1");

  await page.goto(`${work}/understand?part=train`);
  const panel = page.getByRole("region", { name: "Images behind the figure" });
  const row = page.locator(".class-table").getByRole("button", { name: "<b>bold<" });
  await row.click({ timeout: PATIENCE });
  assert.equal(await row.getAttribute("aria-pressed"), "true");
  await panel.getByRole("heading", { name: "<b>bold<, and classes taken for it" }).waitFor();
  assert.match(page.url(), /class=\d/);
  const precision = page.getByRole("columnheader", { name: "Precision" });
  await precision.getByRole("button").click();
  assert.equal(await precision.getAttribute("aria-sort"), "ascending");
  await precision.getByRole("button").click();
  assert.equal(await precision.getAttribute("aria-sort"), "descending");

  // The slider by keys: its sentence follows, and its images are one click away.
  await page.getByLabel("Refer below").focus();
  await page.keyboard.press("End");
  await page.locator(".referral").getByText("100.0%").first().waitFor();
  assert.match(
    (await page.locator(".referral").textContent()) ?? "",
    /\(0 of 0\), and at most 100\.0% with 95 % confidence/,
  );
  await page.getByRole("button", { name: /^Images for a person/ }).click();
  await panel.getByRole("heading", { name: /Go to a person/ }).waitFor();
  await page.locator(".slices button").first().click();
  await panel.getByRole("heading", { name: /: / }).waitFor();
  await page.getByRole("button", { name: "Rows in %" }).click();
  await panel.locator(".thumbs button").first().click();
  const alike = page.getByRole("region", { name: "Training images most alike" });
  await alike.getByRole("listitem").nth(4).waitFor({ timeout: PATIENCE });
  await checkAccessible(page, "Understand with an image");

  await page.goto(`${work}/network`);
  await page.locator(".network button", { hasText: "dense" }).click({ timeout: PATIENCE });
  const kernel = page.getByRole("region", { name: "The kernel behind the channel" });
  await kernel.getByText("before the activation").waitFor({ timeout: PATIENCE });
  assert.match((await kernel.locator(".formula").first().textContent()) ?? "", /1 × 1 × \d+ weights over/);
  await kernel
    .getByRole("button", { name: /^input/ })
    .nth(1)
    .click();
  await checkAccessible(page, "Network");

  await page.goto(`${work}/try`);
  const photo = join(studio.home, "new.png");
  writeFileSync(photo, tinyPng(600));
  await page.locator('input[type="file"]').setInputFiles(photo, { timeout: PATIENCE });
  await page.getByRole("button", { name: "This is wrong" }).click({ timeout: PATIENCE });
  await page.getByLabel("It is").selectOption("人");
  await page.getByRole("button", { name: "Add to the data" }).click();
  await page.getByText("Added to the training images as").waitFor({ timeout: PATIENCE });
  assert.equal(readdirSync(join(data, ".labels.additions")).length, 1);
  assert.ok(existsSync(join(data, "labels.journal")));
  await counted(page.locator(".strip img"), 1);
  await checkAccessible(page, "Try with an added photo");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "This is wrong" }).waitFor();

  await page.goto(`${work}/ship`);
  await page.getByLabel("Purpose").fill("Tells <characters> apart.");
  await page.getByRole("button", { name: "Write the card's lines" }).click();
  await page.getByText("Written into card.json").waitFor();
  await page.getByText("Not written yet: limits, contact.").waitFor();
  await page.reload();
  assert.equal(await page.getByLabel("Purpose").inputValue({ timeout: PATIENCE }), "Tells <characters> apart.");
  await checkAccessible(page, "Ship");
  // Logistic regression has no maps, so that Grad-CAM is refused with a sentence.
  const others = errors.filter((error) => !/status of 400 .*\/explanation\/.*\/gradcam\)$/.test(error));
  assert.deepEqual({ elsewhere, others }, { elsewhere: [], others: [] });
});
