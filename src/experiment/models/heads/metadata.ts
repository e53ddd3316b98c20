// Facts that exports of Ultralytics hold about themselves: names of classes as a literal of Python, and whether boxes are finished. The text is
// read character by character within bounds, and never run.
import { FoveaError } from "../../../core/errors.js";

/** Longest text, and most names, that are read. */
const [MOST_TEXT, MOST_NAMES] = [2 ** 20, 100_000];

export interface ExportNotes {
  /** Names of classes by their numbers; undefined where the file has none. */
  readonly names: readonly string[] | undefined;
  /** True where the file says that it sorts and suppresses boxes itself. */
  readonly isFinished: boolean | undefined;
  /** True for a file of Ultralytics, whose images and scale are known. */
  readonly isKnown: boolean;
}

/** Facts in the metadata of an ONNX file. @throws FoveaError for names that are damaged */
export function exportNotes(file: string, notes: ReadonlyMap<string, string> | undefined): ExportNotes {
  const text = notes?.get("names");
  const names = text === undefined ? undefined : namesIn(`${file}, metadata names`, text);
  const isKnown = names !== undefined && (notes?.has("stride") === true || notes?.has("imgsz") === true);
  const end = notes?.get("end2end");
  const hasNms = /['"]nms['"]:\s*True/.test((notes?.get("args") ?? "").slice(0, MOST_TEXT));
  const isFinished = end === "True" || hasNms ? true : end === "False" ? false : undefined;
  return { names, isFinished, isKnown };
}

/**
 * The names in a literal of Python: `{0: 'person', 1: "child's bike"}` or `['person', 'bike']`.
 * @throws FoveaError for anything else, and for numbers that are not 0, 1, 2, ...
 */
export function namesIn(where: string, text: string): string[] {
  const damaged = (what: string): FoveaError =>
    new FoveaError(
      "malformed-file",
      `${where}: expected names such as {0: 'cat', 1: 'dog'}, found ${what}; name classes with --labels`,
    );
  if (text.length > MOST_TEXT) throw damaged(`${text.length.toLocaleString("en-US")} characters`);
  const reader = new LiteralReader(text, damaged);
  const [open, close] = text.trimStart().startsWith("[") ? ["[", "]"] : ["{", "}"];
  const names: string[] = [];
  reader.expect(open);
  while (!reader.takes(close)) {
    if (open === "{") {
      const at = reader.whole();
      if (at !== names.length) throw damaged(`number ${at} in the place of ${names.length}`);
      reader.expect(":");
    }
    names.push(reader.string());
    if (names.length > MOST_NAMES) throw damaged(`more than ${MOST_NAMES.toLocaleString("en-US")} names`);
    if (!reader.takes(",")) {
      reader.expect(close);
      break;
    }
  }
  reader.end();
  if (names.length === 0) throw damaged("none");
  return names;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };
/** Digits of escapes that name a character. */
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

class LiteralReader {
  #at = 0;
  constructor(
    readonly text: string,
    readonly damaged: (what: string) => FoveaError,
  ) {}

  #skip(): void {
    while (" \t\r\n".includes(this.text[this.#at] ?? "x")) this.#at++;
  }
  #here(): string {
    const rest = this.text.slice(this.#at, this.#at + 12);
    return rest === "" ? "their end" : JSON.stringify(rest);
  }

  takes(mark: string): boolean {
    this.#skip();
    if (this.text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }
  expect(mark: string): void {
    if (!this.takes(mark)) throw this.damaged(this.#here());
  }
  end(): void {
    this.#skip();
    if (this.#at < this.text.length) throw this.damaged(this.#here());
  }
  whole(): number {
    this.#skip();
    const digits = /^\d{1,9}/.exec(this.text.slice(this.#at, this.#at + 10))?.[0];
    if (digits === undefined) throw this.damaged(this.#here());
    this.#at += digits.length;
    return Number(digits);
  }
  string(): string {
    this.#skip();
    const mark = this.text[this.#at];
    if (mark !== "'" && mark !== '"') throw this.damaged(this.#here());
    this.#at++;
    let out = "";
    for (;;) {
      const char = this.text[this.#at++];
      if (char === undefined) throw this.damaged("their end within a name");
      if (char === mark) return out;
      out += char === "\\" ? this.#escaped() : char;
    }
  }
  #escaped(): string {
    const kind = this.text[this.#at++] ?? "";
    const digits = CODES[kind];
    if (digits === undefined) return ESCAPES[kind] ?? `\\${kind}`;
    const code = this.text.slice(this.#at, this.#at + digits);
    this.#at += digits;
    const value = Number.parseInt(code, 16);
    if (!/^[0-9a-fA-F]+$/.test(code) || code.length < digits || value > 0x10ffff)
      throw this.damaged(`the escape \\${kind}${code}`);
    return String.fromCodePoint(value);
  }
}
