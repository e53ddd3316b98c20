// A run's folder: what the run wrote goes and is replaced, what somebody else put there stays.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { RunFolder } from "../../src/experiment/run/folder.js";
import { appendToFile } from "../../src/platform/files.js";

function temporaryFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "fovea-run-folder-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const chart = (name: string, svg = name) => ({ name, svg });

test("charts replace those that the run drew before; a picture of the user's own stays", async (t) => {
  const run = new RunFolder(temporaryFolder(t));
  const charts = join(run.path, "charts");
  await run.saveCharts([chart("curve-loss"), chart("confusion")]);
  writeFileSync(join(charts, "mine.svg"), "mine");
  assert.deepEqual(await run.saveCharts([chart("curve-loss", "new")]), [join(charts, "curve-loss.svg")]);
  assert.deepEqual(readdirSync(charts), [".drawn.json", "curve-loss.svg", "mine.svg"]);
  assert.equal(readFileSync(join(charts, "curve-loss.svg"), "utf8"), "new");
  assert.equal(readFileSync(join(charts, "mine.svg"), "utf8"), "mine");
  for (const list of ["null", '{ "a": 1 }', "[1", '["../../recipe.json", 7, "confusion.svg"]']) {
    writeFileSync(join(run.path, "recipe.json"), "{}");
    writeFileSync(join(charts, ".drawn.json"), list);
    await run.saveCharts([chart("confusion")]);
    assert.deepEqual(readdirSync(charts).slice(0, 2), [".drawn.json", "confusion.svg"]);
    assert.ok(existsSync(join(charts, "mine.svg")) && existsSync(join(run.path, "recipe.json")));
  }
});

test("a folder of pictures that was called charts before the run drew any keeps them all", async (t) => {
  const run = new RunFolder(temporaryFolder(t));
  const charts = join(run.path, "charts");
  mkdirSync(charts);
  for (const name of ["a.svg", "b.svg"]) writeFileSync(join(charts, name), "mine");
  await run.saveCharts([chart("curve-loss")]);
  assert.deepEqual(readdirSync(charts), [".drawn.json", "a.svg", "b.svg", "curve-loss.svg"]);
});

test("a run that fails before its first epoch leaves nothing of its own, and all that is somebody else's", async (t) => {
  for (const mine of [[], ["notes.txt", "validation/sketch.png", "events.txt"]]) {
    const path = join(temporaryFolder(t), "run");
    const run = await RunFolder.create(path);
    await run.save("recipe", "{}");
    await run.save("history", "epoch");
    for (const folder of [path, join(path, "validation")]) {
      mkdirSync(folder, { recursive: true });
      await appendToFile(join(folder, "events.out.tfevents.1700000000.fovea"), "events");
    }
    for (const name of mine) writeFileSync(join(path, name), "mine");
    await run.discard();
    await run.release();
    if (mine.length === 0) assert.ok(!existsSync(path));
    else {
      assert.deepEqual(readdirSync(path), ["events.txt", "notes.txt", "validation"]);
      assert.deepEqual(readdirSync(join(path, "validation")), ["sketch.png"]);
    }
  }
});

test("a new run's folder keeps a temporary file of another program", async (t) => {
  const path = temporaryFolder(t);
  writeFileSync(join(path, ".~lock.odt.tmp"), "mine");
  await assert.rejects(RunFolder.create(path), /exists already; choose another folder with --out/);
  assert.deepEqual(readdirSync(path), [".~lock.odt.tmp"]);
  rmSync(join(path, ".~lock.odt.tmp"));
  writeFileSync(join(path, ".recipe.json.123-4.tmp"), "half of an old one");
  await (await RunFolder.create(path)).release();
  assert.deepEqual(readdirSync(path), []);
});
