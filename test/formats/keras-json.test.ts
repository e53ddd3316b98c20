// Models in JSON beside their weights: Keras 2's description out of a file of the real Keras, Keras 1's words, and what is
// missing told in a sentence.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { tensor } from "../../src/core/tensor.js";
import { readHdf5 } from "../../src/formats/containers/hdf5/read.js";
import { saveKeras } from "../../src/formats/models/keras.js";
import { loadModel } from "../../src/formats/models/load-model.js";
import { saveKerasWeights } from "../../src/formats/models/weights.js";
import {
  add,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  maxPooling2d,
} from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const beside =
  (name: string, bytes: Uint8Array) =>
  async (sibling: string): Promise<Uint8Array | undefined> =>
    sibling === name ? bytes : undefined;

test("a description of Keras 2 beside weights alone, or beside a whole model, predicts as in Keras", async () => {
  const { x, y } = JSON.parse(Buffer.from(fixture("legacy.json")).toString("utf8")) as Record<"x" | "y", number[]>;
  const json = text(String((await readHdf5(fixture("legacy2.h5"))).attributes.get("model_config")));
  for (const [name, weights, file] of [
    ["model.json", "weights.h5", "weights-only.h5"],
    ["net.json", "net.h5", "legacy.h5"],
    ["net_architecture.json", "net_weights.h5", "weights-only.h5"],
  ] as const) {
    const { model } = await loadModel(json, { file: name, siblings: beside(weights, fixture(file)), backend });
    const { data } = await model.predict(tensor(Float32Array.from(x), [2, 12, 10, 3], "float32"));
    const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - y[i]!)));
    assert.ok(worst < 1e-5, `${name}: off by ${worst}`);
  }
});

const images = tensor(
  Float32Array.from({ length: 2 * 8 * 6 * 2 }, (_, i) => Math.cos(i)),
  [2, 8, 6, 2],
  "float32",
);

test("a stack in the words of Keras 1, with a list for a config", async () => {
  const original = new Sequential(
    [
      input([8, 6, 2]),
      conv2d(4, [3, 2], { padding: "same", strides: [1, 2], activation: "relu" }),
      maxPooling2d([2, 1], { padding: "same" }),
      batchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
      dropout(0.25),
      flatten(),
      dense(3, { activation: "softmax", useBias: false }),
    ],
    { backend, seed: 2 },
  );
  const named = (name: string, config: object): object => ({ name, trainable: true, ...config });
  const json = {
    class_name: "Sequential",
    keras_version: "1.2.2",
    config: [
      {
        class_name: "Convolution2D",
        config: named("c", {
          ...{
            batch_input_shape: [null, 8, 6, 2],
            input_dtype: "float32",
            nb_filter: 4,
            nb_row: 3,
            nb_col: 2,
            bias: true,
          },
          ...{ init: "glorot_uniform", border_mode: "same", subsample: [1, 2], dim_ordering: "tf", activation: "relu" },
          ...{ W_regularizer: null, b_regularizer: null, W_constraint: null, b_constraint: null },
        }),
      },
      {
        class_name: "MaxPooling2D",
        config: named("p", { pool_size: [2, 1], strides: [2, 1], border_mode: "same", dim_ordering: "tf" }),
      },
      {
        class_name: "BatchNormalization",
        config: named("b", { mode: 0, axis: -1, momentum: 0.9, epsilon: 1e-5, gamma_regularizer: null }),
      },
      { class_name: "Dropout", config: named("o", { p: 0.25 }) },
      { class_name: "Flatten", config: named("f", {}) },
      {
        class_name: "Dense",
        config: named("d", { output_dim: 3, init: "uniform", activation: "softmax", bias: false, input_dim: null }),
      },
    ],
  };
  const siblings = beside("model.weights.h5", await saveKerasWeights(original));
  const { model } = await loadModel(text(JSON.stringify(json)), { file: "model.json", siblings, backend });
  assert.deepEqual((await model.predict(images)).data, (await original.predict(images)).data);
  const th = JSON.stringify(json).replace('"dim_ordering":"tf"', '"dim_ordering":"th"');
  await assert.rejects(
    () => loadModel(text(th), { file: "model.json", siblings, backend }),
    /^FoveaError: model\.json: the layer Convolution2D "c" has channels first .* convert the model in Keras/,
  );
});

