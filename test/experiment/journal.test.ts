// Training with a label journal: other labels and fewer images give other bits, the same journal gives the same bits again,
// also when it has grown; what does not fit is a note, a finding or one sentence.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  type DataWish,
  type ExperimentData,
  exclude,
  expectedOf,
  findData,
  findJournal,
  type LoadDataOptions,
  loadData,
  loadStudyData,
  makeRecipe,
  openJournal,
  openModel,
  openProgram,
  partFor,
  RunFolder,
  readSpec,
  recipeOf,
  relabel,
  replay,
  replayCode,
  type StudyDataOptions,
  specProgram,
  startRun,
  storedJournal,
  undo,
} from "../../src/experiment/index.js";
import { writeRecipe } from "../../src/formats/run/recipe.js";
import { sha256Hex } from "../../src/platform/hashing.js";
import { MemoryStorage } from "../../src/tune/index.js";
import { PLAN, photo, photos, write } from "../cases/class-folders.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-corrected-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const folderOf = (name: string): string => join(directory, name);

const threading = { cache: false, threads: 0 } as const;

async function load(path: string, options: LoadDataOptions = {}): Promise<ExperimentData> {
  const paths = await findData(path);
  return loadData(paths, PLAN.preprocessing, PLAN.split, {
    ...threading,
    journal: await findJournal(paths),
    ...options,
  });
}

/** The image of a file as corrections name it. */
function imageOf({ folders: { train } }: ExperimentData, file: string) {
  const row = train.samples.files.indexOf(file);
  assert.ok(row >= 0 && train.targets.kind === "classes", file);
  const label = train.targets.classNames[train.targets.indices[row]!]!;
  return { image: train.samples.hashes![row]!, file, label };
}

const hashOf = async (path: string): Promise<string> => sha256Hex(new Uint8Array(readFileSync(path)));

const journalFindings = ({ findings }: ExperimentData) => findings.filter(({ kind }) => kind === "journal");

/** Names of the classes by file. */
function classesOf({ folders: { train } }: ExperimentData): Record<string, string> {
  const { targets, samples } = train;
  assert.ok(targets.kind === "classes");
  return Object.fromEntries(samples.files.map((file, row) => [file, targets.classNames[targets.indices[row]!]!]));
}

test("two changes and an exclusion: other bits, the same bits again, also when the journal has grown", async () => {
  const folder = write(folderOf("animals"), { ...photos("cat", 12), ...photos("dog", 12, 20) });
  const plain = await load(folder);
  const before = makeRecipe(PLAN, plain);
  const { metrics: old } = await startRun(folderOf("run-plain"), before, plain, { threads: 1 });

  const journal = await openJournal(join(folder, "labels.journal"));
  const fox = [imageOf(plain, "cat/3.png"), imageOf(plain, "dog/4.png")];
  await relabel(journal, fox[0]!, "dog", { by: "Mira", why: "ears" });
  await relabel(journal, fox[1]!, "cat");
  await exclude(journal, imageOf(plain, "dog/5.png"), { why: "blurred" });

  const data = await load(folder);
  assert.ok(
    data.notes.includes(`2 labels are changed and 1 image is left out by ${folder}/labels.journal`),
    String(data.notes),
  );
  assert.deepEqual(journalFindings(data), []);
  assert.equal(data.folders.train.samples.files.length, 23);
  const classes = classesOf(data);
  assert.deepEqual([classes["cat/3.png"], classes["dog/4.png"], classes["dog/5.png"]], ["dog", "cat", undefined]);
  const recipe = makeRecipe(PLAN, data);
  assert.equal(recipe.data.journal?.entries, 3);
  assert.equal(recipe.data.train.images, 23);
  const { folder: run, metrics } = await startRun(folderOf("run"), recipe, data, { threads: 1 });
  assert.notEqual(metrics.weights_sha256, old.weights_sha256);
  const stored = await recipeOf(run);
  assert.deepEqual(stored, recipe);
  const opened = await openModel(run.path);
  assert.deepEqual(opened.facts?.recipe?.data.journal, recipe.data.journal, "the model's facts carry it");
  await opened.model.close();

  await relabel(journal, [imageOf(plain, "cat/7.png"), imageOf(plain, "cat/8.png")], "fox");
  const again = await load(folder, { recorded: stored.data });
  assert.ok(again.notes.includes(`2 entries of ${folder}/labels.journal from after the recipe are not used`));
  assert.ok((await replay(stored, again, await expectedOf(run), { threads: 2 })).sameBits);
  await assert.rejects(
    async () => replay(stored, await load(folder), await expectedOf(run)),
    /expected the first 3 entries of the run's label journal, received 5; load the data with recorded: recipe.data$/,
  );
  // A run from before the journal is replayed without it.
  const first = await load(folder, { recorded: before.data });
  assert.ok((await replay(before, first, await expectedOf(await RunFolder.open(folderOf("run-plain"))))).sameBits);
  await assert.rejects(
    async () => replay(before, data, await expectedOf(run)),
    /animals: the labels of the run were not corrected, and here 3 entries/,
  );

  const text = readFileSync(join(folder, "labels.journal"), "utf8");
  writeFileSync(join(folder, "labels.journal"), text.replace("Mira", "Mara"));
  await assert.rejects(
    load(folder, { recorded: stored.data }),
    /the first 3 entries are not those of the run: expected hash/,
  );
  rmSync(join(folder, "labels.journal"));
  await assert.rejects(
    load(folder, { recorded: stored.data }),
    /corrected by 3 entries of a label journal, and there is none/,
  );
  assert.equal(
    writeRecipe(makeRecipe(PLAN, await load(folder))),
    writeRecipe(before),
    "without a journal nothing is new",
  );
});

