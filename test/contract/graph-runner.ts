// One session of a backend for the graphs of a test file: opening one starts threads, which takes longer than most graphs.
import { after } from "node:test";
import type { Backend, Session } from "../../src/backends/contract.js";
import type { Graph } from "../../src/core/graph/graph.js";
import type { Tensor } from "../../src/core/tensor.js";

export type RunGraph = (graph: Graph, inputs: readonly Tensor[]) => Promise<Tensor[]>;

/** Compiles, runs and closes graphs in a session that is opened for the first of them and closed after all tests. */
export function graphRunner(backend: Backend): RunGraph {
  let session: Promise<Session> | undefined;
  after(async () => (await session)?.close());
  return async (graph, inputs) => {
    session ??= backend.open({ threads: 2 });
    const executable = await (await session).compile(graph);
    try {
      return await executable.run(inputs);
    } finally {
      await executable.close();
    }
  };
}
