// Smooth random fields over the unit interval and the unit square: clouds, skylines, dirt, uneven paint.
import type { Random } from "../../../core/random.js";

const ease = (t: number): number => t * t * (3 - 2 * t);

/** 0 below `from`, 1 above `to`, smooth in between. */
export function ramp(value: number, from: number, to: number): number {
  const t = (value - from) / (to - from);
  return t <= 0 ? 0 : t >= 1 ? 1 : ease(t);
}

/** Values from 0 to 1 that change smoothly over u and v from 0 to 1 and stay the same beyond. */
export function smoothField(random: Random, columns: number, rows: number): (u: number, v: number) => number {
  const stride = columns + 1;
  const knots = Float64Array.from({ length: stride * (rows + 1) }, () => random.uniform());
  return (u, v) => {
    const x = Math.min(0.999999, Math.max(0, u)) * columns;
    const y = Math.min(0.999999, Math.max(0, v)) * rows;
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [s, t] = [ease(x - i), ease(y - j)];
    const at = j * stride + i;
    const above = knots[at]! + s * (knots[at + 1]! - knots[at]!);
    const below = knots[at + stride]! + s * (knots[at + stride + 1]! - knots[at + stride]!);
    return above + t * (below - above);
  };
}
