// Histograms and counts as horizontal bars of text, an eighth of a column fine.

import { singleLine } from "../../core/text.js";
import { whole } from "../format.js";
import type { Histogram } from "../histogram.js";
import { cutColumns, padColumns, textColumns } from "./width.js";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

export interface TextBar {
  readonly label: string;
  readonly value: number;
}

/**
 * One line per bar: label, bar, value; the longest bar takes what is left of `columns`.
 * @param bars Labels with values, at least 0.
 * @example textBars([{ label: "太", value: 600 }, { label: "囡", value: 240 }], 60)
 */
export function textBars(bars: readonly TextBar[], columns = 72): string {
  const labels = bars.map(({ label }) => cutColumns(singleLine(label), Math.floor(columns / 3)));
  const values = bars.map(({ value }) => whole(value));
  const labelWidth = Math.max(0, ...labels.map(textColumns));
  const room = Math.max(8, columns - labelWidth - Math.max(0, ...values.map((value) => value.length)) - 2);
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return bars
    .map(({ value }, i) => `${padColumns(labels[i]!, labelWidth, "right")} ${bar((value / most) * room)} ${values[i]}`)
    .join("\n");
}

/** A bar of so many columns; anything above nothing shows at least a hairline. */
function bar(columns: number): string {
  const eighths = columns > 0 ? Math.max(1, Math.round(columns * 8)) : 0;
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

/**
 * A histogram with one line per bin, labelled by the bin's edges.
 * @param columns Columns of the terminal that a line may take; default 72.
 * @example textHistogram(histogram([1, 2, 2, 4], 3), 40); // three lines with bars of up to 40 columns
 */
export function textHistogram({ edges, counts }: Histogram, columns = 72): string {
  const decimals = edges.every(Number.isInteger) ? 0 : edges.at(-1)! - edges[0]! > 20 ? 1 : 2;
  const width = Math.max(...edges.map((edge) => edge.toFixed(decimals).length));
  const edge = (i: number): string => edges[i]!.toFixed(decimals).padStart(width);
  return textBars(
    counts.map((value, i) => ({ label: `${edge(i)}–${edge(i + 1)}`, value })),
    columns,
  );
}
