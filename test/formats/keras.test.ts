// `.keras` files: those of the real Keras compute here what they compute there, ours come back to the bit, and what is
// no such file is refused in one sentence. (That the real Keras opens ours is checked by tools/check-keras.py.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { type Hdf5Group, hdf5Tree } from "../../src/formats/containers/hdf5/tree.js";
import { readZip, writeZip } from "../../src/formats/containers/zip.js";
import { type LoadedKeras, type LoadKerasOptions, loadKeras, saveKeras } from "../../src/formats/models/keras.js";
import { readKerasArchive, writeKerasArchive } from "../../src/formats/models/keras-archive.js";
import { conv2d, dense, dropout, flatten, input, maxPooling2d } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));
const expected = (name: string): Record<string, number[]> => JSON.parse(Buffer.from(fixture(name)).toString("utf8"));
const open = (bytes: Uint8Array, options: LoadKerasOptions = {}): Promise<LoadedKeras> =>
  loadKeras(bytes, { backend, ...options });
const floats = (values: number[], shape: number[]): Tensor => tensor(Float32Array.from(values), shape, "float32");

function close(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, wanted.length, what);
  const worst = Math.max(...Array.from(actual, (value, i) => Math.abs(value - wanted[i]!)));
  assert.ok(worst <= tolerance, `${what}: off by ${worst}`);
}

test("every layer of a file of the real Keras computes what it computes there", async () => {
  const { model, facts, metadata } = await open(fixture("zoo.keras"));
  assert.equal(facts, undefined);
  assert.equal(metadata.keras_version, "3.15.1");
  assert.equal(model.name, "动物园");
  assert.equal(model.getLayer("东").className, "Conv2D");
  assert.ok(!model.compiled);
  const { x, y } = expected("zoo.json");
  close((await model.predict(floats(x!, [3, 12, 10, 3]))).data, y!, 1e-6, "zoo");
});

test("convolutions of all kinds, augmentation and adapted normalization come from the real Keras and go back", async () => {
  const { model } = await open(fixture("layers.keras"));
  const { x, y } = JSON.parse(Buffer.from(fixture("layers.json")).toString("utf8"));
  const images = floats(x.data, x.shape);
  const { data } = await model.predict(images);
  close(data, y.data, 1e-5, "layers");
  const written = await open(await saveKeras(model));
  assert.deepEqual((await written.model.predict(images)).data, data);
});

for (const name of ["trained", "momentum"])
  test(`${name}.keras of the real Keras goes on training here as it does there`, async () => {
    const { model } = await open(fixture(`${name}.keras`));
    const { x, y, logits, after } = expected(`${name}.json`) as Record<string, number[]> & { after: number[][] };
    const batch = { x: floats(x!, [8, 8, 6, 1]), y: tensor(Int32Array.from(y!), [8], "int32") };
    assert.equal(model.trainer.iterations, 3);
    close((await model.predict(batch.x)).data, logits!, 1e-5, "logits");
    await model.trainOnBatch(batch);
    await model.trainOnBatch(batch);
    for (const [index, weight] of (await model.getWeights()).entries())
      close(weight.data, after[index]!, 1e-5, `weight ${index} after two more steps`);
  });

test("a functional file with nested and shared layers computes and goes on training as in the real Keras", async () => {
  const { model } = await open(fixture("graph.keras"));
  const { x, y, outputs, after } = JSON.parse(Buffer.from(fixture("graph.json")).toString("utf8"));
  const batch = { x: floats(x.data, x.shape), y: floats(y.data, y.shape) };
  close((await model.predict(batch.x)).data, outputs.data, 1e-5, "outputs");
  const written = await open(await saveKeras(model));
  for (const network of [model, written.model]) {
    await network.trainOnBatch(batch);
    await network.trainOnBatch(batch);
    for (const [index, weight] of (await network.getWeights()).entries())
      close(weight.data, after[index].data, 1e-5, `weight ${index} after two more steps`);
  }
});

