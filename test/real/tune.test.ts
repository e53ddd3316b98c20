// The lecture's claim-frequency study on the real table, in small: a few trials, the best of them rebuilt exactly.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  loadStudyData,
  openProgram,
  readSpec,
  rebuildTrial,
  runStudy,
  specProgram,
} from "../../src/experiment/index.js";
import { MemoryStorage } from "../../src/tune/index.js";
import { realData } from "./shared-data.js";

const { path, skip } = realData("tabular/ausprivauto0405.csv");

test("study A: two trials on 67,856 policies, and the best rebuilt in every digit", { skip }, async () => {
  const file = fileURLToPath(new URL("../../../examples/study-a.json", import.meta.url));
  const spec = readSpec(readFileSync(file, "utf8"), "study-a.json");
  const data = { ...spec.data, table: path } as typeof spec.data;
  const loaded = await loadStudyData(data);
  assert.deepEqual(loaded.inputShape, [26]);
  const training = { ...spec.training, epochs: 2 };
  const program = await specProgram({ ...spec, data, training, trials: 2 }, loaded);
  const study = await openProgram(program, new MemoryStorage());
  await runStudy(study, program);
  // One frequency for all has a loss of 0.207, untrained networks one of more than 0.4.
  assert.ok(study.bestValue > 0.19 && study.bestValue < 0.215, `${study.bestValue}`);
  const rebuilt = await rebuildTrial(program, study.bestTrial);
  assert.deepEqual([rebuilt.same, rebuilt.is], [true, study.bestTrial.values]);
});

test("study B: one to three layers of their own widths on the same policies", { skip }, async () => {
  const file = fileURLToPath(new URL("../../../examples/study-b.json", import.meta.url));
  const spec = readSpec(readFileSync(file, "utf8"), "study-b.json");
  const data = { ...spec.data, table: path } as typeof spec.data;
  const training = { ...spec.training, epochs: 1 };
  const program = await specProgram({ ...spec, data, training, trials: 1 }, await loadStudyData(data));
  const study = await openProgram(program, new MemoryStorage());
  await runStudy(study, program);
  const { numHiddenLayers, ...neurons } = study.bestParams;
  assert.deepEqual(
    Object.keys(neurons),
    Array.from({ length: Number(numHiddenLayers) }, (_, i) => `neurons_${i + 1}`),
  );
  assert.ok(study.bestValue > 0.19 && study.bestValue < 0.3, `${study.bestValue}`);
});
