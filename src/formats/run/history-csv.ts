// The history of a run as CSV, as csvLogger and Keras's CSVLogger write it: epoch from 0, then the logs' keys in text
// order. Numbers are in their shortest form that reads back to the same bits.
import { FoveaError } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";

/** Epochs counted from 0, and for each logged quantity its value after each of them. `History` is one. */
export interface HistoryTable {
  /** Numbers of the epochs, from 0. */
  readonly epoch: readonly number[];
  /** Values of each quantity, one an epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** Keras's mark of a value that was not logged. */
const ABSENT = "NA";

/**
 * The history as text, line by line what `csvLogger` has written after the last epoch.
 * @example
 * const text = writeHistoryCsv({ epoch: [0, 1], history: { loss: [1, 0.5] } });
 * readHistoryCsv(text).history.loss; // [1, 0.5]
 */
export function writeHistoryCsv({ epoch, history }: HistoryTable): string {
  const keys = Object.keys(history).sort();
  const validated = keys.some((key) => key.startsWith("val_"));
  const columns = validated ? keys : [...keys, ...keys.map((key) => `val_${key}`)];
  const cell = (key: string, row: number): string => {
    const value = ownValue(history, key)?.[row];
    return value === undefined ? ABSENT : Object.is(value, -0) ? "-0" : String(value);
  };
  const rows = epoch.map((number, row) => [String(number), ...columns.map((key) => cell(key, row))]);
  return [["epoch", ...columns.map(quoted)], ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/**
 * Reads a history.csv, Fovea's or Keras's. A column without any value is left out; single absent values become NaN.
 * @param csv The file's text.
 * @param name The name in messages.
 * @throws FoveaError naming the line that is wrong.
 */
export function readHistoryCsv(csv: string, name = "history.csv"): HistoryTable {
  const [header = [], ...rows] = parseCsv(csv, name);
  const [first, ...keys] = header;
  if (first !== "epoch" || new Set(header).size !== header.length)
    throw new FoveaError(
      "unknown-format",
      `${name}: expected a first line with "epoch" and the names of the logged quantities, each once, ` +
        `received ${JSON.stringify(header.join(",").slice(0, 80))}`,
    );
  const numbers = rows.map((row, index) => {
    if (row.length !== header.length)
      throw new FoveaError(
        "damaged-file",
        `${name}, line ${index + 2}: expected ${header.length} values, received ${row.length}; the file may be cut short`,
      );
    return row.map((cell) => numberIn(cell, `${name}, line ${index + 2}`));
  });
  const column = (at: number): number[] => numbers.map((row) => row[at]!);
  const present = keys.filter((_, at) => rows.length === 0 || rows.some((row) => row[at + 1] !== ABSENT));
  return {
    epoch: column(0),
    history: Object.fromEntries(present.map((key) => [key, column(header.indexOf(key))])),
  };
}

/** A number as JavaScript or Python prints it. */
function numberIn(cell: string, where: string): number {
  if (cell === ABSENT || /^nan$/i.test(cell)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(cell);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell))
    throw new FoveaError("wrong-value", `${where}: expected a number, received ${JSON.stringify(cell)}`);
  return Number(cell);
}

/** Lines of fields; a field may be quoted, and then hold commas, line breaks and doubled quotes. */
function parseCsv(csv: string, name: string): string[][] {
  // Every line ends in a break; where the last does not, the rest of a number may be missing.
  if (csv !== "" && !csv.endsWith("\n"))
    throw new FoveaError(
      "damaged-file",
      `${name}: expected a line break at the end, found none; the file may be cut short`,
    );
  const lines: string[][] = [];
  let line: string[] = [];
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n)/y;
  while (field.lastIndex < csv.length) {
    const match = field.exec(csv);
    if (match === null)
      throw new FoveaError(
        "malformed-file",
        `${name}, line ${lines.length + 1}: expected comma-separated values, found a stray quote`,
      );
    line.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ",") continue;
    lines.push(line);
    line = [];
  }
  return lines;
}
