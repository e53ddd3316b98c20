// Whole numbers of an address, which somebody may have written by hand; seeds among them.
import type { State } from "../learn/parts/among.ts";

/** A whole number brought between two others; `fallback` where the text is none. */
export function wholeIn(text: string | undefined, fallback: number, least: number, most: number): number {
  const value = Number(text);
  return text !== undefined && text !== "" && Number.isInteger(value)
    ? Math.min(Math.max(value, least), most)
    : fallback;
}

export const LARGEST_SEED = 2 ** 32 - 1;

/** The seed of an address; 1 where it names none. */
export const seedIn = ({ seed }: State): number => wholeIn(seed, 1, 0, LARGEST_SEED);

/** The seed after this one. */
export const nextSeed = (seed: number): string => String(seed === LARGEST_SEED ? 0 : seed + 1);
