// @ts-check
// The child that measures TensorFlow.js on its WebAssembly backend, which in Node has one thread. It can predict but
// not train convolutions: the backend lacks their gradients.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { answer, measure, noise, readSpec } from "../../dist/bench/measure.js";

const spec = readSpec();
const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(`${folder}/`);
await tf.setBackend("wasm");
await tf.ready();

const inputShape = [...spec.image];
/** @param {number} filters @param {number} kernelSize */
const conv = (filters, kernelSize, strides = 1, activation = undefined) =>
  tf.layers.conv2d({ filters, kernelSize, strides, padding: "same", activation });

function cnn() {
  const x = tf.input({ shape: inputShape });
  let y = tf.layers.rescaling({ scale: 1 / 255 }).apply(x);
  for (const [filters, pool] of [
    [16, 2],
    [32, 2],
    [64, 4],
  ]) {
    y = conv(filters, 3, 1, "relu").apply(y);
    y = tf.layers.maxPooling2d({ poolSize: pool, strides: pool }).apply(y);
  }
  y = tf.layers.dense({ units: 64, activation: "relu" }).apply(tf.layers.flatten().apply(y));
  return tf.model({ inputs: x, outputs: tf.layers.dense({ units: spec.classes }).apply(y) });
}

/** MobileNetV2 as src/applications has it, batch norm folded. */
function mobileNetV2() {
  const relu6 = (y) => tf.layers.reLU({ maxValue: 6 }).apply(y);
  const depthwise = (strides) => tf.layers.depthwiseConv2d({ kernelSize: 3, strides, padding: "same" });
  const x = tf.input({ shape: inputShape });
  let y = relu6(conv(32, 3, 2).apply(x));
  for (const [expansion, channels, repeats, stride] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ])
    for (let i = 0; i < repeats; i++) {
      const from = y.shape[3];
      const step = i === 0 ? stride : 1;
      const wide = expansion === 1 ? y : relu6(conv(from * expansion, 1).apply(y));
      const narrow = conv(channels, 1).apply(relu6(depthwise(step).apply(wide)));
      y = step === 1 && from === channels ? tf.layers.add().apply([y, narrow]) : narrow;
    }
  y = tf.layers.globalAveragePooling2d({}).apply(relu6(conv(1280, 1).apply(y)));
  return tf.model({ inputs: x, outputs: tf.layers.dense({ units: spec.classes, activation: "softmax" }).apply(y) });
}

const model = spec.model === "cnn" ? cnn() : mobileNetV2();
const shape = [spec.batch, ...inputShape];
const x = tf.tensor(noise(shape.reduce((a, b) => a * b)), shape);
answer(
  await measure(spec, async () => {
    const y = tf.tidy(() => model.predict(x, { batchSize: spec.batch }));
    await y.data();
    y.dispose();
  }),
);
