// A Keras 3 file from elsewhere gives the outputs that are kept beside it, and other people's HDF5 files can be read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { tensor } from "../../src/core/tensor.js";
import { loadKeras, readHdf5 } from "../../src/formats/index.js";
import { realData } from "./shared-data.js";

const keras = realData("keras");

test("mnist_cnn.keras predicts what Keras predicts", { skip: keras.skip }, async () => {
  const { inputs, outputs } = JSON.parse(readFileSync(join(keras.path, "mnist_cnn_expected.json"), "utf8")) as {
    inputs: number[][];
    outputs: number[][];
  };
  const bytes = readFileSync(join(keras.path, "mnist_cnn.keras"));
  const { model } = await loadKeras(bytes, { backend: createWasmBackend() });
  const pixels = Float32Array.from(inputs.flat(), (value) => value / 255);
  const { data } = await model.predict(tensor(pixels, [inputs.length, 28, 28, 1], "float32"));
  await model.close();
  const worst = Math.max(...outputs.flat().map((value, index) => Math.abs(value - data[index]!)));
  assert.ok(worst < 1e-5, `off by ${worst}`);
});

const mobilenet = realData("applications/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5");

test("the weights of MobileNetV2 are read whole", { skip: mobilenet.skip }, async () => {
  const { attributes, groups } = await readHdf5(readFileSync(mobilenet.path));
  const names = attributes.get("layer_names") as readonly string[];
  assert.deepEqual([...groups.keys()].sort(), [...names, "top_level_model_weights"].sort());
  assert.ok(names.includes("block_1_expand_BN"));
});
