// A window that moves over a picture: where it stands for each output, as the layers of the library place it.
import type { Border, Cell, Mark } from "../../pixel-grid/cells.ts";

export const PADDINGS = ["valid", "same"] as const;
export type Padding = (typeof PADDINGS)[number];

/** A window along rows or columns. */
export interface Axis {
  readonly size: number;
  readonly stride: number;
  /** Zeros before the first and after the last pixel. */
  readonly before: number;
  readonly after: number;
  readonly inputs: number;
  readonly outputs: number;
}

export function axisOf(inputs: number, size: number, stride: number, padding: Padding): Axis {
  const along = { inputs, size, stride };
  if (padding === "valid")
    return { ...along, before: 0, after: 0, outputs: Math.max(0, Math.floor((inputs - size) / stride) + 1) };
  const outputs = Math.ceil(inputs / stride);
  const zeros = Math.max(0, (outputs - 1) * stride + size - inputs);
  const before = Math.floor(zeros / 2);
  return { ...along, before, after: zeros - before, outputs };
}

/** The window over rows and columns. */
export interface Window {
  readonly rows: Axis;
  readonly columns: Axis;
}

export const windowOf = (height: number, width: number, size: number, stride: number, padding: Padding): Window => ({
  rows: axisOf(height, size, stride, padding),
  columns: axisOf(width, size, stride, padding),
});

export const borderOf = ({ rows, columns }: Window): Border => ({
  top: rows.before,
  bottom: rows.after,
  left: columns.before,
  right: columns.after,
});

const begin = ({ stride, before }: Axis, output: number): number => output * stride - before;

/** The cells under the window for an output. */
export const footprintOf = ({ rows, columns }: Window, { row, column }: Cell): Mark => ({
  row: begin(rows, row),
  column: begin(columns, column),
  rows: rows.size,
  columns: columns.size,
  kind: "footprint",
});

/** The output whose window has its middle nearest to a pixel. */
export const outputAt = ({ rows, columns }: Window, { row, column }: Cell): Cell => ({
  row: nearest(rows, row),
  column: nearest(columns, column),
});

function nearest({ size, stride, before, outputs }: Axis, input: number): number {
  const output = Math.round((input + before - (size - 1) / 2) / stride);
  return Math.min(Math.max(output, 0), outputs - 1);
}

/** All outputs that a pixel reaches, as one rectangle; undefined where it reaches none. */
export function reachOf({ rows, columns }: Window, { row, column }: Cell): Mark | undefined {
  const [down, across] = [reachAlong(rows, row), reachAlong(columns, column)];
  if (down.count <= 0 || across.count <= 0) return undefined;
  return { row: down.first, column: across.first, rows: down.count, columns: across.count, kind: "reach" };
}

function reachAlong({ size, stride, before, outputs }: Axis, input: number): { first: number; count: number } {
  const first = Math.max(0, Math.ceil((input + before - size + 1) / stride));
  const last = Math.min(outputs - 1, Math.floor((input + before) / stride));
  return { first, count: last - first + 1 };
}

/** The number of outputs with the current values put in: `⌊(16 + 0 + 0 − 3) / 1⌋ + 1`. */
export const sizeFormula = ({ inputs, before, after, size, stride }: Axis): string =>
  `⌊(${inputs} + ${before} + ${after} − ${size}) / ${stride}⌋ + 1`;
