// Two processes that start runs in the same millisecond never share a folder, whether its name is found or said, and one
// run is resumed by one process. FOVEA_FULL_COUNTS=1 tries 200 pairs.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RunFolder } from "../../src/experiment/run/folder.js";
import { workplace } from "../cli/fovea.js";
import { startPair } from "../faults/pairs.js";

const PAIRS = process.env.FOVEA_FULL_COUNTS ? 200 : 30;

test(`of ${PAIRS} pairs of starts none shares a folder, and each gets one`, async (t) => {
  const folder = workplace(t);
  const pair = await startPair();
  t.after(() => pair.end());
  for (let i = 0; i < PAIRS; i++) {
    const answers = await pair.both({ base: join(folder, `run${i}`) });
    assert.deepEqual(
      answers.map(({ path }) => path).sort(),
      [1, 2].map((n) => join(folder, `run${i}-${n}`)),
    );
    const recipes = answers.map(({ path }) => readFileSync(join(path!, "recipe.json"), "utf8"));
    assert.notEqual(recipes[0], recipes[1]);
  }
});

for (const isThere of [false, true])
  test(`a folder that both name, ${isThere ? "empty" : "not there"}, goes to one; the other is told`, async (t) => {
    const folder = workplace(t);
    const pair = await startPair();
    t.after(() => pair.end());
    for (let i = 0; i < PAIRS / 5; i++) {
      const path = join(folder, `run${i}`);
      if (isThere) mkdirSync(path);
      const answers = await pair.both({ create: path });
      assert.equal(answers.filter((answer) => answer.path === path).length, 1, JSON.stringify(answers));
      const { error } = answers.find((answer) => answer.error !== undefined)!;
      assert.match(error!, /run\d+ (is being trained by process \d+; wait until|exists already; choose another)/);
    }
  });

test("a run is resumed by one process; the lock of one that was killed is in nobody's way", async (t) => {
  const folder = workplace(t);
  const path = join(folder, "run");
  mkdirSync(path);
  writeFileSync(join(path, "recipe.json"), "{}");
  const pair = await startPair();
  t.after(() => pair.end());
  const answers = await pair.both({ claim: path });
  assert.equal(answers.filter((answer) => answer.path === path).length, 1, JSON.stringify(answers));
  assert.match(answers.find(({ error }) => error)!.error!, /run is being trained by process \d+; wait until that ends/);
  await assert.rejects(new RunFolder(path).claim(), /is being trained by process/);
  pair.end();
  for (let tries = 0; ; tries++) {
    try {
      const again = new RunFolder(path);
      await again.claim();
      await again.release();
      break;
    } catch (error) {
      // The system needs a moment to bury a process.
      if (tries === 100) throw error;
      await new Promise((resume) => setTimeout(resume, 50));
    }
  }
  assert.deepEqual(readdirSync(path), ["recipe.json"]);
});

test("a folder in which a process was killed before its recipe is as good as empty", async (t) => {
  const path = join(workplace(t), "run");
  mkdirSync(path);
  writeFileSync(join(path, ".fovea-lock"), '{"machine":"00000000","pid":1,"host":"elsewhere"}');
  const { machine } = await (await import("../../src/platform/leftovers.js")).thisOwner();
  writeFileSync(join(path, `.fovea-${machine}-999999999-00000000.tmp`), "half a recipe");
  await assert.rejects(
    RunFolder.create(path),
    /run is being trained by process 1 on elsewhere; .*remove .*\.fovea-lock/,
  );
  writeFileSync(join(path, ".fovea-lock"), JSON.stringify({ machine, pid: 999999999, host: "here" }));
  const run = await RunFolder.create(path);
  assert.deepEqual(readdirSync(path), [".fovea-lock"]);
  await run.release();
  assert.ok(existsSync(path) && readdirSync(path).length === 0);
});
