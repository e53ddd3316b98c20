// A process that runs one command line after the other, as `fovea` would each in its own: what all of them have to load is
// loaded once. test/cli/fovea.ts starts it and says what to run.
import "../platform/few-threads.js";
import { runProgram } from "../../src/cli/program.js";
import type { CommandLine } from "./command-line.js";

const HOME = process.cwd();

async function run({ cwd, args, env }: CommandLine): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = undefined;
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
