// ONNX: files of the real ONNX library predict here what ONNX Runtime computes; ours come back through their
// operators to the same predictions. (tools/check-onnx.js runs ours in ONNX Runtime.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { sizeOf } from "../../src/core/shape.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { loadOnnx, saveOnnx } from "../../src/formats/index.js";
import { type OnnxModel, type OnnxNode, writeOnnx } from "../../src/formats/models/onnx/proto.js";
import { readOnnx } from "../../src/formats/models/onnx/read-proto.js";
import * as layers from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import type { Model } from "../../src/nn/model/model.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const { input } = layers;
const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));
const expected = JSON.parse(Buffer.from(fixture("onnx.json")).toString("utf8")) as Record<
  string,
  { x: number[]; y: number[] }
>;
const floats = (values: ArrayLike<number>, shape: readonly number[]): Tensor =>
  tensor(Float32Array.from(values), shape, "float32");
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!))) : Number.POSITIVE_INFINITY;

for (const [name, shape] of [
  ["classifier", [17, 15, 3]],
  ["plain", [7, 6, 2]],
] as const)
  test(`${name}.onnx predicts what ONNX Runtime computes`, async () => {
    const { model, facts } = await loadOnnx(fixture(`${name}.onnx`), { backend });
    assert.deepEqual(model.inputShape, shape);
    if (name === "classifier") assert.deepEqual(facts?.classNames, ["rose", "东", "oak", "elm", "ash"]);
    const { x, y } = expected[name]!;
    const off = worst((await model.predict(floats(x, [2, ...shape]))).data, y);
    assert.ok(off < 1e-5, `off by ${off}`);
  });

test("a residual network as PyTorch exports it predicts what PyTorch computes", async () => {
  const { model } = await loadOnnx(fixture("torch.onnx"), { backend });
  const { x, y } = JSON.parse(Buffer.from(fixture("torch.json")).toString("utf8")) as { x: number[]; y: number[] };
  const off = worst((await model.predict(floats(x, [2, 20, 16, 3]))).data, y);
  assert.ok(off < 1e-5, `off by ${off}`);
});

const stack = (shape: readonly number[], ...rest: layers.Layer[]): Sequential =>
  new Sequential([input(shape), ...rest], { backend, seed: 3 });

function residual(): Model {
  const image = input([9, 8, 3]);
  const x = layers
    .conv2d(4, 3, { padding: "same", strides: 2, useBias: false })
    .apply(layers.rescaling(1 / 255).apply(image));
  const y = layers.reLU({ maxValue: 6 }).apply(layers.batchNormalization().apply(x));
  const z = layers.depthwiseConv2d(3, { padding: "same" }).apply(y);
  const both = layers.concatenate().apply([layers.add().apply([z, x]), layers.maxPooling2d(1).apply(y)]);
  const weights = layers
    .conv2d(8, 1, { activation: "sigmoid" })
    .apply(layers.globalAveragePooling2d({ keepdims: true }).apply(both));
  const outputs = layers
    .dense(3, { activation: "softmax" })
    .apply(layers.flatten().apply(layers.multiply().apply([both, weights])));
  return new Functional({ inputs: image, outputs, backend, seed: 5, name: "残差" });
}

