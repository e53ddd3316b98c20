// Codes of errors: the page that lists them, the table behind it, and what carries them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ERROR_CODES, FoveaError, UsageError } from "../../src/core/index.js";
import { errorPage } from "../../tools/make-error-page.js";

const root = join(import.meta.dirname, "../../..");

test("docs/errors.md is the page that the table gives", () => {
  assert.equal(
    readFileSync(join(root, "docs/errors.md"), "utf8"),
    errorPage(),
    "node dist/tools/make-error-page.js writes it",
  );
});

test("every code is some error's, so that nobody waits for one that never comes", () => {
  const text = ["src", "studio"]
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.tsx?$/.test(file) && !file.includes("error-codes"))
        .map((file) => readFileSync(join(root, room, file), "utf8")),
    )
    .join("\n");
  const idle = Object.keys(ERROR_CODES).filter((code) => !text.includes(`"${code}"`));
  assert.deepEqual(idle, []);
});

test("each code has a meaning, a cause and a fix, a sentence each", () => {
  for (const [code, facts] of Object.entries(ERROR_CODES)) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    for (const [name, sentence] of Object.entries(facts))
      assert.match(sentence, /^[A-Z`].{5,}\.$/, `${name} of ${code}: a sentence`);
  }
});

test("an error tells its code, and wrong usage is a code of its own", () => {
  assert.equal(new FoveaError("not-an-image", "x.txt is no image").code, "not-an-image");
  const usage = new UsageError("leave it out");
  assert.deepEqual([usage.code, usage instanceof FoveaError], ["wrong-usage", true]);
});
