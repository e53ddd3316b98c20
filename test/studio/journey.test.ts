// The whole way in the page, as a newcomer goes it: generated handwriting, training, a cell of the confusion matrix, two
// labels changed, training again, export; the command line answers with the exported file and replays the run to its bits,
// and so does the code that was copied.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { checkAccessible, closeBrowser, emptyFolder, localStudio, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";
import { watchedTasks } from "./tasks.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cli = join(root, "dist/command/main.js");
/** A machine with much to do still ends within it. */
const PATIENCE = 180_000;

after(closeBrowser);

/** Waits until the newest run is done. @returns its hash */
async function trained(page: Page, run: string): Promise<string> {
  const card = page.getByRole("article", { name: run });
  await card.getByText("Done").waitFor({ timeout: PATIENCE });
  const text = (await card.locator(".hash").textContent())!;
  return /[0-9a-f]{64}/.exec(text)![0];
}

test("from generated handwriting to a file that the command line answers with", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  // Some 2,400 images, a small part of the set, make the test short.
  const studio = await localStudio(t, undefined, 0.06);
  const { page, elsewhere, errors } = await patientPage(t, studio.address);

  // Three clicks to a CNN that trains; fewer epochs make the test short.
  await page.getByRole("button", { name: "Generated handwriting" }).click();
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByLabel("Epochs").fill("1");
  const tasks = await watchedTasks(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const first = await trained(page, "hanzi-cnn-1");
  t.diagnostic(`longest task of the page while training: ${(await tasks()).longest} ms`);
  await checkAccessible(page, "Train");

  await page.getByRole("link", { name: "Understand" }).last().click();
  const cell = page.locator(".matrix button[data-wrong=true]").first();
  await cell.click();
  const images = page.locator(".thumbs button");
  await images.first().waitFor();
  await checkAccessible(page, "Understand");

  // Wrong labels are looked for in what trained the model: the surest mistakes first, whatever their cell.
  await page.goto(page.url().replace(/(#\/work\/[^/]+).*/, "$1/understand?part=train"));
  await images.nth(1).waitFor();
  await images.nth(0).click();
  await images.nth(1).click();
  await page.getByLabel("New label").selectOption({ index: 1 });
  await page.getByRole("button", { name: /^Relabel/ }).click();
  await page.getByText("2 labels have been changed").waitFor();

  await page.getByRole("button", { name: "Train again" }).click();
  await page.getByLabel("Epochs").fill("1");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const second = await trained(page, "hanzi-cnn-2");
  const code = (await page.locator(".code pre").textContent()) ?? "";

  await page.getByRole("link", { name: "Ship" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: PATIENCE }),
    page.getByRole("button", { name: "Save .keras" }).click(),
  ]);
  const folder = emptyFolder(t);
  const model = join(folder, "shipped.keras");
  await download.saveAs(model);
  await checkAccessible(page, "Ship");
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });

  const fovea = (...args: string[]): string =>
    execFileSync(process.execPath, [cli, ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, FOVEA_CACHE: join(folder, "cache") },
    });
  const photo = join(studio.home, "hanzi/Test/山", readdirSync(join(studio.home, "hanzi/Test/山"))[0]!);
  const [answer] = JSON.parse(fovea("predict", model, photo, "--json")).predictions;
  assert.equal(answer.accepted, true);
  assert.equal(answer.top.length, 5);

  const replayed = JSON.parse(fovea("replay", join(studio.home, "runs/hanzi-cnn-2"), "--json"));
  assert.equal(replayed.weights_sha256, second);
  assert.notEqual(first, second);

  // The copied lines run as a file, where the package is installed.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/fovea"), "junction");
  writeFileSync(join(folder, "again.mjs"), code);
  const printed = execFileSync(process.execPath, ["again.mjs"], { cwd: folder, encoding: "utf8" });
  assert.match(printed, new RegExp(second));
});
