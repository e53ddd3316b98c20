// The file abstraction: atomic writes that leave nothing behind, sentences for failures, paths, sorting.
import assert from "node:assert/strict";
import { mkdtemp, open, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { byCodePoint } from "../../src/core/text-order.js";
import { AppendLog } from "../../src/platform/append-log.js";
import * as files from "../../src/platform/files.js";
import { temporaryIn } from "../../src/platform/leftovers.js";
import { baseName, joinPath, pathsOf } from "../../src/platform/paths.js";

const folder = await mkdtemp(join(tmpdir(), "fovea-files-"));
after(() => rm(folder, { recursive: true, force: true }));

test("writeAtomic replaces a file whole and leaves no temporary file", async () => {
  const path = joinPath(folder, "东.txt");
  await files.writeAtomic(path, "one");
  await files.writeAtomic(path, new TextEncoder().encode("two 鸟"));
  assert.equal(await files.readText(path), "two 鸟");
  const disk = await files.blockingFiles();
  assert.deepEqual(disk.readHead(path, 3), new TextEncoder().encode("two"));
  assert.deepEqual(disk.readHead(path, 99), disk.readBytes(path));
  assert.deepEqual(disk.stat(path), await files.stat(path));
  assert.equal(disk.stat(`${path}x`), undefined);
  assert.throws(() => disk.readBytes(`${path}x`), /cannot read .*东.txtx: there is no such file/);
  assert.deepEqual(await readdir(folder), ["东.txt"]);
  await files.appendToFile(path, "!");
  assert.equal(await files.readText(path), "two 鸟!");
  await files.writeAtomic(path, [Uint8Array.of(65), Uint8Array.of(66, 67)]);
  assert.equal(await files.readText(path), "ABC");
  assert.ok((await files.absolutePath("x")).length > 1);
  await files.removeFile(path);
  await files.removeFile(path);
  assert.equal(await files.exists(path), false);
});

test("a write that fails is one sentence and leaves nothing", async () => {
  const missing = joinPath(folder, "absent", "file.txt");
  await assert.rejects(files.writeAtomic(missing, "x"), (error) => {
    assert.ok(error instanceof FoveaError);
    assert.equal(error.message, `cannot write ${missing}: there is no such file or folder`);
    return true;
  });
  await files.makeDirectory(joinPath(folder, "taken"));
  await assert.rejects(files.writeAtomic(joinPath(folder, "taken"), "x"), FoveaError);
  // A rename would put a file in the device's place.
  if (process.platform !== "win32")
    await assert.rejects(
      files.writeAtomic("/dev/null", "x"),
      /cannot write \/dev\/null: it is a device; give the name/,
    );
  assert.deepEqual(await readdir(folder), ["taken"]);
  await files.removeDirectory(joinPath(folder, "taken"));
});

test("a full disk is one sentence", { skip: process.platform !== "linux" && "needs /dev/full, which Linux has" }, () =>
  assert.rejects(files.appendToFile("/dev/full", "x"), /cannot write \/dev\/full: the disk is full; free some space/),
);

test("a log is read to its end where the system gives a few bytes at a time", async (t) => {
  const path = join(folder, "short.log");
  await files.writeAtomic(path, "first line\nsecond\ntorn");
  const file = await open(path, "r");
  const handles = Object.getPrototypeOf(file) as { read: (...args: unknown[]) => unknown };
  await file.close();
  const { read } = handles;
  t.after(() => Object.assign(handles, { read }));
  handles.read = function (this: unknown, bytes, offset, length, position) {
    return read.call(this, bytes, offset, Math.min(length as number, 3), position);
  };
  const log = await AppendLog.open(path);
  assert.equal(new TextDecoder().decode(await log.readLines(0)), "first line\nsecond\n");
  assert.equal(new TextDecoder().decode(await log.head(8)), "first li");
});

const LINUX = { skip: process.platform !== "linux" && "needs the starts of processes, which Linux tells" };
test("a log's lock is taken from a process that has ended at once, and from a living one never", LINUX, async () => {
  const root = joinPath(folder, "locked");
  await files.makeDirectory(root);
  const path = joinPath(root, "a.log");
  const here = await temporaryIn(root);
  // The same number, and another start: a process that had this one's number before.
  const ended = here.replace(/-[0-9a-f]{8}-[0-9a-f]{8}\.tmp$/, "-00000000-00000000.tmp");
  const patient = await AppendLog.open(path, 1e6);
  await symlink(baseName(ended), `${path}.lock`);
  assert.equal(await patient.exclusively(() => Promise.resolve("done")), "done");
  const hasty = await AppendLog.open(path, 0.001);
  let [isHeld, wasTaken] = [true, false];
  let second = Promise.resolve();
  await patient.exclusively(async () => {
    second = hasty.exclusively(async () => {
      wasTaken = isHeld;
    });
    await new Promise((resume) => setTimeout(resume, 100));
    isHeld = false;
  });
  await second;
  assert.equal(wasTaken, false);
  assert.deepEqual(
    (await files.listDirectory(root)).map(({ name }) => name),
    ["a.log"],
  );
});

test("listDirectory sorts by code point and follows links", async () => {
  const root = joinPath(folder, "list");
  // U+20000 is two UTF-16 units that sort below U+FF21; by code point it comes last.
  for (const name of ["Ａ", "𠀀", "b", "B", "10", "2"]) await files.makeDirectory(joinPath(root, name));
  await symlink(joinPath(root, "b"), joinPath(root, "c"));
  const listed = await files.listDirectory(root);
  assert.deepEqual(
    listed.map((entry) => entry.name),
    ["10", "2", "B", "b", "c", "Ａ", "𠀀"],
  );
  assert.ok(listed.every((entry) => entry.isDirectory));
  assert.equal((await files.stat(root))?.isDirectory, true);
  assert.equal(await files.stat(joinPath(root, "nothing")), undefined);
  await assert.rejects(files.listDirectory(joinPath(root, "nothing")), /cannot list .*nothing: there is no such/);
  await symlink(joinPath(root, "round"), joinPath(root, "round"));
  await assert.rejects(files.listDirectory(root), /cannot look at .*round: links lead round in a circle/);
});

test("byCodePoint is a total order that puts a prefix first", () => {
  assert.ok(byCodePoint("a", "ab") < 0);
  assert.equal(byCodePoint("鸟", "鸟"), 0);
  assert.ok(byCodePoint("\u{1f600}", "\u{1f601}") < 0);
  assert.ok(byCodePoint("\uffff", "\u{1f600}") < 0);
});

test("cacheDirectory follows FOVEA_CACHE", async () => {
  const before = process.env.FOVEA_CACHE;
  process.env.FOVEA_CACHE = joinPath(folder, "cache");
  try {
    assert.equal(await files.cacheDirectory(), joinPath(folder, "cache"));
    assert.equal(await files.exists(joinPath(folder, "cache")), true);
  } finally {
    if (before === undefined) delete process.env.FOVEA_CACHE;
    else process.env.FOVEA_CACHE = before;
  }
});

test("paths are joined and taken apart by each system's separators", () => {
  for (const { joinPath, baseName, parentFolder, extensionOf } of [pathsOf("windows"), pathsOf("other")]) {
    assert.equal(joinPath("a/", "/b", "", "c"), "a/b/c");
    assert.equal(joinPath("/", "b"), "/b");
    assert.equal(baseName("a/b/"), "b");
    assert.equal(baseName("a"), "a");
    assert.equal(parentFolder("a"), ".");
    assert.equal(parentFolder("/a"), "/");
    assert.equal(extensionOf("a.b/C.PNG"), ".png");
    assert.equal(extensionOf(".hidden"), "");
  }
  const windows = pathsOf("windows");
  assert.equal(windows.joinPath("C:\\data\\", "x"), "C:\\data/x");
  assert.equal(windows.baseName("a/b\\c.png"), "c.png");
  assert.equal(windows.parentFolder("C:\\data\\x"), "C:\\data");
  const other = pathsOf("other");
  assert.equal(other.joinPath("set", "\\u0041"), "set/\\u0041");
  assert.equal(other.baseName("set/a\\b.png"), "a\\b.png");
  assert.equal(other.parentFolder("set/a\\b.png"), "set");
});
