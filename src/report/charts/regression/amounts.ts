// Axes for amounts: linear, or logarithmic where a few rows are many times as large as the others, or by square root
// where zeros are among those.

/** Division of an axis, and the range that it shows. */
export interface AmountAxis {
  readonly type: "linear" | "log" | "sqrt";
  readonly domain: readonly [low: number, high: number];
  /** Ticks of a logarithmic axis. */
  readonly values?: readonly number[];
  /** A format of d3. */
  readonly format: string;
}

/** Largest over smallest (less a twentieth at both ends) from which on a logarithm shows more. */
const SKEWED = 12;

/** An axis as another one is divided, for a list of its own range. */
export function axisLike({ type, format }: AmountAxis, list: ArrayLike<number>): AmountAxis {
  const axis = amountAxis(list);
  if (axis.type === type) return axis;
  const sorted = Float64Array.from(list).filter(Number.isFinite).sort();
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
  if (type === "log" && low > 0 && high > low) {
    const domain = [low / 1.15, high * 1.15] as const;
    return { type, domain, values: logTicks(...domain), format };
  }
  return axis;
}

/** One axis for several lists of amounts. */
export function amountAxis(...lists: readonly ArrayLike<number>[]): AmountAxis {
  const all = Float64Array.from(lists.flatMap((list) => Array.from(list)).filter(Number.isFinite)).sort();
  if (all.length === 0) return { type: "linear", domain: [0, 1], format: "~r" };
  const at = (share: number): number => all[Math.round(share * (all.length - 1))]!;
  const [low, high] = [at(0), at(1)];
  const format = Math.max(Math.abs(low), Math.abs(high)) >= 1e5 ? "~s" : ",~r";
  if (low === high) return { type: "linear", domain: [low - 0.5, high + 0.5], format };
  if (low > 0 && at(0.95) / at(0.05) > SKEWED) {
    const domain = [low / 1.15, high * 1.15] as const;
    return { type: "log", domain, values: logTicks(...domain), format };
  }
  if (low >= 0 && high > SKEWED * at(0.5) && high > 4 * at(0.9))
    return { type: "sqrt", domain: [0, high * 1.04], format };
  const margin = 0.03 * (high - low);
  return { type: "linear", domain: [low >= 0 && low < 0.3 * high ? 0 : low - margin, high + margin], format };
}

/** Powers of ten within a range, with 2 and 5 times them, or all their multiples, where they are few. */
function logTicks(low: number, high: number): number[] {
  for (const multiples of [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      for (const multiple of multiples) {
        const tick = Number(`${multiple}e${power}`);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    if (ticks.length >= 3) return ticks;
  }
  return [low, high];
}

/** Scale and axis of an encoding. */
export const amountScale = ({ type, domain, values, format }: AmountAxis, title: string, tickCount = 6) => ({
  scale: { type, domain: [...domain], nice: false, ...(type === "log" ? {} : { zero: false }) },
  axis: {
    title,
    format,
    tickCount,
    ...(values === undefined ? {} : { values: [...values] }),
    labelFlush: false,
    labelOverlap: values === undefined,
  },
});

/** "cost in €", or "cost". */
export const inUnit = (name: string, unit: string | undefined): string =>
  unit === undefined ? name : `${name} (${unit})`;
