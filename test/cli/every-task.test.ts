// A run of each task, all that is done with runs: resumed after a kill, replayed, converted with its decoding, tuned by a study and
// opened in the Studio. A task that is added is missed here by tsc.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import type { TaskKind } from "../../src/experiment/index.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { fovea, start, workplace } from "./fovea.js";

interface TaskCase {
  readonly data: "hail" | "writers";
  readonly model: "logistic" | "unet" | "ttfnet";
  /** Options of `train` beside the task. */
  readonly options?: readonly string[];
  /** The same in the spec of a study. */
  readonly target?: string;
  /** Options of `predict`. */
  readonly asked?: readonly string[];
  /** Name of a figure of the test images. */
  readonly figure: string;
  /** Field of an answer. */
  readonly answer: string;
}

const CASES: Readonly<Record<TaskKind, TaskCase>> = {
  classification: {
    ...{ data: "hail", model: "logistic", options: ["--target", "class"], target: "class" },
    ...{ figure: "accuracy", answer: "top" },
  },
  multiLabel: {
    ...{ data: "hail", model: "logistic", options: ["--target", "labels"], target: "labels" },
    ...{ figure: "f1", answer: "labels" },
  },
  regression: {
    ...{ data: "hail", model: "logistic", options: ["--target", "cost"], target: "cost" },
    ...{ figure: "rmse", answer: "value" },
  },
  segmentation: { data: "hail", model: "unet", figure: "mean_iou", answer: "mask" },
  detection: { data: "hail", model: "ttfnet", figure: "ap", answer: "boxes" },
  verification: {
    data: "writers",
    model: "logistic",
    options: ["--loss", "triplet"],
    asked: ["--pair"],
    figure: "eer",
    answer: "pair",
  },
};

/** Epochs after the first of which the second process is killed; the others and the report take it longer than the signal. */
const EPOCHS = 4;

let folder = "";
let images: Readonly<Record<TaskCase["data"], readonly string[]>>;
const run = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await fovea(folder, ...args);
  assert.equal(code, 0, `fovea ${args.join(" ")}: ${stderr}`);
  return stdout;
};
const json = async (...args: readonly string[]) => JSON.parse(await run(...args, "--json"));

before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  await run("synth", "hail", "--out", "hail", "--count", "16", "--size", "32x32", "--seed", "4");
  await run("synth", "writers", "--out", "writers", "--scale", "0.03");
  const found = (images: string): string[] =>
    readdirSync(join(folder, images))
      .sort()
      .slice(0, 2)
      .map((name) => `${images}/${name}`);
  const [writer] = readdirSync(join(folder, "writers/Test")).sort();
  images = { hail: found("hail/images"), writers: found(`writers/Test/${writer}`) };
});

/** Fails where two answers differ by more than the last digits of their numbers. */
function checkAlike(actual: unknown, expected: unknown, what: string): void {
  if (typeof expected === "number") {
    const off = Math.abs((actual as number) - expected);
    assert.ok(off <= 1e-5 * Math.max(1, Math.abs(expected)), `${what}: ${actual}, not ${expected}`);
  } else if (typeof expected === "object" && expected !== null) {
    assert.deepEqual(Object.keys(actual as object), Object.keys(expected), what);
    for (const [key, value] of Object.entries(expected))
      checkAlike((actual as Record<string, unknown>)[key], value, `${what}, ${key}`);
  } else assert.equal(actual, expected, what);
}

for (const [task, { data, model, options = [], target, asked = [], figure, answer }] of Object.entries(CASES)) {
  const whole = `${task}-whole`;

  test(`${task}: a killed run is resumed to the weights and figures of one that nobody disturbed, and replayed`, async () => {
    const learn = ["--task", task, "--model", model, "--image-size", "16x16", "--batch-size", "4", ...options];
    const train = ["train", data, ...learn, "--epochs", `${EPOCHS}`, "--seed", "3", "--threads", "1"];
    const undisturbed = await json(...train, "--out", whole);
    assert.equal(undisturbed.task, task);
    assert.ok(Number.isFinite(undisturbed.test[figure]), figure);
    const killed = `${task}-killed`;
    const child = start(folder, ...train, "--out", killed);
    await child.said(new RegExp(`Epoch 1/${EPOCHS}.*val_`));
    child.process.kill("SIGKILL");
    assert.equal((await child.ended).signal, "SIGKILL");
    assert.ok(!existsSync(join(folder, killed, "metrics.json")), "the run was done before it was killed");
    const resumed = await json("train", "--resume", killed, "--threads", "2");
    assert.equal(resumed.weights_sha256, undisturbed.weights_sha256);
    for (const part of ["train", "val", "test"]) assert.deepEqual(resumed[part], undisturbed[part], part);
    const history = (name: string): string => readFileSync(join(folder, name, "history.csv"), "utf8");
    assert.equal(history(killed), history(whole));
    assert.ok(readdirSync(join(folder, killed)).every((name) => !name.endsWith(".tmp")));
    assert.equal((await json("replay", whole)).weights_sha256, undisturbed.weights_sha256);
  });

  test(`${task}: converted to ONNX and .keras, it answers as the run does`, async () => {
    const told = (await json("predict", whole, ...images[data], ...asked)).predictions;
    assert.equal(told[0].task, task);
    assert.ok(answer in told[0], Object.keys(told[0]).join(", "));
    const again = async (file: string) => {
      await run("convert", whole, file);
      return (await json("predict", file, ...images[data], ...asked)).predictions;
    };
    assert.deepEqual(await again(`${task}.keras`), told);
    checkAlike(await again(`${task}.onnx`), told, `${task}.onnx`);
  });

  test(`${task}: a study of it is run`, async () => {
    const spec = {
      study: task,
      data: { images: data, task, imageSize: [16, 16], ...(target === undefined ? {} : { target }) },
      space: { learning_rate: { float: [1e-3, 1e-2], log: true } },
      model: { application: model },
      training: { optimizer: { Adam: { learning_rate: "$learning_rate" } }, epochs: 1, batchSize: 8 },
      trials: 1,
    };
    writeFileSync(join(folder, `${task}.json`), JSON.stringify(spec));
    const { trials } = await json("tune", "run", `${task}.json`, "--threads", "1");
    assert.deepEqual(trials, { complete: 1, pruned: 0, fail: 0 });
  });

  test(`${task}: the Studio opens its run`, async (t: TestContext) => {
    const bench = new Workbench({ place: "local", disk: await nodeDisk([folder], folder), threads: 1 });
    t.after(() => bench.close());
    const { id: project, run: shown } = await bench.handlers.open({ path: join(folder, whole) });
    const details = await bench.handlers.run({ project, run: shown! });
    assert.equal(details.task, task);
    assert.ok(Number.isFinite(details.metrics.test![figure]), figure);
    const report = await bench.files.report({ project, run: shown! });
    assert.match(new TextDecoder().decode(report.bytes), /<html/);
  });
}
