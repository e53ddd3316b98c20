// Experiments compute where they are told: a transfer's models and a recipe's share the runtime that they are passed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mobileNet } from "../../src/applications/imagenet/mobilenet.js";
import type { Backend } from "../../src/backends/contract.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { buildTransferModel } from "../../src/experiment/transfer/model.js";
import { saveSafetensors } from "../../src/formats/models/weights.js";
import { runtime, zeros } from "../../src/index.js";

test("the models of a transfer share one session, one pool of threads and one copy of the base", async () => {
  const real = createWasmBackend({ inline: true });
  let opened = 0;
  const backend: Backend = {
    ...real,
    open: (options) => {
      opened++;
      return real.open(options);
    },
  };
  const engine = runtime({ backend });
  const network = mobileNet({ alpha: 0.25, includeTop: false, inputShape: [32, 32, 3] });
  const file = { bytes: await saveSafetensors(network), path: "mobilenet_2_5_224_tf_no_top.h5" };
  const described = {
    model: { name: "mobilenet" },
    preprocessing: { imageSize: [32, 32], color: "rgb", interpolation: "lanczos" },
    seed: 1,
    mode: "reproducible",
    task: { kind: "classification", classNames: ["a", "b", "c"] },
    transfer: { augmentation: "light" },
  } as const;
  const { model, features, varied, head } = await buildTransferModel(described, file, { runtime: engine });
  for (const part of [model, features, varied!, head]) assert.equal(part.place.runtime, engine);
  const images = zeros([2, 32, 32, 3], "uint8");
  const expected = await model.predict(images);
  const weightBytes = 4 * model.weights.reduce((sum, { size }) => sum + size, 0);
  const used = await engine.usedBytes();
  const seen = await features.predict(images);
  assert.deepEqual(await head.predict(seen), expected);
  assert.equal(opened, 1);
  assert.ok((await engine.usedBytes()) < used + weightBytes / 2, "the base is there once");
  await engine.close();
});

test("a mode that the runtime does not have is refused in a sentence", async () => {
  const engine = runtime({ threads: 1 });
  const described = {
    model: { name: "mobilenet" },
    preprocessing: { imageSize: [32, 32], color: "rgb", interpolation: "lanczos" },
    seed: 1,
    mode: "fast",
    task: { kind: "classification", classNames: ["a", "b", "c"] },
    transfer: { augmentation: "none" },
  } as const;
  await assert.rejects(
    buildTransferModel(
      described,
      { bytes: new Uint8Array(), path: "mobilenet_2_5_224_tf_no_top.h5" },
      { runtime: engine },
    ),
    /model: mode "fast" is not that of the runtime, "reproducible"; pass mode to runtime\(\) alone/i,
  );
});
