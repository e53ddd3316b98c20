// A browser decodes, converts and resizes to the very bytes that Node gets, and its workers talk the same way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { noBrowser, runInBrowser } from "./browser.js";
import { type DataPageAnswer, decodeAll } from "./data-page.js";

test("images have the same bytes in a browser as in Node", { skip: noBrowser }, async () => {
  const url = new URL("../../../test/parity/fixtures/pillow.json", import.meta.url);
  const fixtures = JSON.parse(readFileSync(url, "utf8")) as {
    images: Record<string, { file: string; L: string; RGB: string }>;
  };
  const inPrint = new URL("../../../test/data/fixtures/cmyk.json", import.meta.url);
  const cmyk = JSON.parse(readFileSync(inPrint, "utf8")) as { images: Record<string, { file: string }> };
  const all = Object.entries({ ...fixtures.images, ...cmyk.images });
  const files = Object.fromEntries(all.map(([name, { file }]) => [name, file]));
  const { sum, workerError, ...decoded } = (await runInBrowser("data-page.js")) as DataPageAnswer;
  assert.deepEqual(decoded, await decodeAll(files));
  for (const [name, { L, RGB }] of Object.entries(fixtures.images))
    assert.deepEqual(decoded.images[name]!.slice(0, 2), [L, RGB], `${name} is Pillow's, too`);
  assert.equal(decoded.truncated.length, 5);
  for (const message of decoded.truncated) assert.match(message, /cannot decode .*(truncated|end too early)/);
  assert.equal(sum, 42);
  assert.match(workerError, /told to fail/);
});
