// The whole way on a tiny set: train, evaluate, predict, draw again, train again, break off and resume. The commands'
// JSON is checked field by field.
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { writeHanzi } from "../../src/data/index.js";
import { fovea, start, workplace } from "./fovea.js";

const CHARACTERS = [..."人口山木"];
const LITTLE = ["--model", "cnn", "--image-size", "24x16", "--batch-size", "8", "--seed", "3"];

interface TrainJson {
  readonly run: string;
  readonly epochs: number;
  readonly best_epoch: number;
  readonly seconds_per_epoch: number;
  readonly params: number;
  readonly weights_sha256: string;
  readonly intervals: { readonly test: Readonly<Record<string, readonly [number, number]>> };
  readonly train: Record<string, number>;
  readonly val: Record<string, number>;
  readonly test: Record<string, number>;
}

let folder = "";
let undisturbed: TrainJson;

/** Trains in `folder` and returns the one JSON object. */
async function train(...args: readonly string[]): Promise<TrainJson> {
  const { code, stdout, stderr } = await fovea(folder, "train", ...args, "--json");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Epoch/, "what happens is told on stderr");
  assert.equal(stdout.trim().split("\n").length, 1, "stdout holds one JSON object and nothing else");
  return JSON.parse(stdout) as TrainJson;
}

// One place for all tests of this file: each step goes on with what the one before left.
before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  await writeHanzi(join(folder, "signs"), { characters: CHARACTERS, scale: 0.04, seed: 5 });
  undisturbed = await train("signs", ...LITTLE, "--epochs", "12", "--threads", "1", "--out", "runs/one");
});

test("train --json says all that the design promises", () => {
  const metrics = ["accuracy", "loss", "sparse_top_k_categorical_accuracy"];
  assert.deepEqual(Object.keys(undisturbed), [
    ...["run", "task", "epochs", "best_epoch", "seconds_per_epoch", "params", "weights_sha256", "train", "val", "test"],
    ...["intervals", "calibration", "coverage", "referral", "baseline", "parts", "warnings", "processor_seconds"],
  ]);
  for (const part of ["train", "val", "test"] as const)
    assert.deepEqual(Object.keys(undisturbed[part]).sort(), metrics);
  const [low, high] = undisturbed.intervals.test.accuracy!;
  assert.ok(low < undisturbed.test.accuracy! && undisturbed.test.accuracy! < high, `accuracy from ${low} to ${high}`);
  assert.equal(undisturbed.run, "runs/one");
  assert.equal(undisturbed.epochs, 12);
  assert.match(undisturbed.weights_sha256, /^[0-9a-f]{64}$/);
  assert.ok(undisturbed.test.accuracy! > 0.3, `it learned something: ${undisturbed.test.accuracy}`);
  assert.equal(undisturbed.test.sparse_top_k_categorical_accuracy, 1, "top-4 of four classes");
});

test("a run's folder holds everything, and no temporary file", () => {
  const files = readdirSync(join(folder, "runs/one"));
  for (const name of ["recipe.json", "model.keras", "history.csv", "metrics.json", "report.html", "facts.json"])
    assert.ok(files.includes(name), `${name} is among ${files.join(", ")}`);
  assert.ok(files.some((name) => name.startsWith("events.out.tfevents.")));
  assert.ok(files.some((name) => name.startsWith("checkpoint")));
  assert.deepEqual(
    files.filter((name) => name.startsWith(".")),
    [],
  );
  assert.ok(readdirSync(join(folder, "runs/one/charts")).includes("confusion.svg"));
  const report = readFileSync(join(folder, "runs/one/report.html"), "utf8");
  assert.ok(report.includes(undisturbed.weights_sha256));
  assert.ok(report.includes("fovea replay runs/one"));
});

test("two threads give the same weights as one, in a folder named by itself", async () => {
  const again = await train("signs", ...LITTLE, "--epochs", "12", "--threads", "2");
  assert.equal(again.run, "runs/signs-cnn-1");
  assert.equal(again.weights_sha256, undisturbed.weights_sha256);
  assert.deepEqual(again.test, undisturbed.test);
});

test("evaluate finds the same figures as training did", async () => {
  const { code, stdout, stderr } = await fovea(folder, "evaluate", "runs/one", "signs", "--json");
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout) as {
    accuracy: number;
    images: number;
    classes: { class: string; images: number }[];
    confusion: number[][];
  };
  assert.equal(found.accuracy, undisturbed.test.accuracy);
  assert.deepEqual(
    found.classes.map((entry) => entry.class),
    CHARACTERS,
  );
  const onDiagonal = found.confusion.reduce((sum, row, k) => sum + row[k]!, 0);
  assert.equal(onDiagonal / found.images, found.accuracy);
  const { stdout: text } = await fovea(folder, "evaluate", "runs/one/model.keras", "signs/Test");
  assert.match(text, /Accuracy: 0\.\d{4}/);
  assert.match(text, /taken for|No image is taken/);
});

