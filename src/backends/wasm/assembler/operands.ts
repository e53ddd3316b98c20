// Values that code can push, written as the formula they are: sum(times(image, rows * columns), channel). Operands are
// pushed from left to right.
import type { Code, Operand } from "./code.js";
import { type Instruction, type MEMORY, OP } from "./opcodes.js";

type Pushed = (code: Code) => void;

const binary =
  (a: Operand, b: Operand, instruction: Instruction): Pushed =>
  (code) =>
    void code.push(a).push(b).op(instruction);

/** The sum of i32, added up from left to right. */
export const sum =
  (first: Operand, ...others: readonly Operand[]): Pushed =>
  (code) => {
    code.push(first);
    for (const other of others) code.plus(other);
  };

export const difference = (a: Operand, b: Operand): Pushed => binary(a, b, OP.i32_sub);

/** An i32 times a constant. */
export const times =
  (a: Operand, factor: number): Pushed =>
  (code) =>
    void code.push(a).times(factor);

/** The whole part of an unsigned i32 divided by a constant. */
export const quotient = (a: Operand, divisor: number): Pushed => binary(a, divisor, OP.i32_div_u);

export const remainder = (a: Operand, divisor: number): Pushed => binary(a, divisor, OP.i32_rem_u);

/** An i32 divided by a power of two, rounded down. */
export const shifted = (a: Operand, bits: number): Pushed => binary(a, bits, OP.i32_shr_u);

/** The bits that an i32 has in common with a constant. */
export const masked = (a: Operand, mask: number): Pushed => binary(a, mask, OP.i32_and);

export const equal = (a: Operand, b: Operand): Pushed => binary(a, b, OP.i32_eq);

export const unequal = (a: Operand, b: Operand): Pushed => binary(a, b, OP.i32_ne);

/** a < b, unsigned. */
export const below = (a: Operand, b: Operand): Pushed => binary(a, b, OP.i32_lt_u);

/** The vector at a pointer plus `offset`. */
export const load = (pointer: Operand, offset = 0): Pushed => loadAs("v128_load", pointer, offset);

/** The memory operand of an instruction: a pointer plus `offset`. */
export const loadAs =
  (instruction: keyof typeof MEMORY, pointer: Operand, offset = 0): Pushed =>
  (code) =>
    void code.push(pointer).memory(instruction, offset);
