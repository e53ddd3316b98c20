// First labels: images that the data give none are labelled by the journal alone, train as any others, and give the same bits
// again when the journal has grown; those that nobody has labelled wait.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  type ExperimentData,
  exclude,
  expectedOf,
  findData,
  findJournal,
  type LabelJournalFile,
  type LoadDataOptions,
  loadData,
  makeRecipe,
  NO_LABEL,
  openJournal,
  openModel,
  partFor,
  readJournal,
  recipeOf,
  relabel,
  replay,
  startRun,
  undo,
} from "../../src/experiment/index.js";
import { sha256Hex } from "../../src/platform/hashing.js";
import { PLAN, photos, write } from "../cases/class-folders.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-first-labels-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const threading = { cache: false, threads: 0 } as const;

async function load(path: string, options: LoadDataOptions = {}): Promise<ExperimentData> {
  const paths = await findData(path);
  const journal = await findJournal(paths);
  return loadData(paths, PLAN.preprocessing, PLAN.split, { ...threading, journal, ...options });
}

/** Images of a folder as first labels name them. */
const bare = (folder: string, files: readonly string[]) =>
  Promise.all(
    files.map(async (file) => ({
      image: await sha256Hex(new Uint8Array(readFileSync(join(folder, file)))),
      file,
      label: NO_LABEL,
    })),
  );

const numbered = (first: number, end: number): string[] =>
  Array.from({ length: end - first }, (_, i) => `${first + i}.png`);

async function label(folder: string, journal: LabelJournalFile, files: readonly string[], name: string) {
  await relabel(journal, await bare(folder, files), name, { by: "Mira" });
}

test("images of a folder without classes train by their first labels, and give the same bits again", async () => {
  const folder = write(join(directory, "loose"), photos(".", 14));
  await assert.rejects(load(folder), /loose holds images and no class folders; .* label/);
  const journal = await openJournal(join(folder, "labels.journal"));
  await label(folder, journal, numbered(0, 6), "猫");
  await assert.rejects(
    load(folder),
    /leaves one class only in .*loose \(猫\); training needs two: give images of another/,
  );
  await label(folder, journal, numbered(6, 12), "dog");
  await exclude(journal, await bare(folder, ["13.png"]));
  const data = await load(folder);
  const { targets, samples } = data.folders.train;
  assert.ok(targets.kind === "classes");
  assert.deepEqual(targets.classNames, ["dog", "猫"]);
  assert.equal(samples.files.length, 12);
  assert.ok(data.notes.includes("1 image has no label yet and is not used"), String(data.notes));
  assert.ok(data.notes.includes(`12 labels are changed and 1 image is left out by ${folder}/labels.journal`));
  assert.deepEqual(
    data.findings.filter(({ kind }) => kind === "journal"),
    [],
  );

  const recipe = makeRecipe(PLAN, data);
  assert.equal(recipe.data.journal?.entries, 13);
  const { folder: run } = await startRun(join(directory, "run"), recipe, data, { threads: 1 });
  await label(folder, journal, ["12.png"], "dog");
  const stored = await recipeOf(run);
  const again = await load(folder, { recorded: stored.data });
  assert.ok((await replay(stored, again, await expectedOf(run), { threads: 2 })).sameBits);
  const model = await openModel(run.path);
  const { part } = await partFor(model, folder, { threads: 0, journal: await readJournal(journal.path) });
  assert.equal(part.rows.length, 13, "judged are all that have a label by now");
  await model.model.close();
});

test("a first label is taken back by an entry that leads to none", async () => {
  const folder = write(join(directory, "undone"), photos(".", 4));
  const journal = await openJournal(join(folder, "labels.journal"));
  await label(folder, journal, numbered(0, 2), "cat");
  const [first] = await bare(folder, ["0.png"]);
  await undo(journal, first!.image);
  const { entries } = await readJournal(journal.path);
  assert.deepEqual(
    entries.map(({ from, to }) => [from, to]),
    [
      ["", "cat"],
      ["", "cat"],
      ["cat", ""],
    ],
  );
  await assert.rejects(
    load(folder),
    /leaves one image of .*undone; training needs at least two: give more images a label/,
  );
  await assert.rejects(relabel(journal, first!, NO_LABEL), /relabel: expected string to have >=1 characters/);
});

test("a manifest whose classes have empty cells is completed by its journal", async () => {
  const rows = numbered(0, 12).map((file, i) => `${file},${i < 4 ? "cat" : i < 8 ? "dog" : ""}`);
  const manifest = `path,class\n${rows.join("\n")}\n`;
  const folder = write(join(directory, "partly"), { ...photos(".", 12), "manifest.csv": manifest });
  await assert.rejects(load(folder), /expected a class in every row of column class, found nothing in line 10/);
  const journal = await openJournal(join(folder, "labels.journal"));
  await label(folder, journal, numbered(8, 11), "emu");
  const { folders, notes } = await load(folder);
  const { targets, samples } = folders.train;
  assert.ok(targets.kind === "classes");
  assert.deepEqual([targets.classNames, samples.files.length], [["cat", "dog", "emu"], 11]);
  assert.ok(notes.includes("1 image has no label yet and is not used"), String(notes));
});
