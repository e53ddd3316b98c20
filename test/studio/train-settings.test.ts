// Effects of settings before any training: the size of networks, the time of an epoch here, variants of an image.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeImage } from "../../src/data/index.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

const SETTINGS: TrainSettings = {
  model: "logistic",
  epochs: 1,
  batchSize: 4,
  learningRate: 1e-3,
  augment: "none",
  patience: 1,
  seed: 1,
  imageSize: [8, 8],
  color: "grayscale",
};

test("networks tell their size for the images, and the chosen one how long an epoch takes", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog", "owl"], 8);
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "pets" });
  const sizes = await handlers.sizes({ project, settings: SETTINGS });
  // 64 pixels and a bias for each of three classes.
  assert.equal(sizes.logistic?.parameters, 3 * (8 * 8 + 1));
  assert.equal(sizes.alexnet, undefined, "images of 8 x 8 are too small for it");
  const { parameters, epochSeconds } = await handlers.measure({ project, settings: SETTINGS });
  assert.equal(parameters, sizes.logistic?.parameters);
  assert.ok(epochSeconds! > 0 && epochSeconds! < 60, `${epochSeconds}`);
  await assert.rejects(handlers.measure({ project, settings: { ...SETTINGS, model: "hanzi" } }), /hanzi is a base/);

  writeFiles(join(home, "claims"), {
    ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.png`, tinyPng(i)])),
    "manifest.csv": `path,cost,damage\n${Array.from({ length: 12 }, (_, i) => `${i}.png,${10 + i},${["dent;glass", "dent", "roof"][i % 3]}`).join("\n")}\n`,
  });
  const { id: claims } = await handlers.open({ path: "claims" });
  const cost: TrainSettings = { ...SETTINGS, target: ["cost"], task: "regression" };
  const damage: TrainSettings = { ...SETTINGS, target: ["damage"], task: "multiLabel" };
  assert.equal((await handlers.sizes({ project: claims, settings: damage })).logistic?.parameters, 3 * (8 * 8 + 1));
  assert.ok((await handlers.measure({ project: claims, settings: cost })).epochSeconds! > 0);
  assert.ok((await handlers.measure({ project: claims, settings: damage })).epochSeconds! > 0);
});

test("an augmentation is shown on an image of the user's, by the layers that training puts in front", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 4);
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { id: project } = await bench.handlers.open({ path: "pets" });
  const shown = (augment: TrainSettings["augment"]): Promise<readonly string[]> =>
    bench.handlers.variants({ project, image: 0, settings: { ...SETTINGS, augment } });
  const [original, ...none] = await shown("none");
  assert.deepEqual(none, []);
  const bytes = Buffer.from(original!.replace("data:image/png;base64,", ""), "base64");
  const { data } = await decodeImage(bytes, "variant");
  const { data: pixels } = await decodeImage(readFileSync(join(home, "pets/cat/1.png")), "1.png");
  assert.deepEqual(Array.from(data), Array.from(pixels), "the first is the image as it is");
  const light = await shown("light");
  assert.equal(new Set(light).size, 6, "five variants that differ, beside the image");
  assert.equal(light[0], original);
  assert.deepEqual(await shown("light"), light, "the same seed draws the same");
});
