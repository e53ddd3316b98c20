// Trust in the artefact: a run stores it, every format that carries facts keeps it, predict applies it, and a file without it
// answers as before.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  atTemperature,
  closeData,
  convertFile,
  makeRecipe,
  openModel,
  predictBatches,
  predictFiles,
  startRun,
  streamPredictions,
} from "../../src/experiment/index.js";
import { saveKeras } from "../../src/formats/index.js";
import { readMetrics } from "../../src/formats/run/metrics.js";
import { load, PLAN, photo, photos, write } from "../cases/class-folders.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-trust-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const run = join(folder, "run");
const images = [0, 1, 40, 41].map((n) => join(folder, `${n}.png`));

test("a run stores temperature and limits, and its page, metrics and answers have them", async () => {
  const data = await load(write(join(folder, "pets"), { ...photos("a", 60), ...photos("b", 60, 60) }));
  for (const [i, n] of [0, 1, 40, 41].entries()) writeFileSync(images[i]!, photo(n));
  const { training } = await startRun(run, makeRecipe(PLAN, data), data, { threads: 1 });
  await closeData(data);

  const { calibration, coverage, referral } = readMetrics(readFileSync(join(run, "metrics.json")));
  assert.equal(calibration?.fitted_on.images, 20);
  assert.equal(calibration?.fitted_on.chose_epoch, true, "the same images chose the epoch, and the file says so");
  assert.deepEqual([...new Set(coverage?.map(({ nominal }) => nominal))], [0.8, 0.9, 0.95]);
  assert.deepEqual(
    referral?.costs.per_image.map(({ rule }) => rule),
    ["least expected cost", 0.5, 0.9, 0.99],
  );
  const page = readFileSync(join(run, "report.html"), "utf8");
  for (const section of ["calibration", "sets", "referral"])
    assert.match(page, new RegExp(`<section id="${section}">`));
  assert.match(page, /20 validation images, which also chose the epoch/);

  const opened = await openModel(run);
  const trust = opened.facts?.trust;
  assert.ok(trust?.kind === "classification");
  assert.equal(await opened.original.weightsSha256(), training.weightsSha256, "trust changes no weight");
  assert.equal(trust.answers.truth.length, 20);
  const told = async (options: Parameters<typeof predictFiles>[2]) =>
    (await predictFiles(opened, images, options)).answers;
  const [as, calibrated] = [await told({ calibration: false }), await told({})];
  for (const [n, answer] of as.entries()) {
    const other = calibrated[n]!;
    assert.ok("top" in answer && "top" in other);
    const scaled = atTemperature(
      Float64Array.from(answer.top, ({ probability }) => probability),
      2,
      trust.temperature.value,
    );
    assert.deepEqual(
      other.top.map(({ class: name }) => name),
      answer.top.map(({ class: name }) => name),
      "a temperature changes no decision",
    );
    for (const [k, { probability }] of other.top.entries()) assert.ok(Math.abs(probability - scaled[k]!) < 1e-12);
  }
  await opened.model.close();
});

test("answers have sets and say why they are referred, in tables too", async () => {
  const opened = await openModel(run);
  const rules = {
    coverage: 0.95,
    costs: {
      matrix: [
        [0, 20],
        [20, 0],
      ],
      look: 0.5,
    },
  };
  const { answers, judged } = await predictFiles(opened, images, { rules });
  assert.deepEqual(judged, ["accepted", "reason", "set", "decision", "expected_cost"]);
  for (const answer of answers) {
    assert.ok("top" in answer && answer.set !== undefined);
    // Noise tells nothing, so that nobody would decide here where a look is as cheap.
    assert.ok(!answer.accepted && answer.reason.includes("a look costs 0.5"));
    assert.equal(answer.expected_cost, 0.5);
  }
  const table = join(folder, "answers.csv");
  const outputs = [{ name: "out", kind: "classes", shape: [2], columns: ["a", "b"] }] as const;
  await streamPredictions(table, { outputs }, predictBatches(opened, images, { rules }), () => {});
  const [head, ...rows] = readFileSync(table, "utf8").trim().split("\n");
  assert.equal(head, "image,a,b,accepted,reason,set,decision,expected_cost");
  assert.equal(rows.length, images.length);
  await assert.rejects(
    predictFiles(opened, images, { rules: { referAbove: 0.001 } }),
    /no probability keeps wrong answers at or below 0\.1 % with 95 % confidence on the 20 validation images/,
  );
  await assert.rejects(
    predictFiles(opened, images, { rules, calibration: false }),
    /coverage, risk and costs are of calibrated probabilities/,
  );
  await opened.model.close();
});

test("every format that carries facts keeps trust, and a file without it accepts every answer", async () => {
  const opened = await openModel(run);
  for (const name of ["copy.keras", "copy.onnx", "tfjs/model.json"]) {
    const path = join(folder, name);
    await convertFile(run, path);
    const other = await openModel(path);
    assert.deepEqual(other.facts?.trust, opened.facts?.trust, name);
    await other.model.close();
  }
  const { trust: _, ...older } = opened.facts!;
  const file = join(folder, "older.keras");
  writeFileSync(file, await saveKeras(opened.original, { facts: older }));
  const plain = await openModel(file);
  const { answers, judged } = await predictFiles(plain, images);
  assert.deepEqual(judged, []);
  const asGiven = (await predictFiles(opened, images, { calibration: false })).answers;
  assert.deepEqual(answers, asGiven);
  assert.ok(answers.every(({ accepted }) => accepted));
  await assert.rejects(
    predictFiles(plain, images, { rules: { coverage: 0.9 } }),
    /older\.keras has no facts about calibration, which fovea train stores/,
  );
  await plain.model.close();
  await opened.model.close();
});
