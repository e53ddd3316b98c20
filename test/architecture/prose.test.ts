// Openers of comments, held to the style of CONTRIBUTING.md: a noun phrase or a verb in the present. A comment that
// opens like a question ("What ...", "Whether ...") names no thing, and needs a second reading. prose-rules.ts has the rules of
// sentences, messages and names.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { breachesIn, MOST_WORDS, type Rule } from "./prose-rules.js";

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

/** Fields of answers, logs and recorded facts that programs read by such a name, so that it stays. */
const PUBLISHED: Readonly<Record<string, RegExp>> = {
  "src/experiment/decisions/line.ts": /\bprobability: z\.number\(\), given: z\.boolean\(\)/,
  "src/experiment/tasks/multi-label.ts": /\(\{ label, given: /,
};

const sources = ["src", "studio"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => /\.tsx?$/.test(file) && !NOT_WRITTEN_HERE.test(file)),
);

const breaches = sources.flatMap((file) =>
  breachesIn(readFileSync(join(root, file), "utf8")).map(({ rule, line, text }) => ({
    rule,
    breach: `${file}:${line}: ${text}`,
  })),
);

const of = (rule: Rule): string[] => breaches.filter((found) => found.rule === rule).map(({ breach }) => breach);

test("each rule finds its breach", () => {
  const long = `${"word ".repeat(MOST_WORDS + 1).trim()}.`;
  const text = [
    `/** ${long} */`,
    `const message = "a.csv: take what is there";`,
    'const help = "the first so many of them";',
    'const rate = "there is one page a class";',
    "const found = files.find((one) => one.size > 0);",
    'const good = "what? a question of two words"; // what it is, in a comment',
    "/** Short. And short again, twice. */",
  ];
  assert.deepEqual(
    breachesIn(text.join("\n")).map(({ rule, line }) => [rule, line]),
    [
      ["headless", 2],
      ["dialect", 3],
      ["dialect", 4],
      ["name", 5],
      ["sentence", 1],
    ],
  );
});

test("sentences of comments are short", () => {
  assert.deepEqual(of("sentence"), [], `at most ${MOST_WORDS} words: split these`);
});

test("messages, help and pages name a thing where a clause would begin with what", () => {
  assert.deepEqual(of("headless"), [], "write the noun: 'the files that were dropped' in place of 'what was dropped'");
});

test("messages, help and pages use no word of the old dialect", () => {
  assert.deepEqual(of("dialect"), [], "say who acts, and the number");
});

test("names carry a meaning", () => {
  const isPublished = (found: string): boolean =>
    Object.entries(PUBLISHED).some(([file, field]) => found.startsWith(`${file}:`) && field.test(found));
  const names = of("name");
  const published = names.filter(isPublished);
  assert.equal(published.length, Object.keys(PUBLISHED).length, "an exemption that exempts nothing has to go");
  const left = names.filter((found) => !isPublished(found));
  assert.deepEqual(left, [], "write the noun for the value in place of one, own, given, place or way");
});
