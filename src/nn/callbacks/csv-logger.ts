// Writes the history as CSV after every epoch, in Keras's layout: epoch from 0, then the logs' keys in text order.
// The whole file is written anew each time, so that it is never half a line and a resumed run repeats none.

import { ownValue } from "../../core/lookup.js";
import { checkOptions } from "../../core/options.js";
import { filesHere } from "../../platform/files/files-here.js";
import type { Callback, CallbackState, Logs } from "./callback.js";

/** Options of `csvLogger`. */
export interface CSVLoggerOptions {
  /** Default `,`. */
  readonly separator?: string;
  /**
   * Writes the file; the default writes to disk, whole or not at all.
   * @param path The file's name.
   * @param text The whole text, with the lines of all epochs so far.
   */
  readonly write?: (path: string, text: string) => Promise<void>;
}

/** Quotes a field that holds the separator, a quote or a line break. */
function field(text: string, separator: string): string {
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

class CSVLogger implements Callback {
  readonly #separator: string;
  readonly #write: (path: string, text: string) => Promise<void>;
  #keys: readonly string[] | undefined;
  #lines: readonly string[] = [];

  constructor(
    readonly path: string,
    options: CSVLoggerOptions,
  ) {
    checkOptions("csvLogger", options, ["separator", "write"]);
    this.#separator = options.separator ?? ",";
    this.#write = options.write ?? filesHere.writeAtomic;
  }

  onTrainBegin(): void {
    this.#keys = undefined;
    this.#lines = [];
  }

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    if (this.#keys === undefined) {
      const keys = Object.keys(logs).sort();
      // Keras keeps columns for validation even where there is none.
      this.#keys = keys.some((key) => key.startsWith("val_")) ? keys : [...keys, ...keys.map((key) => `val_${key}`)];
      this.#lines = [this.#line(["epoch", ...this.#keys])];
    }
    this.#lines = [...this.#lines, this.#line([epoch, ...this.#keys.map((key) => ownValue(logs, key) ?? "NA")])];
    await this.#write(this.path, `${this.#lines.join("\r\n")}\r\n`);
  }

  getState(): CallbackState {
    return { values: { keys: this.#keys ?? null, lines: this.#lines } };
  }
  setState({ values }: CallbackState): void {
    this.#keys = (values.keys as readonly string[] | null) ?? undefined;
    this.#lines = values.lines as readonly string[];
  }

  #line(fields: readonly (string | number)[]): string {
    return fields.map((value) => field(String(value), this.#separator)).join(this.#separator);
  }
}

/**
 * Writes one line of CSV per epoch.
 * @param path The file's name; an existing file is replaced.
 * @example csvLogger("runs/a/history.csv")
 */
export const csvLogger = (path: string, options: CSVLoggerOptions = {}): Callback => new CSVLogger(path, options);
