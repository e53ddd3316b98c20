// `.keras` archives of Keras 2.13 to 3.2: groups of `_layer_checkpoint_dependencies`, joined by backslashes on Windows, Adam's
// state without a learning rate, an optimizer by its name. All open and predict as the same model in today's form, also
// without an optimizer that can be read; weights that are missing are an error, never random ones.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { isJsonObject, type Json, type JsonObject } from "../../src/core/json.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { type Hdf5Dataset, type Hdf5Group, hdf5Tree } from "../../src/formats/containers/hdf5/tree.js";
import { writeNpy } from "../../src/formats/containers/npy.js";
import { loadKeras, saveKeras } from "../../src/formats/models/keras.js";
import { type KerasArchive, readKerasArchive, writeKerasArchive } from "../../src/formats/models/keras-archive.js";
import { batchNormalization, conv2d, dense, flatten, input } from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import type { Model } from "../../src/nn/model/model.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { fovea, workplace } from "../cli/fovea.js";

const images = tensor(
  Float32Array.from({ length: 128 }, (_, i) => Math.sin(i)),
  [2, 8, 8, 1],
  "float32",
);
const batch = { x: images, y: tensor(Int32Array.of(0, 2), [2], "int32") };

const stack = (): Sequential =>
  new Sequential(
    [input([8, 8, 1]), conv2d(4, 3, { activation: "relu" }), flatten(), dense(8, { activation: "sigmoid" }), dense(3)],
    { backend, seed: 3 },
  );

/** A model inside a model, batch statistics, and two layers of a kind. */
function nested(): Functional {
  const inner = new Sequential([input([8, 8, 1]), conv2d(4, 3), batchNormalization(), conv2d(2, 3)], { name: "inner" });
  const image = input([8, 8, 1]);
  const outputs = dense(3).apply(dense(5, { activation: "tanh" }).apply(flatten().apply(inner.apply(image))));
  return new Functional({ inputs: image, outputs, backend, seed: 4 });
}

const archiveOf = async (model: Model): Promise<KerasArchive> => readKerasArchive(await saveKeras(model));

/** The arrays by path. */
function arraysIn(group: Hdf5Group, path = ""): Record<string, Hdf5Dataset> {
  const datasets = [...group.datasets].map(([name, dataset]): [string, Hdf5Dataset] => [`${path}${name}`, dataset]);
  const inner = [...group.groups].flatMap(([name, child]) => Object.entries(arraysIn(child, `${path}${name}/`)));
  return Object.fromEntries([...datasets, ...inner]);
}

/** Keras 2.13's words: dtypes are names, inputs have a batch_input_shape, calls are lists counted from 1 for models. */
function inKeras2(value: Json, models: ReadonlySet<string> = new Set()): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => inKeras2(item, models));
  if (!isJsonObject(value)) return value;
  if (value.class_name === "DTypePolicy") return "float32";
  const layers = Array.isArray(value.layers) ? (value.layers as readonly JsonObject[]) : [];
  const inside = new Set(
    layers.filter(({ class_name }) => class_name === "Sequential").map(({ name }) => String(name)),
  );
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    if (key === "batch_shape") return ["batch_input_shape", item];
    if (key === "inbound_nodes") return [key, (item as readonly JsonObject[]).map((call) => callIn2(call, models))];
    if (key === "input_layers" || key === "output_layers") return [key, [item]];
    return [key, inKeras2(item, inside.size > 0 ? inside : models)];
  });
  return Object.fromEntries(entries);
}

function callIn2({ args }: JsonObject, models: ReadonlySet<string>): Json {
  const found: Json[] = [];
  const walk = (value: Json): void => {
    if (Array.isArray(value)) (value as readonly Json[]).forEach(walk);
    else if (isJsonObject(value) && isJsonObject(value.config)) {
      const [name, call, output] = value.config.keras_history as readonly [string, number, number];
      found.push([name, call + (models.has(name) ? 1 : 0), output, {}]);
    }
  };
  walk(args!);
  return found;
}

/** Every second number within a container, since each layer with weights is listed twice there. */
const doubled = (part: string): string => part.replace(/_(\d+)$/, (_, number) => `_${2 * Number(number)}`);

/** The archive as Keras 2.13 wrote it. */
function of213({ config, weights, assets }: KerasArchive, separator: "/" | "\\"): KerasArchive {
  const datasets = Object.entries(arraysIn(weights)).map(([path, dataset]): [string, Hdf5Dataset] => {
    const [, before, after] = /^(.*)(\/vars\/\d+)$/.exec(path)! as unknown as [string, string, string];
    const parts = before.split("/");
    const renamed = parts.map((part, i) =>
      part === "layers" ? "_layer_checkpoint_dependencies" : i > 0 ? old(part) : part,
    );
    return [renamed.join(separator) + after, dataset];
  });
  const old213 = hdf5Tree(Object.fromEntries(datasets));
  const metadata = { keras_version: "2.13.1", date_saved: "2023-11-22@00:25:08" };
  return { metadata, config: inKeras2(config) as JsonObject, weights: old213, assets };
}
/** Keras 2 counts classes with weights twice, so dense_1 is dense_2. */
const old = (part: string): string =>
  /^(dense|conv2d|batch_normalization|sequential)_\d+$/.test(part) ? doubled(part) : part;

