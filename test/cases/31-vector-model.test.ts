// A model of vectors: arrays and rows of numbers in, answers out as text, JSON, .npy and .csv; a picture is refused.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { encode } from "fast-png";
import { tensor } from "../../src/core/tensor.js";
import { readNpy, saveOnnx, writeNpy } from "../../src/formats/index.js";
import { sequential } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import { type Ended, fovea, workplace } from "../cli/fovea.js";

const [ROWS, WIDTH, OUTPUTS] = [4, 7, 3];
const x = Float32Array.from({ length: ROWS * WIDTH }, (_, i) => Math.sin(i + 1));
const kernel = Float32Array.from({ length: WIDTH * OUTPUTS }, (_, i) => Math.cos(2 * i));
const bias = Float32Array.of(0.4, 0.1, -0.5);

const scores = Array.from({ length: ROWS }, (_, row) =>
  Array.from(bias, (b, j) =>
    x.subarray(row * WIDTH, (row + 1) * WIDTH).reduce((sum, v, i) => sum + v * kernel[i * OUTPUTS + j]!, b),
  ),
);
const probabilities = scores.map((row) => {
  const powers = row.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
});

let folder = "";
before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  const model = sequential([input([WIDTH]), dense(OUTPUTS)]);
  await model.setWeights([tensor(kernel, [WIDTH, OUTPUTS], "float32"), tensor(bias, [OUTPUTS], "float32")]);
  writeFileSync(join(folder, "v.onnx"), await saveOnnx(model));
  await model.close();
  writeFileSync(join(folder, "rows.npy"), writeNpy(tensor(x, [ROWS, WIDTH], "float32")));
  writeFileSync(join(folder, "row.npy"), writeNpy(tensor(x.slice(0, WIDTH), [WIDTH], "float32")));
  const lines = scores.map((_, row) => Array.from(x.subarray(row * WIDTH, (row + 1) * WIDTH)).join(","));
  writeFileSync(join(folder, "rows.csv"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "headed.csv"), `a,b,c,d,e,f,g\n${lines.join("\n")}\n`);
  writeFileSync(join(folder, "odd.csv"), `a,b,c,d,e,f,g\n1,2,3,x,5,6,7\n`);
  writeFileSync(join(folder, "p.png"), encode({ width: 7, height: 1, channels: 1, depth: 8, data: new Uint8Array(7) }));
});

const predict = (...args: readonly string[]): Promise<Ended> => fovea(folder, "predict", "v.onnx", ...args);

function near(found: ArrayLike<number>, wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  for (const [i, value] of wanted.entries()) assert.ok(Math.abs(value - found[i]!) < 1e-5, `${found[i]} for ${value}`);
}

test("rows become probabilities, and that they are taken for scores is said", async () => {
  for (const [file, rows] of [
    ["rows.npy", ROWS],
    ["row.npy", 1],
    ["rows.csv", ROWS],
    ["headed.csv", ROWS],
  ] as const) {
    const { code, stdout, stderr } = await predict(file, "--json");
    assert.equal(code, 0, stderr);
    const { predictions } = JSON.parse(stdout) as { predictions: { top: { index: number; probability: number }[] }[] };
    assert.equal(predictions.length, rows, file);
    for (const [row, { top }] of predictions.entries())
      near(
        [...top].sort((a, b) => a.index - b.index).map(({ probability }) => probability),
        probabilities[row]!,
      );
    assert.match(stderr, /does not say what its 3 numbers are; they are taken for scores of 3 classes/);
  }
});

test("--raw gives the numbers as they are, and --out writes them", async () => {
  const { code, stdout, stderr } = await predict("rows.npy", "--raw", "--json", "--out", "out.npy");
  assert.deepEqual([code, stderr], [0, ""]);
  const { predictions, files } = JSON.parse(stdout) as { predictions: { values: number[] }[]; files: string[] };
  for (const [row, { values }] of predictions.entries()) near(values, scores[row]!);
  assert.deepEqual(files, ["out.npy"]);
  const { shape, data } = readNpy(readFileSync(join(folder, "out.npy")));
  assert.deepEqual(shape, [ROWS, OUTPUTS]);
  near(Array.from(data), scores.flat());
  assert.equal((await predict("rows.npy", "--out", "p.npy", "--quiet")).code, 0);
  near(Array.from(readNpy(readFileSync(join(folder, "p.npy"))).data), probabilities.flat());
  assert.equal((await predict("rows.npy", "--raw", "--out", "out.csv")).code, 0);
  const [head, ...lines] = readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n");
  assert.equal(head, "image,0,1,2");
  near(
    lines.flatMap((line) => line.split(",").slice(1).map(Number)),
    scores.flat(),
  );
});

test("a picture is refused by a sentence, and so are rows that do not fit", async () => {
  const fails = async (code: number, sentence: RegExp, ...args: readonly string[]): Promise<void> => {
    const ended = await predict(...args);
    assert.deepEqual([ended.code, ended.stdout.trim()], [code, ""], ended.stderr);
    assert.match(ended.stderr, sentence);
  };
  await fails(
    1,
    /takes samples of \[7\] numbers, which are no pictures, and p\.png is no array; expected a \.npy file/,
    "p.png",
  );
  await fails(1, /odd\.csv: row 1, column "d": expected a number, received "x"/, "odd.csv");
  await fails(
    1,
    /--rescale is about pixels, and v\.onnx takes \[7\], which is no image/,
    "rows.npy",
    "--rescale",
    "0..1",
  );
  await fails(2, /out\.xls: expected a name with \.npy, \.csv, \.json, \.png/, "rows.npy", "--out", "out.xls");
});
