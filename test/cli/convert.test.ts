// `fovea convert`: one model through every format and back, asked at each stop; and what users get wrong.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { tensor } from "../../src/core/tensor.js";
import { writeNpy } from "../../src/formats/index.js";
import { fovea, workplace } from "./fovea.js";

let folder = "";
const fixtures = fileURLToPath(new URL("../../../test/formats/fixtures/", import.meta.url));

before((t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  for (const name of ["legacy.h5", "weights-only.h5", "classifier.onnx"])
    copyFileSync(join(fixtures, name), join(folder, name));
  const pixels = Float32Array.from({ length: 2 * 12 * 10 * 3 }, (_, i) => Math.sin(i));
  writeFileSync(join(folder, "x.npy"), writeNpy(tensor(pixels, [2, 12, 10, 3], "float32")));
});

interface Told {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly params: number;
  readonly max_difference: number | null;
  readonly class_names?: readonly string[];
}

async function convert(...args: readonly string[]): Promise<Told> {
  const { code, stdout, stderr } = await fovea(folder, "convert", ...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Told;
}

async function answers(model: string): Promise<number[]> {
  const { code, stdout, stderr } = await fovea(folder, "predict", model, "x.npy", "--json");
  assert.equal(code, 0, stderr);
  const { predictions } = JSON.parse(stdout) as { predictions: { top: { index: number; probability: number }[] }[] };
  return predictions.flatMap(({ top }) =>
    [...top].sort((a, b) => a.index - b.index).map(({ probability }) => probability),
  );
}

test("an old Keras file goes through all formats, and predicts the same from each", async () => {
  const wanted = await answers("legacy.h5");
  for (const [from, to, ...options] of [
    ["legacy.h5", "a.keras"],
    ["a.keras", "web", "--to", "tfjs"],
    ["web", "b.onnx"],
    ["b.onnx", "c.keras"],
    ["a.keras", "d.safetensors"],
    ["d.safetensors", "e.keras", "--architecture", "a.keras"],
    ["weights-only.h5", "f.keras", "--architecture", "legacy.h5"],
  ] as const) {
    const { max_difference: difference, files } = await convert(from, to, ...options);
    assert.ok(difference !== null && difference < 1e-5, `${from} to ${to}: ${difference}`);
    assert.ok(files.every(({ path, bytes }) => existsSync(join(folder, path)) && bytes > 0));
    if (to.endsWith(".safetensors")) continue;
    const found = await answers(to);
    const worst = Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!)));
    assert.ok(found.length === wanted.length && worst < 1e-5, `${to}: off by ${worst}`);
  }
  assert.deepEqual(readdirSync(join(folder, "web")).sort(), ["group1-shard1of1.bin", "model.json"]);
});

test("class names go along", async () => {
  const names = ["rose", "东", "oak", "elm", "ash"];
  assert.deepEqual((await convert("classifier.onnx", "named.keras")).class_names, names);
  assert.deepEqual((await convert("named.keras", "again.onnx")).class_names, names);
});

test("what cannot be converted is told in one sentence, and nothing is written", async () => {
  const fails = async (code: number, sentence: RegExp, ...args: readonly string[]): Promise<void> => {
    const ended = await fovea(folder, "convert", ...args);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, sentence);
    assert.equal(ended.stderr.split("\n").filter((line) => line.startsWith("fovea: ")).length, 1);
  };
  await fails(2, /older \.h5 is read only/, "legacy.h5", "out.h5");
  await fails(2, /expected a name with \.keras/, "legacy.h5", "out");
  await fails(2, /Allowed choices are keras, weights/, "legacy.h5", "out", "--to", "caffe");
  await fails(1, /weights only; .*--architecture/, "weights-only.h5", "out.keras");
  await fails(1, /gives models square images/, "legacy.h5", "out", "--to", "teachable");
  await fails(1, /there is no model at none\.keras/, "none.keras", "out.onnx");
  assert.ok(!["out", "out.h5", "out.keras", "out.onnx"].some((name) => existsSync(join(folder, name))));
});
