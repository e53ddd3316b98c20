// Every command in the documentation is one that the program takes: its name, its options, its number of arguments.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Command, CommanderError } from "commander";
import { COMMANDS } from "../../src/cli/commands/index.js";
import { PAGES } from "../../tools/site/contents.js";
import { blocksOf, commandLines, ROOT, wordsOf } from "./page-code.js";

const FILES = ["README.md", ...PAGES.keys()];

/** A command line with what a page cuts short as it would be typed: no `...`, and a whole hash in place of `5f2c...`. */
const asTyped = (words: readonly string[]): string[] =>
  words.filter((word) => word !== "...").map((word) => (/^[0-9a-f]{4}\.\.\.$/.test(word) ? "a".repeat(64) : word));

/** The program's commands, none of which does its work. */
async function idleProgram(): Promise<Command> {
  const program = new Command("fovea").exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  program.option("-V, --version").option("--json");
  program.enablePositionalOptions();
  for (const { name, load } of COMMANDS) {
    const command = program.command(name).copyInheritedSettings(program);
    (await load()).define(command);
  }
  const idle = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (command !== program) command.action(() => {});
    command.commands.forEach(idle);
  };
  idle(program);
  return program;
}

/** The reason why a command line is not taken; undefined where it is. */
async function refusal(program: Command, words: readonly string[]): Promise<string | undefined> {
  if (["--help", "help", "COMMAND", "--version"].includes(words[0] ?? "")) return undefined;
  try {
    await program.parseAsync(asTyped(words), { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return /help|version/.test(error.code) ? undefined : error.message;
  }
}

test("the program takes every command line of the pages", async () => {
  const program = await idleProgram();
  const wrong: string[] = [];
  let lines = 0;
  for (const file of FILES)
    for (const { code, language, note, line: at } of blocksOf(file)) {
      if (language === "output" || note === "fails") continue;
      for (const line of commandLines(code)) {
        lines++;
        const reason = await refusal(program, wordsOf(line).slice(1));
        if (reason !== undefined) wrong.push(`${file}:${at}: ${line}: ${reason}`);
      }
    }
  assert.deepEqual(wrong, []);
  assert.ok(lines > 100, `only ${lines} command lines were found`);
});

test("commands within the text have names and options that there are", async () => {
  const program = await idleProgram();
  const wrong: string[] = [];
  for (const file of FILES) {
    const text = readFileSync(join(ROOT, file), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
    for (const [code, inner] of text.matchAll(/`fovea ([a-z][^`]*)`/g)) {
      const words = wordsOf(inner!.replaceAll("\n", " "));
      let command = program.commands.find((candidate) => candidate.name() === words[0]);
      if (command === undefined) {
        wrong.push(`${file}: ${code}: no such command`);
        continue;
      }
      command = command.commands.find((candidate) => candidate.name() === words[1]) ?? command;
      const known = [command, ...command.commands].flatMap(({ options }) =>
        options.flatMap(({ long, short }) => [long, short]),
      );
      for (const word of words.filter((option) => /^--?[a-z]/.test(option)))
        if (!known.includes(word.split("=")[0]) && word !== "--help") wrong.push(`${file}: ${code}: no option ${word}`);
    }
  }
  assert.deepEqual(wrong, []);
});
