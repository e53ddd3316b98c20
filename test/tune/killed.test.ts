// Studies whose process is killed: they go on as if nothing had happened, in every storage.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadStudy } from "../../src/tune/index.js";
import { factsOf } from "./facts-of.js";
import { startWorker } from "./start-worker.js";

const TRIALS = 30;

for (const [scheme, file] of [
  ["journal://", "study.log"],
  ["sqlite:///", "study.db"],
] as const)
  for (const parallel of [1, 4])
    test(`${scheme} ${parallel} at once: killed three times and resumed, the study is the same`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "fovea-killed-"));
      try {
        const url = scheme + join(folder, file);
        const whole = startWorker(url, "whole", TRIALS, parallel);
        for (const trials of [3, 7, 1]) {
          const worker = startWorker(url, "killed", TRIALS, parallel);
          await worker.killAfter(trials);
        }
        const last = startWorker(url, "killed", TRIALS, parallel);
        assert.deepEqual(await last.over, { code: 0, errors: "" });
        assert.deepEqual(await whole.over, { code: 0, errors: "" });
        const [a, b] = [
          await loadStudy({ name: "whole", storage: url }),
          await loadStudy({ name: "killed", storage: url }),
        ];
        assert.equal(a.trials.length, TRIALS);
        assert.ok(a.trials.every((trial) => trial.state === "complete"));
        assert.deepEqual(factsOf(b), factsOf(a));
        await Promise.all([a.close(), b.close()]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

test("two processes that both want a repeatable schedule are told to share", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-killed-"));
  const url = `journal://${join(folder, "study.log")}`;
  const first = startWorker(url, "shared", 1000, 1);
  await new Promise<void>((begun) => first.process.stdout!.once("data", () => begun()));
  const second = startWorker(url, "shared", 1000, 1);
  // Between two trials of the first nobody is at work, and then it is the first that is refused.
  const refused = await Promise.race([first.over, second.over]);
  for (const { process } of [first, second]) process.kill("SIGKILL");
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /another process is evaluating trial \d+; wait for it, or pass asynchronous: true/);
  await Promise.all([first.over, second.over]);
  await rm(folder, { recursive: true });
});
