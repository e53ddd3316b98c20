// Quick start in a page of a plain web server: files become classes, one button trains, a file is answered, and all of it is
// there again after a reload; the run's report shows in its frame.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkAccessible, closeBrowser, noBrowser, plainServer } from "./page.js";
import { patientPage } from "./patient.js";
import { tinyPng } from "./small-data.js";

after(closeBrowser);

const files = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `${first + i}.png`,
    mimeType: "image/png",
    buffer: Buffer.from(tinyPng(first + i, { width: 64, height: 64 })),
  }));

test("quick start trains, answers and reports in a page alone", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const { page, elsewhere, errors } = await patientPage(t, await plainServer(t));
  await page.getByRole("link", { name: "Quick start" }).first().click();
  for (const [at, name] of ["Class 1", "Class 2"].entries()) {
    await page.getByLabel(`Files of ${name}`).setInputFiles(files(10 * at, 4));
    await page.getByLabel(`Examples of ${name}`).getByRole("button").nth(3).waitFor();
  }
  await page.getByText("More settings").click();
  await page.getByLabel("Epochs").fill("1");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Trained", { exact: true }).waitFor();
  await page.reload();
  await page.getByLabel("Examples of Class 2").getByRole("button").nth(3).waitFor();
  await page.getByRole("button", { name: "File", exact: true }).click();
  await page.getByLabel("Image to try").setInputFiles(files(50, 1));
  await page.locator(".answer .answer-bars li").nth(1).waitFor();
  await checkAccessible(page, "Quick start in a page");
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });

  await page.getByRole("link", { name: "Save the model" }).click();
  await page.getByRole("link", { name: "Report" }).click();
  // A policy that lets no frame of the page's own in shows an empty one instead.
  const report = page.frameLocator("iframe.report");
  await report.getByRole("heading", { level: 1 }).waitFor();
  await report.getByText("weights_sha256").first().waitFor({ state: "attached" });
  assert.deepEqual(elsewhere, []);
});
