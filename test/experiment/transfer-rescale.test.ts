// Scaling of pixels for a base, a part of the recipe: a word for the user, numbers in the recipe, a layer in the model.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mobileNet } from "../../src/applications/imagenet/mobilenet.js";
import { recipeRows } from "../../src/experiment/run/recipe-rows.js";
import { baseRescale, openBase } from "../../src/experiment/transfer/base.js";
import { RESCALES } from "../../src/formats/models/pixels.js";
import { saveSafetensors } from "../../src/formats/models/weights.js";
import type { Recipe } from "../../src/formats/run/recipe.js";
import { FoveaError } from "../../src/index.js";

test("a base takes pixels as it was published, or as is said", async () => {
  const network = mobileNet({ alpha: 0.25, includeTop: false, inputShape: [32, 32, 3] });
  const bytes = await saveSafetensors(network);
  const file = { bytes, path: "mobilenet_2_5_224_tf_no_top.h5" };
  const scaleOf = async (rescale?: ReturnType<typeof baseRescale>): Promise<unknown> => {
    const { pixels } = await openBase("mobilenet", [32, 32], file, { rescale });
    assert.equal(pixels.length, 1);
    const { config } = pixels[0]!.toKerasObject();
    return { scale: config.scale, offset: config.offset, name: config.name };
  };
  assert.deepEqual(await scaleOf(), { scale: 1 / 127.5, offset: -1, name: "pixels" });
  assert.deepEqual(await scaleOf(baseRescale("mobilenet", "imagenet")), { ...RESCALES.imagenet, name: "pixels" });
  assert.deepEqual(baseRescale("mobilenet", "none"), { scale: 1, offset: 0 });
});

test("bases that scale pixels themselves need no word", () => {
  for (const base of ["hanzi", "efficientnet_b0"])
    assert.throws(
      () => baseRescale(base, "0..1"),
      (error) => error instanceof FoveaError && error.message.includes(`the base ${base} scales pixels itself`),
    );
});

test("the report's rows name the scale", () => {
  const rows = recipeRows({
    data: { train: { path: "photos" } },
    task: { kind: "classification", classNames: ["a", "b"] },
    preprocessing: { imageSize: [32, 32], color: "rgb", interpolation: "lanczos" },
    split: { validation: 0.2, seed: 1 },
    training: { optimizer: "adam", loss: "mse", batchSize: 4, epochs: 1, monitor: "val_loss", patience: 1 },
    model: { name: "mobilenet" },
    transfer: { weights: { sha256: "0" }, augmentation: "none", variants: 0, rescale: RESCALES.imagenet },
  } as unknown as Recipe);
  assert.deepEqual(
    rows.filter(({ label }) => label === "Pixels for it"),
    [{ label: "Pixels for it", value: "scaled as imagenet" }],
  );
});