/** Models that come back through our own reader; tools/check-onnx.js checks those that only other runtimes read. */
const ZOO: Readonly<Record<string, () => Model>> = {
  residual,
  classifier: () =>
    stack(
      [10, 8, 1],
      layers.conv2d(4, 3, { activation: "relu" }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dense(5),
    ),
  average: () =>
    stack([7, 7, 2], layers.averagePooling2d(2, { padding: "same" }), layers.zeroPadding2d(1), layers.conv2d(2, 3)),
  transposed: () =>
    stack([5, 4, 2], layers.conv2dTranspose(3, 3, { strides: 2, padding: "same" }), layers.activation("tanh")),
  rows: () => stack([6], layers.dense(4, { activation: "relu" }), layers.batchNormalization(), layers.dense(2)),
};

async function shaken(model: Model): Promise<Model> {
  const weights = await model.getWeights();
  await model.setWeights(
    weights.map((weight, k) => ({
      ...weight,
      data: weight.data.map((_, i) => 0.4 * Math.sin(1.7 * i + k) + (weight.shape.length > 1 ? 0 : 0.6)),
    })),
  );
  return model;
}

for (const [name, make] of Object.entries(ZOO))
  test(`${name} comes back through ONNX`, async () => {
    const model = await shaken(make());
    const { model: back } = await loadOnnx(await saveOnnx(model), { backend });
    const shape = [2, ...model.inputShape];
    const x = floats(
      Array.from({ length: sizeOf(shape) }, (_, i) => 100 * Math.sin(i)),
      shape,
    );
    const off = worst((await back.predict(x)).data, (await model.predict(x)).data);
    assert.ok(off < 1e-4, `off by ${off}`);
  });

test("a file says its operator set, its shapes, class names and preprocessing; scaling of pixels is inside", async () => {
  const preprocessing = { imageSize: [10, 8], color: "grayscale", interpolation: "lanczos" } as const;
  const facts = { version: 1, classNames: ["a", "b", "c", "d", "东"], preprocessing } as const;
  const model = await shaken(ZOO.classifier!());
  const scaled = { ...facts, preprocessing: { ...preprocessing, rescale: { scale: 1 / 127.5, offset: -1 } } };
  const bytes = await saveOnnx(model, { facts: scaled });
  const onnx = readOnnx(bytes);
  assert.equal(onnx.opset, 17);
  assert.deepEqual(onnx.inputs, [{ name: "input_layer", shape: ["batch", 1, 10, 8] }]);
  assert.deepEqual(onnx.outputs, [{ name: "output", shape: ["batch", 5] }]);
  assert.deepEqual(JSON.parse(onnx.metadata.get("class_names")!), facts.classNames);
  assert.equal(JSON.parse(onnx.metadata.get("preprocessing")!).layout, "NCHW");
  const { model: back, facts: kept } = await loadOnnx(bytes, { backend });
  assert.deepEqual(kept, facts);
  const pixels = Array.from({ length: 160 }, (_, i) => (i * 37) % 256);
  const wanted = await model.predict(
    floats(
      pixels.map((value) => value / 127.5 - 1),
      [2, 10, 8, 1],
    ),
  );
  const off = worst((await back.predict(floats(pixels, [2, 10, 8, 1]))).data, wanted.data);
  assert.ok(off < 1e-4, `off by ${off}`);
});

test("what cannot be is refused in one sentence", async () => {
  const good = readOnnx(fixture("plain.onnx"));
  const bytesOf = (model: Partial<OnnxModel>): Uint8Array =>
    writeOnnx({ ...good, ...model }, { name: "test", version: "1" });
  const changed = (op: string, change: Partial<OnnxNode>): Uint8Array =>
    bytesOf({ nodes: good.nodes.map((node) => (node.op === op ? { ...node, ...change } : node)) });
  const refuses = (bytes: Uint8Array, message: RegExp): Promise<void> =>
    assert.rejects(
      () => loadOnnx(bytes, { file: "x.onnx", backend }),
      (error) =>
        error instanceof FoveaError &&
        /^x\.onnx[:,]/.test(error.message) &&
        message.test(error.message) &&
        !/\n/.test(error.message),
      String(message),
    );
  await refuses(
    changed("Tanh", { op: "LSTM" }),
    /the operator LSTM that gives "\/net\/Tanh_5" is not supported; export the model without it/,
  );
  await refuses(changed("Tanh", { inputs: ["nowhere"] }), /needs "nowhere", which nothing gives/);
  await refuses(changed("Tanh", { inputs: [good.outputs[0]!.name] }), /needs its own result; the graph goes round/);
  await refuses(
    bytesOf({ inputs: [{ name: "pixels", shape: ["batch", 2, "height", "width"] }] }),
    /give the height and width of images, as in --image-size/,
  );
  await refuses(bytesOf({ inputs: [{ name: "pixels", shape: [1, 2, 2 ** 20, 2 ** 20] }] }), /too large/);
  await refuses(bytesOf({ outputs: [{ name: "c0", shape: [1] }] }), /nothing gives the output "c0"/);
  // An operator that means something else in some operator sets, or with some settings, is not taken for the usual one.
  const alone = (op: string, attributes: OnnxNode["attributes"], opset: number, shape = [1, 4, 3, 2]): Uint8Array =>
    bytesOf({
      opset,
      nodes: [{ op, inputs: ["x"], outputs: ["y"], attributes }],
      initializers: new Map(),
      inputs: [{ name: "x", shape }],
      outputs: [{ name: "y", shape: [] }],
    });
  await refuses(alone("Softmax", { axis: 1 }, 11), /is over several axes/);
  await refuses(alone("LogSoftmax", { axis: 1 }, 11), /is over several axes/);
  await refuses(
    alone("Flatten", { axis: 2 }, 17, [2, 4, 3, 2]),
    /the output "y" has a tensor \[8, 6\] whose first axis is not the batch alone/,
  );
  await refuses(alone("Cast", { to: 7 }, 17), /rounds a tensor/);
  const means = { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1, count_include_pad: 1 };
  await refuses(alone("AveragePool", means, 17), /counts padding but not the rows that ceil_mode adds/);
  const open = async (bytes: Uint8Array) => (await loadOnnx(bytes, { backend })).model;
  const x = floats(
    Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [1, 3, 2, 4],
  );
  const logs = await (await open(alone("LogSoftmax", { axis: 1 }, 13))).predict(x);
  assert.deepEqual(logs.shape, [1, 3, 2, 4]);
  const shares = await (await open(alone("Softmax", { axis: 1 }, 13))).predict(x);
  assert.ok(
    worst(
      logs.data,
      Array.from(shares.data, (share) => Math.log(share)),
    ) < 1e-5,
  );
  assert.deepEqual((await open(alone("Softmax", {}, 11, [1, 4]))).outputShape, [4]);
  await refuses(fixture("plain.onnx").subarray(0, 500), /cut short/);
  await refuses(new Uint8Array([8, 7]), /expected an ONNX model/);
});
