// Graphs of a test file in one session, which ends with the file's tests.
import { after } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { graphRunner as openRunner, type RunGraph } from "../../src/testing/backend/graph-runner.js";

export type { RunGraph } from "../../src/testing/backend/graph-runner.js";

/** Compiles, runs and closes graphs in a session that is opened for the first of them and closed after all tests. */
export function graphRunner(backend: Backend): RunGraph {
  const { run, session, isOpen } = openRunner(backend);
  after(async () => {
    if (isOpen()) await (await session()).close();
  });
  return run;
}
