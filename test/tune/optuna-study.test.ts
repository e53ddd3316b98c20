// A study that the real Optuna wrote (tools/check-optuna.py fixtures), read from its journal and its database, and gone
// on with. tools/exchange-with-optuna.ts does it in both directions with a Python at hand.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadStudy } from "../../src/tune/index.js";
import { openSqlite } from "../../src/tune/storages/rdb/sqlite.js";
import { describe } from "./describe.js";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/tune/fixtures/${name}`, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "fovea-optuna-"));
after(() => rm(folder, { recursive: true }));

await copyFile(fixture("optuna-study.journal"), join(folder, "study.log"));
const database = await openSqlite(join(folder, "study.db"));
// A dump has tables in the order of their names.
await database.query("PRAGMA foreign_keys = OFF");
// Statements end with a semicolon and a line break, which no text in them does.
for (const statement of (await readFile(fixture("optuna-study.sql"), "utf8")).split(";\n"))
  if (statement.trim() !== "") await database.query(statement);
await database.close();

for (const url of [`journal://${join(folder, "study.log")}`, `sqlite:///${join(folder, "study.db")}`])
  test(`${url.split(":")[0]}: Optuna's study is read in every detail and goes on`, async () => {
    const expected: unknown = JSON.parse(await readFile(fixture("optuna-study.json"), "utf8"));
    const study = await loadStudy({ name: "from Optuna", storage: url });
    assert.deepEqual(describe(study), expected);
    assert.deepEqual(new Set(study.trials.map((trial) => trial.state)), new Set(["complete", "pruned", "fail"]));
    await study.optimize((trial) => trial.suggestFloat("x", -5, 5) ** 2, { trials: 3 });
    const again = await loadStudy({ name: "from Optuna", storage: url });
    assert.deepEqual(describe(again), describe(study));
    assert.deepEqual(
      again.trials.slice(24).map((trial) => trial.number),
      [24, 25, 26],
    );
    await Promise.all([study.close(), again.close()]);
  });
