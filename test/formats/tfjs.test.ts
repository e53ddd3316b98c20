// TensorFlow.js's layers models: one that the real TensorFlow.js saved, quantized, predicts here what it predicts there;
// ours come back the same, and in Teachable Machine's form. (tools/check-tfjs.js opens ours in the real one.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { halfToFloat } from "../../src/formats/containers/half.js";
import {
  loadModel,
  loadTfjs,
  onPixels,
  type Siblings,
  saveTeachable,
  saveTfjs,
  writeZip,
} from "../../src/formats/index.js";
import { readTfjsWeights, writeTfjsWeights } from "../../src/formats/models/tfjs-weights.js";
import {
  add,
  batchNormalization,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  input,
  leakyReLU,
  randomFlip,
  reLU,
  rescaling,
  separableConv2d,
  spatialDropout2d,
} from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));
const fixtures: Siblings = async (name) => (name === "metadata.json" ? undefined : fixture(name));
const of =
  (files: ReadonlyMap<string, Uint8Array>): Siblings =>
  async (name) =>
    files.get(name);
const waves = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(Math.fround(i * 0.37))),
    shape,
    "float32",
  );
};
function close(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, wanted.length);
  const worst = Math.max(...Array.from(actual, (value, i) => Math.abs(value - wanted[i]!)));
  assert.ok(worst < tolerance, `off by ${worst}`);
}

test("a model of the real TensorFlow.js with quantized weights predicts what it predicts there", async () => {
  const json = fixture("tfjs-model.json");
  const { expected } = JSON.parse(Buffer.from(json).toString("utf8")) as { expected: number[] };
  const { model } = await loadTfjs(json, fixtures, { backend });
  assert.equal(model.name, "quantized");
  close((await model.predict(waves([2, 12, 10, 3]))).data, expected, 1e-4);
});

function zoo(): Functional {
  const image = input([12, 12, 3]);
  const x = conv2d(4, 3, { strides: 2, padding: "same", useBias: false }).apply(
    rescaling(1 / 127.5, -1).apply(randomFlip().apply(image)),
  );
  const inner = new Sequential([
    input([6, 6, 4]),
    depthwiseConv2d(3, { padding: "same" }),
    batchNormalization(),
    reLU({ maxValue: 6 }),
    spatialDropout2d(0.2),
  ]);
  const y = add().apply([inner.apply(x), leakyReLU({ negativeSlope: 0.1 }).apply(x)]);
  const z = conv2dTranspose(3, 3, { strides: 2, activation: "silu" }).apply(separableConv2d(4, 3).apply(y));
  const outputs = dense(3).apply(flatten().apply(z));
  return new Functional({ inputs: image, outputs, backend, seed: 4, name: "动物园" });
}
const classNames = ["东", "木", "林"];
const facts = {
  version: 1,
  classNames,
  preprocessing: { imageSize: [12, 12], color: "rgb", interpolation: "lanczos" },
} as const;

test("what is written comes back and predicts the same, with class names and preprocessing", async () => {
  const model = zoo();
  const files = await saveTfjs(model, { facts });
  const loaded = await loadTfjs(files.get("model.json")!, of(files), { backend });
  assert.deepEqual(loaded.facts, facts);
  assert.equal(await loaded.model.weightsSha256(), await model.weightsSha256());
  const x = waves([2, 12, 12, 3]);
  assert.deepEqual(await loaded.model.predict(x), await model.predict(x));
});

test("Teachable Machine's form takes -1..1, gives probabilities, and has its labels", async () => {
  const model = zoo();
  const files = await saveTeachable(model, { facts, date: new Date(0) });
  assert.deepEqual([...files.keys()].sort(), ["metadata.json", "model.json", "weights.bin"]);
  const { model: wrapped, facts: found } = await loadTfjs(files.get("model.json")!, of(files), { backend });
  assert.deepEqual(found?.classNames, classNames);
  assert.equal(found?.preprocessing?.crop, "scaled");
  const pixels = tensor(
    Float32Array.from({ length: 2 * 432 }, (_, i) => (i * 37) % 256),
    [2, 12, 12, 3],
    "float32",
  );
  const scaled = { ...pixels, data: pixels.data.map((value) => value / 127.5 - 1) } as Tensor;
  const logits = (await model.predict(pixels)).data;
  const wanted = [0, 1].flatMap((row) => {
    const powers = Array.from(logits.subarray(3 * row, 3 * row + 3), Math.exp);
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  });
  close((await wrapped.predict(scaled)).data, wanted, 1e-5);
  close((await onPixels(wrapped, found).predict(pixels)).data, wanted, 1e-5);
  await assert.rejects(() => saveTeachable(model), /needs a name for each class/);
});