test("classes come and go by the journal, in Train and in Test", async () => {
  const folder = write(folderOf("parts"), {
    ...photos("Train/cat", 4),
    ...photos("Train/dgo", 2, 10),
    ...photos("Train/dog", 4, 20),
    ...photos("Test/cat", 2, 30),
    ...photos("Test/dgo", 2, 40),
    ...photos("Test/fox", 1, 50),
  });
  const journal = await openJournal(join(folder, "labels.journal"));
  const { train, test: tested } = await findData(folder);
  const typo = async (path: string, names: readonly string[], from: string, to: string) => {
    for (const name of names)
      await relabel(journal, { image: await hashOf(join(path, from, name)), file: `${from}/${name}`, label: from }, to);
  };
  await typo(train, ["0.png", "1.png"], "dgo", "dog");
  await typo(train, ["2.png", "3.png"], "cat", "ape");
  await typo(tested!, ["0.png", "1.png"], "dgo", "dog");
  await assert.rejects(
    load(folder),
    /parts.Test has 1 class folder that is not among the 4 expected classes: fox; remove it/,
  );
  await typo(tested!, ["0.png"], "fox", "dgo");
  await assert.rejects(
    load(folder),
    /Test: after .*labels.journal it has the class dgo, which is not among the 3 expected; correct these images as well/,
  );
  await typo(tested!, ["0.png"], "fox", "ape");
  const data = await load(folder);
  const { targets } = data.folders.test!;
  assert.ok(targets.kind === "classes");
  assert.deepEqual(targets.classNames, ["ape", "cat", "dog"]);
  assert.deepEqual([...targets.indices], [1, 1, 2, 2, 0]);
  assert.deepEqual(makeRecipe(PLAN, data).task, { kind: "classification", classNames: ["ape", "cat", "dog"] });
});

