// The commands that train nothing, or next to nothing: help, inspect, synth, summary, bench, demo. Their words, their
// JSON and their exit codes.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../../src/cli/commands/index.js";
import { VERSION } from "../../src/core/version.js";
import { saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

test("help lists every command, and every command has a manual with an example", async (t) => {
  const folder = workplace(t);
  const { code, stdout } = await fovea(folder, "--help");
  assert.equal(code, 0);
  for (const { name } of COMMANDS) {
    assert.match(stdout, new RegExp(`^ {2}${name} `, "m"));
    const manual = await fovea(folder, name, "--help");
    assert.equal(manual.code, 0);
    assert.match(manual.stdout, new RegExp(`Examples?:\n {2}fovea ${name}`), `${name} --help`);
    for (const option of ["--json", "--seed", "--threads", "--quiet", "--debug"])
      assert.ok(manual.stdout.includes(option), `${name} --help has ${option}`);
  }
});

test("the version is package.json's", async (t) => {
  const url = new URL("../../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(fileURLToPath(url), "utf8")) as { version: string };
  assert.equal(VERSION, version);
  assert.equal((await fovea(workplace(t), "--version")).stdout.trim(), version);
});

test("with --json an error is a line of JSON with its code as well", async (t) => {
  const folder = workplace(t);
  for (const [args, exit, code] of [
    [["predict", "nothing.keras", "a.png", "--json"], 1, "unknown-model"],
    [["summary", "cnn", "--no-such-option", "--json"], 2, "wrong-usage"],
  ] as const) {
    const ended = await fovea(folder, ...args);
    const told = JSON.parse(ended.stdout) as { error: string; code: string };
    assert.deepEqual([ended.code, told.code], [exit, code]);
    assert.ok(ended.stderr.includes(told.error), "the sentence is that of stderr");
  }
  assert.equal((await fovea(folder, "predict", "nothing.keras", "a.png")).stdout, "");
});

test("summary prints Keras's figures of the lecture's two models", async (t) => {
  const folder = workplace(t);
  const shape = ["--image-size", "80x60", "--classes", "55"];
  const logistic = await fovea(folder, "summary", "logistic", ...shape);
  assert.match(logistic.stdout, /Total params: 264,055 \(1\.01 MB\)/);
  const cnn = await fovea(folder, "summary", "cnn", ...shape);
  assert.match(cnn.stdout, /Total params: 88,375 \(345\.21 KB\)/);
  for (const row of [
    "(None, 80, 60, 16)",
    "(None, 40, 30, 32)",
    "(None, 20, 15, 64)",
    "(None, 5, 3, 64)",
    "(None, 960)",
  ])
    assert.ok(cnn.stdout.includes(row), row);
  const { stdout } = await fovea(folder, "summary", "cnn", ...shape, "--json");
  const json = JSON.parse(stdout) as { total_params: number; layers: { name: string; params: number }[] };
  assert.equal(json.total_params, 88_375);
  assert.deepEqual(
    json.layers.filter(({ params }) => params > 0).map(({ params }) => params),
    [160, 4_640, 18_496, 61_504, 3_575],
  );
});

test("summary gives a network without a shape the one that it was published for", async (t) => {
  const folder = workplace(t);
  const published: Record<string, string> = { alexnet: "62,378,344", lenet5: "61,706", cnn: "88,375" };
  for (const [name, params] of Object.entries(published)) {
    const { stdout, stderr } = await fovea(folder, "summary", name);
    assert.ok(stdout.includes(`Total params: ${params} `), `${name}: ${stdout}${stderr}`);
  }
  const grey = await fovea(folder, "summary", "alexnet", "--color", "grayscale", "--classes", "7");
  assert.match(grey.stdout, /\(None, 227, 227, 1\)[\s\S]*\(None, 7\)/);
});

test("summary opens nested models: as Keras lists layers, in the boxed table, in the table of papers", async (t) => {
  const folder = workplace(t);
  const base = sequential([input([8, 8, 3]), conv2d(4, 3, { name: "Conv1" })], { name: "base" });
  const nested = sequential([base, globalAveragePooling2d({ name: "pool" }), dense(2, { name: "head" })]);
  writeFileSync(join(folder, "nested.keras"), await saveKeras(nested));
  const list = await fovea(folder, "summary", "nested.keras", "--layers");
  const lines = [
    "<Sequential name=sequential, built=True> (layers: 3)",
    "  <Sequential name=base, built=True> (layers: 1)",
    "    <Conv2D name=Conv1, built=True>",
    "  <GlobalAveragePooling2D name=pool, built=True>",
    "  <Dense name=head, built=True>",
  ];
  assert.equal(list.stdout.trimEnd(), lines.join("\n"));
  assert.match((await fovea(folder, "summary", "nested.keras", "--expand")).stdout, / └ Conv1 \(Conv2D\)/);
  assert.match((await fovea(folder, "summary", "nested.keras", "--table")).stdout, /\nC1 +Convolution +4 +6×6 +3×3 /);
});

test("summary and plot know keras.applications by name, at their own size or another", async (t) => {
  const folder = workplace(t);
  const { stdout } = await fovea(folder, "summary", "mobilenet_v2");
  assert.match(stdout, /Model: "mobilenetv2_1\.00_224"/);
  assert.match(stdout, /Total params: 3,538,984 \(13\.50 MB\)/);
  const other = ["--image-size", "100x90", "--color", "grayscale", "--classes", "5"];
  const small = await fovea(folder, "summary", "xception", ...other, "--json");
  const { layers } = JSON.parse(small.stdout) as { layers: { output_shape: string }[] };
  assert.deepEqual([layers[0]!.output_shape, layers.at(-1)!.output_shape], ["(None, 100, 90, 1)", "(None, 5)"]);
  const refused = await fovea(folder, "summary", "vgg16");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^fovea: there is no model vgg16; expected .* one of logistic, .*, mobilenet_v2, /);
  await fovea(folder, "plot", "mobilenet_v2", "--compact", "--out", "net.svg");
  assert.ok(readFileSync(join(folder, "net.svg"), "utf8").includes("block_16_project"));
});

test("summary --memory lists every kernel with its bytes, and the peak", async (t) => {
  const folder = workplace(t);
  const shape = ["--image-size", "40x30", "--classes", "7", "--batch-size", "16", "--memory"];
  const { stdout } = await fovea(folder, "summary", "cnn", ...shape, "--json");
  type Plan = { peak_bytes: number; arena_bytes: number; variable_bytes: number; kernels: { live: number }[] };
  const { batch_size, training_memory, prediction_memory } = JSON.parse(stdout) as {
    batch_size: number;
    training_memory: Plan;
    prediction_memory: Plan;
  };
  assert.equal(batch_size, 16);
  for (const { peak_bytes, arena_bytes, kernels } of [training_memory, prediction_memory]) {
    assert.equal(peak_bytes, Math.max(...kernels.map(({ live }) => live)));
    assert.ok(peak_bytes <= arena_bytes);
  }
  assert.ok(training_memory.arena_bytes > prediction_memory.arena_bytes);
  // Weights, and two slots a weight.
  assert.ok(training_memory.variable_bytes >= 3 * prediction_memory.variable_bytes - 4096);
  const { stdout: table } = await fovea(folder, "summary", "cnn", ...shape);
  assert.match(
    table,
    /Prediction of 16 images[\s\S]*Training step on 16 images[\s\S]*\nPeak: [\d.]+ .?B in use at once/,
  );
});

test("plot draws a model as SVG and as text for Graphviz, and nothing else", async (t) => {
  const folder = workplace(t);
  const drawn = await fovea(folder, "plot", "resnet20", "--image-size", "32x32", "--compact", "--out", "net.svg");
  assert.equal(drawn.stdout.trim(), "The diagram is net.svg");
  assert.match(readFileSync(join(folder, "net.svg"), "utf8"), /^<svg [\s\S]*stage3_block3_add[\s\S]*<\/svg>\n$/);
  await fovea(folder, "plot", "logistic", "--out", "net.dot");
  assert.match(readFileSync(join(folder, "net.dot"), "utf8"), /"rescaling" -> "dense";/);
  const refused = await fovea(folder, "plot", "cnn", "--out", "net.png");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--out: expected a file that ends in .svg or .dot, received net.png/);
});

