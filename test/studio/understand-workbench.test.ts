// The workbench's answers about runs: classes, referral and slices of their images, labels, images alike, networks down
// to a sum, photos that are added and trained with, the questions before a model is given away, and its code as a
// folder that runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { type Model, saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, flatten, input, rescaling } from "../../src/nn/layers/index.js";
import type { JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

async function benchIn(t: TestContext, home: string): Promise<Workbench> {
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  return bench;
}

const SETTINGS: TrainSettings = {
  model: "logistic",
  epochs: 2,
  batchSize: 8,
  learningRate: 1e-2,
  augment: "none",
  patience: 2,
  seed: 1,
  imageSize: [8, 8],
  color: "grayscale",
};

/** Trains, and waits for the end. @returns the run's name */
async function trained(bench: Workbench, project: string, settings: Partial<TrainSettings> = {}): Promise<string> {
  const end = new Promise<JobFacts>((resolve) => {
    const forget = bench.listen((news) => {
      if (news.kind !== "job" || !["done", "stopped", "failed"].includes(news.job.state)) return;
      forget();
      resolve(news.job);
    });
  });
  await bench.handlers.train({ project, settings: { ...SETTINGS, ...settings } });
  const { error, name } = await end;
  assert.equal(error, undefined);
  return name;
}

test("a classification is taken apart, and each figure has its images", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog", "<b>"], 12);
  const bench = await benchIn(t, home);
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "pets" });
  const run = await trained(bench, project);
  const { judged: tested } = await handlers.run({ project, run });
  const breakdown = await handlers.breakdown({ project, run, part: "test" });
  assert.deepEqual(breakdown.judged, tested);
  const right = tested.filter(({ label, predicted }) => label === predicted).length;
  assert.equal(breakdown.accuracy.share, right / tested.length);
  assert.deepEqual(
    breakdown.classes.map(({ support }) => support),
    [0, 1, 2].map((k) => tested.filter(({ label }) => label === k).length),
  );
  assert.equal(breakdown.referral.length, 101);
  assert.equal(breakdown.referral[0]!.wrong, tested.length - right);
  assert.equal(breakdown.isUnseen, true);
  const byClass = breakdown.slices.filter(({ attribute }) => attribute === "class");
  for (const { value, images, count } of byClass) {
    assert.equal(count, images.length);
    for (const at of images) assert.equal(["<b>", "cat", "dog"][tested[at]!.label], value);
  }
  const training = await handlers.breakdown({ project, run, part: "train" });
  assert.ok(training.judged.length > tested.length);

  // An image of the training part is the nearest to itself.
  const { index, file } = training.judged[3]!;
  const { images, compared, total } = await handlers.neighbours({ project, run, image: index! });
  assert.deepEqual([images.length, images[0]!.file, compared, total], [5, file, training.judged.length, compared]);
  assert.ok(images[0]!.similarity > 0.999 && images[0]!.similarity >= images[1]!.similarity);
});

test("images with several labels are told label by label", async (t) => {
  const home = emptyFolder(t);
  const rows = Array.from({ length: 30 }, (_, i) => [`${i}.png`, ["red", "blue", "red;blue"][i % 3]!] as const);
  writeFiles(join(home, "tags"), {
    ...Object.fromEntries(rows.map(([name], i) => [name, tinyPng(i * 8)])),
    "manifest.csv": `path,labels,camera\n${rows.map(([name, labels], i) => `${name},${labels},${i % 2 ? "old" : "new"}\n`).join("")}`,
  });
  const bench = await benchIn(t, home);
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "tags" });
  const run = await trained(bench, project, { task: "multiLabel", target: ["labels"] });
  const { labelNames, labels, images, exact } = await handlers.labelled({ project, run, part: "test" });
  assert.deepEqual(labelNames, ["blue", "red"]);
  assert.equal(labels.length, 2);
  for (const { right, missed, falsely, index, file } of images) {
    const [, said] = rows.find(([name]) => name === file)!;
    const has: number[] = said.split(";").map((name) => labelNames.indexOf(name));
    assert.deepEqual([...right, ...missed].sort(), has.sort());
    assert.ok(falsely.every((label) => !has.includes(label)));
    assert.ok(index !== undefined);
  }
  assert.equal(exact.share, images.filter(({ wrongBy }) => wrongBy === 0).length / images.length);
  for (let i = 1; i < images.length; i++) assert.ok(images[i - 1]!.wrongBy >= images[i]!.wrongBy);
  // Figures of the table are those of the images beside it, whichever part is chosen.
  const train = await handlers.labelled({ project, run, part: "train" });
  assert.ok(train.images.length > images.length);
  for (const { label, support } of train.labels) {
    const having = train.images.filter(({ right, missed }) => [...right, ...missed].includes(label));
    assert.equal(support, having.length);
  }
  await assert.rejects(handlers.breakdown({ project, run, part: "train" }), /expected a classification/);
});