test("renamed files keep their corrections; what contradicts the data, or is not in them, is told", async () => {
  const folder = write(folderOf("moved"), {
    ...photos("cat", 8),
    ...photos("dog", 6, 20),
    ...photos("owl", 2, 40),
    "owl/copy.png": photo(0),
  });
  const plain = await load(folder);
  const journal = await openJournal(join(folder, "labels.journal"));
  const at = (file: string) => imageOf(plain, file);
  await relabel(journal, at("cat/1.png"), "dog");
  await relabel(journal, at("cat/2.png"), "dog");
  await relabel(journal, at("cat/3.png"), "dog");
  await relabel(journal, at("cat/4.png"), "owl");
  await undo(journal, at("cat/4.png").image);
  await relabel(journal, at("cat/0.png"), "owl");
  await exclude(journal, at("dog/3.png"));
  renameSync(join(folder, "cat/1.png"), join(folder, "cat/renamed.png"));
  renameSync(join(folder, "cat/2.png"), join(folder, "dog/by-hand.png"));
  renameSync(join(folder, "cat/3.png"), join(folder, "owl/otherwise.png"));
  renameSync(join(folder, "dog/3.png"), join(folder, "owl/out.png"));
  rmSync(join(folder, "cat/4.png"));
  const data = await load(folder);
  const classes = classesOf(data);
  assert.equal(classes["cat/renamed.png"], "dog");
  assert.equal(classes["dog/by-hand.png"], "dog");
  assert.equal(classes["owl/otherwise.png"], "owl", "the folder was changed after the entry");
  assert.equal(classes["cat/0.png"], "owl", "a copy of owl/copy.png");
  assert.equal("owl/out.png" in classes, false);
  assert.deepEqual(
    journalFindings(data).map(({ kind, severity, files, evidence, remedy }) => [
      kind,
      severity,
      files,
      `${evidence}; ${remedy}`,
    ]),
    [
      [
        "journal",
        "warning",
        ["owl/otherwise.png", "owl/out.png"],
        `2 images have another label than ${folder}/labels.journal corrects: owl/otherwise.png is owl, and line 3 makes it dog ` +
          "from cat; the label of the data is used, and the image stays left out; correct it again, or undo the entry",
      ],
    ],
  );
  assert.ok(
    data.notes.includes(`2 labels are changed and 1 image is left out by ${folder}/labels.journal`),
    String(data.notes),
  );
  assert.ok(
    data.notes.includes(`${folder}/labels.journal has entries about 1 image that is not in these data: cat/4.png`),
  );
  // Corrected again, the contradiction is settled.
  await relabel(journal, imageOf(data, "owl/otherwise.png"), "cat");
  const settled = await load(folder);
  assert.equal(classesOf(settled)["owl/otherwise.png"], "cat");
  assert.deepEqual(
    journalFindings(settled).flatMap(({ files }) => files),
    ["owl/out.png"],
  );
});

test("a journal that leaves too little, and one for a table, are refused", async () => {
  const folder = write(folderOf("little"), { ...photos("cat", 2), ...photos("dog", 1, 20) });
  const journal = await openJournal(join(folder, "labels.journal"));
  const image = async (file: string, label: string) => ({ image: await hashOf(join(folder, file)), file, label });
  await relabel(journal, await image("dog/0.png", "dog"), "cat");
  await assert.rejects(load(folder), /labels.journal leaves one class only in .*little \(cat\); training needs two/);
  await exclude(journal, [await image("cat/0.png", "cat"), await image("cat/1.png", "cat")]);
  await assert.rejects(load(folder), /labels.journal leaves one image of .*little; training needs at least two/);
  const table = { missing: "error", standardize: true } as const;
  await assert.rejects(
    loadData({ train: "a.csv" }, table, PLAN.split, { journal: await findJournal({ train: folder }) }),
    /a label journal corrects images, and these are a table/,
  );
});

/** A manifest of eight images with a class, labels, and a number that an exposure divides. */
function manifest(name: string): string {
  const rows = Array.from(
    { length: 8 },
    (_, at) => `${at}.png,${at % 2 ? "b" : "a"},${at % 3 ? "x;y" : "y"},${at + 0.1},${at + 1}`,
  );
  return write(folderOf(name), {
    "manifest.csv": ["path,class,tags,cost,exposure", ...rows].join("\n"),
    ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`${at}.png`, photo(at)])),
  });
}

