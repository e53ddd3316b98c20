// A process that runs one command line after the other, as `fovea` would each in its own: what all of them have to load is
// loaded once. test/cli/fovea.ts starts it and says what to run.
import { runProgram } from "../../src/cli/program.js";
import { hdf5Library } from "../../src/formats/containers/hdf5/library.js";
import type { CommandLine } from "./command-line.js";

/** Commands that open models: a thread reads each file, and need not compile the library that its process has compiled. */
const OPENING = ["predict", "evaluate", "explain", "convert", "summary", "similar", "replay"];

const HOME = process.cwd();

async function run({ cwd, args, env }: CommandLine): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = undefined;
  if (OPENING.includes(args[0]!)) await hdf5Library();
  const code = await runProgram(args);
  process.exitCode = undefined;
  // Windows keeps folders that somebody is in.
  process.chdir(HOME);
  // Each command line listens for itself.
  process.removeAllListeners("uncaughtException");
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners("error");
    stream.write(`\0${code}\0`);
  }
}

process.on("message", run).on("disconnect", () => process.exit());
