// Keras's older HDF5 files, whole models and weights alone, compute here what the real Keras computes with them. (A real
// Teachable Machine export is opened in test/real.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { readHdf5 } from "../../src/formats/containers/hdf5/read.js";
import { writeHdf5 } from "../../src/formats/containers/hdf5/write.js";
import { loadKerasH5, loadWeights, saveKerasWeights, saveSafetensors } from "../../src/formats/index.js";
import { asJson } from "../../src/nn/config/keras-object.js";
import { conv2dTranspose, input } from "../../src/nn/layers/index.js";
import { Model } from "../../src/nn/model/model.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { modelFromKeras, modelToKeras } from "../../src/nn/serialization/model.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));
const { x, y } = JSON.parse(Buffer.from(fixture("legacy.json")).toString("utf8")) as Record<"x" | "y", number[]>;
const images: Tensor = tensor(Float32Array.from(x), [2, 12, 10, 3], "float32");

async function predictsAsKeras(model: Model, what: string): Promise<void> {
  const { data } = await model.predict(images);
  const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - y[i]!)));
  assert.ok(worst < 1e-5, `${what}: off by ${worst}`);
}
const open = (bytes: Uint8Array) => loadKerasH5(bytes, { backend, file: "x.h5" });
const fresh = (model: Model, seed: number): Model => modelFromKeras(asJson(modelToKeras(model)), { backend, seed });

for (const name of ["legacy.h5", "legacy2.h5"])
  test(`${name} predicts as in Keras, and is compiled as it was`, async () => {
    const { model, warnings } = await open(fixture(name));
    assert.deepEqual(warnings, []);
    assert.equal(model.name, "legacy");
    assert.ok(model.getLayer("inner") instanceof Model);
    // One tensor, not a list of one, which to Keras 3 is another model.
    assert.deepEqual(model.toKerasObject().config.output_layers, ["head", 0, 0]);
    assert.equal(model.getLayer("inner/inner_bn").weights.length, 4);
    await predictsAsKeras(model, name);
    assert.equal(model.trainer.objective[0]!.loss.className, "CategoricalCrossentropy");
    assert.ok(Math.abs(model.trainer.optimizer.learningRate - 0.01) < 1e-9);
  });

test("calls of an inner model that are counted from 0, as where it was built by its first call", async () => {
  const root = await readHdf5(fixture("legacy2.h5"));
  const config = String(root.attributes.get("model_config"));
  assert.ok(config.includes('["inner", 1, 0, {}]'));
  const changed = config.replace('["inner", 1, 0, {}]', '["inner", 0, 0, {}]');
  const bytes = await writeHdf5({ ...root, attributes: new Map([...root.attributes, ["model_config", changed]]) });
  await predictsAsKeras((await open(bytes)).model, "counted from 0");
});

for (const name of ["weights-only.h5", "legacy.weights.h5", "legacy.h5"])
  test(`${name} gives its weights to a model that exists`, async () => {
    const model = fresh((await open(fixture("legacy.h5"))).model, 9);
    assert.equal((await loadWeights(model, fixture(name))).length, model.weights.length);
    await predictsAsKeras(model, name);
  });

test("what is written as .weights.h5 and safetensors comes back to the bit", async () => {
  const { model } = await open(fixture("legacy.h5"));
  for (const bytes of [await saveKerasWeights(model), await saveSafetensors(model)]) {
    const other = fresh(model, 9);
    await loadWeights(other, bytes);
    assert.equal(await other.weightsSha256(), await model.weightsSha256());
  }
});

