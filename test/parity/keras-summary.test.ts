// model.summary() against the text that the real Keras prints.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { tensor } from "../../src/core/tensor.js";
import {
  activation,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  input,
  leakyReLU,
  maxPooling2d,
  reLU,
  rescaling,
} from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { readableSize } from "../../src/nn/model/summary.js";
import { fixture } from "./keras-fixtures.js";

const cnn = () =>
  new Sequential([
    input([80, 60, 1]),
    rescaling(1 / 255),
    conv2d(16, 3, { padding: "same", activation: "relu", name: "conv1" }),
    maxPooling2d({ name: "pool1" }),
    conv2d(32, 3, { padding: "same", activation: "relu", name: "conv2" }),
    maxPooling2d({ name: "pool2" }),
    conv2d(64, 3, { padding: "same", activation: "relu", name: "conv3" }),
    maxPooling2d(4, { name: "pool3" }),
    flatten(),
    dense(64, { activation: "relu" }),
    dense(55),
  ]);

const MODELS: Record<string, () => Sequential> = {
  logistic: () =>
    new Sequential([input([80, 60, 1]), flatten(), rescaling(1 / 255), dense(55, { activation: "softmax" })]),
  cnn,
  repeated: () =>
    new Sequential(
      [
        input([31, 29, 3]),
        conv2d(8, 3),
        maxPooling2d(),
        conv2d(8, 3),
        maxPooling2d(),
        globalAveragePooling2d(),
        dropout(0.5),
        dense(2048, { name: "a_layer_with_quite_a_long_name_that_wraps" }),
        leakyReLU(),
        reLU(),
        dense(4096),
        activation("relu"),
        dense(1),
      ],
      { name: "wrapped" },
    ),
  frozen: () => {
    const model = cnn();
    for (const layer of model.layers.slice(0, 4)) layer.trainable = false;
    return model;
  },
  tiny: () => new Sequential([input([3]), dense(1)]),
};

interface Golden {
  readonly model: string;
  readonly lineLength: number | null;
  readonly compiled: boolean;
  readonly text: string;
}

for (const { model, lineLength, compiled, text } of fixture<Golden[]>("summaries").filter(
  (golden) => !golden.compiled,
)) {
  test(`summary of ${model}${lineLength === null ? "" : ` in ${lineLength} columns`} is Keras's`, () => {
    const summary = MODELS[model]!().summary(lineLength === null ? {} : { lineLength });
    assert.equal(`${summary}\n`, text);
    assert.equal(compiled, false);
  });
}

test("once trained, the summary counts what the optimizer keeps", async () => {
  const model = new Sequential([input([3]), dense(1)], { backend: referenceBackend });
  model.compile({ optimizer: "adam", loss: "mse" });
  assert.ok(!model.summary().includes("Optimizer"));
  await model.fit({ x: tensor([[1, 2, 3]]), y: tensor([[1]]) });
  // Four weights, twice, and Keras's iteration counter and learning rate.
  assert.ok(
    model
      .summary()
      .endsWith(
        " Total params: 14 (56.00 B)\n Trainable params: 4 (16.00 B)\n Non-trainable params: 0 (0.00 B)\n Optimizer params: 10 (40.00 B)",
      ),
  );
  const keras = fixture<Golden[]>("summaries").find((golden) => golden.compiled)!.text;
  assert.ok(keras.includes(` Optimizer params: ${(2 * 88_375 + 2).toLocaleString("en-US")} (690.44 KB)`));
});

test("a model without a known input shape says so", () => {
  const summary = new Sequential([flatten(), dense(3)]).summary();
  assert.ok(summary.includes("│ dense (Dense)                   │ ?                      │   0 (unbuilt) │"), summary);
});

test("sizes read as in Keras", () => {
  assert.deepEqual([0, 1023, 1024, 264_055 * 4, 88_375 * 4].map(readableSize), [
    "0.00 B",
    "1023.00 B",
    "1.00 KB",
    "1.01 MB",
    "345.21 KB",
  ]);
});