const network = (): Model =>
  sequential([
    input([8, 8, 1]),
    rescaling(1 / 255, { name: "scale" }),
    conv2d(7, 3, { activation: "relu", name: "conv" }),
    flatten({ name: "flat" }),
    dense(3, { activation: "softmax", name: "said" }),
  ]);

test("an opened model shows its layers, their maps and their kernels for any picture", async (t) => {
  const home = emptyFolder(t);
  const bench = await benchIn(t, home);
  const { handlers } = bench;
  const model = network();
  writeFileSync(
    join(home, "mine.keras"),
    await saveKeras(model, { facts: { version: 1, classNames: ["a", "b", "c"] } }),
  );
  await model.close();
  const { id: project } = await handlers.open({ path: "mine.keras" });
  const [run] = await handlers.runs({ project });
  const asked = { project, run: run!.id, image: { name: "x.png", base64: base64(tinyPng(9)) } };
  const { layers, params, path } = await handlers.network(asked);
  assert.deepEqual(
    layers.map(({ name }) => name),
    ["scale", "conv", "flat", "said"],
  );
  assert.equal(params, 3 * 3 * 7 + 7 + 6 * 6 * 7 * 3 + 3);
  assert.ok(path.endsWith("mine.keras"));
  const previews = await handlers.previews(asked);
  assert.deepEqual(previews.find(({ layer }) => layer === "conv")?.shape, [6, 6, 6], "some channels are enough");
  const maps = await handlers.layerMaps({ ...asked, layer: "conv" });
  assert.deepEqual(maps.shape, [6, 6, 7]);
  const bytes = Buffer.from(maps.base64, "base64");
  const value = bytes.readFloatLE(4 * ((2 * 6 + 5) * 7 + 3));
  const sum = await handlers.channelSum({ ...asked, layer: "conv", channel: 3, at: [2, 5] });
  assert.deepEqual([sum.shape, sum.from, sum.at], [[3, 3, 1], "scale", [2, 5]]);
  assert.ok(Math.abs(Math.max(0, sum.sum) - value) < 1e-5, `${sum.sum} and ${value}`);
  await assert.rejects(handlers.channelSum({ ...asked, layer: "scale", channel: 0, at: [0, 0] }), /has no kernel/);
});

