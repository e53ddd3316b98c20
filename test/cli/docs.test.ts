// `fovea docs`: tells where a page of the manual is, and which pages there are.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fovea, workplace } from "./fovea.js";

const built = existsSync(fileURLToPath(new URL("../../docs/index.html", import.meta.url)));

test("docs prints the path of a page, and lists the pages for a name that is none", {
  skip: !built && "the site is not built",
}, async (t) => {
  const folder = workplace(t);
  const first = JSON.parse((await fovea(folder, "docs", "--json")).stdout) as { page: string; path: string };
  assert.equal(first.page, "index");
  assert.ok(existsSync(first.path));
  const room = JSON.parse((await fovea(folder, "docs", "nn", "--json")).stdout) as { page: string };
  assert.equal(room.page, "inside/nn");
  const text = await fovea(folder, "docs", "serving.md", "--no-open");
  assert.match(text.stdout, /^The manual is at .*serving\.html\n$/);
  const none = await fovea(folder, "docs", "no-such-page", "--no-open");
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no page "no-such-page"; the pages are .*segmentation/);
});
