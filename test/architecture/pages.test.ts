// The pages of the manual and the README files keep the style of CONTRIBUTING.md, as far as a program can check it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PAGES } from "../../tools/site/contents.js";
import { MOST_WORDS, pageBreaches, unalignedBlocks } from "./page-rules.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const examples = readdirSync(join(root, "examples"))
  .map((name) => `examples/${name}/README.md`)
  .filter((file) => existsSync(join(root, file)));
const files = ["README.md", ...PAGES.keys(), ...examples];

test("each rule finds its breach, and reads no code", () => {
  const page = [
    `${"word ".repeat(MOST_WORDS + 1).trim()}.`,
    "",
    "- A line names what is left.",
    "- What is a class? It is a kind of thing.",
    "",
    "| a fault | is told once |",
    "",
    "There is one file",
    "a class, as `what is told` says.",
    "",
    "```",
    "what it tells somebody",
    "```",
  ].join("\n");
  assert.deepEqual(
    pageBreaches(page).map(({ rule, line }) => [rule, line]),
    [
      ["sentence", 1],
      ["headless", 3],
      ["dialect", 6],
      ["per", 8],
    ],
  );
});

test("the pages keep the rules", () => {
  const breaches = files.flatMap((file) =>
    pageBreaches(readFileSync(join(root, file), "utf8")).map(
      ({ rule, line, sentence }) => `${file}:${line}: ${rule}: ${sentence}`,
    ),
  );
  assert.deepEqual(breaches, [], "see Style in CONTRIBUTING.md");
});

test("descriptions beside commands begin in one column", () => {
  const block = ["```", "fovea train photos     trains", "fovea health photos    checks", "```"];
  assert.deepEqual(unalignedBlocks(block.join("\n")), []);
  assert.deepEqual(unalignedBlocks(["", ...block.with(2, "                  checks")].join("\n")), [2]);
  const found = files.flatMap((file) =>
    unalignedBlocks(readFileSync(join(root, file), "utf8")).map((line) => `${file}:${line}`),
  );
  assert.deepEqual(found, []);
});
