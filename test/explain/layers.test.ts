// Layers as data, kernels behind channels, and one number of an output down to its products: each sum is the number that the
// engine itself computes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { activations, channelKernel, channelSum, layerFacts } from "../../src/explain/index.js";
import { model as functional, sequential, tensor } from "../../src/index.js";
import { randomUniform } from "../../src/nn/initializers/index.js";
import {
  activation,
  add,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  input,
  maxPooling2d,
  rescaling,
} from "../../src/nn/layers/index.js";

const biased = { biasInitializer: randomUniform({ minval: -1, maxval: 1, seed: 3 }) };
const image = tensor(
  Uint8Array.from({ length: 9 * 8 * 2 }, (_, i) => (i * 37) % 256),
  [1, 9, 8, 2],
  "uint8",
);

const network = () => {
  const pixels = input([9, 8, 2], { name: "pixels" });
  const scaled = rescaling(1 / 255, { name: "scale" }).apply(pixels);
  const first = conv2d(3, [3, 2], { strides: 2, padding: "same", name: "first", ...biased }).apply(scaled);
  const wide = conv2d(3, 2, { dilationRate: 2, padding: "same", name: "wide", useBias: false }).apply(first);
  const fired = activation("relu", { name: "fired" }).apply(wide);
  const sum = add({ name: "sum" }).apply([fired, first]);
  const deep = depthwiseConv2d(3, { depthMultiplier: 2, name: "deep", ...biased }).apply(sum);
  const pooled = maxPooling2d(2, { name: "pooled" }).apply(deep);
  const flat = flatten({ name: "flat" }).apply(pooled);
  return functional({ inputs: pixels, outputs: dense(4, { name: "said", ...biased }).apply(flat), seed: 5 });
};

test("layers are told with shapes, weights, and the layers that they take from", async () => {
  const model = network();
  const layers = layerFacts(model);
  assert.deepEqual(
    layers.map(({ name, from }) => [name, ...from].join(" < ")),
    [
      "pixels",
      "scale < pixels",
      "first < scale",
      "wide < first",
      "fired < wide",
      "sum < fired < first",
      "deep < sum",
      "pooled < deep",
      "flat < pooled",
      "said < flat",
    ],
  );
  const first = layers[2]!;
  assert.deepEqual([first.input, first.output, first.params], [[9, 8, 2], [5, 4, 3], 3 * 2 * 2 * 3 + 3]);
  assert.deepEqual(first.weights, [
    { name: "kernel", shape: [3, 2, 2, 3] },
    { name: "bias", shape: [3] },
  ]);
  await model.close();
});

test("each number of an output is the sum of the products under its kernel", async () => {
  const model = network();
  const names = ["first", "wide", "deep", "said"];
  const outputs = await activations(model, image, names);
  for (const name of names) {
    const { shape, data } = outputs.get(name)!;
    const [rows, columns, channels] = shape.length === 4 ? [shape[1]!, shape[2]!, shape[3]!] : [1, 1, shape[1]!];
    const channel = channels - 1;
    // Corners, where windows of padded layers reach beyond the maps; each look compiles a graph, so that others have one.
    const corners = [
      [0, columns - 1],
      [rows - 1, 0],
    ] as const;
    for (const [row, column] of name === "first" || name === "wide" ? corners : corners.slice(1)) {
      const { sum, sums, bias, window, weights } = await channelSum(model, image, name, channel, [row, column]);
      const expected = data[(row * columns + column) * channels + channel]!;
      assert.ok(Math.abs(sum - expected) < 1e-5, `${name} ${row} ${column} ${channel}: ${sum}, not ${expected}`);
      assert.ok(Math.abs(sums.reduce((a, b) => a + b, bias) - sum) < 1e-12);
      assert.equal(window.length, weights.length);
    }
  }
  await model.close();
});

test("the kernel behind an activation or a pooled map is that of the layer before", async () => {
  const model = network();
  assert.equal((await channelKernel(model, "fired", 1)).layer, "wide");
  const { layer, shape, channel } = await channelKernel(model, "pooled", 5);
  assert.deepEqual([layer, shape, channel], ["deep", [3, 3, 1], 5]);
  await assert.rejects(channelKernel(model, "sum", 0), /"sum" has no kernel, for its Add .*choose a convolution/);
  await assert.rejects(channelKernel(model, "scale", 0), /"scale" has no kernel/);
  await assert.rejects(channelKernel(model, "first", 3), /"first" has the channels 0 to 2, and no 3/);
  await assert.rejects(channelKernel(model, "none", 0), /there is no layer "none"/);
  await model.close();
});

test("layers of nested models have paths, and take from layers outside of these", async () => {
  const trunk = sequential([input([9, 8, 2]), conv2d(2, 3, { name: "inner" })], { name: "trunk" });
  const head = sequential([input([7, 6, 2]), flatten({ name: "flat" }), dense(2, { name: "said" })], { name: "head" });
  const model = sequential([input([9, 8, 2]), trunk, head]);
  const layers = layerFacts(model);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  assert.deepEqual(byName.get("head/said")?.from, ["head/flat"]);
  assert.deepEqual(byName.get("head/flat")?.from, ["trunk/inner"]);
  const { sum, from } = await channelSum(model, image, "head/said", 1, [0, 0]);
  const expected = (await activations(model, image, ["head/said"])).get("head/said")!.data[1]!;
  assert.equal(from, "head/flat");
  assert.ok(Math.abs(sum - expected) < 1e-3 * Math.max(1, Math.abs(expected)), `${sum}, not ${expected}`);
  await model.close();
});
