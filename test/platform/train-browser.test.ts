// Training in a browser ends in the very bits that training in Node ends in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trainSmall } from "../determinism/train-small.js";
import { noBrowser, runInBrowser } from "./browser.js";
import type { TrainPageAnswer } from "./train-page.js";

test("a browser trains to the same weights as Node", { skip: noBrowser }, async () => {
  const { isolated, workers, inline } = (await runInBrowser("train-page.js")) as TrainPageAnswer;
  assert.ok(isolated, "the page must be cross-origin isolated for shared memory");
  const expected = await trainSmall(2);
  assert.equal(workers, expected);
  assert.equal(inline, expected);
});
