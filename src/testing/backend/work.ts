// The parts of a backend's contract: a list that they add cases to, and the comparison with the reference.
import type { Backend } from "../../backends/contract.js";
import { referenceBackend } from "../../backends/reference/reference.js";
import type { Graph } from "../../core/graph/graph.js";
import type { Tensor } from "../../core/tensor.js";
import type { RunGraph } from "./graph-runner.js";
import { checkClose } from "./tensors.js";

/** The subject of a contract, and the list of its cases. */
export interface Work {
  readonly add: (name: string, run: () => Promise<void>) => void;
  readonly backend: Backend;
  readonly run: RunGraph;
  readonly tolerance: number;
}

/** Compares the outputs of a graph with those of the reference. */
export async function compare(run: RunGraph, graph: Graph, inputs: readonly Tensor[], tolerance: number, what: string) {
  const oracle = await referenceBackend.open();
  const actual = await run(graph, inputs);
  const expected = await (await oracle.compile(graph)).run(inputs);
  expected.forEach((tensor, i) => {
    checkClose(actual[i]!, tensor, tolerance, `${what}, output ${i}`);
  });
}
