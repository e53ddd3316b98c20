// One session of a backend for many graphs: opening one starts threads, which takes longer than most graphs.
import type { Backend, Session } from "../../backends/contract.js";
import type { Graph } from "../../core/graph/graph.js";
import type { Tensor } from "../../core/tensor.js";

export type RunGraph = (graph: Graph, inputs: readonly Tensor[]) => Promise<Tensor[]>;

/** Graphs of one session. */
export interface GraphRunner {
  /** Compiles, runs and closes a graph. */
  readonly run: RunGraph;
  /** The session, opened where it was not yet. */
  readonly session: () => Promise<Session>;
  /** True once a session was opened. */
  readonly isOpen: () => boolean;
}

/** A runner whose session is opened for the first of its graphs. */
export function graphRunner(backend: Backend): GraphRunner {
  let opened: Promise<Session> | undefined;
  const session = (): Promise<Session> => {
    opened ??= backend.open({ threads: 2 });
    return opened;
  };
  const run: RunGraph = async (graph, inputs) => {
    const executable = await (await session()).compile(graph);
    try {
      return await executable.run(inputs);
    } finally {
      await executable.close();
    }
  };
  return { run, session, isOpen: () => opened !== undefined };
}
