// Masks and boxes that move with their images end in the same bits in a browser as in Node, moved alone and within training; and in
// Node on 1, 2 and 3 threads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { movedBits, movedTargets, trainMoved } from "../determinism/train-moved.js";
import { noBrowser, runInBrowser } from "./browser.js";
import type { MovedPageAnswer } from "./moved-page.js";

test("a browser moves masks and boxes, and trains with them, to the same bits as Node", {
  skip: noBrowser,
}, async () => {
  const { workers, inline } = (await runInBrowser("moved-page.js")) as MovedPageAnswer;
  const expected = await movedBits(2);
  assert.equal(workers, expected);
  assert.equal(inline, expected);
});

test("training with moved masks and boxes ends in the same bits on 1, 2 and 3 threads", async () => {
  for (const work of [movedTargets, (n: number) => trainMoved("masks", n), (n: number) => trainMoved("boxes", n)]) {
    const expected = await work(1);
    assert.equal(await work(2), expected);
    assert.equal(await work(3), expected);
  }
});