test("labels and numbers are corrected, each by its own column", async () => {
  const folder = manifest("manifest");
  const hashes = await Promise.all(Array.from({ length: 8 }, (_, at) => hashOf(join(folder, `${at}.png`))));
  const at = (row: number, label: Parameters<typeof relabel>[2], column?: string) => ({
    image: hashes[row]!,
    file: `${row}.png`,
    label,
    column,
  });
  const journal = await openJournal(join(folder, "labels.journal"));
  await relabel(journal, [at(0, "a", "class"), at(4, "a", "class")], "c");
  await relabel(journal, at(1, "b", "other"), "z");
  await relabel(journal, [at(1, ["x", "y"]), at(2, ["x", "y"])], ["z", "y"]);
  await relabel(journal, at(2, { cost: 2.1, other: 7 }), { cost: 9.7 });
  await relabel(journal, at(3, { other: 1 }), { other: 2 });
  await exclude(journal, at(7, "b"));
  const loaded = async (wish: DataWish) => (await load(folder, wish)).folders.train;
  const { targets: classes } = await loaded({ target: ["class"] });
  assert.ok(classes.kind === "classes");
  assert.deepEqual(classes.classNames, ["a", "b", "c"]);
  assert.deepEqual([...classes.indices], [2, 1, 0, 1, 2, 1, 0]);
  const { targets: labels } = await loaded({ target: ["tags"] });
  assert.ok(labels.kind === "labels");
  assert.deepEqual(labels.labelNames, ["x", "y", "z"]);
  assert.deepEqual([...labels.values.subarray(0, 9)], [0, 1, 0, 0, 1, 1, 0, 1, 1]);
  const { targets: costs, weight, exposure } = await loaded({ target: ["cost"], task: "regression", exposure: true });
  assert.ok(costs.kind === "numbers");
  const expected = [0.1, 1.1, 9.7, 3.1, 4.1, 5.1, 6.1].map((cost, row) => Math.fround(Math.fround(cost) / (row + 1)));
  assert.deepEqual([...costs.values], expected);
  assert.deepEqual([...weight!], [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(exposure, weight);
  for (const target of [["class"], ["tags"], ["cost"]])
    assert.deepEqual(
      (await load(folder, { target })).findings.filter(({ kind }) => kind === "journal"),
      [],
      target[0],
    );
});

test("an evaluation judges by corrected labels, and the code of a recipe reads the journal", async () => {
  const folder = write(folderOf("judged"), { ...photos("cat", 8), ...photos("dgo", 2, 10), ...photos("dog", 8, 20) });
  const plain = await load(folder);
  const journal = await openJournal(join(folder, "labels.journal"));
  await relabel(journal, [imageOf(plain, "dgo/0.png"), imageOf(plain, "dgo/1.png")], "dog");
  const data = await load(folder);
  const recipe = makeRecipe(PLAN, data);
  const { folder: run } = await startRun(folderOf("run-judged"), recipe, data, { threads: 1 });
  const opened = await openModel(run.path);
  await exclude(journal, imageOf(plain, "cat/0.png"));
  const { part, notes } = await partFor(opened, folder, { threads: 0, journal: await findJournal({ train: folder }) });
  assert.deepEqual(notes, [`2 labels are changed and 1 image is left out by ${folder}/labels.journal`]);
  assert.ok(part.targets.kind === "classes");
  assert.deepEqual(part.targets.classNames, ["cat", "dog"]);
  assert.equal(part.rows.length, 17);
  await assert.rejects(partFor(opened, folder, { threads: 0 }), /dgo/);
  await opened.model.close();
  const code = replayCode(recipe);
  assert.match(code, /^import \{ findJournal, loadData, train \} from "fovea\/experiment";/);
  assert.match(code, /recipe\.split, \{ recorded: recipe\.data, journal: await findJournal\(paths\) \}\)/);
});

test("a study takes the entries that it was begun with", async () => {
  const folder = write(folderOf("study"), { ...photos("cat", 12), ...photos("dog", 12, 20) });
  const spec = readSpec({
    study: "s",
    data: { images: folder, imageSize: [8, 8], color: "grayscale" },
    space: { learning_rate: { float: [1e-3, 1e-2] } },
    model: { layers: ["Flatten"], head: "task" },
    training: { optimizer: { Adam: { learning_rate: "$learning_rate" } }, epochs: 1, batchSize: 8 },
    trials: 1,
  });
  const loaded = (begunWith?: StudyDataOptions["begunWith"]) =>
    loadStudyData(spec.data, { ...threading, ...(begunWith !== undefined && { begunWith }) });
  const plain = await loaded();
  const journal = await openJournal(join(folder, "labels.journal"));
  await relabel(journal, imageOf(plain.images!, "cat/1.png"), "dog");
  const corrected = await loaded();
  assert.notEqual(corrected.sha256, plain.sha256);
  assert.equal((await loaded(null)).sha256, plain.sha256);
  await exclude(journal, imageOf(plain.images!, "cat/2.png"));
  assert.notEqual((await loaded()).sha256, corrected.sha256);
  assert.equal((await loaded(corrected.images!.journal!)).sha256, corrected.sha256);
  const study = await openProgram(await specProgram(spec, corrected), new MemoryStorage());
  assert.deepEqual(storedJournal(study), corrected.images!.journal);
  assert.equal(storedJournal({ userAttributes: { "fovea:journal": "odd" } }), null);
});
