// Models saved and opened in a browser are the same to the bit as in Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noBrowser, runInBrowser } from "./browser.js";
import saveAndOpen from "./formats-page.js";

test("a browser saves and opens models as Node does", { skip: noBrowser }, async () => {
  assert.deepEqual(await runInBrowser("formats-page.js"), await saveAndOpen());
});
