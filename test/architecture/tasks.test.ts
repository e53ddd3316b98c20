// DESIGN section 5: nothing outside of experiment/tasks asks which task it is. Records of tasks and total tables by kind answer instead,
// so that tsc lists what a new task lacks.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { TASK_KINDS } from "../../src/formats/run/task.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const NAME = `["'\`](?:${TASK_KINDS.join("|")})["'\`]`;
const QUESTIONS = new RegExp(
  [
    `[=!]==?\\s*${NAME}`,
    `${NAME}\\s*[=!]==?`,
    `\\bcase\\s+${NAME}`,
    `\\.(?:includes|has|startsWith|indexOf)\\(\\s*${NAME}`,
    // A list of names that is searched.
    `${NAME}(?:\\s*,\\s*${NAME})*\\s*,?\\s*\\](?:\\s*as const)?\\s*\\)?\\.(?:includes|some|indexOf)\\b`,
  ].join("|"),
  "g",
);

/** Questions that stand for a reason, by file: how many there are, and why. */
const REASONED: Readonly<Record<string, { readonly questions: number; readonly why: string }>> = {};

const questionsIn = (text: string): number => [...text.matchAll(QUESTIONS)].length;

test("questions for a task are found in all their forms", () => {
  for (const text of [
    'task.kind === "regression"',
    'if ("detection" !== kind) return;',
    'case "segmentation":',
    'known.includes("multiLabel")',
    '["segmentation", "detection"].includes(kind)',
    '(["segmentation", "detection"] as const).some((name) => name === kind)',
    'outcome.kind !==\n  "verification"',
  ])
    assert.equal(questionsIn(text), 1, text);
  for (const text of ['{ kind: "regression" }', 'classification: "a class",', 'kind ?? "classification"'])
    assert.equal(questionsIn(text), 0, text);
});

test("nothing outside of experiment/tasks asks which task it is", () => {
  const found = ["src", "studio"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("src/experiment/tasks/"))
      .flatMap((file) => {
        const questions = questionsIn(readFileSync(join(root, file), "utf8"));
        return questions === 0 ? [] : [[file, questions] as const];
      }),
  );
  assert.deepEqual(
    Object.fromEntries(found),
    Object.fromEntries(Object.entries(REASONED).map(([file, { questions }]) => [file, questions])),
    "make it a member of the task's record (experiment/tasks/task.ts), or a line of a total table by kind (core/by-kind.ts)",
  );
});
