// Validation images that a network is asked about while it learns: their answers are the model's, and change no bit of it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  closeData,
  expectedOf,
  loadData,
  openModel,
  predictFiles,
  RunFolder,
  recipeOf,
  replay,
} from "../../src/experiment/index.js";
import type { JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

const SETTINGS: TrainSettings = {
  model: "logistic",
  epochs: 2,
  batchSize: 8,
  learningRate: 1e-3,
  augment: "none",
  patience: 5,
  seed: 3,
};

/** Trains on what lies at a path. @returns all that was told of the job */
async function trained(t: TestContext, home: string, path: string, changes: Partial<TrainSettings>) {
  const disk = await nodeDisk([home], home);
  const bench = new Workbench({ place: "local", disk, threads: 1, memory: () => 123_456_789 });
  t.after(() => bench.close());
  const { id: project } = await bench.handlers.open({ path });
  const told: JobFacts[] = [];
  const ended = new Promise<JobFacts>((resolve) => {
    bench.listen((news) => {
      if (news.kind !== "job") return;
      told.push(news.job);
      if (["done", "stopped", "failed"].includes(news.job.state)) resolve(news.job);
    });
  });
  await bench.handlers.train({ project, settings: { ...SETTINGS, ...changes } });
  const job = await ended;
  assert.equal(job.error, undefined);
  return { bench, project, job, told };
}

test("six validation images answer as the run's model does, and the weights are those of a run that nobody watched", async (t) => {
  const home = emptyFolder(t);
  const pets = classFolders(join(home, "pets"), ["cat", "dog", "owl"], 24);
  const { bench, project, job, told } = await trained(t, home, "pets", {
    model: "cnn",
    epochs: 3,
    imageSize: [16, 16],
  });
  const { samples, memory } = job;
  assert.equal(memory, 123_456_789);
  assert.deepEqual([samples?.task, samples?.answers.length, samples?.epoch], ["classification", 6, undefined]);
  assert.ok(new Set(told.map((sample) => JSON.stringify(sample.samples))).size > 2, "answers change while it learns");
  assert.equal(new Set(samples!.answers.map(({ truth }) => truth[0])).size, 3, "each class is among them");
  const model = await openModel(join(home, "runs", job.name));
  for (const { index, file, truth, guesses } of samples!.answers) {
    const { items } = await bench.handlers.images({ project, filter: {}, from: index!, count: 1 });
    assert.deepEqual([[...truth], items[0]?.file.endsWith(file)], [[items[0]?.label], true], file);
    const { guesses: asked } = await bench.handlers.predict({ project, run: job.name, image: index! });
    assert.equal(guesses[0]?.label, asked[0]?.label);
    // The temperature of the run's file is fitted when training has ended.
    const { answers } = await predictFiles(model, [join(pets, items[0]!.file)], { top: 1, calibration: false });
    const [answer] = answers;
    assert.ok(answer !== undefined && "top" in answer);
    assert.ok(Math.abs(guesses[0]!.probability - answer.top[0]!.probability) < 1e-6, "in its best weights");
  }
  await model.model.close();

  const folder = await RunFolder.open(join(home, "runs", job.name));
  const recipe = await recipeOf(folder);
  const data = await loadData({ train: pets }, recipe.preprocessing, recipe.split, { recorded: recipe.data });
  t.after(() => closeData(data));
  const { sameBits } = await replay(recipe, data, await expectedOf(folder), { threads: 1 });
  assert.equal(sameBits, true);
});

test("numbers stand beside what they are, labels beside those that an image has", async (t) => {
  const home = emptyFolder(t);
  const count = 40;
  const rows = Array.from({ length: count }, (_, i) => `${i}.png,${10 + i},${["dent", "dent;glass", "glass"][i % 3]}`);
  writeFiles(join(home, "claims"), {
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.png`, tinyPng(i)])),
    "manifest.csv": `path,cost,damage\n${rows.join("\n")}\n`,
  });
  const number = await trained(t, home, "claims", { target: ["cost"], task: "regression", epochs: 1 });
  const { answers = [] } = number.job.samples ?? {};
  assert.equal(answers.length, 6);
  for (const { file, truth, guesses, numbers } of answers) {
    assert.deepEqual([truth, guesses], [[], []]);
    const [{ name, actual, predicted }] = numbers as [(typeof numbers)[0]];
    assert.deepEqual([name, actual, Number.isFinite(predicted)], ["cost", 10 + Number.parseInt(file, 10), true]);
  }

  const labels = await trained(t, home, "claims", { target: ["damage"], task: "multiLabel", epochs: 1 });
  const several = labels.job.samples?.answers ?? [];
  assert.ok(several.some(({ truth }) => truth.join() === "dent,glass"));
  for (const { guesses } of several) assert.deepEqual(guesses.map(({ label }) => label).sort(), ["dent", "glass"]);
});
