// Checks of the options that a user passes to functions: unknown names and bad values become one sentence. Callers
// define the good values.
import { FoveaError, shown } from "./errors.js";

/**
 * Throws unless every key of `options` is among `allowed`, and names those allowed.
 * @example checkOptions("dense", { unit: 3 }, ["activation", "name"])
 */
export function checkOptions(what: string, options: object, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null)
    throw new FoveaError("wrong-type", `${what}: expected an options object, received ${shown(options)}`);
  const unknown = Object.keys(options).find((key) => !allowed.includes(key));
  if (unknown !== undefined)
    throw new FoveaError(
      "unknown-option",
      `${what}: unknown option "${unknown}"; ${allowed.length === 0 ? "it has no options" : `those allowed are ${allowed.join(", ")}`}`,
    );
}

/** @throws FoveaError unless `value` is a whole number of at least `minimum`. */
export function wholeNumber(what: string, value: unknown, minimum = 1): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < minimum)
    throw new FoveaError(
      "out-of-range",
      `${what}: expected a whole number of at least ${minimum}, received ${shown(value)}`,
    );
  return value;
}

/** @throws FoveaError unless `value` is a finite number from `low` to `high`, both included. */
export function numberWithin(what: string, value: unknown, low = -Infinity, high = Infinity): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < low || value > high) {
    const range = Number.isFinite(low) || Number.isFinite(high) ? ` from ${low} to ${high}` : "";
    throw new FoveaError("out-of-range", `${what}: expected a finite number${range}, received ${shown(value)}`);
  }
  return value;
}

/** `value`, or `fallback` where it is left out. @throws FoveaError unless it is true or false. */
export function flag(what: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== "boolean")
    throw new FoveaError("wrong-type", `${what}: expected true or false, received ${shown(value)}`);
  return value;
}

/** An object known by a function that it must have. @throws FoveaError for anything else. */
export function having<T extends object>(what: string, expected: string, value: T, key: string): T {
  if (typeof value === "object" && value !== null && typeof value[key as keyof T] === "function") return value;
  throw new FoveaError("wrong-type", `${what}: expected ${expected}, received ${shown(value)}`);
}

/**
 * An object that a user made where a name could stand as well, such as a loss: known by a function that it must have.
 * @throws FoveaError for anything else.
 */
export const made = <T extends object>(what: string, kind: string, value: T, key: string): T =>
  having(what, `${kind} or its name`, value, key);

/** One axis or several; negative ones count from the end. @throws FoveaError unless all are whole numbers. */
export function axesOf(what: string, value: number | readonly number[]): readonly number[] {
  const axes: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const axis of axes)
    if (!Number.isInteger(axis))
      throw new FoveaError("wrong-type", `${what}: expected a whole number or a list, received ${shown(value)}`);
  return axes as readonly number[];
}

/** One whole number for both axes, or one for each: `[height, width]`. */
export type Pair = number | readonly [number, number];

/** Keras's convention for windows and strides: `3` means `[3, 3]`. */
export function pairOf(what: string, value: Pair, minimum = 1): [number, number] {
  if (typeof value === "number") return [wholeNumber(what, value, minimum), value];
  if (!Array.isArray(value) || value.length !== 2)
    throw new FoveaError("wrong-type", `${what}: expected a whole number or [height, width], received ${shown(value)}`);
  return [wholeNumber(what, value[0], minimum), wholeNumber(what, value[1], minimum)];
}
