// The command line as a whole: names the commands, calls one of them, and turns its error into one sentence and an exit
// code. The file of a command has its options and its work.
import { Command, CommanderError, Option, type OutputConfiguration } from "commander";
import type { ErrorCode } from "../core/error-codes/index.js";
import { FoveaError, UsageError } from "../core/errors.js";
import { oneLine } from "../core/text.js";
import { VERSION } from "../core/version.js";
import { keepHeapSmall } from "../platform/heap.js";
import { withCommandPrefix } from "../platform/invocation.js";
import { COMMANDS } from "./commands/index.js";
import { EXIT } from "./exit.js";
import { COMMON_GROUP } from "./options.js";
import { answerError, expectAnswer, forTerminal } from "./terminal/output.js";

const AFTER_HELP = `
Examples:
  fovea demo                                     the whole tour on generated handwriting, in a few minutes
  fovea inspect photos                           what is in a folder of images
  fovea train photos --model cnn                 train on it; the run goes to runs/photos-cnn-1
  fovea predict runs/photos-cnn-1 new.png        ask the trained model

A folder of images has one folder per class, or Train and Test with one folder per class in each.

With --json an error is a line {"error": ..., "code": ...} on stdout as well; fovea docs errors lists the codes.
With --json a number that JSON does not have is one of the strings "Infinity", "-Infinity" and "NaN".
Exit status: 0 done, 1 the work failed, 2 wrong usage. Errors are one sentence; --debug adds where they came from.
Each command has its own manual: fovea COMMAND --help`;

/** Runs one command line, the program's name not included. @returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  endQuietlyWhenNobodyReads();
  expectAnswer();
  process.on("uncaughtException", (error) => {
    explain(error, args);
    process.exit(EXIT.failed);
  });
  try {
    if (asksForVersionFacts(args)) {
      process.stdout.write(`${JSON.stringify(await (await import("./version-facts.js")).versionFacts())}\n`);
      return EXIT.done;
    }
    const program = await makeProgram(args);
    await program.parseAsync([...args], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.done;
  } catch (error) {
    // Help and version end with code 0; commander has told all others on stderr already.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      tellAsJson(args, error.message.replace(/^error: /, ""), "wrong-usage");
      return EXIT.usage;
    }
    explain(error, args);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** A program with all commands listed, and those that `args` may mean loaded. */
async function makeProgram(args: readonly string[]): Promise<Command> {
  const output: OutputConfiguration = {
    outputError: (text, write) => write(forTerminal(`${oneLine(text.trimEnd().replace(/^error: /, "fovea: "))}\n`)),
    writeOut: (text) => process.stdout.write(withCommandPrefix(text)),
    writeErr: (text) => process.stderr.write(withCommandPrefix(text)),
  };
  const program = new Command("fovea")
    .description("Computer vision in your terminal: from photos to a model that is trained, explained and deployed.")
    .version(VERSION, "-V, --version", "print the version; with --json all that a report of a fault should say")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .usage("COMMAND [options]")
    .configureOutput(output)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("after", AFTER_HELP)
    .showHelpAfterError("(fovea --help lists the commands)")
    // An option behind a command's name belongs to that command, though its parent may have the same option.
    .enablePositionalOptions()
    .exitOverride()
    .hook("preAction", async (_, command) => {
      // summary has a --memory without a size.
      if (typeof command.opts().memory === "number") await keepHeapSmall();
    });
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).copyInheritedSettings(program);
    command
      .addHelpOption(new Option("-h, --help", "print this help").helpGroup(COMMON_GROUP))
      .showHelpAfterError(`(see fovea ${name} --help)`);
    if (args.includes(name)) (await load()).define(command);
  }
  return program;
}

const VERSION_FLAGS = ["--version", "-V"];

/** Tells a command line that asks for the version as JSON, and for nothing else. */
const asksForVersionFacts = (args: readonly string[]): boolean =>
  args.includes("--json") &&
  args.some((arg) => VERSION_FLAGS.includes(arg)) &&
  args.every((arg) => arg === "--json" || VERSION_FLAGS.includes(arg));

/** With --json the error as the line of JSON that programs wait for; the sentence goes to stderr in any case. */
function tellAsJson(args: readonly string[], error: string, code: ErrorCode): void {
  if (args.includes("--json")) answerError(oneLine(error), code);
}

function explain(error: unknown, args: readonly string[]): void {
  const debug = args.includes("--debug");
  const known = error instanceof FoveaError;
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : "internal-mistake";
  tellAsJson(args, message, code);
  process.stderr.write(forTerminal(known ? `fovea: ${message}\n` : `fovea: unexpected error: ${message}\n`));
  if (debug && error instanceof Error) process.stderr.write(forTerminal(`${code}: ${error.stack}\n${causes(error)}`));
  else if (!known) process.stderr.write("(this is a fault in Fovea; the same command with --debug shows where)\n");
}

const causes = ({ cause }: Error): string =>
  cause instanceof Error ? `caused by ${cause.stack}\n${causes(cause)}` : "";

/** `fovea ... | head` closes our output early, which is no error. */
function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT.done);
      throw error;
    });
}
