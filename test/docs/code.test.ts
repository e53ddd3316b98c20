// The code of the documentation runs as it stands there, prints what the pages say, and makes the pages' pictures to the
// byte; and the compiler takes it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, normalize } from "node:path";
import { test } from "node:test";
import { PAGES } from "../../tools/site/contents.js";
import { fovea, workplace } from "../cli/fovea.js";
import { blocksOf, notRun, programOf, ROOT, runsOf } from "./page-code.js";
import { runSteps } from "./run-page.js";

const FILES = [...PAGES.keys()];

/** The most blocks of TypeScript that are shown only. */
const MOST_NOT_RUN = 4;

/** Output of a page as a pattern: `...` is anything on a line, a line of it any lines. */
function pattern(output: string): RegExp {
  const escaped = output
    .trimEnd()
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll(/^\\\.\\\.\\\.$/gm, "[\\s\\S]*?")
    .replaceAll("\\.\\.\\.", ".*?");
  return new RegExp(`^${escaped}$`);
}

const trimmed = (text: string): string => text.replaceAll(/[ \t]+$/gm, "").trim();

/** Pictures that a page's own program makes, by their names. */
const picturesOf = (file: string): [name: string, path: string][] =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/!\[[^\]]*\]\(([^)]*\bmade\/[^)]+)\)/g)].map(([, path]) => [
    basename(path!),
    normalize(join(ROOT, file, "..", path!)),
  ]);

for (const file of FILES)
  for (const [i, steps] of runsOf(file).entries())
    test(`${file} runs, part ${i + 1}`, async (t) => {
      const folder = workplace(t);
      const name = `${file.replace(/\.md$/, "").replaceAll("/", "-")}-${i + 1}`;
      const printed = await runSteps(name, steps, folder, fovea);
      for (const [at, step] of steps.entries())
        if (step.kind !== "file" && step.output !== undefined)
          assert.match(trimmed(printed[at]!), pattern(trimmed(step.output)), `${file}:${step.block.line}`);
      for (const [picture, path] of picturesOf(file))
        assert.ok(
          readFileSync(join(folder, picture)).equals(readFileSync(path)),
          `${file} makes ${picture} as it is shown`,
        );
    });

test("the compiler takes every program of the documentation", () => {
  const folder = join(ROOT, "dist/docs-types");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of FILES)
    for (const [i, steps] of runsOf(file).entries()) {
      const name = `${file.replace(/\.md$/, "").replaceAll("/", "-")}-${i + 1}.ts`;
      if (steps.some(({ kind }) => kind === "code")) writeFileSync(join(folder, name), programOf(steps));
    }
  const compilerOptions = {
    ...{ target: "es2022", lib: ["es2023", "dom"], module: "nodenext", moduleResolution: "nodenext", types: ["node"] },
    ...{ strict: true, noEmit: true, skipLibCheck: true, noUncheckedIndexedAccess: false },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  } catch (error) {
    assert.fail(String((error as { stdout?: string }).stdout ?? error));
  }
});

test("blocks that are shown only say why, and are few", () => {
  const shown = FILES.flatMap((file) => blocksOf(file)).filter(
    ({ language, note }) => language === "ts" && note !== "",
  );
  const wrong = shown.filter(
    (block) => block.note !== "alone" && !block.note.startsWith("file ") && notRun(block) === undefined,
  );
  assert.deepEqual(
    wrong.map(({ file, line, note }) => `${file}:${line} "${note}"`),
    [],
  );
  const only = shown.filter((block) => notRun(block) !== undefined);
  assert.ok(only.length <= MOST_NOT_RUN, `${only.length} blocks are shown only`);
});
