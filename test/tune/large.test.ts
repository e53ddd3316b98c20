// Ten thousand trials: opening the study, and TPE's suggestions for one more. tools/measure-tune.ts measures all
// storages. Processor time is what counts here, for tests share the machine.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadStudy, tpeSampler } from "../../src/tune/index.js";
import { median } from "../../tools/compare-tpe.js";
import { LIMITS } from "../../tools/measure-tune.js";
import { space, writeJournal } from "./large-study.js";

const milliseconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

test("10,000 trials open within a second, and TPE suggests within 20 ms", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-large-"));
  try {
    await writeJournal(join(folder, "study.log"), 10_000);
    const began = process.cpuUsage();
    const study = await loadStudy({ storage: `journal://${join(folder, "study.log")}`, sampler: tpeSampler() });
    const open = milliseconds(began);
    assert.equal(study.trials.length, 10_000);
    const suggests: number[] = [];
    for (let i = 0; i < 21; i++) {
      const asked = process.cpuUsage();
      const trial = await study.ask();
      const value = space(trial);
      suggests.push(milliseconds(asked));
      await study.tell(trial, value);
    }
    assert.ok(open <= LIMITS.open, `opened in ${open} ms`);
    assert.ok(median(suggests) <= LIMITS.suggest, `suggested in ${median(suggests)} ms`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
