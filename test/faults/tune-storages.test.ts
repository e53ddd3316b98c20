// Files that are damaged or something else, and databases of another version.
import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createStudy, loadStudy, openStorage, StorageError, type Trial } from "../../src/tune/index.js";
import type { Database } from "../../src/tune/storages/rdb/database.js";
import { openSqlite } from "../../src/tune/storages/rdb/sqlite.js";
import { RdbStorage } from "../../src/tune/storages/rdb/storage.js";
import { factsOf } from "../tune/facts-of.js";
import { conditional } from "../tune/objectives.js";

const inFolder = (what: string, work: (path: (name: string) => string) => Promise<void>): void => {
  test(what, async () => {
    const folder = await mkdtemp(join(tmpdir(), "fovea-tune-faults-"));
    try {
      await work((name) => join(folder, name));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
};

/** A grace so short that a moment of silence counts as death: here this process seems to hold the trials. */
const DEAD = { grace: 1e-4 };

inFolder("journal: a torn last line is no trial, and is gone with the next", async (path) => {
  const file = path("study.log");
  const study = await createStudy({ storage: `journal://${file}`, seed: 1 });
  await study.optimize(conditional, { trials: 12 });
  const text = await readFile(file, "utf8");
  const lines = text.trimEnd().split("\n");
  const whole = await createStudy({ seed: 1 });
  await whole.optimize(conditional, { trials: 14 });
  for (const torn of [
    '{"op_co',
    lines.at(-1)!.slice(0, -3),
    "\u0000\u0000\u0000",
    '{"op_code":4,"worker_id":"漢'.slice(0, -1),
  ]) {
    await writeFile(file, text + torn);
    const again = await loadStudy({ storage: `journal://${file}` });
    assert.equal(again.trials.length, 12);
    await again.optimize(conditional, { totalTrials: 14 });
    assert.deepEqual(factsOf(await loadStudy({ storage: `journal://${file}` })), factsOf(whole));
    for (const line of (await readFile(file, "utf8")).trimEnd().split("\n")) JSON.parse(line);
  }
  // Cut anywhere, what is left is a study to go on with.
  for (let cut = text.length - 1; cut > text.indexOf('"op_code":4'); cut -= 701) {
    await writeFile(file, text.slice(0, cut));
    const again = await loadStudy({ storage: `journal://${file}`, heartbeat: DEAD });
    await again.optimize(conditional, { totalTrials: 14 });
    assert.deepEqual(factsOf(again), factsOf(whole), `cut after ${cut} bytes`);
  }
});

inFolder("journal: a line that is none, and is gone again, leaves every trial once", async (path) => {
  const file = path("study.log");
  const study = await createStudy({ storage: `journal://${file}`, seed: 1 });
  await study.optimize(conditional, { trials: 3 });
  const storage = await openStorage(`journal://${file}`);
  const text = await readFile(file, "utf8");
  const lines = text.trimEnd().split("\n").length;
  const [{ id } = { id: -1 }] = await storage.studies();
  // A blank line counts, and says nothing.
  await writeFile(file, `${text}\n${text.split("\n").at(-2)}\nnonsense\n`);
  for (let i = 0; i < 2; i++)
    await assert.rejects(storage.trials(id), new RegExp(`study\\.log, line ${lines + 3}: expected a line of Optuna`));
  await writeFile(file, text);
  assert.equal((await storage.trials(id)).length, 3);
  await storage.close();
  await study.close();
});

inFolder("journal: damage in the middle, and files that are no journal", async (path) => {
  const file = path("study.log");
  const study = await createStudy({ storage: `journal://${file}`, seed: 1 });
  await study.optimize(conditional, { trials: 2 });
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace('"op_code"', '"op_cod'));
  await assert.rejects(openStorage(`journal://${file}`), /line 1: expected a line of Optuna's journal, found/);
  await writeFile(file, text.replace('"op_code":0', '"op_code":77'));
  await assert.rejects(openStorage(`journal://${file}`), /line 1: expected a line of Optuna's journal/);
  await writeFile(path("photo.jpg"), "\u00ff\u00d8 no line break");
  await assert.rejects(
    openStorage(`journal://${path("photo.jpg")}`),
    /expected Optuna's journal, which begins with "{"/,
  );
  await writeFile(path("data.json"), '{"some": "json"}\n');
  await assert.rejects(openStorage(`journal://${path("data.json")}`), /line 1: expected a line/);
  await assert.rejects(openStorage(`journal://${path("no/such/folder.log")}`), /cannot open .*no such file or folder/);
  await writeFile(file, text);
  const open = await loadStudy({ storage: `journal://${file}` });
  await writeFile(file, text.slice(0, 100));
  await assert.rejects(open.ask(), /became shorter while it was in use/);
});

inFolder("journal: a lock is waited for, and one that a dead process left is taken over", async (path) => {
  const file = path("study.log");
  const storage = await openStorage(`journal://${file}`, { lockGrace: 0.4 });
  const study = await createStudy({ storage, seed: 1 });
  await symlink(file, `${file}.lock`);
  const began = performance.now();
  setTimeout(() => rm(`${file}.lock`), 100);
  await study.optimize(conditional, { trials: 1 });
  assert.ok(performance.now() - began >= 99);
  await symlink(file, `${file}.lock`);
  await study.optimize(conditional, { trials: 1 });
  assert.ok(performance.now() - began >= 499);
  assert.equal(study.trials.length, 2);
});

inFolder(
  "journal: a file that is out of reach for a moment ends the run, and its trial is taken up again",
  async (path) => {
    const file = path("study.log");
    const study = await createStudy({ storage: `journal://${file}`, seed: 1 });
    let wasGone = false;
    const objective = async (trial: Trial): Promise<number> => {
      const value = conditional(trial);
      if (trial.number === 1 && !wasGone) {
        wasGone = true;
        await trial.flush();
        await rename(file, path("away.log"));
        await trial.report(value, 0).finally(() => rename(path("away.log"), file));
      }
      return value;
    };
    await assert.rejects(study.optimize(objective, { trials: 3 }), (error: Error) => {
      assert.match(error.message, /cannot read .*study\.log: there is no such file/);
      return error instanceof StorageError;
    });
    await study.optimize(objective, { totalTrials: 3 });
    const whole = await createStudy({ seed: 1 });
    await whole.optimize(conditional, { trials: 3 });
    assert.deepEqual(
      study.trials.map(({ state, values }) => [state, values]),
      whole.trials.map(({ state, values }) => [state, values]),
    );
  },
);

inFolder("sqlite: however many trials, the database has as many statements to keep", async (path) => {
  const database = await openSqlite(path("study.db"));
  const texts = new Set<string>();
  const listening: Database = Object.assign(Object.create(database) as Database, {
    query: (sql: string, values: []) => {
      texts.add(sql);
      return database.query(sql, values);
    },
    transaction: <T>(work: (connection: Database) => Promise<T>) => database.transaction(() => work(listening)),
    isPassing: () => false,
    close: () => database.close(),
  });
  const study = await createStudy({ storage: await RdbStorage.open(listening), seed: 1 });
  await study.optimize(conditional, { trials: 6, parallel: 2 });
  const { size } = texts;
  await study.optimize(conditional, { trials: 20, parallel: 2 });
  assert.ok(size > 10);
  assert.equal(texts.size, size);
  await study.close();
});

inFolder("journal: Python's NaN and Infinity, and lines that Optuna itself ignores", async (path) => {
  const file = path("study.log");
  const study = await createStudy({ storage: `journal://${file}`, seed: 1 });
  await study.optimize(conditional, { trials: 1 });
  const line = (fields: string) => appendFile(file, `{"worker_id":"python",${fields}}\n`);
  await line('"op_code":4,"study_id":0,"datetime_start":"2024-05-06T07:08:09.123456"');
  await line('"op_code":7,"trial_id":1,"step":0,"intermediate_value":NaN');
  await line('"op_code":8,"trial_id":1,"user_attr":{"NaN \\" Infinity":[NaN,-Infinity,"NaN"]}');
  await line('"op_code":6,"trial_id":1,"state":1,"values":[Infinity],"datetime_complete":"2024-05-06T07:08:10+00:00"');
  await line('"op_code":6,"trial_id":1,"state":3,"values":null,"datetime_complete":"2024-05-06T07:08:11"');
  await line('"op_code":10,"trial_ids":[1]');
  await line('"op_code":5,"trial_id":99,"param_name":"x","param_value_internal":0,"distribution":"{}"');
  await study.refresh();
  const trial = study.trials[1]!;
  assert.deepEqual([trial.state, trial.values, trial.intermediate.get(0)], ["complete", [Infinity], Number.NaN]);
  assert.deepEqual(trial.userAttributes, { 'NaN " Infinity': [Number.NaN, -Infinity, "NaN"] });
  assert.equal(trial.startedAt?.getTime(), new Date(2024, 4, 6, 7, 8, 9, 123).getTime());
});

inFolder("sqlite: other files, other versions, a database in use", async (path) => {
  await writeFile(path("photo.jpg"), "\u00ff\u00d8 this is no database, but it is long enough to look at".repeat(50));
  await assert.rejects(openStorage(`sqlite:///${path("photo.jpg")}`), /cannot open .*expected an SQLite database/);
  const url = `sqlite:///${path("study.db")}`;
  const study = await createStudy({ storage: url, seed: 1 });
  await study.optimize(conditional, { trials: 1 });
  const database = await openSqlite(path("study.db"));
  await database.query("BEGIN IMMEDIATE");
  setTimeout(() => database.query("COMMIT"), 150);
  await study.optimize(conditional, { trials: 1 });
  assert.equal(study.trials.length, 2);
  await database.query("BEGIN IMMEDIATE");
  const impatient = createStudy({ storage: await openStorage(url, { patience: 0.1 }), name: "other" });
  await assert.rejects(impatient, /study.db: the database has not answered for 0.1 seconds \(database is locked\)/);
  await database.query("UPDATE version_info SET schema_version = 11");
  await database.query("COMMIT");
  await assert.rejects(
    openStorage(url),
    /expected tables of Optuna's schema version 12 .*found 11 .*optuna storage upgrade/,
  );
  await database.query("UPDATE version_info SET schema_version = 12");
  await database.query("UPDATE alembic_version SET version_num = 'v9.0.0.a'");
  await assert.rejects(openStorage(url), /found 12 \(v9.0.0.a\)/);
  await database.close();
  await study.close();
});
