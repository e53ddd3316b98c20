// The memory that a model's graph needs, as the backend that would compute it plans it.
import type { Backend } from "../../backends/contract.js";
import { type MemoryFacts, memoryFacts } from "../../compile/print.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";

/**
 * Memory of a graph, kernel by kernel.
 * @param backend The backend of the model, if it has one.
 * @throws FoveaError for a backend that compiles nothing.
 */
export function memoryPlanOf(backend: Backend | undefined, graph: () => Graph): MemoryFacts {
  if (backend?.target !== undefined) return memoryFacts(graph(), backend.target);
  throw new FoveaError(
    "unsuited-option",
    `memoryPlan: expected a model whose backend compiles, ${backend === undefined ? "this one has no backend" : `"${backend.name}" interprets`}; make it with sequential() from "fovea"`,
  );
}