test("a photo that was told wrongly trains the next run, which replays, and can be taken back", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 10);
  const bench = await benchIn(t, home);
  const { handlers } = bench;
  const opened = await handlers.open({ path: "pets" });
  const { id: project } = opened;
  const first = await trained(bench, project);
  const image = { name: "new.png", base64: base64(tinyPng(777)) };
  await assert.rejects(
    handlers.addPhoto({ project, image: { name: "x.txt", base64: base64(Buffer.from("no image")) }, label: "cat" }),
    /x\.txt is no image/,
  );
  const added = await handlers.addPhoto({ project, image, label: "cat", why: "the model said dog" });
  assert.deepEqual([added.index, added.project.images, added.project.added], [20, 21, 1]);
  const { items } = await handlers.images({ project, filter: {}, from: 20, count: 1 });
  assert.equal(items[0]!.label, "cat");
  assert.match(items[0]!.file, /^\.labels\.additions\/[0-9a-f]{64}\.png$/);
  assert.deepEqual(Buffer.from((await bench.picture(project, 20))!.bytes), Buffer.from(tinyPng(777)));
  assert.match((await handlers.dataCode({ project })).typescript, /await addImage\(journal, await readFile\("\.labels/);
  await assert.rejects(handlers.addPhoto({ project, image, label: "dog" }), /has been added already/);

  const second = await trained(bench, project);
  const { judged } = await handlers.breakdown({ project, run: second, part: "train" });
  assert.ok(judged.some(({ index }) => index === 20));
  // Both runs replay by the command line, each with the images that it had.
  for (const name of [first, second]) {
    const { sha256 } = await handlers.run({ project, run: name });
    const told = execFileSync(
      process.execPath,
      [join(root, "dist/command/main.js"), "replay", join(home, "runs", name), "--json"],
      {
        cwd: home,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, FOVEA_CACHE: join(home, "cache") },
      },
    );
    assert.equal(JSON.parse(told).weights_sha256, sha256);
  }

  const undone = await handlers.undo({ project });
  assert.equal(undone.changes, 1, "the image is left out");
  const third = await trained(bench, project);
  const again = await handlers.breakdown({ project, run: third, part: "train" });
  assert.ok(!again.judged.some(({ index }) => index === 20));
});

test("the questions of a run have answers, its card lines are kept, and its code runs as it stands", async (t) => {
  const home = emptyFolder(t);
  classFolders(join(home, "pets"), ["cat", "dog"], 10);
  const bench = await benchIn(t, home);
  const { handlers, files } = bench;
  const { id: project } = await handlers.open({ path: "pets" });
  const run = await trained(bench, project);
  const before = await handlers.shipping({ project, run });
  const stateOf = (facts: typeof before, kind: string) => facts.checks.find((check) => check.kind === kind)?.state;
  assert.deepEqual(
    ["copies", "labels", "test", "card"].map((kind) => stateOf(before, kind)),
    ["done", "open", "open", "open"],
  );
  const lines = {
    ...before.card,
    purpose: "Sorts photos of pets.",
    limits: "Not for <wild> animals.",
    contact: "Mira",
  };
  const after = await handlers.writeCard({ project, run, lines });
  assert.deepEqual([stateOf(after, "card"), after.card], ["done", lines]);
  assert.deepEqual(JSON.parse(readFileSync(join(home, "runs", run, "card.json"), "utf8")).lines, lines);

  const { bytes, name } = await files.code({ project, run });
  assert.equal(name, `${run}-code.zip`);
  const folder = emptyFolder(t);
  for (const [file, content] of Object.entries(unzipSync(bytes))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  const code = join(folder, run);
  // Packages that `npm install` would bring.
  mkdirSync(join(code, "node_modules/@types"), { recursive: true });
  symlinkSync(root, join(code, "node_modules/fovea"), "junction");
  for (const library of ["typescript", "@types/node"])
    symlinkSync(join(root, "node_modules", library), join(code, "node_modules", library), "junction");
  const env = { ...process.env, FOVEA_CACHE: join(home, "cache") };
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: code, encoding: "utf8", env });
  const { scripts } = JSON.parse(readFileSync(join(code, "package.json"), "utf8"));
  assert.deepEqual(scripts.train, "tsc && node train.js");
  node(join(root, "node_modules/typescript/bin/tsc"));
  assert.ok(existsSync(join(code, "predict.js")));
  const { sha256 } = await handlers.run({ project, run });
  assert.ok(node("train.js").trim().endsWith(sha256));
  const [answer] = JSON.parse(node("predict.js", join(home, "pets/cat/1.png")));
  assert.equal(answer.top.length, 2);
});
