// A process that runs one command line after the other, as `fovea` would each in its own: what all of them have to load is
// loaded once. test/cli/fovea.ts starts it and says what to run.
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import threads from "node:worker_threads";
import { runProgram } from "../../src/cli/program.js";
import type { CommandLine } from "./command-line.js";

/** Entry of the thread that reads one HDF5 file. */
const HDF5_WORKER = /hdf5-worker\.js$/;

// A thread loads a library of 4 MB for each model that is opened, which takes longer than most commands. Where no thread can be had,
// models are read in the process itself. test/formats and commands in processes of their own have the thread.
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(...[url, options]: ConstructorParameters<typeof Worker>) {
    if (HDF5_WORKER.test(String(url))) throw new Error("no thread for HDF5 files here");
    super(url, options);
  }
};
// Test files run side by side, one a core: a second thread takes from the others what it gives. --threads has as many as it says.
os.availableParallelism = () => 1;
syncBuiltinESMExports();

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
