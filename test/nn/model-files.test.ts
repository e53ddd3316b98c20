// The library as one uses it in Node: models by the paths of their files, weights of single layers, layers called on
// tensors, and what layers say of images without channels.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  application,
  callLayer,
  model as functional,
  layerOutputs,
  loadModel,
  loadWeights,
  runtime,
  saveKeras,
  saveModel,
  saveOnnx,
  saveTeachable,
  saveTfjs,
  sequential,
  tensor,
  zeros,
} from "../../src/index.js";
import { batchNormalization, conv2d, dense, dropout, input, randomFlip } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { workplace } from "../cli/fovea.js";

const x = tensor([[1, 2, 3]]);
const small = () => sequential([input([3]), dense(4, { activation: "relu" }), dense(2, { name: "last" })], { seed: 3 });

test("a model is saved to a path and loaded from it, in every format that holds models", async (t) => {
  const folder = workplace(t);
  const model = small();
  const wanted = await model.predict(x);
  for (const name of ["model.keras", "net.onnx"]) {
    await model.save(join(folder, name));
    const back = await loadModel(join(folder, name));
    const got = await back.model.predict(x);
    assert.ok(got.data.every((value, i) => Math.abs(value - wanted.data[i]!) < 1e-6));
    await back.model.save(join(folder, `again-${name}`));
    await back.model.close();
  }
  assert.deepEqual((await (await loadModel(folder)).model.predict(x)).data, wanted.data, "the folder's model.keras");
  assert.deepEqual(
    (await (await loadModel(readFileSync(join(folder, "model.keras")))).model.predict(x)).data,
    wanted.data,
  );
  await model.save(join(folder, "model.weights.h5"));
  const other = small();
  await other.setWeights((await other.getWeights()).map(({ shape }) => zeros(shape, "float32")));
  await loadWeights(other, readFileSync(join(folder, "model.weights.h5")));
  assert.deepEqual((await other.predict(x)).data, wanted.data);
  await saveModel(model, join(folder, "named.keras"), { facts: { version: 1, classNames: ["a", "b"] } });
  assert.deepEqual((await loadModel(join(folder, "named.keras"))).facts?.classNames, ["a", "b"]);
  const before = readdirSync(folder);
  await assert.rejects(model.save(join(folder, "model.txt")), /save: expected a path that ends in .keras, .*received/);
  await assert.rejects(loadModel(join(folder, "none.keras")), /there is no model at .*none.keras/);
  await assert.rejects(new Sequential([input([3]), dense(1)]).save("x.keras"), /knows no file formats/);
  assert.deepEqual(readdirSync(folder), before);
});

test("options of files and runtimes that are none are named, not passed over", async () => {
  const model = small();
  const facts = { version: 1 } as const;
  const wrong = { file: "x", name: "x", facts, thread: 2 } as never;
  const calls: readonly (readonly [string, () => unknown])[] = [
    ["runtime", () => runtime(wrong)],
    ["saveModel", () => saveModel(model, "never.keras", wrong)],
    ["saveKeras", () => saveKeras(model, wrong)],
    ["saveOnnx", () => saveOnnx(model, wrong)],
    ["saveTfjs", () => saveTfjs(model, wrong)],
    ["saveTeachable", () => saveTeachable(model, wrong)],
    ["loadWeights", () => loadWeights(model, new Uint8Array(), wrong)],
  ];
  for (const [name, call] of calls)
    await assert.rejects(async () => call(), new RegExp(`^FoveaError: ${name}: unknown option "(file|name)"`), name);
});

test("every model of the package can be saved: functional ones, known ones, parts of others", () => {
  const image = input([8, 8, 1]);
  const whole = functional({ inputs: image, outputs: conv2d(2, 3, { name: "c" }).apply(image) });
  for (const network of [
    whole,
    layerOutputs(whole, "c"),
    application("logistic", { imageSize: [8, 8], channels: 1, classes: 2 }),
  ])
    assert.equal(typeof network.place.save, "function");
});

test("a layer gives copies of its weights and takes others, all or none", async () => {
  const model = small();
  const last = model.getLayer("last");
  const [kernel, bias] = await last.getWeights();
  assert.deepEqual([kernel!.shape, bias!.shape], [[4, 2], [2]]);
  await model.predict(x);
  await last.setWeights([zeros([4, 2], "float32"), tensor([7, 8])]);
  assert.deepEqual([...(await model.predict(x)).data], [7, 8]);
  kernel!.data.fill(9);
  assert.deepEqual([...(await last.getWeights())[0]!.data], new Array(8).fill(0));
  await assert.rejects(last.setWeights([tensor([1, 2])]), /dense "last" setWeights: expected 2 tensors, received 1/);
  await assert.rejects(last.setWeights([kernel!, tensor([1])]), /expected float32 \[2\], received float32 \[1\]/);
  await assert.rejects(
    dense(2).setWeights([kernel!, bias!]),
    /expected 0 tensors because it is not built yet, received 2/,
  );
  await model.close();
});

test("a layer called on a batch: as in training when asked for, by its seed, with nothing changed", async () => {
  const images = tensor(
    Array.from({ length: 8 }, () => [[[1], [2]]]),
    "float32",
  );
  const flip = randomFlip("horizontal");
  assert.deepEqual((await callLayer(flip, images)).data, images.data);
  const flipped = await callLayer(flip, images, { training: true, seed: 4 });
  assert.deepEqual(flipped.shape, [8, 1, 2, 1]);
  const firsts = [...flipped.data].filter((_, i) => i % 2 === 0);
  assert.ok(firsts.includes(1) && firsts.includes(2), "some are flipped, some are not");
  assert.deepEqual((await callLayer(flip, images, { training: true, seed: 4 })).data, flipped.data);
  assert.notDeepEqual((await callLayer(flip, images, { training: true, seed: 5 })).data, flipped.data);
  assert.equal(flip.isNamed, false, "the layer can still go into any model");
  const model = sequential([input([3]), batchNormalization(), dropout(0.5)], { seed: 1 });
  const before = await model.weightsSha256();
  assert.deepEqual((await callLayer(model, x)).shape, [1, 3]);
  assert.ok([...(await callLayer(model, tensor([[1, 2, 3], [4, 5, 6]]), { training: true })).data].includes(0)); // biome-ignore format: rows
  assert.equal(await model.weightsSha256(), before);
  await assert.rejects(callLayer(model, tensor([[1, 2]])), /received \[2\]/);
});

test("images without a channel axis are told so", () => {
  assert.throws(
    () => sequential([input([80, 60]), conv2d(4, 3)]),
    /received \[batch, 80, 60\]; the channel axis is missing, write input\(\[80, 60, 1\]\) for grey images$/,
  );
  assert.throws(
    () => sequential([input([60, 1]), conv2d(4, 3)]),
    /add a batch axis with expandDims\(x, 0\) to a single image, or/,
  );
  assert.throws(() => sequential([input([4, 8, 8, 1]), conv2d(4, 3)]), /received \[batch, 4, 8, 8, 1\]$/);
});

test("a model reads no file outside of its folder", async (t) => {
  const folder = workplace(t);
  mkdirSync(join(folder, "in"));
  const files = await saveTfjs(sequential([input([3]), dense(1)]));
  const [shard] = [...files.keys()].filter((name) => name !== "model.json");
  writeFileSync(join(folder, "in/model.json"), files.get("model.json")!);
  writeFileSync(join(folder, shard!), files.get(shard!)!);
  symlinkSync(join("..", shard!), join(folder, "in", shard!));
  await assert.rejects(loadModel(join(folder, "in/model.json")), /leads out of its folder/);
});
