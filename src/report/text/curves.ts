// Curves as text: lines of Braille dots, two by four to a character, with axes; made for training histories.
// Lines differ in their dashes, so that they can be told apart without colours.
import { singleLine } from "../../core/text.js";
import { padColumns } from "./width.js";

/** A curve of a drawing of text. */
export interface TextCurve {
  /** The name in the legend. */
  readonly name: string;
  /** One value per epoch; values that are not finite leave a gap. */
  readonly values: readonly number[];
}

/** Options of `textCurves`. */
export interface TextCurveOptions {
  /** The heading. */
  readonly title: string;
  /** Columns of the plot area. Default 60. */
  readonly columns?: number;
  /** Rows of the plot area. Default 10. */
  readonly rows?: number;
  /** Epoch that is marked under the axis, counted from 1. Default: none. */
  readonly bestEpoch?: number;
  /** Unit in which the values are counted, singular. Default "epoch". */
  readonly unit?: string;
  /** Adds ANSI colours; for terminals only. Default false. */
  readonly color?: boolean;
}

const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const RESET = "\u001b[0m";

/** Kinds of lines: colour, sample for the legend, and columns of dots in which the line is drawn. */
const LINES = [
  { ansi: "\u001b[36m", sample: "⠤⠤⠤", isDrawn: () => true },
  { ansi: "\u001b[33m", sample: "⠤ ⠤", isDrawn: (x: number) => x % 4 < 2 },
  { ansi: "\u001b[35m", sample: "⠄⠄⠄", isDrawn: (x: number) => x % 2 === 0 },
  { ansi: "\u001b[32m", sample: "⠤⠄ ", isDrawn: (x: number) => x % 6 < 3 },
] as const;
/** Curves that one drawing can tell apart. */
export const MOST_CURVES = LINES.length;

/**
 * Draws up to four curves over the epochs, with the smallest, middle and largest value beside them.
 * @param curves The curves, one letter each.
 * @example textCurves([{ name: "train", values: [0.5, 0.8, 0.9] }], { title: "accuracy" })
 */
export function textCurves(curves: readonly TextCurve[], options: TextCurveOptions): string {
  const { title, columns = 60, rows = 10, bestEpoch, unit = "epoch", color = false } = options;
  const finite = curves.flatMap(({ values }) => values.filter(Number.isFinite));
  const epochs = Math.max(0, ...curves.map(({ values }) => values.length));
  if (finite.length === 0) return `${title}: no values`;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const cells = new Uint8Array(columns * rows);
  const owner = new Uint8Array(columns * rows);
  const paint = (text: string, which: number): string => (color ? lineOf(which).ansi + text + RESET : text);

  curves.forEach(({ values }, which) => {
    plot(values, { epochs, low, high, width: columns * 2, height: rows * 4 }, (x, y) => {
      if (!lineOf(which).isDrawn(x)) return;
      const cell = Math.floor(y / 4) * columns + Math.floor(x / 2);
      cells[cell] = cells[cell]! | DOTS[x % 2 === 0 ? 0 : 1][y % 4]!;
      owner[cell] = which;
    });
  });

  const middle = Math.floor(rows / 2);
  const ticks = new Map([[middle, (low + high) / 2]]);
  if (high > low) ticks.set(0, high).set(rows - 1, low);
  const written = (value: number): string => value.toFixed(high >= 100 ? 1 : 3);
  const gutter = Math.max(...[...ticks.values()].map((value) => written(value).length));
  const labelOf = (row: number): string => (ticks.has(row) ? written(ticks.get(row)!) : "");
  const lines = Array.from({ length: rows }, (_, row) => {
    let line = "";
    for (let column = 0; column < columns; column++) {
      const dots = cells[row * columns + column]!;
      line += dots === 0 ? " " : paint(String.fromCodePoint(0x2800 + dots), owner[row * columns + column]!);
    }
    return `${padColumns(labelOf(row), gutter, "right")} │${line}`.trimEnd();
  });
  const legend = curves.map(({ name }, i) => `${paint(lineOf(i).sample, i)} ${singleLine(name)}`).join("   ");
  const indent = " ".repeat(gutter + 2);
  return [
    `${title}   ${legend}`,
    ...lines,
    `${" ".repeat(gutter)} └${"─".repeat(columns)}`,
    indent + axis(epochs, columns, unit),
    ...(bestEpoch === undefined ? [] : [indent + marker(bestEpoch, epochs, columns)]),
  ].join("\n");
}

const lineOf = (which: number) => LINES[which % LINES.length]!;

interface Frame {
  readonly epochs: number;
  readonly low: number;
  readonly high: number;
  readonly width: number;
  readonly height: number;
}

/** Calls `dot` for every dot of the line through the values, upright pieces included. */
function plot(values: readonly number[], frame: Frame, dot: (x: number, y: number) => void): void {
  const { epochs, low, high, width, height } = frame;
  const yOf = (value: number): number =>
    Math.round((height - 1) * (high === low ? 0.5 : 1 - (value - low) / (high - low)));
  let before: number | undefined;
  const last = epochs === 1 ? 0 : Math.round(((values.length - 1) / (epochs - 1)) * (width - 1));
  for (let x = 0; x <= last; x++) {
    const at = epochs === 1 ? 0 : Math.min((x / (width - 1)) * (epochs - 1), values.length - 1);
    const left = values[Math.floor(at)]!;
    const value = left + (at - Math.floor(at)) * (values[Math.ceil(at)]! - left);
    if (!Number.isFinite(value)) {
      before = undefined;
      continue;
    }
    const y = yOf(value);
    const from = before ?? y;
    for (let step = Math.min(from, y); step <= Math.max(from, y); step++) if (step !== from || step === y) dot(x, step);
    before = y;
  }
}

function axis(epochs: number, columns: number, unit: string): string {
  const right = epochs === 1 ? `1 ${unit}` : `${epochs} ${unit}s`;
  return `1${right.padStart(columns - 1)}`;
}

function marker(epoch: number, epochs: number, columns: number): string {
  const column = epochs <= 1 ? 0 : Math.round(((epoch - 1) / (epochs - 1)) * (columns - 1));
  const words = `best epoch ${epoch}`;
  return column + words.length + 2 <= columns
    ? `${" ".repeat(column)}↑ ${words}`
    : `${" ".repeat(Math.max(0, column - words.length - 1))}${words} ↑`;
}
