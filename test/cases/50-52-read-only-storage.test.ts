// Reading a study leaves every byte as it was and needs no right to write: journals, torn ones too, and databases in each of
// SQLite's states. The studies are Optuna's own (tools/optuna-awkward-fixtures.py).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createStudy, loadStudy, openStorage } from "../../src/tune/index.js";
import { openSqlite } from "../../src/tune/storages/rdb/sqlite.js";
import { foveaOf } from "../cli/fovea.js";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/tune/fixtures/${name}`, import.meta.url));

const root = mkdtempSync(join(tmpdir(), "fovea-read-only-"));
after(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  return path;
}

async function makeDatabase(path: string): Promise<void> {
  const database = await openSqlite(path);
  await database.query("PRAGMA foreign_keys = OFF");
  for (const statement of readFileSync(fixture("optuna-awkward.sql"), "utf8").split(";\n"))
    if (statement.trim() !== "") await database.query(statement);
  await database.close();
}

const MORE = "INSERT INTO studies (study_name) VALUES ('of the log')";

/** The places that studies lie in: a name, and what makes the files in a folder. @returns the storage's URL there. */
const PLACES: Readonly<Record<string, (path: string) => Promise<string>>> = {
  journal: async (path) => {
    copyFileSync(fixture("optuna-awkward.journal"), join(path, "a.log"));
    return "journal://a.log";
  },
  "journal with a torn last line": async (path) => {
    const whole = readFileSync(fixture("optuna-awkward.journal"));
    writeFileSync(join(path, "a.log"), whole.subarray(0, whole.length - 40));
    return "journal://a.log";
  },
  sqlite: async (path) => {
    await makeDatabase(join(path, "a.db"));
    return "sqlite:///a.db";
  },
  "sqlite with a write-ahead log": async (path) => {
    const live = folder("live");
    await makeDatabase(join(live, "a.db"));
    const database = await openSqlite(join(live, "a.db"));
    await database.query("PRAGMA journal_mode = WAL");
    await database.query(MORE);
    // The state that a copy of a database in use, or a writer that died, leaves: the newest study is in the log alone.
    for (const name of ["a.db", "a.db-wal"]) copyFileSync(join(live, name), join(path, name));
    await database.close();
    return "sqlite:///a.db";
  },
  "sqlite with a journal of a writer that died": async (path) => {
    const live = folder("dying");
    await makeDatabase(join(live, "a.db"));
    const database = await openSqlite(join(live, "a.db"));
    await database.query("PRAGMA cache_size = 1");
    await database.transaction(async (connection) => {
      for (let i = 0; i < 200; i++)
        await connection.query("UPDATE trials SET state = 'FAIL', datetime_complete = ?", [`${"x".repeat(400)}${i}`]);
      for (const name of readdirSync(live)) copyFileSync(join(live, name), join(path, name));
    });
    await database.close();
    assert.deepEqual(readdirSync(path), ["a.db", "a.db-journal"]);
    return "sqlite:///a.db";
  },
};

const digests = (path: string): string[] =>
  readdirSync(path).map(
    (name) =>
      `${name} ${createHash("sha256")
        .update(readFileSync(join(path, name)))
        .digest("hex")}`,
  );

/** Permissions mean nothing to the superuser: then somebody else does the reading. */
const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const tune = (cwd: string, ...args: readonly string[]) => foveaOf(somebody, cwd, "tune", ...args);

function makeReadOnly(t: TestContext, path: string): void {
  chmodSync(root, 0o755);
  for (const name of readdirSync(path)) chmodSync(join(path, name), 0o444);
  chmodSync(path, 0o555);
  t.after(() => chmodSync(path, 0o755));
}

const skip = process.platform === "win32" && "Windows has no such permissions";

for (const [name, make] of Object.entries(PLACES))
  test(`${name}: list, show, best, export and importance read only`, { skip }, async (t) => {
    const path = folder(name);
    const url = await make(path);
    makeReadOnly(t, path);
    const before = digests(path);
    const read = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await tune(path, ...args, "--storage", url, "--json");
      assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
      return stdout;
    };
    const { studies } = JSON.parse(await read("list")) as {
      studies: { study: string; best: unknown; front: object[] }[];
    };
    const names = ["odd numbers", "two / Ümläut", "left running", ...(name.includes("log") ? ["of the log"] : [])];
    assert.deepEqual(
      studies.map(({ study }) => study),
      name.startsWith("journal") ? names.slice(0, 3) : names,
    );
    assert.equal(studies[1]!.front.length, 5);

    // Every command opens a storage in the same way; the commonest places are asked by all of them.
    if (!["journal with a torn last line", "sqlite"].includes(name)) {
      assert.match(await read("export", "left running"), /"state":"running"/);
      assert.deepEqual(digests(path), before);
      return;
    }
    const front = JSON.parse(await read("show", "two / Ümläut")) as { best: number[]; trials: { best: boolean }[] };
    assert.deepEqual(front.best, [0, 1, 2, 3, 4]);
    assert.ok(front.trials.every(({ best }) => best));

    const best = JSON.parse(await read("best", "odd numbers")) as { number: number; values: unknown };
    assert.deepEqual([best.number, best.values], [2, ["-Infinity"]]);
    const { trials } = JSON.parse(await read("export", "odd numbers")) as {
      trials: { values: unknown; intermediate: unknown; user_attributes: unknown; state: string }[];
    };
    assert.deepEqual(
      trials.map(({ values }) => values),
      [["Infinity"], [0.75], ["-Infinity"], null],
    );
    assert.deepEqual(trials[1]!.intermediate, { 0: "NaN" });
    assert.deepEqual(trials[0]!.user_attributes, { seen: ["NaN", 1.5] });
    assert.equal(trials[3]!.state, "fail");
    assert.match(await read("importance", "left running"), /"fanova":\{"lr":1\}/);

    assert.deepEqual(digests(path), before);
  });

test("the front is marked in the terminal, and CSV has numbers as they are", async () => {
  const path = folder("terminal");
  const url = await PLACES.journal!(path);
  chmodSync(path, 0o755);
  const shown = (await tune(path, "show", "two / Ümläut", "--storage", url)).stdout;
  assert.equal([...shown.matchAll(/ best$/gm)].length, 5, shown);
  const csv = (await tune(path, "export", "odd numbers", "--storage", url)).stdout;
  assert.match(csv, /^0,Infinity,COMPLETE/m);
  assert.match(csv, /"\[""NaN"",1\.5\]"/);
});

test("programs read too: what would write is refused, and a study is given its seed with its first trial", async () => {
  const path = folder("programs");
  for (const make of [PLACES.journal!, PLACES.sqlite!, PLACES["sqlite with a write-ahead log"]!]) {
    const part = join(path, String(Math.random()));
    mkdirSync(part);
    rmSync(join(root, "live"), { recursive: true, force: true });
    const [, scheme, file] = /^(\w+:\/\/\/?)(.*)$/.exec(await make(part))!;
    const url = `${scheme}${join(part, file!)}`;
    const before = digests(part);
    const storage = await openStorage(url, { readOnly: true });
    const study = await loadStudy({ storage, name: "odd numbers" });
    assert.equal(study.seed, 0);
    await assert.rejects(study.ask(), /it was opened for reading only/);
    await assert.rejects(createStudy({ storage, name: "new" }), /it was opened for reading only/);
    await study.close();
    assert.deepEqual(digests(part), before);
  }
  const storage = await openStorage(`journal://${join(path, "seed.log")}`);
  await storage.createStudy("from elsewhere", ["minimize"]);
  const seedOf = async () => (await storage.studies())[0]!.systemAttributes["fovea:seed"];
  const study = await loadStudy({ storage, name: "from elsewhere", seed: 7 });
  assert.equal(await seedOf(), undefined);
  await study.ask();
  assert.equal(await seedOf(), 7);
  await study.close();
});
