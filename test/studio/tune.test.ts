// Tune in the page: a study begun by its form, its trials watched, one of them made a run; names that contain markup; two
// objectives on a narrow, dark screen.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { zipSync } from "fflate";
import { createStudy, randomSampler } from "../../src/tune/index.js";
import { checkAccessible, closeBrowser, counted, emptyFolder, localStudio, noBrowser, plainServer } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders, tinyPng } from "./small-data.js";

after(closeBrowser);

test("a study is begun, watched and filtered by keys, and its best trial becomes a run", {
  skip: noBrowser,
  timeout: 300_000,
}, async (t) => {
  const folder = classFolders(join(emptyFolder(t), "pets"), ["cat", "dog"], 12);
  const studio = await localStudio(t, folder);
  const { page, elsewhere, errors } = await patientPage(t, studio.address);
  await page.getByRole("link", { name: "Tune", exact: true }).click();
  await page.getByLabel("Trials", { exact: true }).fill("3");
  await page.getByLabel("Epochs").fill("2");
  await page.getByLabel("Filters", { exact: true }).uncheck();
  await page.getByLabel("Filters", { exact: true }).last().fill("2");
  await page.getByText('"filters": 2').first().waitFor();
  await checkAccessible(page, "Tune");
  await page.getByRole("button", { name: "Start the study" }).press("Enter");

  await page.getByRole("heading", { name: "pets-1" }).waitFor();
  await page.getByText("3 complete").waitFor();
  await page.getByRole("img", { name: /^Curves of 3 trials, 0 of them running$/ }).waitFor();
  await page.getByText("Importance needs at least 4 complete trials; this study has 3.").waitFor();
  const rows = page.locator(".trials tbody tr");
  await counted(rows, 3);
  const values = await rows.locator("td:nth-child(3)").allTextContents();
  assert.deepEqual(
    values,
    [...values].sort((a, b) => Number(b) - Number(a)),
  );

  // A filter by keys: nothing is as good as the upper edge of the axis, and it is taken off again.
  await page.getByText("Filter by hand").press("Enter");
  await page.getByRole("slider", { name: "val_accuracy, from" }).press("End");
  await page.getByText("0 of 3 trials").waitFor();
  await page.getByText("No trial is left by the filters").waitFor();
  await page.getByRole("button", { name: /^Take off the filter val_accuracy/ }).press("Enter");
  await page.getByText("All 3 trials").waitFor();

  await page
    .getByRole("button", { name: /^Trial \d$/ })
    .first()
    .press("Enter");
  await page.getByRole("button", { name: "Make it a run" }).press("Enter");
  await page.getByText("The same weights, to the last bit").waitFor();
  await checkAccessible(page, "A study");
  const bar = page.locator(".trial-bar");
  const name = (await bar.getByRole("status").getByRole("link").textContent())!;
  const weights = /[0-9a-f]{64}/.exec((await bar.textContent())!)![0];
  await bar.getByRole("status").getByRole("link").press("Enter");
  await page.getByRole("article", { name }).getByText(weights).waitFor();
  await page.getByRole("cell", { name: weights.slice(0, 8) }).waitFor();
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});

test("a page of a plain web server tunes its own files", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const { page, elsewhere, errors } = await patientPage(t, await plainServer(t));
  const images = [0, 1].flatMap((label) =>
    Array.from({ length: 12 }, (_, i) => [`pets/${["cat", "dog"][label]}/${i}.png`, tinyPng(12 * label + i)] as const),
  );
  const buffer = Buffer.from(zipSync(Object.fromEntries(images), { level: 0 }));
  await page
    .locator("input[type=file]:not([webkitdirectory])")
    .setInputFiles({ name: "pets.zip", mimeType: "application/zip", buffer });
  await page.getByRole("link", { name: "Tune", exact: true }).click();
  await page.getByLabel("Trials", { exact: true }).fill("2");
  await page.getByLabel("Epochs").fill("1");
  await page.getByLabel("Filters", { exact: true }).uncheck();
  await page.getByLabel("Filters", { exact: true }).last().fill("2");
  await page.getByRole("button", { name: "Start the study" }).click();
  await page.getByText("2 complete").waitFor();
  await page.getByRole("button", { name: "Trial 1" }).click();
  await page.getByRole("button", { name: "Make it a run" }).click();
  await page.getByText("The same weights, to the last bit").waitFor();
  // Kept state is found again after a reload.
  await page.reload();
  await page.getByRole("link", { name: "Studies", exact: true }).click();
  await page.getByRole("link", { name: "pets-1" }).waitFor();
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});

test("two objectives and names with markup, narrow and dark", { skip: noBrowser, timeout: 300_000 }, async (t) => {
  const home = emptyFolder(t);
  const study = await createStudy({
    name: "<i>size</i> & loss",
    storage: `journal://${home}/two.log`,
    directions: ["maximize", "minimize"],
    sampler: randomSampler(),
    seed: 4,
  });
  const marked = ["<b>relu</b>", "gelu"];
  await study.optimize(
    (trial) => {
      const x = trial.suggestFloat("x <u>", 1e-4, 1, { log: true });
      return [trial.suggestCategorical("kind", marked) === "gelu" ? 0.5 : x, x * trial.suggestInt("n", 1, 4)];
    },
    { trials: 12 },
  );
  const front = study.bestTrials.length;
  await study.close();
  const studio = await localStudio(t, join(home, "two.log"));
  const { page, elsewhere, errors } = await patientPage(t, studio.address, { width: 390, theme: "dark" });
  await page.getByRole("heading", { name: "<i>size</i> & loss" }).waitFor();
  await page
    .getByRole("img", { name: `Pareto front: value 1 and value 2 of 12 trials, ${front} on the front` })
    .waitFor();
  await page.getByRole("combobox", { name: "Charts show" }).selectOption("value 2");
  await page.getByRole("img", { name: /^History: value 2 of 12 complete trials/ }).waitFor();
  await page.getByRole("img", { name: /^Slice: value 2 by x <u>, 12 trials/ }).waitFor();
  assert.ok((await page.getByRole("cell", { name: "<b>relu</b>" }).count()) > 0);
  assert.equal(await page.locator(".study b, .study u, .study i:not([class])").count(), 0);
  await page.getByText("fANOVA: the share").waitFor();
  await checkAccessible(page, "A study of two objectives");
  const { scrollWidth } = (await page.evaluate("({ scrollWidth: document.documentElement.scrollWidth })")) as {
    scrollWidth: number;
  };
  assert.ok(scrollWidth <= 390, `the page is ${scrollWidth} pixels wide`);
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});
