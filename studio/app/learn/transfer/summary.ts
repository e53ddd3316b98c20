// Sums over the weights of a group.
import type { WeightFacts } from "./job.ts";

const sizeOf = ({ shape }: WeightFacts): number => shape.reduce((all, extent) => all * extent, 1);

export interface GroupSummary {
  readonly params: number;
  readonly trained: number;
  /** Number of values that have changed. */
  readonly changed: number;
  /** The largest relative change among its weights. */
  readonly change: number;
  /** `params` as a sum over the weights: `3 · 3 · 64 · 96 + 4 · 96`. */
  readonly formula: string;
}

export function summaryOf(weights: readonly WeightFacts[]): GroupSummary {
  const sum = (those: readonly WeightFacts[], of: (weight: WeightFacts) => number): number =>
    those.reduce((total, weight) => total + of(weight), 0);
  return {
    params: sum(weights, sizeOf),
    trained: sum(
      weights.filter(({ isTrained }) => isTrained),
      sizeOf,
    ),
    changed: sum(weights, ({ changed }) => changed),
    change: weights.reduce((most, { change }) => Math.max(most, change), 0),
    formula: formulaOf(weights),
  };
}

/** Kernels factor by factor; rows of numbers of one length together. */
function formulaOf(weights: readonly WeightFacts[]): string {
  const kernels = weights.filter(({ shape }) => shape.length > 1).map(({ shape }) => shape.join(" · "));
  const rows = new Map<number, number>();
  for (const { shape } of weights) if (shape.length === 1) rows.set(shape[0]!, (rows.get(shape[0]!) ?? 0) + 1);
  return [...kernels, ...[...rows].map(([length, count]) => (count === 1 ? `${length}` : `${count} · ${length}`))].join(
    " + ",
  );
}
