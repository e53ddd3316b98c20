// The page on a plain web server without special headers: the workbench lives in a worker, files in the browser's private
// file system, and training gives the bits that Node gives.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkAccessible, closeBrowser, noBrowser, plainServer, watchedPage } from "./page.js";

const PATIENCE = 240_000;

after(closeBrowser);

test("trains in the page, and says once how", { skip: noBrowser, timeout: 600_000 }, async (t) => {
  const { page, elsewhere, errors } = await watchedPage(t, await plainServer(t));
  await page.getByText("Nothing leaves this page").waitFor();
  await page.getByRole("button", { name: "Generated handwriting" }).click();
  await page.getByRole("link", { name: "Train", exact: true }).click({ timeout: PATIENCE });
  await page.getByLabel("Epochs").fill("1");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const card = page.getByRole("article", { name: "hanzi-cnn-1" });
  await card.getByText("Done").waitFor({ timeout: PATIENCE });
  const hash = /[0-9a-f]{64}/.exec((await card.locator(".hash").textContent())!)![0];
  t.diagnostic(`weights ${hash}`);
  await checkAccessible(page, "Train in a page");
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});
