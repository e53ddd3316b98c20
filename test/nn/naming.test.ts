// Keras's automatic names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NameScope, toSnakeCase } from "../../src/nn/config/naming.js";

test("class names become Keras's snake_case", () => {
  const pairs = {
    Dense: "dense",
    Conv2D: "conv2d",
    MaxPooling2D: "max_pooling2d",
    GlobalAveragePooling2D: "global_average_pooling2d",
    ReLU: "re_lu",
    LeakyReLU: "leaky_re_lu",
    InputLayer: "input_layer",
    DepthwiseConv2D: "depthwise_conv2d",
    SparseCategoricalCrossentropy: "sparse_categorical_crossentropy",
  };
  for (const [className, name] of Object.entries(pairs)) assert.equal(toSnakeCase(className), name);
});

test("names count up and keep clear of those the user chose", () => {
  const scope = new NameScope();
  assert.ok(scope.reserve("dense_1"));
  assert.ok(!scope.reserve("dense_1"));
  assert.deepEqual([scope.next("Dense"), scope.next("Dense"), scope.next("Flatten")], ["dense", "dense_2", "flatten"]);
});
