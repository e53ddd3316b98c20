// Comma-separated values as RFC 4180 has them: text in, rows of text out. The table interprets the fields.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";

/** Options of reading CSV. */
export interface CsvOptions {
  /** One character between fields. Default ",". */
  readonly delimiter?: string;
  /** Name of the text in errors. Default "CSV". */
  readonly name?: string;
}

const QUOTE = '"';

/**
 * A field as RFC 4180 has it: in quotes where it holds what separates fields or rows.
 * @param value The field's value; null and undefined are empty.
 * @param delimiter Default ",".
 * @example csvField("a,b"); // "\\"a,b\\""
 */
export function csvField(value: string | number | boolean | null | undefined, delimiter = ","): string {
  const text = value === null || value === undefined ? "" : String(value);
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row, and the line of the text that it begins in. */
export interface CsvRow {
  /** The fields, in order. */
  readonly fields: readonly string[];
  /** The line, from 1. */
  readonly line: number;
}

/**
 * The rows of a CSV text as lists of fields; `csvRows` says what a row is.
 * @param text The file's text.
 * @example parseCsv('a,b\n1,"x, y"') // [["a", "b"], ["1", "x, y"]]
 */
export const parseCsv = (text: string, options: CsvOptions = {}): string[][] =>
  csvRows(text, options).map(({ fields }) => [...fields]);

/**
 * The rows of a CSV text, each with as many fields as the first. Lines end in LF or CRLF, a byte order mark is skipped,
 * and so are empty lines; quoted fields may hold delimiters, line breaks and doubled quotes.
 * @param text The file's text.
 * @throws FoveaError naming the line where a quote is out of place or never closed, or a row has other fields than the first.
 * @example csvRows("a,b;1,2".replace(";", "\u000a")).map(({ fields }) => fields);
 */
export function csvRows(text: string, options: CsvOptions = {}): CsvRow[] {
  checkOptions("parseCsv", options, ["delimiter", "name"]);
  const { delimiter = ",", name = "CSV" } = options;
  if (delimiter.length !== 1 || delimiter === QUOTE || delimiter === "\n" || delimiter === "\r")
    throw new FoveaError(
      "malformed-text",
      `${name}: expected a delimiter of one character, received ${JSON.stringify(delimiter)}`,
    );
  const rows: CsvRow[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let line = 1;
  const endOfLine = (from: number): number => {
    const end = text.indexOf("\n", from);
    return end < 0 ? text.length : end;
  };
  // Found once for all fields before it: a text of one column has none, and would be searched to its end for each row.
  let found = -1;
  const nextDelimiter = (from: number): number => {
    if (found < from) {
      const next = text.indexOf(delimiter, from);
      found = next < 0 ? text.length : next;
    }
    return found;
  };

  /** A quoted field that begins at `at`; leaves `at` behind its closing quote. */
  const quoted = (): string => {
    const begun = line;
    let field = "";
    for (let from = at + 1; ; ) {
      const end = text.indexOf(QUOTE, from);
      if (end < 0)
        throw new FoveaError(
          "malformed-file",
          `${name}: the quote that opens in line ${begun} is never closed; close it, or double a quote that belongs to the text`,
        );
      const part = text.slice(from, end);
      for (const character of part) if (character === "\n") line++;
      field += part;
      at = end + 1;
      if (text[at] !== QUOTE) return field;
      field += QUOTE;
      from = at + 1;
    }
  };

  while (at < text.length) {
    const begun = line;
    const row: string[] = [];
    for (let end = endOfLine(at); ; ) {
      let field: string;
      if (text[at] === QUOTE) {
        field = quoted();
        end = endOfLine(at);
      } else {
        const stop = Math.min(nextDelimiter(at), end);
        field = text.slice(at, stop === end && text[stop - 1] === "\r" ? Math.max(at, stop - 1) : stop);
        at = stop;
        if (field.includes(QUOTE))
          throw new FoveaError(
            "malformed-file",
            `${name}: line ${line} has a quote inside a field; quote the whole field, and double it`,
          );
      }
      row.push(field);
      if (text[at] === delimiter) {
        at++;
        continue;
      }
      if (text[at] === "\r" && at + 1 >= end) at++;
      if (at < text.length && text[at] !== "\n")
        throw new FoveaError(
          "malformed-file",
          `${name}: line ${line} has text behind a closing quote; expected ${JSON.stringify(delimiter)}`,
        );
      at++;
      line++;
      break;
    }
    if (row.length === 1 && row[0] === "") continue;
    const width = rows[0]?.fields.length ?? row.length;
    if (row.length !== width)
      throw new FoveaError(
        "malformed-file",
        `${name}: line ${begun} has ${row.length} fields, the first row has ${width}; is ${JSON.stringify(delimiter)} the right delimiter?`,
      );
    rows.push({ fields: row, line: begun });
  }
  return rows;
}
