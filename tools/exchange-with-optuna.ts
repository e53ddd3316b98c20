// Studies that go to and fro between us and the real Optuna, through a journal, SQLite and PostgreSQL (where it is
// installed). Usage: node dist/tools/exchange-with-optuna.js PYTHON, an interpreter with optuna and psycopg2.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createStudy, loadStudy, type Study, type Trial } from "../src/tune/index.js";
import { describe } from "../test/tune/describe.js";
import { noPostgres, startPostgres } from "../test/tune/postgres-server.js";

const script = fileURLToPath(new URL("../../tools/check-optuna.py", import.meta.url));

/** The same as `objective` in tools/check-optuna.py. */
async function exchanged(trial: Trial): Promise<number> {
  const x = trial.suggestFloat("x", -5, 5);
  const rate = trial.suggestFloat("rate", 1e-5, 1e-1, { log: true });
  const dropout = trial.suggestFloat("dropout", 0, 0.5, { step: 0.05 });
  const units = trial.suggestInt("units", 16, 128, { step: 16 });
  const width = trial.suggestInt("width", 1, 1000, { log: true });
  const kind = trial.suggestCategorical("kind", ['漢 "quoted"', null, true, 3, 0.5]);
  let value = x * x + Math.abs(Math.log10(rate) + 3) + dropout + units / 128 + Math.log(width);
  if (kind === null) value += trial.suggestFloat("only without kind", 0, 1);
  trial.setUserAttribute("note", { number: trial.number, list: [1, 2.5, null, "漢"] });
  for (let step = 0; step < 4; step++)
    await trial.report(step === 2 ? Number.NaN : step === 3 ? Infinity : value + 1 / (step + 1), step);
  if (trial.number % 5 === 3) throw trial.prune();
  if (trial.number % 7 === 5) throw new Error("no luck");
  return trial.number % 11 === 10 ? Infinity : value;
}

async function checkStorage(python: string, url: string): Promise<void> {
  const optuna = (...words: string[]): string => execFileSync(python, [script, ...words], { encoding: "utf8" });
  const step = async (what: string, work: () => Promise<void>): Promise<void> => {
    await work();
    console.log(`${url.split(":")[0]}: ${what}`);
  };
  const same = async (study: Study): Promise<void> => {
    await study.refresh();
    assert.deepEqual(describe(study), JSON.parse(optuna("describe", url, study.name)));
  };
  const alternate = async (study: Study): Promise<void> => {
    const { name } = study;
    await step(`"${name}" is the same here and there`, () => same(study));
    await step("continued by Optuna", async () => {
      optuna("continue", url, name, "8");
      await same(study);
    });
    await step("continued by us", async () => {
      await study.optimize(exchanged, { trials: 8 });
      await same(study);
    });
    await step("enqueued there, evaluated here", async () => {
      optuna("enqueue", url, name);
      await study.optimize(exchanged, { trials: 1 });
      assert.equal(study.trials.at(-1)!.params.units, 48);
      await same(study);
    });
    await step("enqueued here, evaluated there", async () => {
      await study.enqueueTrial({ x: -2.5, kind: true });
      optuna("continue", url, name, "1");
      await same(study);
      assert.deepEqual([study.trials.at(-1)!.params.x, study.trials.at(-1)!.params.kind], [-2.5, true]);
    });
    await study.close();
  };

  const ours = await createStudy({ name: "from Fovea", storage: url, seed: 1 });
  await ours.setUserAttribute("why", "exchange");
  await ours.enqueueTrial({ x: 1.5, kind: null });
  await ours.optimize(exchanged, { trials: 24 });
  await alternate(ours);
  optuna("create", url, "from Optuna", "24");
  await alternate(await loadStudy({ name: "from Optuna", storage: url }));
  await step("two of Optuna and one of ours at the same time", async () => {
    const study = await createStudy({ name: "together", storage: url, seed: 2 });
    const theirs = [1, 2].map(() => promisify(execFile)(python, [script, "continue", url, "together", "20"]));
    await Promise.all([...theirs, study.optimize(exchanged, { trials: 40, parallel: 2, asynchronous: true })]);
    await same(study);
    assert.deepEqual(
      study.trials.map((trial) => trial.number),
      Array.from({ length: 80 }, (_, i) => i),
    );
    await study.close();
  });
}

const [python] = process.argv.slice(2);
if (python === undefined) throw new Error("usage: node dist/tools/exchange-with-optuna.js PYTHON");
const folder = mkdtempSync(join(tmpdir(), "fovea-exchange-"));
try {
  await checkStorage(python, `journal://${join(folder, "study.log")}`);
  await checkStorage(python, `sqlite:///${join(folder, "study.db")}`);
  if (noPostgres !== undefined) console.log(`postgresql: skipped, ${noPostgres}`);
  else {
    const server = await startPostgres();
    try {
      await checkStorage(python, server.database("exchange"));
    } finally {
      server.remove();
    }
  }
  console.log("all the same");
} finally {
  rmSync(folder, { recursive: true });
}
