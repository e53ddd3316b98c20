// Images that a label journal adds: they train and never judge, other images stay in their parts, a run is replayed with those
// that it had, and an undone addition is gone.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  addedImages,
  addImage,
  additionsFolder,
  closeData,
  type ExperimentData,
  expectedOf,
  findData,
  findJournal,
  loadData,
  makeRecipe,
  openJournal,
  RunFolder,
  readJournal,
  recipeOf,
  relabel,
  replay,
  startRun,
  undo,
} from "../../src/experiment/index.js";
import { journalNote, journalSummary } from "../../src/experiment/journal/summary.js";
import type { Recipe } from "../../src/formats/run/recipe.js";
import { PLAN, photo, photos, write } from "../cases/class-folders.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-added-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function load(path: string, recorded?: Recipe["data"]): Promise<ExperimentData> {
  const paths = await findData(path);
  const journal = await findJournal(paths);
  return loadData(paths, PLAN.preprocessing, PLAN.split, {
    cache: false,
    threads: 0,
    journal,
    ...(recorded && { recorded }),
  });
}

/** Files of each part, and the labels of all. */
function told({ parts }: ExperimentData) {
  const files = (name: "train" | "validation" | "test"): string[] =>
    Array.from(parts[name].rows, (row) => parts[name].samples.files[row]!);
  const { targets, samples } = parts.train;
  assert.ok(targets.kind === "classes");
  const label = (file: string) => targets.classNames[targets.indices[samples.files.indexOf(file)]!];
  return { train: files("train"), validation: files("validation"), test: files("test"), label };
}

test("added images train, and a run is replayed with those that it had", async () => {
  const path = join(folder, "pets");
  write(path, { ...photos("a", 10), ...photos("b", 10, 50) });
  const before = await load(path);
  const split = told(before);
  const journal = await openJournal(join(path, "labels.journal"));
  const bytes = new Uint8Array(photo(200));
  const entry = await addImage(journal, bytes, "a", { by: "Mira", why: "the model said b" });
  assert.equal(entry?.from, null);
  assert.equal(await addImage(journal, bytes, "a"), undefined, "the same again is no entry");
  const [file] = readdirSync(additionsFolder(journal.path));
  assert.equal(entry.file, `.labels.additions/${file}`);
  assert.deepEqual(readFileSync(join(path, entry.file)), Buffer.from(bytes));

  const data = await load(path);
  const added = told(data);
  assert.deepEqual(added.train, [...split.train, entry.file]);
  assert.deepEqual([added.validation, added.test], [split.validation, split.test]);
  assert.equal(added.label(entry.file), "a");
  assert.ok(
    data.notes.some((note) => /1 image is added to the training images/.test(note)),
    data.notes.join("\n"),
  );
  const recipe = makeRecipe(PLAN, data);
  const { training } = await startRun(join(folder, "run"), recipe, data, { threads: 1 });
  await closeData(data);

  // Later changes of the journal change nothing about the run.
  await relabel(journal, { image: entry.image, file: entry.file, label: "a" }, "b");
  await addImage(journal, new Uint8Array(photo(210)), "b");
  const later = told(await load(path));
  assert.deepEqual([later.train.length, later.label(entry.file)], [split.train.length + 2, "b"]);
  const summary = journalSummary(await readJournal(journal.path));
  assert.deepEqual([summary.changed, summary.added, summary.excluded], [0, 2, 0]);
  assert.match(journalNote(summary), /changes 0 labels, adds 2 images to those of training and leaves 0 images out/);
  const run = await RunFolder.open(join(folder, "run"));
  const again = await load(path, (await recipeOf(run)).data);
  const { sameBits, weightsSha256 } = await replay(await recipeOf(run), again, await expectedOf(run), { threads: 1 });
  assert.deepEqual({ sameBits, weightsSha256 }, { sameBits: true, weightsSha256: training.weightsSha256 });
});

test("an addition that is undone is gone, and its file need not be there", async () => {
  const path = join(folder, "undone");
  write(path, { ...photos("a", 10), ...photos("b", 10, 50) });
  const split = told(await load(path));
  const journal = await openJournal(join(path, "labels.journal"));
  const entry = (await addImage(journal, new Uint8Array(photo(220)), "new class"))!;
  assert.equal(told(await load(path)).label(entry.file), "new class");
  await undo(journal, entry.image);
  rmSync(join(path, entry.file));
  const now = await load(path);
  assert.deepEqual(told(now).train, split.train);
  assert.ok(!now.notes.some((note) => /not in these data/.test(note)), now.notes.join("\n"));
  assert.deepEqual(
    addedImages(await readJournal(journal.path)).map(({ isExcluded }) => isExcluded),
    [true],
  );
  const { changed, added, excluded } = journalSummary(await readJournal(journal.path));
  assert.deepEqual([changed, added, excluded], [0, 0, 0]);
  await addImage(journal, new Uint8Array(photo(220)), "a");
  assert.equal(told(await load(path)).label(entry.file), "a", "it can be added again");
});

test("an added file that is gone or another is refused, as is what is no image", async () => {
  const path = join(folder, "wrong");
  write(path, { ...photos("a", 10), ...photos("b", 10, 50) });
  const journal = await openJournal(join(path, "labels.journal"));
  await assert.rejects(
    addImage(journal, new TextEncoder().encode("no image"), "a", { name: "x.png" }),
    /x\.png is no image/,
  );
  assert.ok(!existsSync(journal.path), "nothing is written");
  const entry = (await addImage(journal, new Uint8Array(photo(230)), "a"))!;
  writeFileSync(join(path, entry.file), photo(231));
  await assert.rejects(load(path), /is not the image that .*labels\.journal adds; bring the file back, or undo/);
  rmSync(join(path, entry.file));
  await assert.rejects(load(path), /adds this image, and it is not there; bring it back, or undo the addition/);
  assert.equal(additionsFolder("a/photos.zip.labels.journal"), "a/.photos.zip.labels.additions");
});
