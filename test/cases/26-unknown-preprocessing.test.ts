// A model that does not say how pixels are scaled: one line says so, --rescale sets it, and what is saved keeps it.
// The right values follow from the formula of each scale, on a picture whose mean colour is known.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { tensor } from "../../src/core/tensor.js";
import { openAny, predictFiles } from "../../src/experiment/index.js";
import { saveOnnx, saveTfjs } from "../../src/formats/index.js";
import { RESCALE_NAMES, type RescaleName } from "../../src/formats/models/pixels.js";
import { type Model, saveKeras, sequential } from "../../src/index.js";
import { dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "../cli/fovea.js";

const SIDE = 4;
const KERNEL = [0.9, -0.7, 0.4];
const BIAS = 0.1;
const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 53) % 256);

/** The mean of each channel, red first. */
const means = [0, 1, 2].map((c) => pixels.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0) / (SIDE * SIDE));

/** Mean colour after each scale. */
const SCALED: Record<RescaleName, readonly number[]> = {
  "0..1": means.map((mean) => mean / 255),
  "-1..1": means.map((mean) => mean / 127.5 - 1),
  imagenet: means.map((mean, c) => (mean / 255 - [0.485, 0.456, 0.406][c]!) / [0.229, 0.224, 0.225][c]!),
  caffe: [means[2]! - 103.939, means[1]! - 116.779, means[0]! - 123.68],
  none: means,
};
const expected = (name: RescaleName): number =>
  1 / (1 + Math.exp(-SCALED[name].reduce((sum, value, c) => sum + value * KERNEL[c]!, BIAS)));

async function made(first: readonly ReturnType<typeof rescaling>[] = []): Promise<Model> {
  const model = sequential([
    input([SIDE, SIDE, 3]),
    ...first,
    globalAveragePooling2d(),
    dense(1, { activation: "sigmoid" }),
  ]);
  await model.setWeights([
    tensor(Float32Array.from(KERNEL), [3, 1], "float32"),
    tensor(Float32Array.of(BIAS), [1], "float32"),
  ]);
  return model;
}

const UNSAID = /does not say how pixels are scaled, so they go in as they are, 0\.\.255; --rescale 0\.\.1/;

test("one line says what the file does not, in every format, and each scale has its right value", async (t) => {
  const folder = workplace(t);
  const model = await made();
  writeFileSync(join(folder, "m.keras"), await saveKeras(model));
  writeFileSync(join(folder, "m.onnx"), await saveOnnx(model));
  for (const [name, bytes] of await saveTfjs(model)) writeFileSync(join(folder, name), bytes);
  await model.close();
  const picture = join(folder, "p.png");
  writeFileSync(picture, encode({ width: SIDE, height: SIDE, channels: 3, depth: 8, data: pixels }));
  for (const file of ["m.keras", "m.onnx", "model.json"]) {
    for (const rescale of [undefined, ...RESCALE_NAMES]) {
      const opened = await openAny(join(folder, file), rescale === undefined ? {} : { rescale });
      const { answers } = await predictFiles(opened, [picture]);
      await opened.model.close();
      assert.equal(opened.warnings.length, rescale === undefined ? 1 : 0, String(opened.warnings));
      if (rescale === undefined) assert.match(opened.warnings[0]!, UNSAID);
      const [answer] = answers;
      assert.ok(answer !== undefined && "top" in answer);
      const found = answer.top.find(({ index }) => index === 1)!.probability;
      assert.ok(Math.abs(found - expected(rescale ?? "none")) < 1e-5, `${file} ${rescale}: ${found}`);
    }
  }
  const { code, stdout, stderr } = await fovea(folder, "predict", "m.keras", "p.png", "--json");
  assert.equal(code, 0, stderr);
  const { predictions, warnings } = JSON.parse(stdout) as { predictions: object[]; warnings: string[] };
  assert.deepEqual([predictions.length, warnings.length], [1, 1]);
  assert.match(warnings[0]!, UNSAID);
  assert.match(stderr, UNSAID);
});

test("what is said is kept in what is saved", async (t) => {
  const folder = workplace(t);
  const model = await made();
  writeFileSync(join(folder, "m.keras"), await saveKeras(model));
  await model.close();
  const picture = join(folder, "p.png");
  writeFileSync(picture, encode({ width: SIDE, height: SIDE, channels: 3, depth: 8, data: pixels }));
  writeFileSync(join(folder, "names.txt"), "cat\ndog\n");
  const unsaid = await fovea(folder, "convert", "m.keras", "plain.onnx");
  assert.match(unsaid.stderr, UNSAID);
  for (const [to, ...how] of [["k.keras"], ["o.onnx"], ["web", "--to", "tfjs"], ["tm", "--to", "teachable"]] as const) {
    const converted = await fovea(
      folder,
      "convert",
      "m.keras",
      to,
      ...how,
      "--rescale",
      "caffe",
      "--labels",
      "names.txt",
    );
    assert.deepEqual([converted.code, converted.stderr], [0, ""], to);
    const opened = await openAny(join(folder, to));
    assert.deepEqual([opened.warnings, opened.classNames], [[], ["cat", "dog"]]);
    const { answers } = await predictFiles(opened, [picture]);
    await opened.model.close();
    assert.ok("top" in answers[0]!);
    const found = answers[0].top.find((entry) => entry.class === "dog")!.probability;
    assert.ok(Math.abs(found - expected("caffe")) < 1e-4, `${to}: ${found}`);
  }
});

test("a model that scales pixels itself needs no line, and a second scale is doubted", async (t) => {
  const folder = workplace(t);
  const model = await made([rescaling(1 / 255)]);
  writeFileSync(join(folder, "m.keras"), await saveKeras(model));
  await model.close();
  const plain = await openAny(join(folder, "m.keras"));
  assert.deepEqual(plain.warnings, []);
  const twice = await openAny(join(folder, "m.keras"), { rescale: "0..1" });
  assert.match(twice.warnings.join(), /begins with a layer that scales pixels; --rescale 0\.\.1 comes before it/);
  await Promise.all([plain.model.close(), twice.model.close()]);
});
