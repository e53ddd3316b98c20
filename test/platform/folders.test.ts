// Files that people put into a folder while a set of files replaces another there: they stay, whatever their names, and
// whenever they come.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeAtomic } from "../../src/platform/files.js";
import { type FileSet, replaceFiles } from "../../src/platform/folders.js";
import { noteParts, sweepLeftovers, thisOwner } from "../../src/platform/leftovers.js";
import { tryLock } from "../../src/platform/locks.js";

function temporaryFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "fovea-folders-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const setOf = (content: string, names: readonly string[] = ["model.json", "part.bin"]): FileSet => ({
  files: new Map(names.map((name) => [name, content])),
  main: "model.json",
  older: async () => ["model.json", "part.bin", "part2.bin"],
});
const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

test("files dropped into the folder while the set is written are in the new folder, those of the older set are gone", async (t) => {
  const folder = join(temporaryFolder(t), "web");
  await replaceFiles(folder, setOf("old", ["model.json", "part.bin", "part2.bin"]));
  const write: FileSet["write"] = async (path, content) => {
    writeFileSync(join(folder, "mine.txt"), "mine");
    mkdirSync(join(folder, "photos"), { recursive: true });
    writeFileSync(join(folder, "photos", "a.jpg"), "photo");
    await writeAtomic(path, content);
  };
  await replaceFiles(folder, { ...setOf("new"), write });
  assert.equal(readFileSync(join(folder, "photos", "a.jpg"), "utf8"), "photo");
  rmSync(join(folder, "photos"), { recursive: true });
  assert.deepEqual(contents(folder), { "mine.txt": "mine", "model.json": "new", "part.bin": "new" });
  assert.deepEqual(readdirSync(join(folder, "..")), ["web"]);
});

test("a folder is looked at when its turn has come, not before", async (t) => {
  const parent = temporaryFolder(t);
  const folder = join(parent, "web");
  await replaceFiles(folder, setOf("old"));
  const lock = await tryLock(join(parent, ".web.fovea-lock"));
  assert.ok("release" in lock);
  const done = replaceFiles(folder, setOf("new"));
  await new Promise((resume) => setTimeout(resume, 50));
  writeFileSync(join(folder, "mine.txt"), "mine");
  await lock.release();
  await done;
  assert.deepEqual(contents(folder), { "mine.txt": "mine", "model.json": "new", "part.bin": "new" });
});

test("files with names of a set that no older set has stay", async (t) => {
  const folder = join(temporaryFolder(t), "web");
  mkdirSync(folder);
  writeFileSync(join(folder, "part2.bin"), "mine");
  await replaceFiles(folder, setOf("new"));
  assert.deepEqual(contents(folder), { "model.json": "new", "part.bin": "new", "part2.bin": "mine" });
});

test("a folder that has the name of a file of the set is refused, and nothing has changed", async (t) => {
  const folder = join(temporaryFolder(t), "web");
  mkdirSync(join(folder, "model.json"), { recursive: true });
  writeFileSync(join(folder, "model.json", "mine.txt"), "mine");
  writeFileSync(join(folder, "part.bin"), "mine");
  await assert.rejects(replaceFiles(folder, setOf("new")), /cannot write .*model\.json: a folder of that name is in/);
  assert.deepEqual(readdirSync(folder), ["model.json", "part.bin"]);
  assert.equal(readFileSync(join(folder, "model.json", "mine.txt"), "utf8"), "mine");
  assert.equal(readFileSync(join(folder, "part.bin"), "utf8"), "mine");
});

test("a killed exchange: the sweep removes the older set's parts, and gives back what is somebody's", async (t) => {
  const parent = temporaryFolder(t);
  const { machine } = await thisOwner();
  const ended = `fovea-${machine}-999999999-00000000-00000000`;
  for (const [name, isReplaced] of [
    ["web", true],
    ["other", false],
  ] as const) {
    const aside = join(parent, `.${name}.${ended}.old`);
    mkdirSync(aside);
    for (const file of ["model.json", "part.bin", "mine.txt"]) writeFileSync(join(aside, file), "old");
    await noteParts(aside, ["model.json", "part.bin"], "model.json");
    mkdirSync(join(parent, name));
    if (isReplaced) writeFileSync(join(parent, name, "model.json"), "new");
    else writeFileSync(join(parent, name, "theirs.txt"), "theirs");
  }
  const unknown = join(parent, `.web.fovea-${machine}-999999998-00000000.old`);
  mkdirSync(unknown);
  writeFileSync(join(unknown, "file"), "whose?");
  await sweepLeftovers(parent);
  assert.deepEqual(contents(join(parent, "web")), { "mine.txt": "old", "model.json": "new" });
  const back = { "mine.txt": "old", "model.json": "old", "part.bin": "old", "theirs.txt": "theirs" };
  assert.deepEqual(contents(join(parent, "other")), back);
  assert.ok(existsSync(join(unknown, "file")), "a folder without a note was removed");
  assert.equal(readdirSync(parent).length, 3);
});
