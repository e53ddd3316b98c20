// Streams of a command's text: messages along the way, the answer at the end, and the one JSON object for machines.
// With --json stdout carries that object alone and all else goes to stderr; --quiet leaves the answer only.
import { oneLine, printable, UNPRINTABLE } from "../../core/text.js";
import { withSpokenNumbers } from "../../formats/json.js";
import { environment } from "../../platform/environment.js";
import { withCommandPrefix } from "../../platform/invocation.js";
import { ProgressLine, type TextStream } from "./progress.js";

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Text as a terminal may have it. Names out of files may hold what a terminal would obey: only line breaks are left.
 * Suggested commands begin as this program was started.
 */
export const forTerminal = (text: string): string => printable(withCommandPrefix(text).replaceAll("\r", "\ufffd"));

/**
 * JSON of one line in which every character that a terminal could obey is an escape, and numbers that JSON does not have
 * are the strings "Infinity", "-Infinity" and "NaN".
 */
const jsonForTerminal = (value: object): string =>
  JSON.stringify(withSpokenNumbers(value)).replace(
    new RegExp(UNPRINTABLE, "gu"),
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Streams that have their one JSON object. */
const answered = new WeakSet<TextStream>();

/** Waits for an answer again: a process may run several commands. */
export const expectAnswer = (out: TextStream = process.stdout): void => void answered.delete(out);

/** Writes an error as the JSON object of a command that ended without one. */
export function answerError(error: string, code: string, out: TextStream = process.stdout): void {
  if (!answered.has(out)) out.write(`${jsonForTerminal({ error, code })}\n`);
}

export class Output {
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #out: TextStream;
  readonly #told: TextStream;
  readonly #errors: TextStream;
  readonly #warned = new Set<string>();

  constructor(
    { json = false, quiet = false }: OutputOptions,
    out: TextStream = process.stdout,
    errors: TextStream = process.stderr,
  ) {
    this.#json = json;
    this.#quiet = quiet;
    this.#out = out;
    this.#errors = errors;
    this.#told = json ? errors : out;
  }

  /** Columns that a line may take. */
  get columns(): number {
    return Math.max(40, Math.min(this.#told.columns ?? 80, 120));
  }

  /** True where colours make sense: in a terminal, unless NO_COLOR (no-color.org) says otherwise. */
  get colors(): boolean {
    return this.#told.isTTY === true && environment("NO_COLOR") === undefined;
  }

  /** Writes a message along the way; --quiet leaves it out. */
  say(text = ""): void {
    if (!this.#quiet) this.#told.write(`${forTerminal(text)}\n`);
  }

  /** Shows a drawing of our own, whose colours the terminal obeys. */
  draw(text: string): void {
    if (!this.#quiet) this.#told.write(`${text}\n`);
  }

  /** Writes a warning, --quiet or not. The same text comes only once, because a later step may find it again. */
  warn(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#errors.write(`${forTerminal(oneLine(text))}\n`);
  }

  /** Writes that one of several items failed; machines find the fault with the item. */
  fault(text: string): void {
    this.#errors.write(`${forTerminal(text)}\n`);
  }

  /** Writes the command's answer: `text` for people; `value` for machines, with all warnings unless it is a list. */
  answer(value: object, text: string): void {
    const warnings = [...this.#warned];
    const told = warnings.length === 0 || Array.isArray(value) ? value : { ...value, warnings };
    if (this.#json) {
      this.#out.write(`${jsonForTerminal(told)}
`);
      answered.add(this.#out);
    } else if (text !== "")
      this.#out.write(`${forTerminal(text)}
`);
  }

  /** A line that shows how far some work is. */
  progress(label: string): ProgressLine {
    return new ProgressLine(label, this.#quiet ? undefined : this.#told);
  }
}
