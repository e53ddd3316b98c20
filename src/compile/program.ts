// The compiler's front door: graph in, program out. Backends turn programs into machine code.
import { type Graph, verify } from "../core/graph/graph.js";
import type { Variable } from "../core/graph/node.js";
import type { Buffer, Kernel } from "./kernels.js";
import { lower } from "./lower.js";
import { type MemoryPlan, plan } from "./plan.js";
import { schedule } from "./schedule.js";
import { simplify } from "./simplify.js";

export interface Program {
  readonly stages: readonly (readonly Kernel[])[];
  readonly memory: MemoryPlan;
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly variables: ReadonlyMap<Variable, Buffer>;
}

/**
 * Verifies, simplifies, fuses, lowers, schedules and plans a graph.
 * @throws FoveaError when the graph is not well formed.
 */
export function compile(graph: Graph): Program {
  const lowered = lower(simplify(verify(graph)));
  const { stages } = schedule(lowered);
  const { inputs, outputs, variables } = lowered;
  return { stages, memory: plan(stages, inputs, outputs), inputs, outputs, variables };
}
