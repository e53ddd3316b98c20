// The boxed table of `model.summary()`, character for character as Keras prints it through rich: the column widths,
// the wrapping, the three dots where a word does not fit, the sizes.
import { FoveaError } from "../../core/errors.js";
import type { Shape } from "../../core/shape.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";

/** What a summary tells of a model. */
export interface Summarized {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly weights: readonly Weight[];
  readonly trainableWeights: readonly Weight[];
  /** Numbers that the optimizer keeps; undefined before the first training step. */
  readonly optimizerParams?: number | undefined;
}

export interface SummaryOptions {
  /** Width in characters. Default 76, which Keras uses in a terminal of 80 columns. */
  readonly lineLength?: number;
}

/** `1.01 MB`, `345.21 KB`, `0.00 B`. */
export function readableSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes.toFixed(2)} ${units[unit]}`;
}

/** `264,055`. */
export const withCommas = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** `(None, 80, 60, 16)`. */
export const showBatchShape = (shape: Shape): string => `(${["None", ...shape].join(", ")})`;

/** Breaks a text at spaces into lines of at most `width`; a word that is too long ends in three dots. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((one) => (one.length > width ? `${one.slice(0, width - 1)}…` : one));
}

const HEADER = ["Layer (type)", "Output Shape", "Param #"];

/** Widths of the columns' contents: Keras's shares of the line, less what rich takes back to make the box fit. */
function columnWidths(lineLength: number): number[] {
  const ends = [0.45, 0.8, 1].map((share) => Math.trunc(share * lineLength));
  const widths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  if (widths.some((width) => width < 5))
    throw new FoveaError(`summary: expected a lineLength of at least 25, received ${lineLength}`);
  return [widths[0]! - 3, widths[1]! - 4, widths[2]! - 3];
}

/** The lines of one row: cells wrapped, padded and put between bars. The header's cells stand at the bottom. */
function row(cells: readonly string[], widths: readonly number[], bar: string, atBottom = false): string[] {
  const wrapped = cells.map((cell, column) => wrap(cell, widths[column]!));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => {
    const padded = wrapped.map((lines, column) => {
      const line = lines[atBottom ? i - (height - lines.length) : i] ?? "";
      const right = column === cells.length - 1;
      return right ? line.padStart(widths[column]!) : line.padEnd(widths[column]!);
    });
    return `${bar} ${padded.join(` ${bar} `)} ${bar}`;
  });
}

const sizeOfWeights = (weights: readonly Weight[]): number => weights.reduce((total, { size }) => total + size, 0);

/**
 * Keras's summary of a model: the box and the totals, no line break at the end.
 * @throws FoveaError when `lineLength` leaves no room.
 */
export function summarize(model: Summarized, { lineLength = 76 }: SummaryOptions = {}): string {
  const widths = columnWidths(lineLength);
  const rule = (left: string, line: string, middle: string, right: string): string =>
    left + widths.map((width) => line.repeat(width + 2)).join(middle) + right;
  const rows = model.layers.map((layer) => {
    const shape = layer.built ? showBatchShape(layer.outputShape) : "?";
    const params = layer.built ? withCommas(layer.countParams()) : "0 (unbuilt)";
    return row([`${layer.name} (${layer.className})`, shape, params], widths, "│");
  });
  const weights = [...new Set(model.weights)];
  const trainable = sizeOfWeights([...new Set(model.trainableWeights)]);
  const frozen = sizeOfWeights(weights) - trainable;
  const optimizer = model.optimizerParams;
  const total = (what: string, count: number): string =>
    ` ${what}: ${withCommas(count)} (${readableSize(count * Float32Array.BYTES_PER_ELEMENT)})`;
  return [
    `Model: "${model.name}"`,
    rule("┏", "━", "┳", "┓"),
    ...row(HEADER, widths, "┃", true),
    rule("┡", "━", "╇", "┩"),
    ...rows.flatMap((lines, i) => (i === 0 ? lines : [rule("├", "─", "┼", "┤"), ...lines])),
    rule("└", "─", "┴", "┘"),
    total("Total params", trainable + frozen + (optimizer ?? 0)),
    total("Trainable params", trainable),
    total("Non-trainable params", frozen),
    ...(optimizer === undefined ? [] : [total("Optimizer params", optimizer)]),
  ].join("\n");
}
