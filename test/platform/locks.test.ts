// Locks and what the dead leave: whose a file is does not hang on clocks, and nobody removes a lock of somebody else's.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { hasEnded, sweepLeftovers, temporaryIn, thisOwner } from "../../src/platform/leftovers.js";
import { isLock, type Lock, tryLock } from "../../src/platform/locks.js";

function temporaryFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "fovea-locks-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

async function taken(path: string): Promise<Lock> {
  const lock = await tryLock(path);
  assert.ok(isLock(lock));
  return lock;
}

test("a lock is released by its holder only", async (t) => {
  const path = join(temporaryFolder(t), "lock");
  const first = await taken(path);
  const text = readFileSync(path, "utf8");
  // The lock is removed as during a sleep of this process, and another holder takes it.
  rmSync(path);
  const second = await taken(path);
  assert.notEqual(readFileSync(path, "utf8"), text);
  await first.release();
  assert.ok(existsSync(path), "the second holder's lock was removed by the first");
  await second.release();
  assert.deepEqual(readdirSync(join(path, "..")), []);
});

test("a lock whose folder has another name or is gone needs no release", async (t) => {
  const folder = join(temporaryFolder(t), "folder");
  for (const end of [() => renameSync(folder, `${folder}2`), () => rmSync(folder, { recursive: true })]) {
    (await import("node:fs")).mkdirSync(folder);
    const lock = await taken(join(folder, "lock"));
    end();
    await lock.release();
  }
});

test("a lock that is touched late and a clock that was set do not end a living process", async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, "lock");
  const lock = await taken(path);
  const temporary = await temporaryIn(folder);
  writeFileSync(temporary, "being written");
  // Dates as after months of sleep, or after a clock was set: long before the machine and the process started.
  const before = new Date(Date.now() - 90 * 24 * 3_600_000);
  for (const file of [path, temporary]) utimesSync(file, before, before);
  const found = await tryLock(path);
  assert.ok(!isLock(found) && found.pid === process.pid);
  assert.equal(await hasEnded(await thisOwner(), before.getTime()), false);
  await sweepLeftovers(folder);
  assert.ok(existsSync(temporary));
  await lock.release();
});

test("a process that has the number of one that has ended is not it", async (t) => {
  if (process.platform !== "linux") return t.skip("only Linux tells when a process started");
  const folder = temporaryFolder(t);
  const { machine, pid, start } = await thisOwner();
  assert.match(start!, /^[0-9a-f]{8}$/);
  const other = start === "00000000" ? "11111111" : "00000000";
  assert.equal(await hasEnded({ machine, pid, start: other }, Date.now()), true);
  const parent = { machine, pid: process.ppid };
  assert.equal(await hasEnded(parent, Date.now()), false);
  assert.equal(await hasEnded({ ...parent, start: other }, Date.now()), true);
  const path = join(folder, "lock");
  writeFileSync(path, JSON.stringify({ machine, pid, start: other, host: "here" }));
  await (await taken(path)).release();
  const leftover = basename(await temporaryIn(folder)).replace(start!, other);
  writeFileSync(join(folder, leftover), "left");
  await sweepLeftovers(folder);
  assert.deepEqual(readdirSync(folder), []);
});

test("a process that has ended and that nobody has buried has ended", async (t) => {
  if (process.platform !== "linux") return t.skip("only Linux tells the state of a process");
  const { machine } = await thisOwner();
  // A shell whose child ends while the shell, having become another program, never asks for it.
  const shell = spawn("sh", ["-c", "true & echo $!; exec sleep 30"], { stdio: ["ignore", "pipe", "ignore"] });
  const pid = Number(String(await new Promise((got) => shell.stdout.once("data", got))));
  let ended = false;
  for (let tries = 0; !ended && tries < 200; tries++) {
    await new Promise((resume) => setTimeout(resume, 10));
    ended = await hasEnded({ machine, pid }, Date.now());
  }
  shell.kill("SIGKILL");
  assert.ok(ended);
});
