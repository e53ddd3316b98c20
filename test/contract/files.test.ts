// The contract of file systems on Node's disk, in memory, and in a browser's private file system.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { nodeFiles } from "../../src/platform/files/node-files.js";
import { noBrowser, runInBrowser } from "../platform/browser.js";
import { LEFTOVERS } from "../platform/files-page.js";
import { FILES_CASES } from "./files.js";

for (const [name, run] of Object.entries(FILES_CASES)) {
  test(`disk: ${name}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "fovea-files-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    await run(nodeFiles, folder);
  });
  test(`memory: ${name}`, async () => {
    const files = memoryFiles();
    await files.makeDirectory("some/folder");
    await run(files, "some/folder");
    assert.equal(files.name, "memory");
  });
}

test("private file system: all cases in a browser", { skip: noBrowser }, async (t) => {
  const results = (await runInBrowser("files-page.js", { timeoutMs: 180_000 })) as Record<string, string>;
  for (const name of [...Object.keys(FILES_CASES), LEFTOVERS])
    await t.test(`private file system: ${name}`, () => assert.equal(results[name], "held"));
});