test("synth writes a set, and inspect finds what synth wrote", async (t) => {
  const folder = workplace(t);
  const written = await fovea(folder, "synth", "hanzi", "--out", "hanzi", "--scale", "0.005", "--seed", "2", "--json");
  assert.equal(written.code, 0, written.stderr);
  const totals = JSON.parse(written.stdout) as { train: number; test: number };
  const inspected = await fovea(folder, "inspect", "hanzi", "--json", "--out", "page.html");
  assert.equal(inspected.code, 0, inspected.stderr);
  const { splits, class_names } = JSON.parse(inspected.stdout) as {
    class_names: string[];
    splits: { name: string; images: number; classes: Record<string, number>; modes: Record<string, number> }[];
  };
  assert.equal(class_names.length, 55);
  assert.deepEqual(
    splits.map(({ name, images }) => [name, images]),
    [
      ["Train", totals.train],
      ["Test", totals.test],
    ],
  );
  assert.equal(splits[0]!.classes.东, 3);
  assert.ok(readFileSync(join(folder, "page.html"), "utf8").startsWith("<!doctype html>"));
  const nowhere = await fovea(folder, "inspect", "hanzi", "--out", "no/page.html");
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /there is no folder no for the page/);
  const text = await fovea(folder, "inspect", "hanzi");
  assert.match(text.stdout, /^hanzi\/\n├── Test\/\n│ {3}├── 东\//);
  assert.match(text.stdout, /images by height in pixels/);
  assert.match(text.stdout, /Problems: none/);
});

