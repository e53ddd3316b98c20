// Ten thousand trials: the study opens whole and goes on, and suggestions stay within their bounds. Its time is
// printed, and measured by tools/measure-tune.ts; a test on a shared machine asserts no times.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { median } from "../../src/experiment/models/benchmark.js";
import { loadStudy, tpeSampler } from "../../src/tune/index.js";
import { space, writeJournal } from "./large-study.js";

const milliseconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

test("a study of 10,000 trials opens whole, and TPE goes on", async (t) => {
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
      assert.ok(Number.isFinite(value));
      await study.tell(trial, value);
    }
    assert.equal(study.trials.length, 10_021);
    t.diagnostic(
      `opened in ${Math.round(open)} ms and suggested in ${median(suggests).toFixed(1)} ms of processor time`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
