// Ants and bees on MobileNetV2, with the real photos and Keras's weights: what the lecture's transfer promises.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fovea, workplace } from "../cli/fovea.js";
import { filesInTar, realData } from "./shared-data.js";

const photos = realData("hymenoptera.tar");
const weights = realData("applications/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5");
const narrow = realData("applications/mobilenet_2_5_128_tf.h5");

test("ants and bees: at least 0.90 in validation", { skip: photos.skip || weights.skip }, async (t) => {
  const folder = workplace(t);
  for (const { path, bytes } of filesInTar(photos.path)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const base = ["--base", "mobilenet_v2", "--image-size", "224", "--weights", weights.path, "--json"];
  const accuracies: number[] = [];
  for (const seed of ["1", "2", "3"]) {
    const ended = await fovea(folder, "transfer", "hymenoptera", ...base, "--seed", seed, "--out", `runs/${seed}`);
    assert.equal(ended.code, 0, ended.stderr);
    const json = JSON.parse(ended.stdout);
    accuracies.push(json.val.accuracy);
    t.diagnostic(`seed ${seed}: ${json.val.accuracy}, an epoch of the head took ${json.seconds_per_epoch} s`);
  }
  const median = accuracies.sort((a, b) => a - b)[1]!;
  assert.ok(median >= 0.9, `validation accuracies ${accuracies}`);
  const page = readFileSync(join(folder, "runs/1/report.html"), "utf8");
  assert.match(page, /Attention/);
});

test("a narrow MobileNet of the store is a base by --alpha and --size", {
  skip: photos.skip || narrow.skip,
}, async (t) => {
  const folder = workplace(t);
  for (const { path, bytes } of filesInTar(photos.path))
    if (path.includes("/val/")) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
  const added = await fovea(folder, "weights", "add", narrow.path);
  assert.equal(added.code, 0, added.stderr);
  const base = ["--base", "mobilenet", "--alpha", "0.25", "--size", "128", "--epochs", "2", "--json"];
  const ended = await fovea(folder, "transfer", "hymenoptera/val", ...base, "--out", "runs/narrow");
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(JSON.parse(ended.stdout).params, 218_801);
  assert.deepEqual(
    JSON.parse(readFileSync(join(folder, "runs/narrow/recipe.json"), "utf8")).preprocessing.imageSize,
    [128, 128],
  );
});
