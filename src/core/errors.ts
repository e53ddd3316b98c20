// The one error class for what a user did or gave wrong. Anything else that is thrown is a bug of ours.
// The CLI prints a FoveaError as one sentence and exits 1 (2 for UsageError); it shows a stack only with --debug.
import type { ErrorCode } from "./error-codes/index.js";
import { oneLine } from "./text.js";

/**
 * A mistake in input, data or configuration. The message is one sentence with the thing, the rule and the fix. Programs
 * decide by `code`, which stays the same when sentences are reworded.
 * @param code The kind of the fault.
 * @param message One sentence: the thing, the rule, the fix.
 * @example
 * const error = new FoveaError("not-an-image", "notes.txt: expected an image, received text; leave it out");
 * error.code === "not-an-image";
 */
export class FoveaError extends Error {
  override name = "FoveaError";

  constructor(
    /** The kind of the fault; the page of errors in the manual lists them all. */
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(oneLine(message), options);
  }
}

/**
 * A wrong command line or option value (exit code 2).
 * @param message A sentence: the expectation, the value received, the remedy.
 * @example const error = new UsageError("train: expected a folder of images");
 */
export class UsageError extends FoveaError {
  override name = "UsageError";

  constructor(message: string, options?: ErrorOptions) {
    super("wrong-usage", message, options);
  }
}

const SHOWN = 100;

/** A value as messages show it: JSON for plain data, else its text, cut short. */
export function shown(value: unknown): string {
  const prototype = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  const isPlain = typeof value === "string" || prototype === Object.prototype || prototype === Array.prototype;
  let text: string;
  try {
    text = isPlain ? JSON.stringify(value) : String(value);
  } catch {
    // Circular, or with a bigint inside.
    text = Array.isArray(value) ? "a list" : "an object";
  }
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/**
 * Throws unless `value` is one of `allowed`, and names those allowed.
 * @param what The option's name, for the message.
 * @throws FoveaError that lists `allowed`.
 * @example oneOf("mode", "min", ["auto", "min", "max"])
 */
export function oneOf<T extends string | number>(what: string, value: string | number, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value);
  if (found === undefined)
    throw new FoveaError("unknown-choice", `${what}: expected one of ${allowed.join(", ")}, received ${shown(value)}`);
  return found;
}