function small(): Sequential {
  const layers = [
    input([8, 6, 1]),
    conv2d(4, 3, { padding: "same", activation: "relu", name: "卷积" }),
    maxPooling2d(),
    dropout(0.5),
    flatten(),
    dense(3),
  ];
  return new Sequential(layers, { backend, seed: 5 });
}
const facts = {
  version: 1,
  classNames: ["东", "木", "林"],
  preprocessing: { imageSize: [8, 6], color: "grayscale", interpolation: "lanczos" },
} as const;
const date = new Date("2026-01-02T03:04:05Z");
const batch = {
  x: floats(
    Array.from({ length: 8 * 48 }, (_, i) => Math.sin(i)),
    [8, 8, 6, 1],
  ),
  y: tensor(Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1), [8], "int32"),
};

test("a saved model comes back to the bit, goes on training to the bit, and is saved as it was", async () => {
  const model = small();
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  for (let step = 0; step < 3; step++) await model.trainOnBatch(batch);
  const bytes = await saveKeras(model, {
    facts,
    date,
  });
  const loaded = await open(bytes, { seed: 5 });
  assert.deepEqual(loaded.facts, facts);
  assert.equal(loaded.metadata.date_saved, "2026-01-02@03:04:05");
  assert.equal(await loaded.model.weightsSha256(), await model.weightsSha256());
  assert.deepEqual(await loaded.model.predict(batch.x), await model.predict(batch.x));
  const again = await saveKeras(loaded.model, { facts: loaded.facts!, date });
  assert.deepEqual(await readKerasArchive(again), await readKerasArchive(bytes));
  assert.equal(loaded.model.summary(), model.summary());
  assert.deepEqual(await loaded.model.trainOnBatch(batch), await model.trainOnBatch(batch));
  assert.equal(await loaded.model.weightsSha256(), await model.weightsSha256());
});

test("a model that was never trained, or never compiled, is saved as Keras saves it", async () => {
  const model = small();
  const plain = await readKerasArchive(await saveKeras(model));
  assert.equal(plain.weights.groups.has("optimizer"), false);
  model.compile({ optimizer: "adam", loss: "mse" });
  const compiled = await readKerasArchive(await saveKeras(model));
  assert.deepEqual([...compiled.weights.groups.get("optimizer")!.groups.get("vars")!.datasets.keys()], ["0", "1"]);
  const { model: back } = await open(await saveKeras(model), { compile: false });
  assert.ok(!back.compiled);
});

test("arrays lie where Keras looks for them: by class and counter", async () => {
  const paths: string[] = [];
  const walk = (group: Hdf5Group, path: string): void => {
    for (const name of group.datasets.keys()) paths.push(`${path}${name}`);
    for (const [name, inner] of group.groups) walk(inner, `${path}${name}/`);
  };
  walk((await readKerasArchive(fixture("zoo.keras"))).weights, "");
  assert.deepEqual(paths.sort(), [
    "layers/conv2d/vars/0",
    "layers/conv2d/vars/1",
    "layers/conv2d_1/vars/0",
    "layers/dense/vars/0",
    "layers/dense/vars/1",
    "layers/sequential/layers/conv2d/vars/0",
    "layers/sequential/layers/conv2d/vars/1",
  ]);
});

test("ours has the same arrays, names and config as the file of the real Keras that it was loaded from", async () => {
  const flat = (group: Hdf5Group, path = ""): [string, unknown][] => [
    ...[...group.attributes].map(([name, value]): [string, unknown] => [`${path}@${name}`, value]),
    ...[...group.datasets].map(([name, { data }]): [string, unknown] => [`${path}${name}`, data]),
    ...[...group.groups].flatMap(([name, inner]) => flat(inner, `${path}${name}/`)),
  ];
  const theirs = await readKerasArchive(fixture("zoo.keras"));
  const ours = await readKerasArchive(await saveKeras((await open(fixture("zoo.keras"))).model));
  assert.deepEqual(new Map(flat(ours.weights)), new Map(flat(theirs.weights)));
  // Keras numbers dtype policies by their address in memory, and says of models that are not compiled that they are {}.
  const left = ["shared_object_id", "compile_config"];
  const bare = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, inner) => (left.includes(key) ? undefined : inner)));
  assert.deepEqual(bare(ours.config), bare(theirs.config));
});

