// Masks and boxes on a trained base: the maps are found by their shapes, the run is an ordinary one, the same bits by replay and after
// a break in either phase, and its model is that of the files that are made of it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { IMAGENET_APPLICATIONS } from "../../src/applications/imagenet/index.js";
import { writeHail } from "../../src/data/index.js";
import { defaultPlace } from "../../src/default-backend.js";
import {
  closeData,
  expectedOf,
  findData,
  loadData,
  openAny,
  predictFiles,
  RunFolder,
  recipeOf,
  replay,
  resumeRun,
  startRun,
  type TransferWish,
} from "../../src/experiment/index.js";
import { basePreprocessing, makeTransferRecipe, preprocessingFor } from "../../src/experiment/transfer/recipe.js";
import { mapSize, strideModel, stridePaths } from "../../src/experiment/transfer/strides.js";
import { loadKeras, loadModel, type Model, saveKeras, saveOnnx, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";

const place = mkdtempSync(join(tmpdir(), "fovea-maps-"));
after(() => rmSync(place, { recursive: true, force: true }));
process.env.FOVEA_CACHE = join(place, "cache");
const [hail, file] = [join(place, "hail"), join(place, "base.keras")];

/** A classifier with maps down to a sixteenth, in a model in a model. */
const trained = (): Model =>
  sequential([
    input([32, 32, 3]),
    sequential(
      [
        input([32, 32, 3]),
        ...[4, 6, 8, 10].map((filters, i) =>
          conv2d(filters, 3, { strides: 2, padding: "same", activation: "relu", name: `half${i + 1}` }),
        ),
        globalAveragePooling2d({ name: "pool" }),
      ],
      { name: "trunk" },
    ),
    sequential([input([10]), dense(3, { activation: "softmax" })], { name: "head" }),
  ]);

before(async () => {
  await writeHail(hail, { count: 16, height: 32, width: 48, seed: 2 });
  const preprocessing = { imageSize: [32, 32], color: "rgb", interpolation: "bilinear" } as const;
  const rescale = { scale: 1 / 255, offset: 0 };
  writeFileSync(
    file,
    await saveKeras(trained(), { facts: { version: 1, preprocessing: { ...preprocessing, rescale } } }),
  );
});

const WISH: TransferWish = {
  ...{ base: "model", weights: file, seed: 1, mode: "reproducible" },
  split: { validation: 0.2, seed: 1 },
  training: { epochs: 2, batchSize: 4 },
  augmentation: "photo",
};

async function opened(task: "segmentation" | "detection", wish: TransferWish = WISH) {
  // Wider than the base's own images, which are square.
  const preprocessing = await basePreprocessing(wish, [32, 48], task);
  const data = await loadData(await findData(hail, task), preprocessing, wish.split, { task, cache: false });
  return { data, recipe: await makeTransferRecipe(wish, preprocessing, data) };
}

test("maps are found by their shapes, whatever the base", async () => {
  const pathsOf = (name: keyof typeof IMAGENET_APPLICATIONS, side: number): readonly string[] => {
    const base = IMAGENET_APPLICATIONS[name].build({
      ...defaultPlace,
      includeTop: false,
      inputShape: [side, side, 3],
    });
    return [4, 8, 16, 32].map((stride) => stridePaths(base).get(stride)!);
  };
  assert.deepEqual(pathsOf("mobilenet_v2", 96), [
    ...["block_3_expand_relu", "block_6_expand_relu", "block_13_expand_relu", "out_relu"],
  ]);
  assert.deepEqual(pathsOf("resnet50", 64), [
    ...["conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out"],
  ]);
  assert.deepEqual(
    [...stridePaths(trained())],
    [
      [2, "trunk/half1"],
      [4, "trunk/half2"],
      [8, "trunk/half3"],
      [16, "trunk/half4"],
    ],
  );
  const shallow = sequential([input([32, 32, 3]), conv2d(4, 3, { strides: 2, padding: "same" })]);
  await assert.rejects(
    strideModel(
      shallow,
      {
        strides: [
          [8, 16],
          [4, 8],
        ],
      },
      [32, 32],
    ),
    /the base has maps of 1\/2 of an image's sides; the head needs those of 1\/8, 1\/16, or of 1\/4, 1\/8, so take another base/,
  );
});

test("images have their own proportions, and no less than the base's size", () => {
  assert.deepEqual(mapSize([160, 160], [64, 96]), [112, 160]);
  assert.deepEqual(mapSize([80, 60], [128, 128]), [128, 128]);
  assert.deepEqual(preprocessingFor("photos", [64, 48], "detection").imageSize, [64, 48]);
  assert.throws(() => preprocessingFor("photos", [64, 48], "classification"), /takes images of 160x160 only/);
});

test("masks: both phases, broken off in either, come to the same bits, and so does a replay", async () => {
  const fineTune = { layers: 2, learningRate: 1e-3, epochs: 2, batchSize: 4 };
  const { data, recipe } = await opened("segmentation", { ...WISH, fineTune });
  assert.deepEqual([recipe.transfer?.head, recipe.training.monitor], ["lraspp", "val_mean_iou"]);
  const whole = await startRun(join(place, "masks"), recipe, data, { threads: 2 });
  const { weights_sha256 } = whole.metrics;
  assert.equal(whole.metrics.epochs, 4);
  for (const last of [0, 2]) {
    const path = join(place, `broken-${last}`);
    const controller = new AbortController();
    const observer = { onEpochEnd: (epoch: number) => (epoch === last ? controller.abort() : undefined) };
    await startRun(path, recipe, data, { threads: 1, signal: controller.signal, observer });
    const folder = await RunFolder.open(path);
    const { metrics } = await resumeRun(folder, await recipeOf(folder), data, { threads: 2 });
    assert.equal(metrics.weights_sha256, weights_sha256, `after epoch ${last}`);
    assert.equal(await folder.text("history"), await whole.folder.text("history"));
  }
  const again = await replay(await recipeOf(whole.folder), data, await expectedOf(whole.folder), { threads: 3 });
  assert.ok(again.sameBits);
  await closeData(data);
});

test("layers that were not fine-tuned stay as they were, and an ONNX file of the model answers alike", async () => {
  const run = await RunFolder.open(join(place, "masks"));
  const { model } = await loadKeras(await run.bytes("model"));
  const { model: before } = await loadKeras(readFileSync(file));
  const [own] = await before.getWeights();
  assert.deepEqual(model.getLayer("model").weights[0]!.contents!.data, own!.data);
  const data = Float32Array.from({ length: 32 * 48 * 3 }, (_, i) => i % 256);
  const image = { dtype: "float32", shape: [1, 32, 48, 3], data } as const;
  const found = await model.predict(image);
  assert.deepEqual(found.shape, [1, 32, 48, 2]);
  const { model: onnx } = await loadModel(await saveOnnx(model), { file: "masks.onnx" });
  const copied = await onnx.predict(image);
  assert.ok(copied.data.every((value, i) => Math.abs(value - found.data[i]!) < 1e-4));
  for (const one of [model, before, onnx]) await one.close();
});

test("boxes: a run, its replay and its answers", async () => {
  const { data, recipe } = await opened("detection");
  assert.deepEqual([recipe.transfer?.head, recipe.transfer?.variants], ["ttfnet", 0]);
  const { folder, metrics } = await startRun(join(place, "boxes"), recipe, data, { threads: 2 });
  assert.ok(metrics.test!.loss! > 0 && metrics.test!.ap50! >= 0);
  assert.ok((await replay(await recipeOf(folder), data, await expectedOf(folder))).sameBits);
  const opening = await openAny(folder.path);
  const { answers } = await predictFiles(opening, [join(hail, "images", "H0001-1.png")], { keep: true });
  assert.ok(Array.isArray((answers[0] as unknown as { readonly boxes: unknown }).boxes));
  await closeData(data);
});

test("options for heads on features are refused, and so are sides that boxes have no cells for", async () => {
  for (const [more, sentence] of [
    [{ variants: 3 }, /--variants is for heads on the mean of a base's maps, and segmentation learns from the maps/],
    [{ solver: "logistic" }, /--solver is for heads on the mean/],
    [{ keepClasses: true }, /--keep-classes is for heads on the mean/],
  ] as const)
    await assert.rejects(opened("segmentation", { ...WISH, ...more }), sentence);
  const preprocessing = await basePreprocessing(WISH, [24, 40], "detection");
  const data = await loadData(await findData(hail, "detection"), preprocessing, WISH.split, {
    task: "detection",
    cache: false,
  });
  await assert.rejects(
    makeTransferRecipe(WISH, preprocessing, data),
    /multiples of 16 pixels, received 24x40; take 32x48/,
  );
  await closeData(data);
});
