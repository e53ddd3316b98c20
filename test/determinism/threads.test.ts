// The same bits on any number of threads, and without threads at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NUMERICS } from "../../src/core/graph/graph.js";
import { golden } from "../report/golden.js";
import { trainSmall } from "./train-small.js";

test("each version of the numerics keeps its bits in every release", async () => {
  const lines = await Promise.all(NUMERICS.map(async (version) => `${version}: ${await trainSmall(2, version)}`));
  golden("numerics.txt", `${lines.join("\n")}\n`);
});

test("threads 1, 2, 3, 5, 16 and none give the same weights to the bit", async () => {
  const expected = await trainSmall(1);
  for (const threads of [2, 3, 5, 16, "inline"] as const)
    assert.equal(await trainSmall(threads), expected, `threads: ${threads}`);
});
