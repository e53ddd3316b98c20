// The page's knowledge after a gap in the news: what has happened while the workbench answered is not taken back by the answer.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { closeBrowser, emptyFolder, localStudio, noBrowser } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders } from "./small-data.js";

after(closeBrowser);

test("an answer that comes late does not hide the news that came before it", { skip: noBrowser }, async (t) => {
  const studio = await localStudio(t, classFolders(join(emptyFolder(t), "pets"), ["cat", "dog"]));
  const { page, errors } = await patientPage(t, studio.address);
  await page.getByText("8 images", { exact: true }).waitFor();
  const project = /#\/work\/([^/]+)/.exec(page.url())![1]!;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let answered = (): void => {};
  const isAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  await page.route("**/api/hello", async (route) => {
    const response = await route.fetch();
    answered();
    await held;
    await route.fulfill({ response });
  });
  await page.reload();
  await isAnswered;
  // The page hears of the change while the answer, which is older, is on its way.
  const status = await page.evaluate(async (id) => {
    const body = JSON.stringify({ project: id, images: [0, 1, 2], to: "dog" });
    const headers = { "Content-Type": "application/json" };
    return (await fetch("api/relabel", { method: "POST", headers, body })).status;
  }, project);
  assert.equal(status, 200);
  await page.waitForTimeout(300);
  release();
  await page.getByRole("button", { name: /^Journal ?3$/ }).waitFor();
  assert.deepEqual(errors, []);
});
