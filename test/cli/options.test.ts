// Options of all commands: each has a help text of some words, and one that takes a value says its default.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { COMMANDS } from "../../src/cli/commands/index.js";

/** Words by which a text says when there is no value: the default, or that the option has none. */
const SAYS_DEFAULT = /\b(?:default|required|only|instead|in place of|needed)\b/i;
/** Texts that begin with the action that needs the option. */
const OF_ACTION = /^[a-z]+: /;

interface Described {
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly hasDefault: boolean;
}

function optionsOf(command: Command, name: string): readonly Described[] {
  const here = command.options
    .filter(({ hidden }) => !hidden)
    .map((option) => ({
      name: `${name} ${option.flags}`,
      description: option.description,
      takesValue: option.required || option.optional,
      hasDefault: option.mandatory || (option.defaultValue as unknown) !== undefined,
    }));
  return [...here, ...command.commands.flatMap((inner) => optionsOf(inner, `${name} ${inner.name()}`))];
}

test("every option has a help text, and says its default where it takes a value", async () => {
  const options: Described[] = [];
  for (const { name, load } of COMMANDS) {
    const command = new Command(name);
    (await load()).define(command);
    options.push(...optionsOf(command, name));
  }
  assert.ok(options.length > 500, String(options.length));
  assert.deepEqual(
    options
      .filter(({ description }) => description.split(" ").length < 2)
      .map(({ name, description }) => `${name}: ${description}`),
    [],
    "say more than a word",
  );
  assert.deepEqual(
    options
      .filter(
        ({ takesValue, hasDefault, description }) =>
          takesValue && !hasDefault && !SAYS_DEFAULT.test(description) && !OF_ACTION.test(description),
      )
      .map(({ name, description }) => `${name}: ${description}`),
    [],
    "add (default: ...) to the text",
  );
});
