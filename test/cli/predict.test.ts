// Output of `fovea predict` for models that give something else than classes: a number, several outputs, maps.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { decode, encode } from "fast-png";
import { tensor } from "../../src/core/tensor.js";
import { readNpy, writeNpy } from "../../src/formats/index.js";
import { model as functional, type Model, saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

let folder = "";
before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  const save = async (name: string, model: Model): Promise<void> => {
    writeFileSync(join(folder, name), await saveKeras(model));
    await model.close();
  };
  const image = () => input([4, 6, 1]);
  const regression = sequential([image(), rescaling(1 / 255), globalAveragePooling2d(), dense(1)]);
  await regression.setWeights([
    tensor(Float32Array.of(2), [1, 1], "float32"),
    tensor(Float32Array.of(-0.25), [1], "float32"),
  ]);
  await save("number.keras", regression);
  const taken = image();
  const pooled = globalAveragePooling2d().apply(rescaling(1 / 255).apply(taken));
  const age = dense(1, { name: "age" }).apply(pooled);
  const kind = dense(3, { name: "kind", activation: "softmax" }).apply(pooled);
  await save("two.keras", functional({ inputs: taken, outputs: [age, kind] }));
  const maps = sequential([
    image(),
    rescaling(1 / 255),
    conv2d(1, 1, { activation: "sigmoid", kernelInitializer: "zeros" }),
  ]);
  await save("maps.keras", maps);
  const grey = Uint8Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 51 : 204));
  writeFileSync(join(folder, "a.png"), encode({ width: 6, height: 4, channels: 1, depth: 8, data: grey }));
  writeFileSync(
    join(folder, "scaled.npy"),
    writeNpy(
      tensor(
        Float32Array.from(grey, (v) => v / 255),
        [1, 4, 6, 1],
        "float32",
      ),
    ),
  );
});

test("a number is a number, without a percentage", async () => {
  // Half of the pixels are 0.2, half 0.8: 2 * 0.5 - 0.25.
  const text = await fovea(folder, "predict", "number.keras", "a.png");
  assert.deepEqual([text.code, text.stderr], [0, ""]);
  assert.match(text.stdout, /a\.png +0\.75\n/);
  assert.ok(!text.stdout.includes("%") && !text.stdout.includes("class"));
  const { stdout } = await fovea(folder, "predict", "number.keras", "a.png", "--json");
  const { predictions } = JSON.parse(stdout) as { predictions: [{ image: string; value: number }] };
  assert.deepEqual(Object.keys(predictions[0]), ["image", "accepted", "value"]);
  assert.ok(Math.abs(predictions[0].value - 0.75) < 1e-6);
});

test("numbers that were scaled before are doubted where the model scales pixels", async () => {
  const { code, stderr } = await fovea(folder, "predict", "number.keras", "scaled.npy");
  assert.equal(code, 0);
  assert.match(stderr, /scaled\.npy holds numbers from -1 to 1, and number\.keras takes pixels from 0 to 255/);
});

test("several outputs are named", async () => {
  const { code, stdout, stderr } = await fovea(folder, "predict", "two.keras", "a.png", "--json", "--out", "o.npy");
  assert.deepEqual([code, stderr], [0, ""]);
  const { predictions, files } = JSON.parse(stdout) as {
    predictions: [{ outputs: { age: { value: number }; kind: { top: object[] } } }];
    files: string[];
  };
  assert.equal(typeof predictions[0].outputs.age.value, "number");
  assert.equal(predictions[0].outputs.kind.top.length, 3);
  assert.deepEqual(files, ["o-age.npy", "o-kind.npy"]);
  assert.deepEqual(
    files.map((file) => readNpy(readFileSync(join(folder, file))).shape),
    [
      [1, 1],
      [1, 3],
    ],
  );
  const text = await fovea(folder, "predict", "two.keras", "a.png");
  assert.match(text.stdout, /a\.png +kind +\d +\d+\.\d%/);
  assert.match(text.stdout, /a\.png +age +-?\d/);
});

test("maps are told by their shape and saved as arrays and pictures", async () => {
  const { code, stdout } = await fovea(folder, "predict", "maps.keras", "a.png", "--out", "map.png");
  assert.equal(code, 0);
  assert.match(stdout, /a\.png +4 x 6 x 1 +0\.5 +0\.5 +0\.5/);
  const picture = decode(readFileSync(join(folder, "map.png")));
  assert.deepEqual([picture.height, picture.width, new Set(picture.data)], [4, 6, new Set([128])]);
  const json = await fovea(folder, "predict", "maps.keras", "a.png", "a.png", "--json", "--out", "map.npy");
  assert.deepEqual((JSON.parse(json.stdout) as { predictions: object[] }).predictions[1], {
    image: "a.png",
    accepted: true,
    shape: [4, 6, 1],
    min: 0.5,
    max: 0.5,
    mean: 0.5,
  });
  assert.deepEqual(readNpy(readFileSync(join(folder, "map.npy"))).shape, [2, 4, 6, 1]);
  const refused = await fovea(folder, "predict", "maps.keras", "a.png", "--out", "map.csv");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /map\.csv: the output conv2d is maps of 4x6x1; write \.npy or \.png/);
  assert.ok(!existsSync(join(folder, "map.csv")));
});
