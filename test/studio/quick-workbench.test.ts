// Quick start's examples and opened models in the workbench: kept from the moment that they come, packed into archives that
// never change, and trained further with the bits that a replay has.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { zipSync } from "fflate";
import { saveTfjs } from "../../src/formats/index.js";
import { type Model, saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";
import type { JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { tinyPng, writeFiles } from "./small-data.js";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

async function workbench(t: TestContext, home = emptyFolder(t)): Promise<Workbench> {
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home) });
  t.after(() => bench.close());
  return bench;
}

/** Gives two classes so many examples each. */
async function filled({ handlers }: Pick<Workbench, "handlers">, set: string, each = 5): Promise<void> {
  for (const [at, id] of ["class-1", "class-2"].entries()) {
    const images = Array.from({ length: each }, (_, i) => base64(tinyPng(200 * at + i)));
    await handlers.addExamples({ set, class: id, source: "file", images });
  }
}

test("examples are kept as they come, and packed once for each content", async (t) => {
  const home = emptyFolder(t);
  const { handlers, files } = await workbench(t, home);
  const fresh = await handlers.examples({ set: "quick-1" });
  assert.deepEqual(
    fresh.classes.map(({ name }) => name),
    ["Class 1", "Class 2"],
  );
  await assert.rejects(handlers.packExamples({ set: "quick-1" }), /Class 1 has no examples/);
  const images = [base64(tinyPng(0)), base64(tinyPng(0))];
  const [first] = (await handlers.addExamples({ set: "quick-1", class: "class-1", source: "drawn", images })).classes;
  assert.equal(first!.examples.length, 1, "the same bytes count once");
  const { bytes, type } = await files.example({ set: "quick-1", file: first!.examples[0]!.file });
  assert.deepEqual({ bytes: Buffer.from(bytes), type }, { bytes: Buffer.from(tinyPng(0)), type: "image/png" });
  await assert.rejects(files.example({ set: "quick-1", file: "../../secret.png" }), /there is no such example/);
  await filled({ handlers }, "quick-1");

  const packed = await handlers.packExamples({ set: "quick-1" });
  assert.equal(packed.images, 10);
  assert.deepEqual(packed.classNames, ["Class 1", "Class 2"]);
  assert.equal((await handlers.packExamples({ set: "quick-1" })).id, packed.id);
  await handlers.relabel({ project: packed.id, images: [0], to: "Class 2" });
  const archive = readFileSync(packed.path!);

  // Another start of the Studio finds all of it; another content is another archive, with the corrected label.
  const next = await workbench(t, home);
  const known = await next.handlers.examples({ set: "quick-1" });
  assert.equal(known.project, packed.id);
  assert.deepEqual(await next.handlers.exampleSets({}), ["quick-1"]);
  const gone = known.classes[1]!.examples[0]!.file;
  await next.handlers.removeExample({ set: "quick-1", class: "class-2", file: gone });
  const other = await next.handlers.packExamples({ set: "quick-1" });
  assert.notEqual(other.path, packed.path);
  assert.deepEqual({ images: other.images, changes: other.changes }, { images: 9, changes: 1 });
  assert.deepEqual(readFileSync(packed.path!), archive, "what runs were made of stays");
});

test("names of classes are those that folders can have", async (t) => {
  const { handlers } = await workbench(t);
  const named = (...names: string[]) =>
    handlers.nameClasses({ set: "quick-1", classes: names.map((name, i) => ({ id: `class-${i + 1}`, name })) });
  await assert.rejects(named("../up", "b"), /cannot have "\/" in its name/);
  await assert.rejects(named("a", "A"), /there is a class A already/);
  await assert.rejects(named(".hidden", "b"), /without a dot at either end/);
  const { classes } = await named("山", "&b; b", "third");
  assert.deepEqual(
    classes.map(({ id, name }) => [id, name]),
    [
      ["class-1", "山"],
      ["class-2", "&b; b"],
      ["class-3", "third"],
    ],
  );
  await assert.rejects(
    handlers.addExamples({
      set: "quick-1",
      class: "class-1",
      source: "file",
      images: [base64(Buffer.from("no image"))],
    }),
    /expected images as PNG/,
  );
});

/** A network of the shape of Teachable Machine's: a trunk and a head, each a model in the model. */
const network = (): Model =>
  sequential([
    input([8, 8, 1]),
    sequential([input([8, 8, 1]), conv2d(4, 3, { activation: "relu" }), globalAveragePooling2d()]),
    sequential([input([4]), dense(6, { activation: "relu" }), dense(3, { activation: "softmax" })]),
  ]);

const ended = (bench: Workbench): Promise<JobFacts> =>
  new Promise((resolve) => {
    const forget = bench.listen((news) => {
      if (news.kind !== "job" || !["done", "stopped", "failed"].includes(news.job.state)) return;
      forget();
      resolve(news.job);
    });
  });

test("a model is opened from a file, a folder and an archive, asked, and trained further", async (t) => {
  const home = emptyFolder(t);
  const bench = await workbench(t, home);
  const { handlers } = bench;
  const model = network();
  const facts = { version: 1, classNames: ["a", "b", "c"] } as const;
  writeFileSync(join(home, "mine.keras"), await saveKeras(model, { facts }));
  const files = await saveTfjs(model, { facts });
  writeFileSync(join(home, "export.zip"), zipSync(Object.fromEntries(files)));
  writeFiles(join(home, "unpacked"), Object.fromEntries(files));
  await model.close();
  const opened = await handlers.open({ path: "mine.keras" });
  assert.deepEqual(
    { kind: opened.kind, classNames: opened.classNames },
    { kind: "model", classNames: ["a", "b", "c"] },
  );
  assert.match(opened.sentence, /^A model of 3 classes for images of 8x8/);
  const [run] = await handlers.runs({ project: opened.id });
  const image = { name: "x.png", base64: base64(tinyPng(1)) };
  const { guesses } = await handlers.predict({ project: opened.id, run: run!.id, image });
  assert.deepEqual(guesses.map(({ label }) => label).sort(), ["a", "b", "c"]);
  assert.match((await handlers.code({ project: opened.id, run: run!.id })).commands, /^fovea predict .*mine\.keras/);
  assert.ok((await bench.files.export({ project: opened.id, run: run!.id, format: "onnx" })).bytes.length > 0);

  const archive = await handlers.open({ path: "export.zip" });
  assert.equal(archive.kind, "model");
  await filled(bench, "quick-1", 8);
  const { id: project } = await handlers.packExamples({ set: "quick-1" });
  const settings: TrainSettings = {
    model: "model",
    from: archive.id,
    epochs: 2,
    batchSize: 8,
    learningRate: 1e-3,
    augment: "none",
    patience: 2,
    seed: 1,
  };
  const end = ended(bench);
  await handlers.train({ project, settings });
  const job = await end;
  assert.equal(job.error, undefined);
  const details = await handlers.run({ project, run: job.name });
  assert.equal(details.model, "model");
  const recipe = JSON.parse(readFileSync(join(home, "runs", job.name, "recipe.json"), "utf8"));
  assert.equal(recipe.transfer.weights.path, archive.path);
  assert.match((await handlers.code({ project, settings })).commands, /--base model \\\n {2}--weights .*export\.zip/);

  // Weights that lie beside their network become one file, whose hash a recipe can name.
  const folder = await handlers.open({ path: "unpacked" });
  const { typescript } = await handlers.code({ project, settings: { ...settings, from: folder.id } });
  assert.match(typescript, /weights: ".*models.unpacked\.keras"/);
});
