// The trials that are pointed at, picked and brushed in a study, for all of its charts: the first for a moment, the others in
// the address.
import { signal } from "@preact/signals";
import { address, keepState } from "../../frame/address.ts";
import { type Brushes, type BrushKey, readBrushes, withBrush, writeBrushes } from "./brushes.ts";

export const hovered = signal<number | undefined>(undefined);

/** The trial that is picked; undefined for none. */
export function pickedTrial(): number | undefined {
  const { trial } = address.value.state;
  return trial !== undefined && /^\d{1,9}$/.test(trial) ? Number(trial) : undefined;
}

export const pick = (trial: number | undefined): void =>
  keepState({ trial: trial === undefined || trial === pickedTrial() ? undefined : String(trial) });

export const brushesNow = (): Brushes => readBrushes(address.value.state.brush);

export const brush = (key: BrushKey, range: readonly [number, number] | undefined): void =>
  keepState({ brush: writeBrushes(withBrush(brushesNow(), key, range)) });

let next: (() => void) | undefined;

/** The same while the hand still moves: once a frame, and not before the charts have had their turn. */
export function brushSoon(key: BrushKey, range: readonly [number, number]): void {
  const isWaiting = next !== undefined;
  next = () => brush(key, range);
  if (isWaiting) return;
  requestAnimationFrame(() =>
    setTimeout(() => {
      next?.();
      next = undefined;
    }),
  );
}

export const clearBrushes = (): void => keepState({ brush: undefined });
