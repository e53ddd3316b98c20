// EfficientNet's unusual layers: factors for each channel and whole images dropped, both kept in files, so that a saved
// application opens unchanged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { input as graphInput } from "../../src/core/index.js";
import { efficientNetB0, loadKeras, model, saveKeras, type Tensor, tensor } from "../../src/index.js";
import { dropout, input, rescaling, TrainingContext } from "../../src/nn/layers/index.js";

test("a saved EfficientNet opens with the same layers and predictions", async () => {
  const net = efficientNetB0({ inputShape: [32, 40, 3], includeTop: false, pooling: "avg", seed: 5 });
  const opened = (await loadKeras(await saveKeras(net))).model;
  assert.deepEqual(opened.toKerasObject(), net.toKerasObject());
  const pixels = Uint8Array.from({ length: 32 * 40 * 3 }, (_, i) => (i * 31) % 256);
  const x = tensor(pixels, [1, 32, 40, 3], "uint8");
  assert.deepEqual((await opened.predict(x)).data, (await net.predict(x)).data);
  await net.close();
  await opened.close();
});

test("rescaling takes a number for each channel, and wants as many as there are", async () => {
  const image = input([1, 2, 3]);
  const net = model({ inputs: image, outputs: rescaling([1, 2, 4], [0, 1, 0.5]).apply(image) });
  const { data } = await net.predict(tensor(Float32Array.of(1, 1, 1, 2, 2, 2), [1, 1, 2, 3], "float32"));
  assert.deepEqual([...data], [1, 3, 4.5, 2, 5, 8.5]);
  await net.close();
  assert.throws(() => rescaling([1, 2]).apply(image), /rescaling: expected samples with 2 channels.* received 3/);
});

test("dropout with a noise shape drops whole images", async () => {
  const x = graphInput("x", [64, 2, 3, 4], "float32");
  const state = graphInput("state", [3], "int32");
  const layer = dropout(0.25, { noiseShape: [null, 1, 1, 1] });
  const session = await referenceBackend.open();
  const outputs = [layer.call(x, new TrainingContext(state))];
  const program = await session.compile({ inputs: [x, state], outputs, updates: [] });
  const ones = tensor(new Float32Array(64 * 24).fill(1), [64, 2, 3, 4], "float32");
  const [result] = (await program.run([ones, tensor(Int32Array.of(1, 2, 3), [3], "int32")])) as [Tensor];
  const images = Array.from({ length: 64 }, (_, n) => new Set(result.data.subarray(24 * n, 24 * (n + 1))));
  assert.ok(images.every((values) => values.size === 1));
  const dropped = images.filter((values) => values.has(0)).length;
  assert.ok(dropped > 5 && dropped < 30, `${dropped} of 64 dropped`);
  assert.throws(
    () => dropout(0.2, { noiseShape: [null, 2] }).apply(input([3])),
    /dropout: noiseShape \[null,2\] does not fit samples \[3\]/,
  );
});
