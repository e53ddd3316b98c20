// The same bits on any number of threads, and without threads at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trainSmall } from "./train-small.js";

test("threads 1, 2, 3, 5, 16 and none give the same weights to the bit", async () => {
  const expected = await trainSmall(1);
  for (const threads of [2, 3, 5, 16, "inline"] as const)
    assert.equal(await trainSmall(threads), expected, `threads: ${threads}`);
});
