// The compiler's front door: graph in, program for a target out. Backends turn programs into machine code.
import { type Graph, verify } from "../core/graph/graph.js";
import type { Variable } from "../core/graph/node.js";
import { checkLowered, checkPlan, checkStages } from "./check-program.js";
import type { Buffer, Kernel } from "./kernels.js";
import { lower } from "./lower.js";
import { type MemoryPlan, plan } from "./plan.js";
import type { Recompute } from "./recompute.js";
import { schedule } from "./schedule.js";
import { simplify } from "./simplify.js";
import type { Target } from "./target.js";

export interface Program {
  readonly target: Target;
  readonly stages: readonly (readonly Kernel[])[];
  readonly memory: MemoryPlan;
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly variables: ReadonlyMap<Variable, Buffer>;
}

export interface CompilerOptions {
  /** Checks the result of each pass before the next; for tests, and to find a mistake of the compiler. Default false. */
  readonly check?: boolean;
  /**
   * A limit of the arena: results are computed again rather than kept where it would be larger. The arena is as small as
   * can be where that is not enough. Default: no limit.
   */
  readonly within?: ArenaLimit;
}

/** A limit of the arena, with the pass that keeps to it, which only those load who have a limit. */
export interface ArenaLimit {
  /** Bytes that the arena may take. */
  readonly bytes: number;
  /** The pass, of recompute.ts. */
  readonly recompute: Recompute;
}

/**
 * Verifies, simplifies, fuses, lowers, schedules and plans a graph.
 * @throws FoveaError when the graph is not well formed, or with `check` when a pass made a mistake.
 */
export function compile(graph: Graph, target: Target, { check = false, within }: CompilerOptions = {}): Program {
  const lowered = lower(simplify(verify(graph)), target);
  if (check) checkLowered(lowered, target);
  const { inputs, outputs, variables } = lowered;
  let { stages } = schedule(lowered);
  let memory = plan(stages, inputs, outputs, target);
  if (within !== undefined && memory.bytes > within.bytes) {
    stages = within.recompute(stages, lowered, target, within.bytes);
    memory = plan(stages, inputs, outputs, target);
  }
  if (check) checkStages(stages, lowered);
  if (check) checkPlan(stages, memory, lowered, target);
  return { target, stages, memory, inputs, outputs, variables };
}