test("synth hail writes photos with their truth, and says what to run next", async (t) => {
  const folder = workplace(t);
  const small = ["synth", "hail", "--size", "32x48", "--seed", "2"];
  const written = await fovea(folder, ...small, "--out", "hail", "--count", "12", "--json");
  assert.equal(written.code, 0, written.stderr);
  const totals = JSON.parse(written.stdout) as { images: number; groups: number; classes: Record<string, number> };
  assert.deepEqual(Object.keys(totals), ["out", "images", "groups", "classes", "labels", "dents", "cost"]);
  assert.deepEqual([totals.images, totals.groups], [12, 4]);
  assert.equal(
    Object.values(totals.classes).reduce((sum, count) => sum + count, 0),
    12,
  );
  assert.equal(readFileSync(join(folder, "hail/manifest.csv"), "utf8").split("\n").length, 14);
  const text = await fovea(folder, ...small, "--out", "again", "--scale", "0.006", "--quiet");
  assert.match(text.stdout, /^Wrote 12 photos of 4 claims to again\/images, 32x48 pixels each\.$/m);
  assert.match(text.stdout, /^Next: fovea train again --task regression --target cost --loss gamma$/m);
  const again = readFileSync(join(folder, "again/manifest.csv"), "utf8");
  assert.equal(again, readFileSync(join(folder, "hail/manifest.csv"), "utf8"));
  for (const [wrong, sentence] of [
    [["--count", "5", "--scale", "0.1"], /--count and --scale both say how many photos; give one of them/],
    [["--characters", "5"], /--characters goes with other-hanzi; hail has no such option/],
    [["--size", "16x600", "--count", "2"], /hail height: expected a whole number of at least 32, received 16/],
  ] as const) {
    const refused = await fovea(folder, "synth", "hail", "--out", "never", ...wrong);
    assert.ok(refused.code !== 0);
    assert.match(refused.stderr, sentence);
  }
  const misplaced = await fovea(folder, "synth", "hanzi", "--out", "never", "--count", "5");
  assert.deepEqual([misplaced.code, existsSync(join(folder, "never"))], [2, false]);
  assert.match(misplaced.stderr, /--count goes with hail, pages; hanzi has no such option/);
});

