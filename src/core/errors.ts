// The one error class for what a user did or gave wrong. Anything else that is thrown is a bug of ours.
// The CLI prints a FoveaError as one sentence and exits 1 (2 for UsageError); it shows a stack only with --debug.
import { oneLine } from "./text.js";

/** A mistake in input, data or configuration, told in one sentence: what was expected, what came, what to do. */
export class FoveaError extends Error {
  override name = "FoveaError";

  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
  }
}

/** A wrong command line or option value (exit code 2). */
export class UsageError extends FoveaError {
  override name = "UsageError";
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
 * @example oneOf("mode", "min", ["auto", "min", "max"])
 */
export function oneOf<T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined)
    throw new FoveaError(`${what}: expected one of ${allowed.join(", ")}, received ${shown(value)}`);
  return found;
}
