// Features: a picture grows from noise until its channel fires as hard as the library says.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openModel } from "../../src/experiment/models/trained-model.js";
import { type Features, visualizeFeatures } from "../../src/explain/index.js";
import { application } from "../../src/index.js";
import { bytesOf } from "./canvas.js";
import { addressSays, learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, emptyFolder, noBrowser } from "./page.js";

after(closeBrowser);

const skip = noBrowser;

async function grown(layer: string, channel: number, seed: number): Promise<Features> {
  const { model } = await openModel(fileURLToPath(new URL("../../../assets/hanzi", import.meta.url)));
  const features = await visualizeFeatures(model, { layer, targets: [channel], seed });
  await model.close();
  return features;
}

test("an early and a deep channel's pictures grow to what the library finds", { skip }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "features?early=relu2.7&deep=relu4.18&seed=2");
  const found = [await grown("relu2", 7, 2), await grown("relu4", 18, 2)] as const;
  for (const [at, { pictures, before, after: ended }] of found.entries()) {
    const panel = page.locator(".feature").nth(at);
    await panel.locator('[aria-busy="false"]').waitFor();
    const [start, now] = await Promise.all([
      panel.locator(".before").textContent(),
      panel.locator(".now").textContent(),
    ]);
    assert.deepEqual([start, now], [before[0]!.toPrecision(3), ended[0]!.toPrecision(3)]);
    assert.ok(Number(now) > 10 * Number(start), "it has grown");
    assert.deepEqual(await bytesOf(panel.locator(".feature-picture canvas")), [...pictures[0]!.data]);
  }
  // Scrubbed back, the picture is the noise it began with, and grows over the steps.
  const values: number[] = [];
  for (const step of [0, 40, 96]) {
    await turnTo(page, `features?early=relu2.7&deep=relu4.18&seed=2&step=${step}`);
    await said(page, ".feature .formula", `after ${step} steps`);
    values.push(Number(await page.locator(".feature .now").nth(1).textContent()));
  }
  assert.equal(String(values[0]), await page.locator(".feature .before").nth(1).textContent());
  assert.ok(values[0]! < values[1]! && values[1]! < values[2]!, String(values));
  const printed = await runShownCode(t, page);
  const [, { before, after: ended }] = found;
  assert.ok(printed.includes(`relu4 18 ${before[0]} ${ended[0]}`), printed);
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("channel and step answer to keys, and challenges to what grew", { skip }, async (t) => {
  const { page } = await learnPage(t, "features?early=relu1.1&deep=relu4.2");
  const early = page.locator(".feature").nth(0);
  await early.locator('[aria-busy="false"]').waitFor();
  await said(page, ".feature .formula", "(proven)");
  await early.getByRole("slider", { name: "Channel" }).focus();
  await page.keyboard.press("ArrowRight");
  await said(page, ".feature output", "2 of 16");
  // Channel 2 reaches 92 % of what is possible.
  await said(page, '.challenges [data-solved="true"]', "no image at all");
  await page.getByRole("slider", { name: "Step" }).focus();
  await page.keyboard.press("ArrowLeft");
  await said(page, ".controls output", "184 of 192");
  await page.waitForURL(/early=relu1\.2.*step=184/);
});

test("a network of one's own grows pictures as well, and is there after a reload", { skip }, async (t) => {
  const path = join(emptyFolder(t), "mine.keras");
  const model = application("cnn", { imageSize: [24, 20], channels: 3, classes: 4 }, { seed: 5 });
  await model.save(path);
  const wanted = await visualizeFeatures(model, { layer: "conv1", targets: [3] });
  await model.close();
  const { page, errors } = await learnPage(t, "features?step=0");
  await page.setInputFiles(".network-chooser input[type=file]", path);
  const early = page.locator(".feature").nth(0);
  await said(page, ".feature select", "3 of 3: conv3, 64 channels");
  for (let channel = 1; channel <= 3; channel++)
    await early.getByRole("slider", { name: "Channel" }).press("ArrowRight");
  await said(page, ".feature output", "3 of 16");
  // The address follows a moment later.
  await addressSays(page, "early=conv1.3");
  await page.evaluate('location.hash += "&seed=0"');
  await early.locator('[aria-busy="false"]').waitFor();
  await said(page, ".feature .now", wanted.after[0]!.toPrecision(3));
  await page.reload();
  await said(page, ".feature .now", wanted.after[0]!.toPrecision(3));
  const wrong = { name: "x.keras", mimeType: "", buffer: Buffer.from("no model") };
  await page.setInputFiles(".network-chooser input[type=file]", wrong);
  await page.locator(".network-chooser .error").waitFor();
  assert.deepEqual(errors, []);
});

test("the page of features is accessible, light and dark", { skip }, async (t) => {
  const { page } = await learnPage(t, "features");
  await page.locator(".feature-picture canvas").nth(1).waitFor();
  await checkBothThemes(page, "features");
});