test("predict gives probabilities that sum to one, by the model's class names", async () => {
  const images = ["signs/Test/人/1.png", "signs/Test/口/2.png"];
  const { code, stdout, stderr } = await fovea(folder, "predict", "runs/one", ...images, "--top", "4", "--json");
  assert.equal(code, 0, stderr);
  const { predictions } = JSON.parse(stdout) as {
    predictions: { image: string; top: { class: string; probability: number }[] }[];
  };
  assert.deepEqual(
    predictions.map(({ image }) => image),
    images,
  );
  for (const { top } of predictions) {
    assert.deepEqual(top.map((entry) => entry.class).sort(), [...CHARACTERS].sort());
    const sum = top.reduce((total, { probability }) => total + probability, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6, `${sum}`);
    assert.ok(top.every(({ probability }, i) => i === 0 || probability <= top[i - 1]!.probability));
  }
});

test("report draws the same page again, byte for byte", async () => {
  const path = join(folder, "runs/one/report.html");
  const drawn = readFileSync(path, "utf8");
  const { code, stdout } = await fovea(folder, "report", "runs/one");
  assert.equal(code, 0);
  assert.match(stdout, /report\.html/);
  assert.ok(readFileSync(path, "utf8") === drawn, "the pages differ");
});

test("replay proves the bits, and finds the epoch that differs", async () => {
  const same = await fovea(folder, "replay", "runs/one", "--threads", "2");
  assert.equal(same.code, 0, same.stderr);
  assert.match(same.stdout, /^same bits: weights_sha256 [0-9a-f]{64}$/m);

  // The run as if its third epoch had ended otherwise by one unit in the last place.
  cpSync(join(folder, "runs/one"), join(folder, "runs/forged"), { recursive: true });
  const history = join(folder, "runs/forged/history.csv");
  const lines = readFileSync(history, "utf8").split("\r\n");
  const column = lines[0]!.split(",").indexOf("val_loss");
  const fields = lines[3]!.split(",");
  fields[column] = String(Number(fields[column]) * (1 + 2 ** -52));
  lines[3] = fields.join(",");
  writeFileSync(history, lines.join("\r\n"));
  const other = await fovea(folder, "replay", "runs/forged", "--json");
  assert.equal(other.code, 1, other.stderr);
  const found = JSON.parse(other.stdout) as {
    same_bits: boolean;
    first_difference: { epoch: number; quantity: string };
  };
  assert.equal(found.same_bits, false);
  assert.equal(found.first_difference.epoch, 3);
  assert.equal(found.first_difference.quantity, "val_loss");
});

test("a run killed in mid-epoch and resumed ends in the same weights", async () => {
  const running = start(folder, "train", "signs", ...LITTLE, "--epochs", "12", "--out", "runs/killed");
  await running.said(/Epoch {2}3\/12/);
  running.process.kill("SIGKILL");
  const { signal } = await running.ended;
  assert.equal(signal, "SIGKILL");
  assert.ok(!existsSync(join(folder, "runs/killed/metrics.json")), "it was not done");
  writeFileSync(
    join(folder, "runs/killed/.checkpoint.safetensors.1-1.tmp"),
    "as a process leaves it that is killed while it writes",
  );
  const resumed = await train("--resume", "runs/killed");
  assert.equal(resumed.weights_sha256, undisturbed.weights_sha256);
  assert.deepEqual(resumed.test, undisturbed.test);
  assert.ok(readdirSync(join(folder, "runs/killed")).every((name) => !name.endsWith(".tmp")));
  assert.equal(
    readFileSync(join(folder, "runs/killed/history.csv"), "utf8"),
    readFileSync(join(folder, "runs/one/history.csv"), "utf8"),
  );
});

test("Ctrl-C saves the best weights so far, says where, and leaves a run that can be resumed", async () => {
  const running = start(folder, "train", "signs", ...LITTLE, "--epochs", "12", "--out", "runs/stopped");
  await running.said(/Epoch {2}2\/12/);
  running.process.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  assert.equal(code, 1, stderr);
  assert.match(stdout, /runs\/stopped\/model\.keras holds the weights of epoch \d+/);
  assert.match(stdout, /fovea train --resume runs\/stopped/);
  const asked = await fovea(folder, "predict", "runs/stopped", "signs/Test/人/1.png");
  assert.equal(asked.code, 0, asked.stderr);
  const resumed = await train("--resume", "runs/stopped");
  assert.equal(resumed.weights_sha256, undisturbed.weights_sha256);
});

