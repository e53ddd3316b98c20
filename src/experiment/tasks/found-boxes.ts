// Boxes out of the maps of a detector by center points: cells that are surer than their neighbours, the surest first, without those
// that lie on a surer box of the same class (non-maximum suppression).
import type { Tensor } from "../../core/tensor.js";
import { BOX_MAPS, CENTER_BOXES } from "../../nn/losses/index.js";

/** Numbers of a found box: class, score, left, top, width and height, the last four as shares of the image. */
export const FOUND_NUMBERS = 6;
/** The most boxes of an image, as COCO counts them. */
export const MOST_FOUND = CENTER_BOXES.most;
const { leastScore: LEAST_SCORE, sameObject: SAME_OBJECT } = CENTER_BOXES;

interface Found {
  readonly label: number;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Boxes of a batch, `[n, 100, 6]`: class, score, left, top, width and height, the last four as shares of the image; the class is -1
 * where there are fewer, and NaN first where the maps have NaN. Of equal scores the upper left cell comes first, then the first class.
 * @param maps outputs of the model, `[n, rows, columns, classes + 4]`
 */
export function foundBoxes({ shape, data }: Tensor<"float32">): Tensor<"float32"> {
  const [images, rows, columns, maps] = shape as [number, number, number, number];
  const out = new Float32Array(images * MOST_FOUND * FOUND_NUMBERS).fill(-1);
  const size = rows * columns * maps;
  for (let image = 0; image < images; image++) {
    const values = data.subarray(image * size, (image + 1) * size);
    if (values.some(Number.isNaN)) {
      out[image * MOST_FOUND * FOUND_NUMBERS] = Number.NaN;
      continue;
    }
    const found = distinct(peaks(values, rows, columns, maps));
    for (const [rank, { label, score, left, top, width, height }] of found.slice(0, MOST_FOUND).entries())
      out.set([label, score, left, top, width, height], (image * MOST_FOUND + rank) * FOUND_NUMBERS);
  }
  return { dtype: "float32", shape: [images, MOST_FOUND, FOUND_NUMBERS], data: out };
}

/** Boxes of cells that no neighbour of the same class beats, the surest first. */
function peaks(data: Float32Array, rows: number, columns: number, maps: number): Found[] {
  const classes = maps - BOX_MAPS;
  const found: Found[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const start = (row * columns + column) * maps;
      for (let label = 0; label < classes; label++) {
        const score = data[start + label]!;
        if (!(score >= LEAST_SCORE) || !isPeak(data, rows, columns, maps, row, column, label)) continue;
        const [x, y, wide, high] = [0, 1, 2, 3].map((i) => data[start + classes + i]!) as [
          number,
          number,
          number,
          number,
        ];
        found.push({
          label,
          score,
          ...withinImage((column + x) / columns, (row + y) / rows, wide / columns, high / rows),
        });
      }
    }
  return found.sort((a, b) => b.score - a.score);
}

/** True where no neighbour is surer, and none before it as sure. */
function isPeak(
  data: Float32Array,
  rows: number,
  columns: number,
  maps: number,
  row: number,
  column: number,
  label: number,
): boolean {
  const score = data[(row * columns + column) * maps + label]!;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const other = data[(y * columns + x) * maps + label]!;
      const isBefore = y < row || (y === row && x < column);
      if (other > score || (isBefore && other === score)) return false;
    }
  return true;
}

/** The part of a box that lies within the image. */
function withinImage(x: number, y: number, wide: number, high: number): Omit<Found, "label" | "score"> {
  const cut = (value: number): number => Math.min(1, Math.max(0, value));
  const [left, top] = [cut(x - wide / 2), cut(y - high / 2)];
  return { left, top, width: cut(x + wide / 2) - left, height: cut(y + high / 2) - top };
}

/** Boxes without those that overlap a surer one of their class. */
function distinct(sorted: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const box of sorted) {
    if (kept.length === MOST_FOUND) break;
    if (kept.every((other) => other.label !== box.label || overlap(other, box) <= SAME_OBJECT)) kept.push(box);
  }
  return kept;
}

/** Intersection over union. */
function overlap(a: Found, b: Found): number {
  const wide = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const high = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (wide <= 0 || high <= 0) return 0;
  return (wide * high) / (a.width * a.height + b.width * b.height - wide * high);
}
