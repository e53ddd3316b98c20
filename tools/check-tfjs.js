// Opens layers models in the real TensorFlow.js and compares predictions; makes the fixture of test/formats/tfjs.test.ts.
//
//   node tools/check-tfjs.js FOLDER images.npy predictions.npy [TOLERANCE]
//       FOLDER has model.json and shards that Fovea wrote, the arrays are float32 files of writeNpy: what Fovea was fed
//       and gave. Prints the largest difference; exit code 1 when it is above the tolerance (default 1e-4).
//   node tools/check-tfjs.js --fixture
//
// The real one comes from bench/ (npm ci there), or from the folder in FOVEA_BENCH; Fovea must be built.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { readNpy } from "../dist/src/formats/index.js";

const require = createRequire(join(resolve(process.env.FOVEA_BENCH ?? "bench"), "package.json"));
const tf = require("@tensorflow/tfjs");

const arrayIn = (path) => readNpy(readFileSync(path), path);

function load(folder) {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((path) => readFileSync(join(folder, path))));
  const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

async function compare(folder, images, predictions, tolerance = "1e-4") {
  const x = arrayIn(images);
  const ours = arrayIn(predictions);
  const model = await load(folder);
  const theirs = await model.predict(tf.tensor(x.data, x.shape)).data();
  const worst = ours.data.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
  console.log(JSON.stringify({ tfjs: tf.version.tfjs, samples: x.shape[0], max_difference: worst }));
  process.exitCode = theirs.length === ours.data.length && worst <= Number(tolerance) ? 0 : 1;
}

/** Rounds the weights of three layers to 8 and 16 bits and to half floats, as TensorFlow.js's converter does. */
function quantize({ weightSpecs, weightData }) {
  const whole = new Float32Array(weightData);
  const parts = [];
  let at = 0;
  const specs = weightSpecs.map((spec) => {
    const size = spec.shape.reduce((product, extent) => product * extent, 1);
    const values = whole.subarray(at, at + size);
    at += size;
    const min = Math.min(...values);
    const steps = { "stem/kernel": 255, "head/kernel": 65535 }[spec.name];
    if (spec.name === "deep/depthwise_kernel") {
      parts.push(Buffer.from(Uint16Array.from(values, toHalf).buffer));
      return { ...spec, quantization: { dtype: "float16", original_dtype: "float32" } };
    }
    if (steps === undefined) {
      parts.push(Buffer.from(values.slice().buffer));
      return spec;
    }
    const scale = (Math.max(...values) - min) / steps;
    const rounded = (steps === 255 ? Uint8Array : Uint16Array).from(values, (value) => Math.round((value - min) / scale));
    parts.push(Buffer.from(rounded.buffer));
    return { ...spec, quantization: { dtype: steps === 255 ? "uint8" : "uint16", min, scale } };
  });
  return { weightSpecs: specs, weightData: new Uint8Array(Buffer.concat(parts)).buffer };
}

/** A normal number of moderate size as 16 bits, cut off. */
function toHalf(value) {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
  return ((bits >>> 16) & 0x8000) | (((((bits >>> 23) & 255) - 112) << 10) & 0x7c00) | ((bits >>> 13) & 1023);
}

async function fixture() {
  const image = tf.input({ shape: [12, 10, 3], name: "image" });
  const stem = tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", name: "stem" }).apply(image);
  const inner = tf.sequential({ name: "inner" });
  inner.add(tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", inputShape: [6, 5, 4], name: "inner_conv" }));
  inner.add(tf.layers.batchNormalization({ name: "inner_bn" }));
  inner.add(tf.layers.reLU({ maxValue: 6, name: "inner_relu" }));
  const deep = tf.layers.depthwiseConv2d({ kernelSize: 3, padding: "same", name: "deep" }).apply(stem);
  const sum = tf.layers.add({ name: "sum" }).apply([deep, inner.apply(stem)]);
  const pool = tf.layers.globalAveragePooling2d({ name: "pool", dataFormat: "channelsLast" }).apply(sum);
  const head = tf.layers.dense({ units: 3, activation: "softmax", name: "head" }).apply(pool);
  const model = tf.model({ inputs: image, outputs: head, name: "quantized" });
  for (const [number, weight] of model.weights.entries()) {
    const values = tf.range(0, weight.shape.reduce((a, b) => a * b, 1)).mul(0.7).add(number).sin().mul(0.6);
    weight.write((weight.originalName.includes("variance") ? values.abs().add(0.5) : values).reshape(weight.shape));
  }
  let saved;
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  }));
  const { weightSpecs, weightData } = quantize(saved);
  const opened = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: saved.modelTopology, weightSpecs, weightData }),
  );
  const x = tf.range(0, 2 * 12 * 10 * 3).mul(0.37).sin().reshape([2, 12, 10, 3]);
  const y = Array.from(await opened.predict(x).data());
  const out = new URL("../test/formats/fixtures/", import.meta.url);
  writeFileSync(new URL("tfjs-weights.bin", out), new Uint8Array(weightData));
  const weightsManifest = [{ paths: ["tfjs-weights.bin"], weights: weightSpecs }];
  const json = { format: "layers-model", modelTopology: saved.modelTopology, weightsManifest, expected: y };
  writeFileSync(new URL("tfjs-model.json", out), JSON.stringify(json));
  console.log(y);
}

const args = process.argv.slice(2);
await (args[0] === "--fixture" ? fixture() : compare(...args));
