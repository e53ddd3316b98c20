// `fovea transfer` on the shipped base: head, cached features, variants, fine-tuning, two classes with one output; and
// everything else that takes a run takes this one. The JSON is that of `fovea train`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { writeHanzi } from "../../src/data/index.js";
import { importPackage } from "../../src/platform/packages.js";
import { fovea, start, workplace } from "./fovea.js";

interface TransferJson {
  readonly run: string;
  readonly epochs: number;
  readonly params: number;
  readonly weights_sha256: string;
  readonly val: Record<string, number>;
  readonly test: Record<string, number>;
}

let folder = "";
let plain: TransferJson;

async function transfer(...args: readonly string[]): Promise<TransferJson & { readonly stderr: string }> {
  const { code, stdout, stderr } = await fovea(
    folder,
    "transfer",
    ...args,
    "--base",
    "hanzi",
    ...plainly(args),
    "--json",
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trim().split("\n").length, 1, "stdout holds one JSON object and nothing else");
  return { ...(JSON.parse(stdout) as TransferJson), stderr };
}

/** Most tests need no varied copies. */
const plainly = (args: readonly string[]): string[] => (args.includes("--augment") ? [] : ["--augment", "none"]);

const cached = (): string[] => readdirSync(join(folder, ".cache")).filter((name) => name.endsWith(".features"));

before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  await writeHanzi(join(folder, "signs"), { characters: [..."人口山木".replace("口", "大")], scale: 0.03, seed: 5 });
  await writeHanzi(join(folder, "pair"), { characters: [..."人木"], scale: 0.03, seed: 5 });
  plain = await transfer("signs", "--seed", "3", "--epochs", "40", "--threads", "1", "--out", "runs/plain");
});

test("a head on the shipped base learns from a dozen images a class, and ends as train does", () => {
  assert.deepEqual(Object.keys(plain).slice(0, 10), [
    ...["run", "task", "epochs", "best_epoch", "seconds_per_epoch", "params", "weights_sha256", "train", "val", "test"],
  ]);
  assert.ok(plain.test.accuracy! > 0.8, `test accuracy ${plain.test.accuracy}`);
  assert.equal(plain.test.sparse_top_k_categorical_accuracy, 1, "top-4 of four classes");
  const files = readdirSync(join(folder, "runs/plain"));
  for (const name of ["recipe.json", "model.keras", "history.csv", "metrics.json", "report.html", "facts.json"])
    assert.ok(files.includes(name), name);
  assert.match(readFileSync(join(folder, "runs/plain/report.html"), "utf8"), /Attention/);
});

test("the gallery of what the layers learn goes into the run's report when asked", async () => {
  const { code, stderr } = await fovea(folder, "explain", "runs/plain", "--gallery", "--report", "--steps", "2");
  assert.equal(code, 0, stderr);
  const page = readFileSync(join(folder, "runs/plain/report.html"), "utf8");
  for (const text of ["Features of the layers", "layer: hanzi/relu1", "layer: hanzi/relu4", "Attention"])
    assert.ok(page.includes(text), text);
  const { layers } = JSON.parse(readFileSync(join(folder, "runs/plain/facts.json"), "utf8")).facts.gallery;
  const names = layers.map(({ name }: { name: string }) => name);
  assert.deepEqual([names[0], names.at(-1)], ["hanzi/conv1", "hanzi/relu4"], "neither preparation nor single places");
});

test("features are kept: the same bits again, and from damaged files too; another setting has files of its own", async () => {
  const files = cached();
  assert.equal(files.length, 2, "Train and Test as they are");
  const path = join(folder, ".cache", files[0]!);
  const whole = readFileSync(path);
  const { ino } = statSync(path);
  const again = await transfer("signs", "--seed", "3", "--epochs", "40", "--threads", "2", "--out", "runs/again");
  assert.equal(again.weights_sha256, plain.weights_sha256);
  assert.equal(statSync(path).ino, ino, "nothing was computed again");
  const damaged = Buffer.from(whole);
  damaged[damaged.length - 2]! ^= 1;
  writeFileSync(path, damaged);
  rmSync(join(folder, ".cache", files[1]!));
  const repaired = await transfer("signs", "--seed", "3", "--epochs", "40", "--out", "runs/repaired");
  assert.equal(repaired.weights_sha256, plain.weights_sha256);
  assert.deepEqual(readFileSync(path), whole);
  await transfer("signs", "--epochs", "2", "--augment", "light", "--variants", "2", "--out", "runs/varied");
  assert.equal(cached().length, 4, "two variants of Train");
});

test("two classes have one output; evaluate, predict and explain take the run", async () => {
  const pair = await transfer("pair", "--epochs", "40", "--out", "runs/pair");
  assert.equal(pair.test.sparse_top_k_categorical_accuracy, 1);
  const recipe = JSON.parse(readFileSync(join(folder, "runs/pair/recipe.json"), "utf8"));
  assert.equal(recipe.training.loss.class_name, "BinaryCrossentropy");
  assert.equal(recipe.transfer.weights.path, undefined, "the base is in the package");
  const evaluated = JSON.parse((await fovea(folder, "evaluate", "runs/pair", "pair", "--json")).stdout);
  assert.ok(Math.abs(evaluated.accuracy - pair.test.accuracy!) < 1e-9, "features and head come to what the model says");
  assert.ok(Math.abs(evaluated.loss - pair.test.loss!) < 1e-4);
  const trees = [1, 2, 3, 4, 5].map((n) => `pair/Train/木/${n}.png`);
  const asked = await fovea(folder, "predict", "runs/pair", ...trees, "--json");
  const classes = JSON.parse(asked.stdout).predictions.map(({ top }: { top: { class: string }[] }) => top[0]!.class);
  assert.ok(classes.filter((name: string) => name === "木").length >= 4, String(classes));
  const explained = await fovea(folder, "explain", "runs/pair", ...trees, "--json");
  const pictures = JSON.parse(explained.stdout).pictures as { class: string }[];
  assert.deepEqual(
    pictures.map((picture) => picture.class),
    classes,
  );
});