test("what is no model, or another model, is refused in one sentence", async () => {
  const refuses = (bytes: Uint8Array, message: RegExp): Promise<void> =>
    assert.rejects(
      () => open(bytes, { file: "x.keras" }),
      (error) =>
        error instanceof FoveaError &&
        error.message.startsWith("x.keras") &&
        message.test(error.message) &&
        !error.message.includes("\n"),
      String(message),
    );
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  await refuses(
    text("hello"),
    /x\.keras is not a \.keras file: expected a zip archive with config\.json, metadata\.json and model\.weights\.h5, found something else/,
  );
  await refuses(new Uint8Array(0), /found an empty file/);
  await refuses(fixture("classic.h5"), /found an HDF5 file/);
  await refuses(writeZip([["a.txt", text("a")]]), /found one with a\.txt/);
  await refuses(fixture("trained.keras").subarray(0, 5000), /no end record/);

  const good = await readKerasArchive(fixture("trained.keras"));
  await refuses(
    await writeKerasArchive({ ...good, weights: hdf5Tree({}) }),
    /"conv1" needs 2 arrays at layers\/conv2d\/vars, the file has 0/,
  );
  const edited = (from: string, to: string): Promise<Uint8Array> =>
    writeKerasArchive({ ...good, config: JSON.parse(JSON.stringify(good.config).replace(from, to)) });
  await refuses(
    await edited('"Conv2D"', '"LSTM"'),
    /x\.keras: the layer LSTM "conv1" is of a class that Fovea does not have; .* export .* as ONNX/,
  );
  await refuses(
    await edited('"filters":4', '"filters":5'),
    /expected float32 \[3, 3, 1, 5\] as conv1\/kernel, the file has float32 \[3, 3, 1, 4\]/,
  );
  await refuses(await edited('"class_name":"Sequential"', '"class_name":"MyModel"'), /class MyModel; those supported/);
  const members = readZip(fixture("trained.keras"));
  await refuses(writeZip([...members, ["assets/fovea.json", text('{"version":2}')]]), /assets\/fovea\.json: version/);
  await refuses(
    writeZip([...members].map(([path, data]) => [path, path === "config.json" ? text("{") : data])),
    /config\.json: expected JSON/,
  );
  await assert.rejects(() => saveKeras(new Sequential([flatten()])), /not built yet/);
});

test("an optimizer, a loss or a state that cannot be read stops no prediction, and is told", async () => {
  const good = await readKerasArchive(fixture("trained.keras"));
  const { x, logits } = expected("trained.json");
  const edited = (from: string, to: string): Promise<Uint8Array> =>
    writeKerasArchive({ ...good, config: JSON.parse(JSON.stringify(good.config).replace(from, to)) });
  for (const [bytes, warning] of [
    [await edited('"class_name":"Adam"', '"class_name":"Muon"'), /^x\.keras: optimizer: .*"Muon".*must be compiled/],
    [await edited('"amsgrad":false', '"amsgrad":true'), /amsgrad/],
    [
      await edited('"class_name":"Adam"', '"class_name":"SGD"'),
      /^x\.keras: the state of SGD needs 2 arrays, .* afresh$/,
    ],
    [
      await edited('"class_name":"Adam"', '"class_name":"RMSprop"'),
      /^x\.keras: the state of RMSprop .* begins afresh$/,
    ],
  ] as const) {
    const { model, warnings } = await open(bytes, { file: "x.keras" });
    assert.match(warnings.join("\n"), warning);
    close((await model.predict(floats(x!, [8, 8, 6, 1]))).data, logits!, 1e-5, "logits");
    const { warnings: none } = await open(bytes, { file: "x.keras", compile: false });
    assert.deepEqual(none, []);
  }
});