test("bench --json gives the four figures", async (t) => {
  const folder = workplace(t);
  for (const what of ["step", "infer"]) {
    const small = ["--image-size", "16x16", "--batch-size", "4", "--steps", "2", "--threads", "1"];
    const { code, stdout, stderr } = await fovea(folder, "bench", what, ...small, "--json");
    assert.equal(code, 0, stderr);
    const figures = JSON.parse(stdout) as Record<string, number>;
    assert.deepEqual(Object.keys(figures), ["median_ms", "images_per_second", "compile_ms", "peak_rss_mb"]);
    for (const [name, value] of Object.entries(figures)) assert.ok(value > 0, `${what}: ${name} is ${value}`);
  }
});

test("bench --kernels shows the dearest kernels beside the machine's ceiling, for networks of masks and boxes too", async (t) => {
  const folder = workplace(t);
  const small = ["--image-size", "16x16", "--classes", "3", "--batch-size", "2", "--steps", "1", "--threads", "1"];
  for (const model of ["unet", "ttfnet"]) {
    const { code, stdout, stderr } = await fovea(folder, "bench", "step", "--model", model, ...small, "--kernels", "4");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /This machine reaches \d+ GFLOP\/s from its first-level cache and copies [\d.]+ GB\/s\./);
    assert.equal([...stdout.matchAll(/\d+ % \((arithmetic|memory)\)/g)].length, 4, stdout);
  }
  const { stdout } = await fovea(folder, "bench", "infer", "--model", "cnn", ...small, "--kernels", "--json");
  const { ceiling, kernels } = JSON.parse(stdout);
  assert.deepEqual(Object.keys(ceiling), ["gflops", "gigabytes_per_second", "all_stages_ms"]);
  assert.ok(kernels.length > 3 && kernels[0].ms >= kernels[1].ms && kernels[0].share > 0);
});

test("the demo goes all the way and says where its reports are", async (t) => {
  const folder = workplace(t);
  const { code, stdout, stderr } = await fovea(folder, "demo", "--scale", "0.005", "--epochs", "1");
  assert.equal(code, 0, stderr);
  for (const said of [
    /^\$ fovea synth hanzi/m,
    /^hanzi\/$/m,
    /^Train: X=\(163, 80, 60, 1\), y=\(163,\)$/m,
    /Total params: 264,055/,
    /Total params: 88,375/,
    /best epoch 1/,
    /^Test Top 5 Accuracy: \d/m,
    / not .* \(\d+%\)/,
  ])
    assert.match(stdout, said);
  assert.ok(existsSync(join(folder, "fovea-demo/runs/logistic/report.html")));
  assert.ok(existsSync(join(folder, "fovea-demo/runs/cnn/report.html")));
});

test("--quiet leaves the answer, and nothing on stderr", async (t) => {
  const { stdout, stderr } = await fovea(workplace(t), "synth", "hanzi", "--out", "a", "--scale", "0.001", "--quiet");
  assert.equal(stderr, "");
  assert.match(stdout, /^Wrote 110 images to a\/Train and 110 to a\/Test\.\n$/);
});

test("other characters are written as many as asked for; the 55 are always 55", async (t) => {
  const folder = workplace(t);
  const some = await fovea(
    folder,
    "synth",
    "other-hanzi",
    "--out",
    "a",
    "--characters",
    "3",
    "--scale",
    "0.001",
    "--json",
  );
  assert.deepEqual(JSON.parse(some.stdout), { out: "a", train: 6, test: 6 });
  const { code, stderr } = await fovea(folder, "synth", "hanzi", "--out", "b", "--characters", "3");
  assert.deepEqual(
    [code, stderr],
    [2, "fovea: --characters goes with other-hanzi; hanzi is always its 55 characters\n"],
  );
  assert.equal(existsSync(join(folder, "b")), false);
});
