// Recomputation where a program's arena would be too large. Results that the forward part leaves for gradients are
// dropped, and computed again before a gradient reads them: large results of cheap kernels first. Whole kernels run again,
// so every result keeps its bits. After Chen and others, "Training deep nets with sublinear memory cost", 2016.
import { operationsOf, trafficOf } from "./costs.js";
import type { Buffer, Kernel } from "./kernels.js";
import type { LoweredGraph } from "./lowerer.js";
import { lifetimesOf, paddedBytes, plan } from "./plan.js";
import { Rebuilder, type Rebuilt } from "./rebuild.js";
import type { Target } from "./target.js";

type Stages = readonly (readonly Kernel[])[];

/** Arithmetic that takes as long as the transport of a byte. */
const OPERATIONS_PER_BYTE = 8;
/** Arithmetic that takes as long as a stage's wait for all threads. */
const OPERATIONS_PER_STAGE = 200_000;
/** The part of the arena that keeps everything below which a result is kept in any case. */
const SMALL = 1 / 4096;
/** The part of the peak that is dropped at a time: what is dropped together may be more than one peak needs. */
const STEP = 1 / 32;
/** Programs that are tried at most. */
const MOST_TRIALS = 400;

const costOf = (kernel: Kernel): number =>
  Math.max(operationsOf(kernel), OPERATIONS_PER_BYTE * trafficOf(kernel)) + OPERATIONS_PER_STAGE;

/** A program that keeps some results, and the stage at which it needs most memory. */
interface Trial extends Rebuilt {
  readonly kept: ReadonlySet<Buffer>;
  readonly peak: { readonly stage: number; readonly bytes: number };
  /** Results that lie idle at that stage, with their padded bytes. */
  readonly idle: readonly (readonly [Buffer, number])[];
}

/** The pass of this file. */
export type Recompute = typeof recompute;

/**
 * The stages of a program that needs at most `limit` bytes for its arena, or as few as can be reached.
 * @param stages The stages as they are scheduled, which keep everything.
 */
export function recompute(
  stages: Stages,
  lowered: Pick<LoweredGraph, "inputs" | "outputs">,
  target: Target,
  limit: number,
): Stages {
  let best: { readonly stages: Stages; readonly bytes: number } = {
    stages,
    bytes: plan(stages, lowered.inputs, lowered.outputs, target).bytes,
  };
  const search = new Search(stages, lowered, target, best.bytes * SMALL);
  if (!search.hasGradients) return stages;
  let goal = limit;
  while (best.bytes > limit) {
    const found = search.below(goal);
    const { bytes } = plan(found.stages, lowered.inputs, lowered.outputs, target);
    if (bytes < best.bytes) best = { stages: found.stages, bytes };
    if (found.peak.bytes > goal) break;
    // Gaps between the buffers of the arena have to be saved as well.
    goal -= Math.max(1, bytes - limit);
  }
  return best.stages;
}

/** A search for the results to keep: from all that gradients read down to fewer, one after the other. */
class Search {
  readonly #rebuilder: Rebuilder;
  readonly #costs = new Map<Kernel, number>();
  #now: Trial;
  #trials = 0;
  /** Results whose loss has not lowered the peak, until another's has. */
  readonly #futile = new Set<Buffer>();

  constructor(
    stages: Stages,
    readonly lowered: Pick<LoweredGraph, "inputs" | "outputs">,
    readonly target: Target,
    /** Bytes below which a result is kept in any case. */
    readonly small: number,
  ) {
    this.#rebuilder = new Rebuilder(stages, lowered.outputs, (buffer) => this.#isSmall(buffer));
    this.#now = this.#trial(this.#rebuilder.saved);
  }

  /** Tells whether there is a part that computes what no output needs: gradients and updates. */
  get hasGradients(): boolean {
    return this.#rebuilder.hasGradients;
  }

  /** The first program found whose peak is at most `goal`, or the lowest. */
  below(goal: number): Trial {
    while (this.#now.peak.bytes > goal && this.#trials < MOST_TRIALS) {
      const ranked = this.#ranked();
      if (ranked.length === 0) break;
      const { bytes } = this.#now.peak;
      if (!this.#try(this.#some(ranked, Math.min(bytes * STEP, bytes - goal))) && !this.#try([ranked[0]!]))
        this.#futile.add(ranked[0]!);
    }
    return this.#now;
  }

  #isSmall(buffer: Buffer): boolean {
    return paddedBytes(buffer, this.target) < this.small;
  }

  /** Drops results. @returns true where that lowers the peak; else nothing has changed. */
  #try(dropped: readonly Buffer[]): boolean {
    const gone = new Set(dropped);
    const next = this.#trial(new Set([...this.#now.kept].filter((buffer) => !gone.has(buffer))));
    this.#trials++;
    if (next.peak.bytes >= this.#now.peak.bytes) return false;
    this.#now = next;
    this.#futile.clear();
    return true;
  }

  /** The first of a list that make up so many bytes together. */
  #some(ranked: readonly Buffer[], bytes: number): readonly Buffer[] {
    let sum = 0;
    let count = 0;
    while (count < ranked.length && (count === 0 || sum < bytes)) sum += paddedBytes(ranked[count++]!, this.target);
    return ranked.slice(0, count);
  }

  /** Results that may be dropped at the peak: most bytes for the time of computing them again first. */
  #ranked(): Buffer[] {
    const { idle } = this.#now;
    return idle
      .filter(([buffer]) => !this.#futile.has(buffer))
      .map(([buffer, bytes]) => ({ buffer, score: bytes / this.#price(buffer) }))
      .sort((a, b) => b.score - a.score)
      .map(({ buffer }) => buffer);
  }

  /** The cost of computing a result again, with all that is not kept on the way to it. */
  #price(buffer: Buffer): number {
    const { kept, repeated } = this.#now;
    let sum = 1;
    for (const kernel of this.#rebuilder.wayTo(buffer, kept)) {
      if (repeated.has(kernel)) continue;
      const cost = this.#costs.get(kernel) ?? costOf(kernel);
      this.#costs.set(kernel, cost);
      sum += cost;
    }
    return sum;
  }

  #trial(kept: ReadonlySet<Buffer>): Trial {
    const rebuilt = this.#rebuilder.build(kept);
    const { stages } = rebuilt;
    const { inputs, outputs } = this.lowered;
    const lifetimes = [...lifetimesOf(stages, inputs, outputs, this.target).values()];
    const changes = new Float64Array(stages.length + 2);
    for (const { bytes, first, last } of lifetimes) {
      changes[first]! += bytes;
      changes[last + 1]! -= bytes;
    }
    const peak = { stage: 0, bytes: 0 };
    let live = 0;
    for (let stage = 0; stage <= stages.length; stage++) {
      live += changes[stage]!;
      if (live > peak.bytes) Object.assign(peak, { stage, bytes: live });
    }
    const busy = new Set((stages[peak.stage] ?? []).flatMap(({ reads, writes }) => [...reads, ...writes]));
    const idle = lifetimes
      .filter(({ buffer, first, last }) => first < peak.stage && peak.stage < last && !busy.has(buffer))
      .filter(({ buffer }) => kept.has(buffer) && this.#rebuilder.mayDrop(buffer))
      .map(({ buffer, bytes }) => [buffer, bytes] as const);
    return { ...rebuilt, kept, peak, idle };
  }
}
