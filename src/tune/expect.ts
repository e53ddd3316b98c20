// What samplers, pruners and schedules expect of numbers that somebody gives them.
import { FoveaError } from "../core/errors.js";

/** @throws FoveaError unless a value is a whole number from `least`. */
export function expectWhole(what: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new FoveaError(`${what}: expected a whole number from ${least}, received ${value}`);
}
