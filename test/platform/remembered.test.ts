// Decisions of a machine are measured once and kept by name; files that hold something else are no reason to fail.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fasterOf } from "../../src/backends/wasm/faster-mode.js";
import { joinPath, memoryFiles } from "../../src/platform/index.js";
import { remembered } from "../../src/platform/remembered.js";

test("a decision is measured at the first use, by its circumstances, and known afterwards", async () => {
  const files = memoryFiles();
  let measured = 0;
  const decide = (name: string): Promise<"a" | "b"> =>
    remembered(
      "choice",
      name,
      ["a", "b"],
      async () => {
        measured++;
        return name === "first" ? "a" : "b";
      },
      files,
    );
  assert.deepEqual([await decide("first"), await decide("other"), await decide("first")], ["a", "b", "a"]);
  assert.equal(measured, 2);
  const path = joinPath(await files.cachePath(), "choice.json");
  for (const content of ["{", "null", '{ "first": "c" }', "[1]"]) {
    await files.writeAtomic(path, content);
    assert.equal(await decide("first"), "a", content);
    assert.equal(JSON.parse(await files.readText(path)).first, "a", content);
  }
  assert.equal(measured, 6);
});

test("relaxed instructions are taken where they save time beyond what a measurement is off by", () => {
  assert.equal(fasterOf({ reproducible: 1, fast: 0.9 }), "fast");
  assert.equal(fasterOf({ reproducible: 1, fast: 0.99 }), "reproducible");
  assert.equal(fasterOf({ reproducible: 1, fast: 1.2 }), "reproducible");
});
