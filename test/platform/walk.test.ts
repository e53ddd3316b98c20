// Walking folders: order, hidden names, and links that lead round in circles or many times to one place.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { leavesOf, walkFolder } from "../../src/platform/walk.js";

test("a folder is entered once, however many links lead to it", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "fovea-walk-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  // Forty floors with two links each to the next one: 2 ** 40 paths without an end to following them.
  const floor = (n: number): string => join(root, "house", String(n).padStart(2, "0"));
  for (let n = 0; n < 40; n++) {
    mkdirSync(floor(n), { recursive: true });
    writeFileSync(join(floor(n), "a.png"), "");
    for (const name of ["left", "right"]) symlinkSync(floor((n + 1) % 40), join(floor(n), name), "junction");
  }
  writeFileSync(join(root, "house", ".hidden"), "");
  mkdirSync(join(root, "house", "empty"));
  const leaves = [...leavesOf(await walkFolder(join(root, "house"), new Set(), "house"))];
  const files = leaves.filter(({ branch }) => !branch.isDirectory).map(({ path }) => path);
  assert.equal(files.length, 40);
  assert.deepEqual(files.slice(0, 2), ["house/00/a.png", "house/00/left/a.png"]);
  const others = 40 + 2 * 40 - 40; // Floors and links, without the ways in that were taken.
  assert.equal(leaves.filter(({ branch }) => branch.again).length, others);

  const entered = new Set<string>();
  assert.equal((await walkFolder(join(root, "house", "00"), entered)).again, false);
  assert.deepEqual(await walkFolder(join(root, ".", "house", "00", "left"), entered, "left"), {
    name: "left",
    isDirectory: true,
    below: [],
    again: true,
  });
});
