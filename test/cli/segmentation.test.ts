// `--task segmentation` from a terminal: trained with its own network and batches, evaluated, asked, and refused where it does not
// suit, with nothing left behind.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fovea, workplace } from "./fovea.js";

test("masks are learnt, judged and written", async (t) => {
  const folder = workplace(t);
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await fovea(folder, ...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  await run("synth", "hail", "--out", "hail", "--count", "20", "--size", "32x32", "--quiet");
  const learn = ["train", "hail", "--task", "segmentation"];
  const { stderr } = await fovea(folder, ...learn, "--model", "cnn", "--out", "none");
  assert.match(stderr, /the masks have 2 classes; it needs a map with a channel for each, as --model unet has/);
  assert.ok(!existsSync(join(folder, "none")));
  const trained = JSON.parse(await run(...learn, "--image-size", "16x16", "--epochs", "1", "--out", "run", "--json"));
  assert.equal(trained.task, "segmentation");
  assert.deepEqual(Object.keys(trained.test).sort(), ["dice", "loss", "mean_iou", "pixel_accuracy"]);
  const { training, model } = JSON.parse(readFileSync(join(folder, "run", "recipe.json"), "utf8"));
  assert.deepEqual([model.name, training.batchSize, training.monitor], ["unet", 16, "val_mean_iou"]);
  const judged = JSON.parse(await run("evaluate", "run", "hail", "--json"));
  assert.deepEqual(
    judged.classes.map((entry: { readonly class: string }) => entry.class),
    ["background", "dent"],
  );
  const asked = JSON.parse(
    await run("predict", "run", "hail/images/*.png", "--masks", "masks", "--out", "areas.csv", "--json"),
  );
  assert.equal(asked.predictions.length, 20);
  assert.equal(asked.masks, "masks");
  assert.equal(asked.predictions[0].mask.file, "masks/H0001-1.png");
  assert.equal(readdirSync(join(folder, "masks")).length, 20);
  assert.match(readFileSync(join(folder, "areas.csv"), "utf8"), /^image,percent_background,percent_dent,mask_file/);
  const onto = ["transfer", "hail", "--task", "segmentation", "--out"];
  const transferred = JSON.parse(await run(...onto, "based", "--image-size", "32x32", "--epochs", "1", "--json"));
  assert.equal(transferred.epochs, 1);
  const { model: base, training: settings } = JSON.parse(readFileSync(join(folder, "based", "recipe.json"), "utf8"));
  assert.deepEqual([base.name, settings.batchSize, settings.monitor], ["photos", 16, "val_mean_iou"]);
  await run("convert", "based", "based.onnx");
  await run("predict", "based.onnx", "hail/images/*.png", "--masks", "again");
  assert.equal(readdirSync(join(folder, "again")).length, 20);
  const refused = await fovea(folder, ...onto, "none", "--solver", "logistic");
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /--solver is for heads on the mean of a base's maps, and segmentation learns from the maps/,
  );
});