test("a size of images for a model of rows is not used, which is said", async () => {
  const rows = new Sequential([input([3]), dense(2)], { backend });
  const bytes = await saveKeras(rows);
  const { warnings } = await loadModel(bytes, { file: "m.keras", imageSize: [8, 6], backend });
  assert.deepEqual(warnings, ["m.keras: the model takes samples [3], which are no images; 8x6 is not used"]);
});

test("batch normalization of Keras 1 in another mode, and names of settings that every object has", async () => {
  const json = (config: object): Uint8Array =>
    text(
      JSON.stringify({
        class_name: "Sequential",
        keras_version: "1.2.2",
        config: [
          {
            class_name: "BatchNormalization",
            config: { name: "b", batch_input_shape: [null, 3], axis: -1, ...config },
          },
        ],
      }),
    );
  for (const mode of [1, 2])
    await assert.rejects(
      () => loadModel(json({ mode }), { file: "model.json", backend }),
      new RegExp(`the layer BatchNormalization "b" has mode ${mode}, which is not supported`),
    );
  const original = new Sequential([input([3]), batchNormalization()], { backend, seed: 2 });
  const siblings = beside("model.weights.h5", await saveKerasWeights(original));
  const plain = json({ mode: 0, gamma_init: "one", beta_init: "constructor" });
  await assert.rejects(() => loadModel(plain, { file: "model.json", siblings, backend }), /constructor/);
});

test("a graph in the words of Keras 1, with a layer that merges", async () => {
  const image = input([8, 6, 2]);
  const [a, b] = [conv2d(3, 1).apply(image), conv2d(3, 3, { padding: "same" }).apply(image)];
  const outputs = dense(2).apply(flatten().apply(add().apply([a, b])));
  const original = new Functional({ inputs: image, outputs, backend, seed: 5 });
  const layer = (class_name: string, name: string, config: object, ...from: readonly string[]): object => ({
    ...{ class_name, name, config: { name, ...config } },
    inbound_nodes: from.length === 0 ? [] : [from.map((source) => [source, 0, 0])],
  });
  const same = { nb_filter: 3, dim_ordering: "tf", activation: "linear" };
  const json = {
    class_name: "Model",
    keras_version: "1.1.0",
    config: {
      name: "model_1",
      layers: [
        layer("InputLayer", "i", { batch_input_shape: [null, 8, 6, 2], input_dtype: "float32", sparse: false }),
        layer("Convolution2D", "a", { ...same, nb_row: 1, nb_col: 1, border_mode: "valid" }, "i"),
        layer("Convolution2D", "b", { ...same, nb_row: 3, nb_col: 3, border_mode: "same" }, "i"),
        layer("Merge", "m", { mode: "sum", concat_axis: -1, arguments: {} }, "a", "b"),
        layer("Flatten", "f", {}, "m"),
        layer("Dense", "d", { output_dim: 2, activation: "linear" }, "f"),
      ],
      input_layers: [["i", 0, 0]],
      output_layers: [["d", 0, 0]],
    },
  };
  const siblings = beside("weights.h5", await saveKerasWeights(original));
  const { model } = await loadModel(text(JSON.stringify(json)), { file: "model.json", siblings, backend });
  assert.deepEqual((await model.predict(images)).data, (await original.predict(images)).data);
});

test("weights of another model, and JSON of something else, are told", async () => {
  const json = text(String((await readHdf5(fixture("legacy2.h5"))).attributes.get("model_config")));
  const siblings = beside("weights.h5", await saveKerasWeights(new Sequential([input([3]), dense(2)])));
  await assert.rejects(
    () => loadModel(json, { file: "in/model.json", siblings, backend }),
    /^FoveaError: in\/weights\.h5: .* needs \d arrays at layers\//,
  );
  await assert.rejects(
    () => loadModel(text('{"a": 1}'), { file: "a.json", backend }),
    /^FoveaError: a\.json: modelTopology/,
  );
  await assert.rejects(() => loadModel(text("{"), { file: "a.json", backend }), /^FoveaError: a\.json: expected JSON/);
});
