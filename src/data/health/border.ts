// The borders of one colour around a picture: bars above and below, frames of scans, margins of screens.
import type { Pixels } from "../pixels.js";

/** Levels this far from the border's own are noise of compression. */
const NOISE = 6;
/** Share of the pixels of a line that may lie outside: hot pixels, and rounded corners. */
const OUTSIDE = 0.01;
/** Border beyond which a side is not searched: a picture is in the middle. */
const MOST = 0.45;

/** Borders of a picture: the share that they take, and their grey level from 0 to 255 (0 where there is none). */
export interface Border {
  readonly share: number;
  readonly level: number;
}

/** Finds the borders of one grey level, which is that of the longest border. @param grey one channel */
export function borderOf({ data, width, height }: Pixels): Border {
  const row = (y: number) => ({ start: y * width, step: 1, count: width });
  const column = (x: number) => ({ start: x, step: width, count: height });
  const sides = [
    { length: height, line: row },
    { length: height, line: (i: number) => row(height - 1 - i) },
    { length: width, line: column },
    { length: width, line: (i: number) => column(width - 1 - i) },
  ].map(({ length, line }) => {
    const { start, step, count } = line(0);
    const level = middleOf(data, start, step, count);
    let depth = 0;
    while (depth < MOST * length && isOfLevel(data, line(depth), level)) depth++;
    return { level, share: depth / length };
  });
  const widest = sides.reduce((best, side) => (side.share > best.share ? side : best));
  if (widest.share === 0) return { share: 0, level: 0 };
  const [top, bottom, left, right] = sides.map(({ level, share }) =>
    Math.abs(level - widest.level) <= NOISE ? share : 0,
  ) as [number, number, number, number];
  return { share: 1 - (1 - top - bottom) * (1 - left - right), level: widest.level };
}

interface Line {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Mean level of a line. */
function middleOf(data: Uint8Array, start: number, step: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += data[start + i * step]!;
  return Math.round(sum / count);
}

function isOfLevel(data: Uint8Array, { start, step, count }: Line, level: number): boolean {
  const most = Math.floor(count * OUTSIDE);
  let outside = 0;
  for (let i = 0; i < count; i++)
    if (Math.abs(data[start + i * step]! - level) > NOISE && ++outside > most) return false;
  return true;
}