test("people are not told how often one of the best two of two classes is right", async () => {
  const options = ["--base", "hanzi", "--augment", "none", "--epochs", "2", "--out", "runs/told"];
  const { stdout } = await fovea(folder, "transfer", "pair", ...options);
  assert.match(stdout, /\nTrain Loss: .*\nTrain Accuracy: .*\nTrain Accuracy of always saying .*\n\nValidation Loss: /);
  assert.match(stdout, /Epoch 2\/2 .* accuracy [\d.]+ {2}val_loss [\d.]+ {2}val_accuracy [\d.]+\n/);
  assert.doesNotMatch(stdout, /top[ -]/i);
  assert.doesNotMatch(readFileSync(join(folder, "runs/told/report.html"), "utf8"), /top-k|top_k_categorical_accuracy</);
  assert.doesNotMatch((await fovea(folder, "evaluate", "runs/told", "pair")).stdout, /top[ -]/i);
});

test("fine-tuning never makes validation worse, warns of high rates, and is replayed to the bit", async () => {
  const tuned = ["signs", "--seed", "3", "--epochs", "5", "--fine-tune", "4", "--fine-tune-epochs", "2"];
  const low = await transfer(...tuned, "--out", "runs/low");
  const head = await transfer("signs", "--seed", "3", "--epochs", "5", "--out", "runs/head");
  assert.equal(low.epochs, 7);
  assert.ok(low.val.accuracy! >= head.val.accuracy!);
  assert.doesNotMatch(low.stderr, /destroy the base/);
  const lines = readFileSync(join(folder, "runs/low/history.csv"), "utf8").trim().split(/\r?\n/);
  assert.equal(lines.length, 8, "a heading and both phases");
  const high = await transfer(...tuned, "--fine-tune-rate", "0.5", "--out", "runs/high");
  assert.match(high.stderr, /destroy the base's features/);
  assert.ok(high.val.accuracy! >= head.val.accuracy!, "what made it worse is undone");
  assert.match(readFileSync(join(folder, "runs/high/report.html"), "utf8"), /destroy the base/);
  const replayed = await fovea(folder, "replay", "runs/low");
  assert.equal(replayed.code, 0, replayed.stderr + replayed.stdout);
});

test("killed while fine-tuning, a run goes on and ends in the same bits", async () => {
  const tuned = ["pair", "--seed", "3", "--epochs", "5", "--fine-tune", "all", "--fine-tune-epochs", "4"];
  const whole = await transfer(...tuned, "--out", "runs/whole");
  const running = start(folder, "transfer", ...tuned, "--base", "hanzi", "--augment", "none", "--out", "runs/killed");
  await running.said(/Epoch 7\/9 .*val_loss/);
  running.process.kill("SIGKILL");
  await running.ended;
  const { code, stdout, stderr } = await fovea(folder, "train", "--resume", "runs/killed", "--json");
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as TransferJson).weights_sha256, whole.weights_sha256);
  const history = (run: string) => readFileSync(join(folder, run, "history.csv"), "utf8");
  assert.equal(history("runs/killed"), history("runs/whole"));
});

test("what cannot be is one sentence", async () => {
  const wrong = async (...args: readonly string[]) => (await fovea(folder, "transfer", "signs", ...args)).stderr;
  assert.match(await wrong("--base", "hanzi", "--image-size", "64"), /takes images of 80x60 only/);
  assert.match(await wrong("--base", "mobilenet_v2"), /fovea weights (pull|add)/);
  assert.match(await wrong("--base", "mobilenet_v2", "--weights", "none.h5"), /none\.h5/);
  assert.match(await wrong("--base", "vgg99"), /no file vgg99; expected a model file or folder, or one of mobilenet,/);
  assert.match(
    await wrong("--base", "mobilenet", "--alpha", "0.25", "--size", "128"),
    /pull mobilenet --alpha 0\.25 --size/,
  );
  assert.match(await wrong("--base", "hanzi", "--alpha", "0.5"), /leave them out with --base hanzi/);
  assert.match(await wrong("--base", "hanzi", "--fine-tune", "some"), /or "all"/);
  assert.match(await wrong("--base", "hanzi", "--engine", "tpu"), /Allowed choices are wasm, onnxruntime/);
});

const isInstalled = (await importPackage("onnxruntime-node")) !== undefined;
const skip = isInstalled && "onnxruntime-node is installed here";

test("another engine that is not installed is asked for before any work", { skip }, async () => {
  const sentence =
    "fovea: --engine onnxruntime needs the package onnxruntime-node; install it beside fovea: npm install onnxruntime-node\n";
  for (const command of [
    ["transfer", "nowhere", "--base", "hanzi"],
    ["classify", "none.jpg"],
  ])
    assert.equal((await fovea(folder, ...command, "--engine", "onnxruntime")).stderr, sentence);
});