for (const [version, channels] of [["1.2.2", 3], ["1.2.2", 4], [undefined, 3], ["2.2.4", 3]] as const) // biome-ignore format: short
  test(`kernels of a transposed convolution as Keras ${version} has them, ${channels} channels to 4`, async () => {
    const shape: readonly number[] = [2, 3, 4, channels];
    const values = Float32Array.from({ length: 2 * 3 * 4 * channels }, (_, i) => i);
    // [height, width, in, out] in Keras 1.
    const kernel = {
      dtype: "float32",
      shape: version === "2.2.4" ? shape : [2, 3, channels, 4],
      data: values,
    } as const;
    const bias = { dtype: "float32", shape: [4] as readonly number[], data: new Float32Array(4) } as const;
    const arrays = { attributes: new Map(), groups: new Map(), datasets: new Map([["W:0", kernel], ["b:0", bias]] as const) }; // biome-ignore format: short
    const layer = { attributes: new Map([["weight_names", ["t/W:0", "t/b:0"]]]), groups: new Map([["t", arrays]]), datasets: new Map() }; // biome-ignore format: short
    const attributes = new Map<string, string | string[]>([["layer_names", ["t"]]]);
    if (version !== undefined) attributes.set("keras_version", version);
    const file = await writeHdf5({ attributes: attributes as never, groups: new Map([["t", layer as never]]), datasets: new Map() }); // biome-ignore format: short
    const model = new Sequential([input([5, 5, channels]), conv2dTranspose(4, [2, 3], { name: "t" })], { backend });
    await loadWeights(model, file);
    const { data } = (await model.getWeights())[0]!;
    const at = (cell: number, i: number, o: number): number =>
      version === "2.2.4" ? values[(cell * 4 + o) * channels + i]! : values[(cell * channels + i) * 4 + o]!;
    for (let cell = 0; cell < 6; cell++)
      for (let i = 0; i < channels; i++)
        for (let o = 0; o < 4; o++) assert.equal(data[(cell * 4 + o) * channels + i], at(cell, i, o));
  });

test("by name a model takes the layers that a file has, and leaves the others", async () => {
  const whole = (await open(fixture("legacy.h5"))).model;
  const root = await readHdf5(fixture("weights-only.h5"));
  const names = (root.attributes.get("layer_names") as readonly string[]).filter((name) => name !== "head");
  const part = await writeHdf5({ ...root, attributes: new Map([...root.attributes, ["layer_names", names]]) });
  const model = fresh(whole, 9);
  await assert.rejects(
    () => loadWeights(model, part, { file: "x.h5" }),
    /^FoveaError: x\.h5: expected weights of 5 layers.*byName/,
  );
  const [before] = model.getLayer("head").weights.map(({ contents }) => contents.data.slice());
  const taken = await loadWeights(model, part, { byName: true });
  assert.equal(taken.length, model.weights.length - 2);
  assert.ok(!taken.some((path) => path.startsWith("head/")));
  assert.deepEqual(model.getLayer("head").weights[0]!.contents.data, before);
  assert.deepEqual(model.getLayer("stem").weights[0]!.contents.data, whole.getLayer("stem").weights[0]!.contents.data);
});

test("what does not fit is refused in one sentence", async () => {
  const refuses = (work: () => Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(
      work,
      (error) => error instanceof FoveaError && message.test(error.message) && !/\n/.test(error.message),
      String(message),
    );
  await refuses(
    () => open(fixture("weights-only.h5")),
    /^x\.h5: expected a whole model, found weights only; .*loadWeights/,
  );
  await refuses(() => open(fixture("dense.h5")), /found an HDF5 file of something else/);
  const root = await readHdf5(fixture("legacy2.h5"));
  const config = String(root.attributes.get("model_config"));
  const edited = async (from: string | RegExp, to: string): Promise<Uint8Array> => {
    const changed = config.replace(from, to);
    assert.notEqual(changed, config);
    return writeHdf5({ ...root, attributes: new Map([...root.attributes, ["model_config", changed]]) });
  };
  const cases: readonly (readonly [string | RegExp, string, RegExp])[] = [
    [
      '"class_name": "ReLU"',
      '"class_name": "Lambda"',
      /the layer Lambda .* is a function of Python, which is never executed/,
    ],
    [
      '"units": 3',
      '"units": 300000000',
      /expected float32 \[8, 300000000\] as head\/kernel, the file has float32 \[8, 3\]/,
    ],
    ['[["stem_relu", 0, 0, {}]]', '[["sum", 0, 0, {}]]', /wait for each other/],
    ['"filters": 4', '"filters": -4', /whole number/],
  ];
  for (const [from, to, message] of cases) await refuses(async () => open(await edited(from, to)), message);
  const weights = root.groups.get("model_weights")!;
  const head = weights.groups.get("head")!;
  const nan = structuredClone(root);
  const kernel = [...nan.groups.get("model_weights")!.groups.get("head")!.groups.values()][0]!;
  ([...kernel.groups.values()][0] ?? kernel).datasets.forEach(({ data }) => {
    (data as Float32Array)[0] = Number.NaN;
  });
  assert.ok(head !== undefined);
  await refuses(async () => open(await writeHdf5(nan)), /the weight head\/(kernel|bias) holds NaN/);
});
