// Copies of databases: none is left by a process that was killed, none is removed while it is open, and a full disk is named
// where it is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { snapshotOf } from "../../src/platform/snapshot.js";
import { openSqlite } from "../../src/tune/storages/rdb/sqlite.js";

/** A folder for the test, with the folder of temporary files in it. */
function temporaryFolder(t: TestContext): { readonly path: string; readonly temporary: string } {
  const path = mkdtempSync(join(tmpdir(), "fovea-snapshot-"));
  const temporary = join(path, "tmp");
  mkdirSync(temporary);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = temporary;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(path, { recursive: true, force: true });
  });
  return { path, temporary };
}

test("copies of a process that was killed go with the next copy, those of a living one stay", async (t) => {
  const { path, temporary } = temporaryFolder(t);
  const file = join(path, "a.db");
  writeFileSync(file, "content");
  const kept = await snapshotOf(file);
  if (process.platform !== "win32") assert.equal(statSync(dirname(kept.path)).mode & 0o777, 0o700);
  const module = new URL("../../src/platform/snapshot.js", import.meta.url).href;
  const program = `const { snapshotOf } = await import(${JSON.stringify(module)});
await snapshotOf(${JSON.stringify(file)}); console.log("copied"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { env: { ...process.env } });
  await new Promise((copied) => child.stdout.once("data", copied));
  assert.equal(readdirSync(temporary).length, 2);
  const ended = new Promise((resume) => child.once("close", resume));
  child.kill("SIGKILL");
  await ended;
  const next = await snapshotOf(file);
  assert.equal(readdirSync(temporary).length, 2);
  for (const snapshot of [kept, next]) {
    assert.ok(existsSync(snapshot.path));
    await snapshot.remove();
  }
  assert.deepEqual(readdirSync(temporary), []);
});

test("a folder of temporary files that cannot be used is named, and so is a file that cannot be read", async (t) => {
  const { path } = temporaryFolder(t);
  const file = join(path, "a.db");
  writeFileSync(file, "content");
  await assert.rejects(snapshotOf(join(path, "none.db")), /^FoveaError: cannot copy .*none\.db: there is no such file/);
  process.env.TMPDIR = join(path, "gone");
  await assert.rejects(
    snapshotOf(file),
    /^FoveaError: cannot make the folder .*gone.*: there is no such file or folder$/,
  );
  await assert.rejects(openSqlite(join(path, "none.db"), true), /none\.db/);
});

test("a full disk of temporary files is told as that, not as a fault of the database", async (t) => {
  const { path, temporary } = temporaryFolder(t);
  const file = join(path, "a.db");
  // The header of a database with a write-ahead log, of which a copy is opened.
  writeFileSync(
    file,
    Uint8Array.from({ length: 4096 }, (_, i) => (i === 18 || i === 19 ? 2 : 0)),
  );
  const fs = await import("node:fs/promises");
  t.after(() => {
    full.mock.restore();
    syncBuiltinESMExports();
  });
  const full = t.mock.method(fs.default, "copyFile", () =>
    Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })),
  );
  syncBuiltinESMExports();
  await assert.rejects(openSqlite(file, true), (error: unknown) => {
    assert.ok(error instanceof FoveaError);
    assert.match(error.message, /^cannot write .*\/tmp\/.*a\.db: the disk is full; free some space and try again$/);
    return true;
  });
  assert.ok(full.mock.callCount() > 0);
  assert.deepEqual(readdirSync(temporary), []);
});

test("a file that is no database is closed before its copy is removed, and when it was to be written too", async (t) => {
  if (process.platform !== "linux") return t.skip("only Linux lists the open files of a process");
  const { path, temporary } = temporaryFolder(t);
  const open = (): string[] =>
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)].filter((file) => file.startsWith(path));
      } catch {
        return [];
      }
    });
  const file = join(path, "a.db");
  for (const version of [1, 2]) {
    writeFileSync(
      file,
      Uint8Array.from({ length: 4096 }, (_, i) => (i === 18 || i === 19 ? version : 7)),
    );
    for (const readOnly of [true, false]) {
      await assert.rejects(openSqlite(file, readOnly), /cannot open .*a\.db: .*expected an SQLite database/);
      assert.deepEqual(open(), [], `version ${version}, ${readOnly ? "to read" : "to write"}`);
    }
  }
  assert.deepEqual(readdirSync(temporary), []);
});
