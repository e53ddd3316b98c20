// Patterns where no shell expands them: what they match, what comes first, and names that only look like patterns.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { expandPattern, matchesOf } from "../../src/platform/patterns.js";

test("patterns from the root and from here, hidden names left out, links in a circle ended", async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "fovea-patterns-")));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "a/b"), { recursive: true });
  for (const name of ["10.png", "9.png", "é.png", "x[1].png", "a/1.jpg", "a/b/2.jpg", ".hidden.png"])
    writeFileSync(join(folder, name), "");
  symlinkSync(folder, join(folder, "a/b/round"));
  const under = async (pattern: string): Promise<string[]> =>
    (await expandPattern(`${folder}/${pattern}`)).map((path) => {
      assert.ok(path.startsWith(`${folder}/`), path);
      return path.slice(folder.length + 1);
    });
  assert.deepEqual(await under("*.png"), ["10.png", "9.png", "x[1].png", "é.png"]);
  assert.deepEqual(await under("?.png"), ["9.png", "é.png"]);
  assert.deepEqual(await under("{a,none}/*"), ["a/1.jpg", "a/b"]);
  assert.ok((await under("**/*.jpg")).includes("a/b/2.jpg"));
  assert.deepEqual(await under("*.gif"), []);
  const named = join(folder, "x[1].png");
  assert.deepEqual(await matchesOf(named), [named]);
  assert.deepEqual(await matchesOf("plain.png"), ["plain.png"]);
  assert.equal(await matchesOf(join(folder, "*.gif")), undefined);
  const here = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(here));
  assert.deepEqual(await expandPattern("a/*.jpg"), ["a/1.jpg"]);
});
