import assert from "node:assert/strict";
import { test } from "node:test";
import { noBrowser, runInBrowser } from "./browser.js";
import hashes from "./synth-page.js";

test("generated images have the same bytes in a browser as in Node", { skip: noBrowser }, async () => {
  assert.deepEqual(await runInBrowser("synth-page.js"), await hashes());
});