test("the single output of two classes becomes two in Teachable Machine's form, of a logit and of a probability", async () => {
  for (const activation of ["linear", "sigmoid"] as const) {
    const model = new Sequential([input([12, 12, 3]), globalAveragePooling2d(), dense(1, { activation })], { backend });
    const x = tensor(
      Float32Array.from({ length: 2 * 432 }, (_, i) => Math.sin(i) ** 2),
      [2, 12, 12, 3],
      "float32",
    );
    const told = { version: 1, classNames: ["ants", "bees"] } as const;
    const files = await saveTeachable(model, { facts: told, date: new Date(0) });
    const { model: written } = await loadTfjs(files.get("model.json")!, of(files), { backend });
    // The library feeds pixels between -1 and 1.
    const scaled = { ...x, data: x.data.map((value) => value / 127.5 - 1) } as Tensor;
    const second = (await model.predict(x)).data.map((value) =>
      activation === "linear" ? 1 / (1 + Math.exp(-value)) : value,
    );
    close(
      (await written.predict(scaled)).data,
      [...second].flatMap((share) => [1 - share, share]),
      1e-5,
    );
  }
});

test("weights are cut into shards of 4 MB, and put together again", async () => {
  const data = Float32Array.from({ length: 2 ** 21 + 5 }, (_, i) => i);
  const { manifest, shards } = writeTfjsWeights([{ name: "a/kernel", dtype: "float32", shape: [data.length], data }]);
  assert.deepEqual(
    [...shards.keys()],
    [1, 2, 3].map((i) => `group1-shard${i}of3.bin`),
  );
  assert.ok([...shards.values()].every(({ length }) => length <= 4 * 2 ** 20));
  const [back] = await readTfjsWeights("x", manifest, of(shards));
  assert.deepEqual(back!.data, data);
});

test("an archive of an export opens as the export does", async () => {
  const model = zoo();
  const files = await saveTeachable(model, { facts, date: new Date(0) });
  const archive = writeZip([...files].map(([name, bytes]) => [`export/${name}`, bytes]));
  const loaded = await loadModel(archive, { backend, file: "tm.zip" });
  assert.deepEqual(loaded.facts?.classNames, classNames);
  assert.deepEqual(loaded.model.inputShape, [12, 12, 3]);
});

test("half floats", () => {
  assert.deepEqual([0x3c00, 0xc000, 0x0001, 0x7c00, 0x8000].map(halfToFloat), [1, -2, 2 ** -24, Infinity, -0]);
  assert.ok(Number.isNaN(halfToFloat(0x7e00)));
});

test("what cannot be is refused in one sentence", async () => {
  const refuses = (work: () => Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => error instanceof FoveaError && message.test(error.message), String(message));
  const text = Buffer.from(fixture("tfjs-model.json")).toString("utf8");
  const edited = (from: string, to: string) => () => {
    assert.ok(text.includes(from), from);
    return loadTfjs(Buffer.from(text.replace(from, to)), fixtures, { file: "x.json", backend });
  };
  await refuses(edited("layers-model", "graph-model"), /^x\.json, modelTopology: /);
  await refuses(edited('"tfjs-weights.bin"', '"../tfjs-weights.bin"'), /leads out of the model's folder/);
  await refuses(edited('["tfjs-weights.bin"]', "[]"), /its weights need \d+ bytes, no shards have 0/);
  await refuses(edited('"dtype":"float16"', '"dtype":"float8"'), /quantization/);
  await refuses(edited("[3,3,3,4]", "[3,3,3,400000000]"), /its weights need 1080000\d+ bytes/);
  await refuses(edited('"DepthwiseConv2D"', '"Lambda"'), /the layer Lambda .* never executed/);
  const refused = new Sequential([input([4, 4, 1]), conv2d(2, 3, { activation: "hard_sigmoid" })], { backend });
  await refuses(() => saveTfjs(refused), /conv2d"?: TensorFlow\.js has no activation hard_sigmoid/i);
});
