// The columns of a manifest that say something of each image besides its labels: part, group, weight, exposure, date.
// A cell that means nothing is an error with its line; nothing is guessed.
import { FoveaError } from "../../core/errors.js";
import { SPLIT_NAMES } from "../folders.js";
import { listedNames } from "../messages.js";
import { PART_NAMES, type PartName } from "../split/part-name.js";
import { numberIn } from "../table/cells.js";

/** A column of text with the lines of its cells. */
export interface Cells {
  /** Manifest and column, for messages. */
  readonly where: string;
  readonly values: readonly string[];
  readonly lines: Int32Array;
}

/** Throws where `isWrong` holds of any cell, and names the first ten with their lines. */
function checkCells(
  { where, values, lines }: Cells,
  rule: string,
  fix: string,
  isWrong: (value: string) => boolean,
): void {
  const wrong = [...values.keys()].filter((i) => isWrong(values[i]!));
  if (wrong.length === 0) return;
  const named = wrong.map((i) => `${values[i] === "" ? "nothing" : JSON.stringify(values[i])} in line ${lines[i]}`);
  throw new FoveaError("wrong-value", `${where}: expected ${rule}, found ${listedNames(named)}; ${fix}`);
}

/** The part that a word stands for: `train`, `Training`, `val`, `test`, ... */
const partIn = (text: string): PartName | undefined =>
  PART_NAMES.find((part) => SPLIT_NAMES[part].includes(text.toLowerCase()));

/** Parts by words; an empty cell leaves its image open. @throws FoveaError for another word. */
export function splitColumn(cells: Cells): (PartName | undefined)[] {
  const rule = "train, validation or test";
  checkCells(
    cells,
    rule,
    "write one of these, leave the cell empty, or rename the column",
    (text) => text !== "" && !partIn(text),
  );
  return cells.values.map(partIn);
}

/** Names of groups. @throws FoveaError for an empty cell. */
export function groupColumn(cells: Cells): readonly string[] {
  checkCells(
    cells,
    "the group of every image",
    "fill it in, for an image of its own with a new name",
    (text) => text === "",
  );
  return cells.values;
}

/** Numbers of at least 0. @throws FoveaError for others, and where all are 0. */
export function weightColumn(cells: Cells): Float64Array {
  const fix = "correct the cells";
  checkCells(cells, "a weight of at least 0", fix, (text) => !(Math.fround(numberIn(text)) >= 0));
  const values = Float64Array.from(cells.values, numberIn);
  if (values.every((value) => value === 0))
    throw new FoveaError(
      "wrong-value",
      `${cells.where}: every weight is 0, so no image would count; give some a weight above 0`,
    );
  return values;
}

/** Numbers above 0, also as 32-bit floats. @throws FoveaError for others. */
export function exposureColumn(cells: Cells): Float64Array {
  const fix = "correct the cells, or drop rows that were never under observation";
  checkCells(cells, "an exposure above 0", fix, (text) => !(Math.fround(numberIn(text)) > 0));
  return Float64Array.from(cells.values, numberIn);
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** The date in one form that sorts as text, a time without zone taken as UTC; undefined for what is none. */
export function isoDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, time = "", , , zone = ""] = match;
  const whole = new Date(`${year}-${month}-${day}${time.replace(" ", "T")}${time !== "" && zone === "" ? "Z" : ""}`);
  // A day that does not exist, such as 31 April, becomes one of the next month.
  const plain = new Date(`${year}-${month}-${day}`);
  if (Number.isNaN(whole.getTime()) || plain.getUTCDate() !== Number(day)) return undefined;
  return time === "" ? text : whole.toISOString();
}

/** Dates that sort as text. @throws FoveaError for a cell that is no date. */
export function dateColumn(cells: Cells): string[] {
  checkCells(
    cells,
    "a date such as 2024-05-31",
    "write year, month and day so, or rename the column",
    (text) => isoDate(text) === undefined,
  );
  return cells.values.map((text) => isoDate(text)!);
}
