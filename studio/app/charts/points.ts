// Thousands of points on a canvas: those that would lie on one another are drawn once.
import type { Area } from "./plot.tsx";

export interface PointsOptions {
  readonly color: string;
  /** Side in pixels. */
  readonly size: number;
  readonly alpha?: number;
}

/** Points of this size and above are round; of smaller ones nobody sees the corners. */
const ROUND = 4;

/**
 * Draws points by their places; NaN is not drawn.
 * @param chosen the numbers of those that are drawn
 */
export function drawPoints(
  pen: CanvasRenderingContext2D,
  area: Area,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  chosen: ArrayLike<number>,
  { color, size, alpha = 1 }: PointsOptions,
): void {
  const [columns, rows] = [Math.ceil(area.width) + 1, Math.ceil(area.height) + 1];
  const taken = new Uint8Array(columns * rows);
  pen.globalAlpha = alpha;
  pen.fillStyle = color;
  const half = size / 2;
  for (let i = 0; i < chosen.length; i++) {
    const number = chosen[i]!;
    const [across, down] = [x[number]! * area.width, (1 - y[number]!) * area.height];
    if (!(across >= 0 && across <= area.width && down >= 0 && down <= area.height)) continue;
    const cell = Math.floor(down) * columns + Math.floor(across);
    if (taken[cell] === 1) continue;
    taken[cell] = 1;
    if (size < ROUND) pen.fillRect(area.left + across - half, area.top + down - half, size, size);
    else {
      pen.beginPath();
      pen.arc(area.left + across, area.top + down, half, 0, 2 * Math.PI);
      pen.fill();
    }
  }
  pen.globalAlpha = 1;
}

/** The point nearest to a place of the page, within some pixels; undefined where there is none. */
export function nearestPoint(
  area: Area,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  chosen: ArrayLike<number>,
  atX: number,
  atY: number,
  within = 24,
): number | undefined {
  let nearest: number | undefined;
  let least = within * within;
  for (let i = 0; i < chosen.length; i++) {
    const number = chosen[i]!;
    const distance = (area.x(x[number]!) - atX) ** 2 + (area.y(y[number]!) - atY) ** 2;
    if (distance < least) [least, nearest] = [distance, number];
  }
  return nearest;
}

/** At most so many of some numbers, spread over all of them. */
export function spread(numbers: Int32Array, most: number): Int32Array {
  if (numbers.length <= most) return numbers;
  const every = numbers.length / most;
  return Int32Array.from({ length: most }, (_, i) => numbers[Math.floor(i * every)]!);
}
