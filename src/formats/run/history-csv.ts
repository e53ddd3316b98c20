// Reads history.csv, which nn's csvLogger writes in Keras's layout: epoch from 0, then a column for each quantity.
import { FoveaError } from "../../core/errors.js";

/** Epochs from 0, and each quantity's value after each of them; NaN where Keras wrote NA. */
export interface HistoryTable {
  readonly epoch: readonly number[];
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** The fields of CSV text, line by line; quoted fields may hold anything, doubled quotes included. */
function fieldsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}

/**
 * Reads the text of a history.csv, Fovea's or Keras's CSVLogger's.
 * @throws FoveaError naming the line that does not fit the first.
 */
export function readHistoryCsv(text: string, name = "history.csv"): HistoryTable {
  const [header, ...rows] = fieldsOf(text);
  if (header?.[0] !== "epoch") throw new FoveaError(`${name}: expected a first line that begins with "epoch,"`);
  const columns: number[][] = header.map(() => []);
  for (const [index, row] of rows.entries()) {
    const values = row.map((field) => (field === "NA" ? Number.NaN : Number(field)));
    const sound = (value: number, at: number): boolean => !Number.isNaN(value) || /^(NA|nan|NaN)$/.test(row[at]!);
    if (row.length !== header.length || row.includes("") || !values.every(sound))
      throw new FoveaError(`${name}: line ${index + 2} does not hold ${header.length} numbers`);
    for (const [column, value] of values.entries()) columns[column]!.push(value);
  }
  return {
    epoch: columns[0]!,
    history: Object.fromEntries(header.slice(1).map((key, index) => [key, columns[index + 1]!])),
  };
}
