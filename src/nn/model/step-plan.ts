// The way in which a training step keeps within a limit of memory: as it is, with results computed again rather than kept,
// which changes no bit, or the batch in parts.
import { variableBytes } from "../../compile/plan.js";
import { compile } from "../../compile/program.js";
import { recompute } from "../../compile/recompute.js";
import type { Target } from "../../compile/target.js";
import { showByteSize } from "../../core/byte-size.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";

/** Limits of a training step. */
export interface StepLimits {
  /** Samples that are computed at a time; the slopes of a larger batch are added up before its one update. Default: all. */
  readonly microBatchSize?: number | undefined;
  /** Bytes that a step may take for weights, optimizer and results in between. Default: no limit. */
  readonly memory?: number | undefined;
}

/** Memory of a training step, and how it keeps within its limit. */
export interface StepPlan {
  /** Samples that are computed at a time; absent where the batch is computed at once. */
  readonly microBatchSize?: number;
  /** Bytes for weights, optimizer and results in between. */
  readonly bytes: number;
  /** True where results are computed again rather than kept. */
  readonly recomputes: boolean;
  /** True where layers normalise by each part of the batch for itself rather than by the whole. */
  readonly splitsStatistics: boolean;
}

/** Samples of a part down to which parts that keep everything are preferred to fewer that compute results again. */
const FEW = 4;

/** A training step that is to be planned. */
export interface PlannedStep {
  readonly target: Target;
  readonly batch: number;
  /** Bytes that may be taken. */
  readonly memory: number;
  /** Samples of a part, where they are settled. */
  readonly microBatchSize?: number | undefined;
  /** The step on so many samples of the batch. */
  readonly graph: (samples: number) => Graph;
  /** True where layers normalise by the batch's own statistics. */
  readonly hasStatistics: boolean;
  /** The loss or layer that needs the samples of a batch together; undefined where none does. */
  readonly coupling: string | undefined;
}

/**
 * Plans a training step: results are computed again rather than kept before the batch is computed in parts.
 * @throws FoveaError where the limit cannot be kept.
 */
export function planStep(step: PlannedStep): StepPlan {
  const { batch, memory, microBatchSize, hasStatistics, coupling } = step;
  const plan = (samples: number, recomputes: boolean): StepPlan => {
    const isPart = samples < batch;
    const bytes = bytesOf(step, samples, recomputes);
    return { ...(isPart && { microBatchSize: samples }), bytes, recomputes, splitsStatistics: isPart && hasStatistics };
  };
  const fits = ({ bytes }: StepPlan): boolean => bytes <= memory;
  const whole = Math.min(microBatchSize ?? batch, batch);
  const plain = plan(whole, false);
  if (fits(plain)) return plain;
  const again = plan(whole, true);
  if (fits(again)) return again;
  if (microBatchSize !== undefined) throw tooTight(memory, again.bytes, `${whole} samples`);
  if (coupling !== undefined)
    throw tooTight(memory, again.bytes, `${batch} samples, which ${coupling} needs together,`);
  // Parts change bits in any case: more of them cost less time than results that are computed again.
  const kept = hasStatistics ? undefined : fewestParts(batch, plain, memory, FEW, (samples) => plan(samples, false));
  if (kept !== undefined && fits(kept)) return kept;
  const parts = fewestParts(batch, again, memory, 1, (samples) => plan(samples, true));
  if (fits(parts)) return parts;
  throw tooTight(memory, parts.bytes, "a single sample at a time");
}

/** The fewest parts of a batch that fit, or as many as leave each `least` samples. */
function fewestParts(
  batch: number,
  whole: StepPlan,
  memory: number,
  least: number,
  plan: (samples: number) => StepPlan,
): StepPlan {
  let found = whole;
  let samples = batch;
  while (found.bytes > memory && samples > Math.min(least, batch)) {
    const parts = Math.ceil(batch / samples);
    // Memory grows about as the samples do.
    const wanted = Math.max(parts + 1, Math.floor((parts * found.bytes) / memory));
    samples = Math.max(Math.min(least, batch), Math.ceil(batch / wanted));
    found = plan(samples);
  }
  return found;
}

function bytesOf({ graph, target, memory }: PlannedStep, samples: number, recomputes: boolean): number {
  const program = graph(samples);
  const variables = variableBytes(program, target);
  return (
    variables +
    compile(program, target, recomputes ? { within: { bytes: memory - variables, recompute } } : {}).memory.bytes
  );
}

const tooTight = (memory: number, least: number, what: string): FoveaError =>
  new FoveaError(
    "out-of-memory-bound",
    `memory ${showByteSize(memory)}: a training step on ${what} takes at least ${showByteSize(least)}, though results are computed ` +
      "again rather than kept; allow as much, or use smaller images or a smaller network",
  );