test("a recipe of another run can be trained again, with other settings beside it", async () => {
  const other = await train("signs", "--model", "runs/one/recipe.json", "--epochs", "2", "--out", "runs/recipe");
  const recipe = JSON.parse(readFileSync(join(folder, "runs/recipe/recipe.json"), "utf8")) as {
    seed: number;
    preprocessing: { imageSize: number[] };
    training: { epochs: number; batchSize: number };
  };
  assert.equal(other.epochs, 2);
  assert.equal(recipe.seed, 3);
  assert.deepEqual(recipe.preprocessing.imageSize, [24, 16]);
  assert.deepEqual([recipe.training.epochs, recipe.training.batchSize], [2, 8]);
});

test("augmentation and a schedule are part of the recipe: replayed to the bit, on other numbers of threads", async () => {
  const how = ["--model", "resnet20", "--image-size", "24x16", "--batch-size", "8", "--seed", "3", "--epochs", "1"];
  const learned = ["--augment", "light", "--schedule", "cosine", "--learning-rate", "0.002"];
  const { weights_sha256 } = await train("signs", ...how, ...learned, "--threads", "1", "--out", "runs/varied");
  const plain = await train("signs", ...how, "--threads", "1", "--out", "runs/steady");
  assert.notEqual(weights_sha256, plain.weights_sha256);
  const { model, training } = JSON.parse(readFileSync(join(folder, "runs/varied/recipe.json"), "utf8")) as {
    model: { config: { config: { layers: { class_name: string }[] } } };
    training: { optimizer: { config: { learning_rate: { class_name: string; config: Record<string, number> } } } };
  };
  const layers = model.config.config.layers.map(({ class_name }) => class_name);
  assert.deepEqual(layers.slice(1, 4), ["RandomTranslation", "RandomRotation", "RandomZoom"]);
  const { class_name, config } = training.optimizer.config.learning_rate;
  assert.equal(class_name, "CosineDecay");
  assert.equal(config.warmup_target, 0.002);
  const replayed = await fovea(folder, "replay", "runs/varied", "--threads", "2");
  assert.equal(replayed.code, 0, replayed.stderr);
  const refused = await fovea(folder, "train", "signs", "--model", "runs/varied/recipe.json", "--schedule", "cosine");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /a recipe.json says how its model learns; leave out --schedule/);
});

test("predict says which answers a person should look at, and why", async () => {
  const costs = [["truth", ...CHARACTERS, "look"]];
  for (const truth of CHARACTERS)
    costs.push([truth, ...CHARACTERS.map((other) => (other === truth ? "0" : "20")), "0"]);
  writeFileSync(join(folder, "costs.csv"), costs.map((row) => `${row.join(",")}\n`).join(""));
  const asked = ["predict", "runs/one", "signs/Test/山"];
  const free = await fovea(folder, ...asked, "--coverage", "0.5", "--costs", "costs.csv");
  assert.equal(free.code, 0, free.stderr);
  assert.match(free.stdout, /cannot be ruled out.*decision.*cost.*answer/);
  assert.match(
    free.stdout,
    /referred to a person:\n {2}signs\/Test\/山\/\d+\.png: .*a look costs 0, the cheapest class/,
  );
  const json = await fovea(folder, ...asked, "--costs", "costs.csv", "--json");
  for (const answer of JSON.parse(json.stdout).predictions) {
    assert.equal(answer.accepted, false, "a look that costs nothing is always cheaper");
    assert.match(answer.reason, /a look costs 0/);
    assert.equal(answer.expected_cost, 0);
    assert.ok(CHARACTERS.includes(answer.decision));
  }
  const strict = await fovea(folder, ...asked, "--refer-above", "0.0001");
  assert.equal(strict.code, 1);
  assert.match(strict.stderr, /no probability keeps wrong answers at or below 0\.01 % with 95 % confidence/);
  const idle = await fovea(folder, ...asked, "--sets", "aps");
  assert.equal(idle.code, 2);
  assert.match(idle.stderr, /--sets has nothing to do without --coverage; add --coverage 0\.95/);
  const raw = await fovea(folder, ...asked, "--no-calibration", "--coverage", "0.9");
  assert.match(raw.stderr, /coverage, risk and costs are of calibrated probabilities; leave the calibration on/);
  const judged = JSON.parse((await fovea(folder, "evaluate", "runs/one", "signs", "--json")).stdout);
  assert.equal(typeof judged.calibration.ece, "number");
  assert.equal(typeof judged.calibration.temperature, "number");
  const plain = JSON.parse((await fovea(folder, "evaluate", "runs/one", "signs", "--no-calibration", "--json")).stdout);
  assert.ok(!("temperature" in plain.calibration));
  assert.equal(plain.accuracy, judged.accuracy, "a temperature changes no decision");
});
