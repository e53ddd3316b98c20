// The list of questions before a model is given away: it says what the run's files say, and no more.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checklist, closeData, makeRecipe, RunFolder, startRun, writeCardLines } from "../../src/experiment/index.js";
import { load, PLAN, photos, write } from "../cases/class-folders.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-checklist-"));
after(() => rmSync(directory, { recursive: true, force: true }));

test("a checklist takes intervals from its run, and few test images settle nothing", async () => {
  const path = join(directory, "pets");
  write(path, { ...photos("a", 10), ...photos("b", 10, 50) });
  const data = await load(path);
  await startRun(join(directory, "run"), makeRecipe(PLAN, data), data, { threads: 1 });
  await closeData(data);
  const file = join(directory, "run", "facts.json");
  const facts = JSON.parse(readFileSync(file, "utf8"));
  // The interval of a run of groups: wide, so that it holds any confidence.
  facts.facts.metrics.find(({ split }: { readonly split: string }) => split === "Test").intervals.accuracy = [0, 1];
  writeFileSync(file, JSON.stringify(facts));

  const folder = await RunFolder.open(join(directory, "run"));
  await writeCardLines(folder, { purpose: "Sorts.", limits: "Drawings.", contact: "Mira" });
  const items = new Map((await checklist(folder)).map((item) => [item.kind, item]));
  assert.deepEqual(
    ["copies", "test", "calibration", "labels", "card"].map((kind) => items.get(kind as "copies")?.state),
    ["done", "open", "unknown", "open", "done"],
  );
  assert.match(items.get("test")!.sentence, /with 95 % confidence 0\.0 % to 100\.0 %; test on more images/);
  assert.match(items.get("calibration")!.sentence, /too wide to say/);
  assert.match(items.get("labels")!.sentence, /without a label journal, so no label is known to be checked/);
});
