// A boxed table, character for character as Keras prints it through rich: the column widths, the wrapping, the three
// dots where a word does not fit. summary.ts fills it.
import { FoveaError } from "../../core/errors.js";

export interface Column {
  readonly title: string;
  /** The column's end, as a share of the line. */
  readonly end: number;
  readonly align: "left" | "right" | "center";
}

/** Rounds to the nearest whole number, halves to the even one, as Python does. */
function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down % 2) : Math.round(x);
}

/** Widths of the columns' contents: their shares of the line, less what rich takes back to make the box fit. */
function columnWidths(columns: readonly Column[], lineLength: number): number[] {
  const ends = columns.map(({ end }) => Math.trunc(end * lineLength));
  const widths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  if (widths.some((width) => width < 5))
    throw new FoveaError("out-of-range", `summary: expected a lineLength of at least 25, received ${lineLength}`);
  // A blank on each side of every cell, and the bars.
  let excess = 3 * columns.length + 1;
  return widths.map((width, i) => {
    const less = roundHalfEven(excess / (columns.length - i));
    excess -= less;
    return width - less;
  });
}

/** Breaks a text after words into lines of at most `width`; a word that is too long ends in three dots. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/\s*\S+\s*/g) ?? [""]) {
    if (line === "" || line.length + word.trimEnd().length <= width) line += word;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line]
    .map((row) => row.trimEnd())
    .map((row) => (row.length > width ? `${row.slice(0, width - 1)}…` : row));
}

function aligned(text: string, width: number, align: Column["align"]): string {
  if (align === "right") return text.padStart(width);
  if (align === "left") return text.padEnd(width);
  return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
}

/** The lines of the table. @throws FoveaError when `lineLength` leaves no room. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  lineLength: number,
): string[] {
  const widths = columnWidths(columns, lineLength);
  const rule = (left: string, line: string, middle: string, right: string): string =>
    left + widths.map((width) => line.repeat(width + 2)).join(middle) + right;
  /** One row: cells wrapped, padded and put between bars. The header's cells stand at the bottom. */
  const row = (cells: readonly string[], bar: string, atBottom = false): string[] => {
    const wrapped = cells.map((cell, column) => wrap(cell, widths[column]!));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, i) => {
      const padded = wrapped.map((lines, column) => {
        const line = lines[atBottom ? i - (height - lines.length) : i] ?? "";
        return aligned(line, widths[column]!, columns[column]!.align);
      });
      return `${bar} ${padded.join(` ${bar} `)} ${bar}`;
    });
  };
  return [
    rule("┏", "━", "┳", "┓"),
    ...row(
      columns.map(({ title }) => title),
      "┃",
      true,
    ),
    rule("┡", "━", "╇", "┩"),
    ...rows.flatMap((cells, i) => [...(i === 0 ? [] : [rule("├", "─", "┼", "┤")]), ...row(cells, "│")]),
    rule("└", "─", "┴", "┘"),
  ];
}
