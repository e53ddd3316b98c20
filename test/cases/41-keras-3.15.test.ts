// Archives that Keras 3.15 writes today: attention, group and unit normalization, dot, einsum and operations of keras.ops with
// constants (made by tools/keras-operation-fixtures.py); images of any size; int8 and Lambda refused by name; a regression.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { writeNpy } from "../../src/formats/containers/npy.js";
import { convert } from "../../src/formats/models/convert.js";
import { loadKeras, saveKeras } from "../../src/formats/models/keras.js";
import { readKerasArchive, writeKerasArchive } from "../../src/formats/models/keras-archive.js";
import { loadModel } from "../../src/formats/models/load-model.js";
import { fovea, workplace } from "../cli/fovea.js";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url));
const fixture = (name: string): Uint8Array => readFileSync(path(name));

interface Expected {
  readonly x: { readonly shape: number[]; readonly data: number[] };
  readonly y: { readonly shape: number[]; readonly data: number[] };
}
const expected = (name: string): Expected => JSON.parse(readFileSync(path(`${name}.json`), "utf8"));
const imagesOf = ({ x }: Expected): Tensor => tensor(Float32Array.from(x.data), x.shape, "float32");

function close(actual: ArrayLike<number>, { y }: Expected, tolerance: number): void {
  assert.equal(actual.length, y.data.length);
  y.data.forEach((wanted, i) => {
    assert.ok(Math.abs(actual[i]! - wanted) <= tolerance, `element ${i} is ${actual[i]}, Keras has ${wanted}`);
  });
}

test("a transformer with operations of keras.ops predicts as in Keras, also as written again and as ONNX", async () => {
  const wanted = expected("operations");
  const { model, warnings } = await loadKeras(fixture("operations.keras"), { backend: createWasmBackend() });
  assert.deepEqual(warnings, []);
  close((await model.predict(imagesOf(wanted))).data, wanted, 1e-5);
  const again = await loadKeras(await saveKeras(model), { backend });
  close((await again.model.predict(imagesOf(wanted))).data, wanted, 1e-5);
  const { files } = await convert({ model, facts: undefined }, "onnx");
  assert.ok(files.get("model.onnx")!.length > 1000);
  await model.close();
});

test("what Keras writes goes back to the arrays and the config that it wrote", async () => {
  const theirs = await readKerasArchive(fixture("operations.keras"));
  const ours = await readKerasArchive(
    await saveKeras((await loadKeras(fixture("operations.keras"), { backend })).model),
  );
  const bare = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (key, item) => (["shared_object_id", "compile_config"].includes(key) ? undefined : item)),
    );
  assert.deepEqual(bare(ours.config), bare(theirs.config));
  const vars = ours.weights.groups.get("layers")!.groups.get("multi_head_attention")!.groups;
  assert.deepEqual([...vars.keys()].sort(), ["key_dense", "output_dense", "query_dense", "value_dense", "vars"]);
});

test("a description and its weights apart are one model", async () => {
  const wanted = expected("operations");
  const json = fixture("described.json");
  for (const [name, weights] of [
    ["described.json", "described.weights.h5"],
    ["model.json", "weights.h5"],
  ] as const) {
    const siblings = async (sibling: string) => (sibling === weights ? fixture("described.weights.h5") : undefined);
    for (const bytes of [json, new TextEncoder().encode(JSON.stringify(new TextDecoder().decode(json)))]) {
      const { model, warnings } = await loadModel(bytes, { file: `a/${name}`, siblings, backend });
      assert.deepEqual(warnings, [`a/${name}: the weights are those of ${weights} beside it`]);
      close((await model.predict(imagesOf(wanted))).data, wanted, 1e-5);
    }
  }
  await assert.rejects(
    () => loadModel(json, { file: "a/described.json", backend }),
    /^FoveaError: a\/described\.json describes a model of Keras and holds no weights; .* as described\.weights\.h5 or weights\.h5$/,
  );
});

test("images of any size: the size is asked for, and taken from an array", async (t) => {
  const folder = workplace(t);
  const wanted = expected("any-size");
  copyFileSync(path("any-size.keras"), join(folder, "any.keras"));
  writeFileSync(join(folder, "x.npy"), writeNpy(imagesOf(wanted)));
  const { predictions } = JSON.parse((await fovea(folder, "predict", "any.keras", "x.npy", "--json")).stdout);
  const scores = (predictions as { top: { index: number; probability: number }[] }[]).flatMap(({ top }) =>
    [...top].sort((a, b) => a.index - b.index).map(({ probability }) => probability),
  );
  close(scores, wanted, 1e-5);
  const asked = await fovea(folder, "convert", "any.keras", "any.onnx");
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /any\.keras: the model takes images of any size .*--image-size 224x224/);
  const sized = await fovea(folder, "convert", "any.keras", "any.onnx", "--image-size", "9x11");
  assert.equal(sized.code, 0, sized.stderr);
  const summary = await fovea(folder, "summary", "any.keras", "--image-size", "9x11");
  assert.match(summary.stdout, /\(None, 9, 11, 3\)/);
});

test("a size that a model states itself is kept, and said", async () => {
  const options = { file: "m.keras", imageSize: [20, 20], backend } as const;
  const { model, warnings } = await loadModel(fixture("operations.keras"), options);
  assert.deepEqual(model.inputShape, [12, 12, 3]);
  assert.deepEqual(warnings, ["m.keras: the model says itself that its images are 12x12; 20x20 is not used"]);
});

test("int8, Lambda, classes of one's own and unknown operations are refused by their names", async () => {
  const refused = (bytes: Uint8Array, message: RegExp): Promise<void> =>
    assert.rejects(() => loadKeras(bytes, { backend, file: "m.keras" }), message);
  await refused(
    fixture("int8.keras"),
    /^FoveaError: m\.keras: the layer Dense "dense" is quantized to int8, .* before quantize/,
  );
  const good = await readKerasArchive(fixture("operations.keras"));
  const edited = (from: string, to: string): Promise<Uint8Array> =>
    writeKerasArchive({ ...good, config: JSON.parse(JSON.stringify(good.config).replace(from, to)) });
  await refused(
    await edited('"Conv2D"', '"Lambda"'),
    /the layer Lambda "conv2d" is a function of Python, which is never/,
  );
  await refused(await edited('"Subtract"', '"Digamma"'), /the operation Digamma "subtract" of keras\.ops is one that/);
  await refused(
    await edited('"class_name":"UnitNormalization"', '"class_name":"Mine","module":"me"'),
    /the layer Mine "unit_normalization" is of a class that Fovea does not have; .* export .* as ONNX/,
  );
  await refused(
    await edited('"newshape":[-1,9,8]', '"newshape":[-1,8]'),
    /Reshape "reshape": samples \[3,3,8\] do not fit|mixes the samples/,
  );
  await refused(
    await edited('"use_gate":false', '"use_gate":true'),
    /MultiHeadAttention: use_gate = true is not supported/,
  );
});