async function predictsTheSame(archive: KerasArchive, original: Model): Promise<void> {
  const { model } = await loadKeras(await writeKerasArchive(archive), { backend, file: "old.keras" });
  assert.deepEqual((await model.predict(images)).data, (await original.predict(images)).data);
}

for (const separator of ["/", "\\"] as const)
  test(`an archive of Keras 2.13 with ${separator} between groups has the weights of the same model`, async () => {
    for (const model of [stack(), nested()]) {
      const archive = of213(await archiveOf(model), separator);
      assert.ok(JSON.stringify([...archive.weights.groups.keys()]).includes("_layer_checkpoint_dependencies"));
      await predictsTheSame(archive, model);
    }
  });

test("backslashes in today's layout, as Keras 2.14 and 2.15 wrote on Windows", async () => {
  const model = nested();
  const archive = await archiveOf(model);
  const windows = Object.entries(arraysIn(archive.weights)).map(([path, dataset]) => {
    const parts = path.split("/");
    return [`${parts.slice(0, -2).join("\\")}/${parts.slice(-2).join("/")}`, dataset] as const;
  });
  await predictsTheSame({ ...archive, weights: hdf5Tree(Object.fromEntries(windows)) }, model);
});

test("Adam's state without a learning rate goes on as it was", async () => {
  const model = stack();
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  await model.trainOnBatch(batch);
  await model.trainOnBatch(batch);
  const archive = await archiveOf(model);
  const arrays = arraysIn(archive.weights);
  const before = Object.keys(arrays).filter((path) => path.startsWith("optimizer/vars/"));
  const without = Object.fromEntries(
    Object.entries(arrays).flatMap(([path, dataset]): [string, Hdf5Dataset][] => {
      const number = Number(/^optimizer\/vars\/(\d+)$/.exec(path)?.[1] ?? Number.NaN);
      if (Number.isNaN(number) || number === 0) return [[path, dataset]];
      return number === 1 ? [] : [[`optimizer/vars/${number - 1}`, dataset]];
    }),
  );
  const { model: back, warnings } = await loadKeras(
    await writeKerasArchive({ ...archive, weights: hdf5Tree(without) }),
    { backend, seed: 3 },
  );
  assert.deepEqual(warnings, []);
  assert.equal(before.length, 2 + 2 * model.weights.length);
  for (const network of [model, back]) await network.trainOnBatch(batch);
  const data = (tensors: readonly Tensor[]) => tensors.map((content) => content.data);
  assert.deepEqual(data(await back.getWeights()), data(await model.getWeights()));
});

test("an optimizer by its name, or none that can be read, predicts and converts on the command line", async (t) => {
  const folder = workplace(t);
  const model = stack();
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  const archive = await archiveOf(model);
  const compiled = archive.config.compile_config as JsonObject;
  const write = async (name: string, optimizer: Json): Promise<void> => {
    const config = { ...archive.config, compile_config: { ...compiled, optimizer } };
    writeFileSync(join(folder, name), await writeKerasArchive({ ...archive, config }));
  };
  await write("named.keras", "adam");
  await write("unknown.keras", { module: "me", class_name: "Mine", config: {}, registered_name: "me>Mine" });
  const { model: named, warnings } = await loadKeras(
    await writeKerasArchive({
      ...archive,
      config: { ...archive.config, compile_config: { ...compiled, optimizer: "adam" } },
    }),
    { backend },
  );
  assert.deepEqual(warnings, []);
  assert.equal(named.trainer.optimizer.className, "Adam");
  writeFileSync(join(folder, "x.npy"), writeNpy(images));
  for (const name of ["named.keras", "unknown.keras"]) {
    const predicted = await fovea(folder, "predict", name, "x.npy", "--rescale", "none", "--json");
    assert.equal(predicted.code, 0, predicted.stderr);
    assert.equal(predicted.stderr, "");
    const converted = await fovea(folder, "convert", name, `${name}.onnx`);
    assert.equal(converted.code, 0, converted.stderr);
  }
});

test("missing weights are an error, in any layout", async () => {
  const archive = of213(await archiveOf(stack()), "/");
  const { "_layer_checkpoint_dependencies/dense_2/vars/0": _, ...rest } = arraysIn(archive.weights);
  const bytes = await writeKerasArchive({ ...archive, weights: hdf5Tree(rest) });
  await assert.rejects(
    () => loadKeras(bytes, { backend, file: "old.keras" }),
    /^FoveaError: old\.keras: dense "dense_1" needs 2 arrays at _layer_checkpoint_dependencies\/dense_2\/vars, the file has 1$/,
  );
});
