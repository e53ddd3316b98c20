// The state of the page of numbers, as the address has it.

import { type Cell, cellOf } from "../../pixel-grid/cells.ts";
import { among, type State } from "../parts/among.ts";
import { SHOWN, type Shown } from "../parts/channels.ts";
import { NUMBER_BASES, type NumberBase } from "./byte-text.ts";
import type { ByteType } from "./job.ts";

export const BYTE_TYPES = ["uint8", "int8"] as const satisfies readonly ByteType[];
export const FALLBACK = "left";
/** The eye of the mouth. */
const FIRST_CELL: Cell = { row: 4, column: 7 };

export const nameIn = ({ image = FALLBACK }: State): string => image;
export const shownIn = ({ show }: State): Shown => among(SHOWN, show, "colour");
export const baseIn = ({ base }: State): NumberBase => among(NUMBER_BASES, base, "decimal");
export const typeIn = ({ type }: State): ByteType => among(BYTE_TYPES, type, "uint8");
export const cellIn = ({ at }: State, rows: number, columns: number): Cell => cellOf(at, rows, columns, FIRST_CELL);

/** The number that is to be stored in a byte. */
export function numberIn({ n = "256" }: State): number {
  const number = Math.trunc(Number(n));
  return Number.isFinite(number) ? Math.min(Math.max(number, -99_999), 99_999) : 0;
}

/** The lowest eight bits of a number, read without a sign. */
export const byteOf = (number: number): number => ((number % 256) + 256) % 256;
