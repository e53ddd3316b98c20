// Runs a page of the documentation as a reader would: its program in a process of Node, in an empty folder, with the page's
// commands and files at their places in between. Tests compare what it printed; tools/site/run-pages.ts takes
// what it printed and drew into the page.
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import type { Ended } from "../cli/fovea.js";
import { commandLines, programOf, ROOT, type Step, wordsOf } from "./page-code.js";

/** Text that each step printed, by its number; commands and code alike. */
export type Printed = readonly string[];

const PRELUDE = `globalThis.foveaStep = (step) => {
  process.stdout.write("\\0" + step + "\\0");
  return new Promise((go) => { process.once("message", go); process.send(step); });
};
`;

/** Runs a command of Fovea's in a folder. */
export type RunCommand = (
  cwd: string,
  ...words: readonly string[]
) => Promise<Pick<Ended, "code" | "stdout" | "stderr">>;

/** Commands of a block, one after the other. @param fails true where each of them ends in an error, whose text is given */
async function runCommands(code: string, cwd: string, run: RunCommand, fails: boolean): Promise<string> {
  let printed = "";
  for (const line of commandLines(code)) {
    const [, ...words] = wordsOf(line);
    const ended = await run(cwd, ...words);
    if ((ended.code !== 0) !== fails) throw new Error(`${line}\nended with ${ended.code}: ${ended.stderr}`);
    printed += fails ? ended.stderr : ended.stdout;
  }
  return printed;
}

/**
 * Runs the steps of a page.
 * @param name the program's file in dist/docs-code, where the package is found by its own name
 * @param cwd the folder that it runs in
 * @param run runs the page's commands
 * @throws Error with what the program said when it or a command fails
 */
export async function runSteps(name: string, steps: readonly Step[], cwd: string, run: RunCommand): Promise<Printed> {
  const path = join(ROOT, "dist/docs-code", `${name}.mjs`);
  mkdirSync(dirname(path), { recursive: true });
  const { code } = await transform(programOf(steps), { loader: "ts", format: "esm", target: "node20" });
  writeFileSync(path, code);
  const prelude = join(ROOT, "dist/docs-code/prelude.mjs");
  writeFileSync(prelude, PRELUDE);
  const printed = steps.map(() => "");
  const env = { ...process.env, FOVEA_CACHE: join(cwd, ".cache") };
  const child = fork(path, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--import", `file://${prelude}`],
  });
  let said = "";
  let told = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  let failed: unknown;
  const work = async (at: number): Promise<void> => {
    const step = steps[at]!;
    if (step.kind === "commands")
      printed[at] = await runCommands(step.block.code, cwd, run, step.block.note === "fails");
    if (step.kind === "file") {
      mkdirSync(dirname(join(cwd, step.name)), { recursive: true });
      writeFileSync(join(cwd, step.name), step.block.code);
    }
    child.send("go");
  };
  child.on("message", (at: number) => {
    work(at).catch((error: unknown) => {
      failed = error;
      child.kill();
    });
  });
  const status = await new Promise<number | null>((ended) => child.on("close", ended));
  if (failed !== undefined) throw failed;
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${told}`);
  for (const [, at, text] of said.matchAll(/\0(\d+)\0([^\0]*)/g)) printed[Number(at)] += text ?? "";
  return printed;
}
