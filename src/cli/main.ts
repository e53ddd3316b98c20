#!/usr/bin/env node
// The `fovea` command. Starts the program and ends the process with its exit code; everything else is program.ts's.
import { runProgram } from "./program.js";

const code = await runProgram(process.argv.slice(2));
// Pipes are written behind our back on some systems: wait for both, then end, whatever threads are still around.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
