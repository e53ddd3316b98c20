// A value over two parameters as a map: the mean of the trials around each cell, near ones counting more. It fades where no
// trial has been, for there it would be a guess. Trials are counted into cells first, so that ten thousand cost no more.
import type { Axis } from "../../charts/axis.ts";

export const SIDE = 96;

/** Quality and certainty of each cell, both from 0 to 1; row 0 is at the top. */
export interface Surface {
  readonly good: Float32Array;
  readonly known: Float32Array;
}

/** @param numbers the trials that count */
export function surfaceOf(
  numbers: Int32Array,
  x: Float32Array,
  y: Float32Array,
  good: Float32Array,
  [xAxis, yAxis]: readonly [Axis, Axis],
): Surface {
  let weight = new Float32Array(SIDE * SIDE);
  let sum = new Float32Array(SIDE * SIDE);
  for (const number of numbers) {
    const [across, up] = [x[number]!, y[number]!];
    if (!(across >= 0 && across <= 1 && up >= 0 && up <= 1)) continue;
    const column = Math.min(SIDE - 1, Math.floor(across * SIDE));
    const row = SIDE - 1 - Math.min(SIDE - 1, Math.floor(up * SIDE));
    weight[row * SIDE + column]! += 1;
    sum[row * SIDE + column]! += good[number]!;
  }
  const reach = Math.min(0.22, Math.max(0.05, 0.45 / Math.sqrt(Math.max(1, numbers.length)))) * SIDE;
  [weight, sum] = [weight, sum].map((cells) =>
    blurred(blurred(cells, reach, 1, xAxis.cells), reach, SIDE, yAxis.cells),
  ) as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
  return {
    good: sum.map((total, at) => (weight[at]! > 0 ? total / weight[at]! : 0)),
    known: weight.map((total) => total / (total + 0.25)),
  };
}

/** Cells blurred along one direction as by a bell; nothing passes between choices that have no order. */
function blurred(
  cells: Float32Array,
  reach: number,
  step: number,
  groups: number | undefined,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(cells.length);
  const far = Math.ceil(3 * reach);
  const bell = Array.from({ length: far + 1 }, (_, distance) => Math.exp(-(distance ** 2) / (2 * reach * reach)));
  const line = step === 1 ? SIDE : 1;
  const groupOf = (at: number): number => {
    // Rows are counted from the top, places from below.
    const position = step === 1 ? at : SIDE - 1 - at;
    return Math.floor((position * (groups ?? 1)) / SIDE);
  };
  for (let lane = 0; lane < SIDE; lane++)
    for (let at = 0; at < SIDE; at++) {
      const value = cells[lane * line + at * step]!;
      if (value === 0) continue;
      if (groups !== undefined) {
        for (let to = 0; to < SIDE; to++) if (groupOf(to) === groupOf(at)) result[lane * line + to * step]! += value;
        continue;
      }
      for (let to = Math.max(0, at - far); to <= Math.min(SIDE - 1, at + far); to++)
        result[lane * line + to * step]! += value * bell[Math.abs(to - at)]!;
    }
  return result;
}
