// A value over two parameters as an image: the mean of the trials around, near ones counting more, in bands like the
// heights of a map. It fades where no trial has been, for there it would be a guess.
import type { ImageFacts } from "../../facts.js";
import { COLORS, rgbOf } from "../theme.js";

export interface SurfacePoint {
  readonly x: number;
  readonly y: number;
  /** 0 bad to 1 good. */
  readonly good: number;
}

const SIDE = 160;
const BANDS = 8;
/** From bad to good: the colour of what is right, pale to full. A dark page turns the image's lightness round. */
const PALE = [233, 239, 242] as const;
const DEEP = rgbOf(COLORS.right);

const blend = (good: number): number[] =>
  PALE.map((pale, i) => Math.round(pale + (DEEP[i]! - pale) * Math.min(1, Math.max(0, good))));

/** One axis of a surface: where it begins and ends; and how many cells it has where nothing lies between values. */
export interface SurfaceAxis {
  readonly domain: readonly [number, number];
  readonly cells: number | undefined;
}

/** Distance of two places; in different cells infinite. */
const gap = ({ cells }: SurfaceAxis, a: number, b: number): number => {
  if (cells === undefined) return a - b;
  return Math.floor(a * cells) === Math.floor(b * cells) ? 0 : Infinity;
};

/** The surface over two axes, row 0 at the top. */
export function surface(points: readonly SurfacePoint[], xAxis: SurfaceAxis, yAxis: SurfaceAxis): ImageFacts {
  const width = Math.min(0.22, Math.max(0.07, 0.45 / Math.sqrt(Math.max(1, points.length))));
  const data = new Uint8Array(SIDE * SIDE * 4);
  const along = ({ domain: [from, to] }: SurfaceAxis, step: number): number =>
    from + ((step + 0.5) / SIDE) * (to - from);
  for (let row = 0; row < SIDE; row++) {
    const y = along(yAxis, SIDE - 1 - row);
    for (let column = 0; column < SIDE; column++) {
      const x = along(xAxis, column);
      let weight = 0;
      let sum = 0;
      for (const point of points) {
        const near = Math.exp(-(gap(xAxis, point.x, x) ** 2 + gap(yAxis, point.y, y) ** 2) / (2 * width * width));
        weight += near;
        sum += near * point.good;
      }
      const band = weight > 0 ? Math.min(BANDS - 1, Math.floor((sum / weight) * BANDS)) / (BANDS - 1) : 0;
      const at = 4 * (row * SIDE + column);
      data.set(blend(band), at);
      data[at + 3] = Math.round((255 * weight) / (weight + 0.25));
    }
  }
  return { height: SIDE, width: SIDE, channels: 4, data };
}
