// Openers of comments, held to the style of CONTRIBUTING.md: a noun phrase or a verb in the present. A comment that
// opens like a question ("What ...", "Whether ...") names no thing, and needs a second reading.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const FOLDERS = ["src", "studio", "test", "tools", "bench", "examples"];
const SOURCE = /\.(?:[cm]?[jt]sx?|css|html|py)$/;
const NOT_WRITTEN_HERE = /(?:^|\/)(?:node_modules|dist|fixtures|golden)\//;

/** Words that open no comment at all. */
const QUESTIONS = "What|Whatever|Which|Whichever|Who|Whoever|Whose|Whom|How|Why|Whether";
/** Words that open no doc comment and no header; inside of a function "Where ..." may explain a branch. */
const OPENERS = `${QUESTIONS}|Where|Wherever|As|For each`;

const DOC = new RegExp(`(?:/\\*\\*?|"""|<!--)\\s*(?:\\*\\s+)?(?:${OPENERS})\\b`, "g");
const HEADER = new RegExp(`^(?:#!.*\\n)?(?://|#) (?:${OPENERS})\\b`);
const PLAIN = new RegExp(`^[ \\t]*(?://|#) (?:${QUESTIONS})\\b`);
const TRAILING = new RegExp(`[;{},(][ \\t]*// (?:${QUESTIONS})\\b`);
const BEGUN = /^[ \t]*(?:\/\/|#) /;

/** Numbers of the lines, from 1, on which a comment opens with such a word. */
function openersIn(text: string): number[] {
  const lines = text.split("\n");
  const lineAt = (index: number): number => text.slice(0, index).split("\n").length;
  return [
    ...(HEADER.test(text) ? [1] : []),
    ...[...text.matchAll(DOC)].map(({ index }) => lineAt(index)),
    ...lines.flatMap((line, i) =>
      TRAILING.test(line) || (i > 0 && PLAIN.test(line) && !BEGUN.test(lines[i - 1]!)) ? [i + 1] : [],
    ),
  ];
}

test("openers of comments are found in every kind of comment", () => {
  const text = [
    ["//", "What a file is."],
    ["import", "x;"],
    ["/**", "As Keras has it. */"],
    ["/**"],
    [" *", "For each class a number."],
    ["  //", "Why a branch is taken."],
    ["  //", "What continues a comment opens none."],
    ["f(); //", "Which is left."],
    ["  //", "Where a file is gone, it is made again."],
    ["/**", "The classes of a model. */"],
    ["/*", "How cards look. */"],
    ['"""', 'Whether all is well."""'],
  ].map((words) => words.join(" "));
  assert.deepEqual(
    openersIn(text.join("\n")).sort((a, b) => a - b),
    [1, 3, 4, 6, 8, 11, 12],
  );
});

test("comments open with a noun phrase or a verb in the present", () => {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
      .filter((file) => SOURCE.test(file) && !NOT_WRITTEN_HERE.test(file))
      .flatMap((file) => openersIn(readFileSync(join(root, file), "utf8")).map((line) => `${file}:${line}`)),
  );
  assert.deepEqual(found, [], "name the thing: 'The effect of ...' in place of 'What ... does'");
});
