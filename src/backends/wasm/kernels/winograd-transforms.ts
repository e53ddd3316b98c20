// Transforms of one row or column of Winograd's tiles (Lavin and Gray, "Fast algorithms for convolutional neural networks",
// 2016). A product of polynomials is taken value by value: a line of pixels, of a filter or of gradients is evaluated at
// points, and what the products of the values come to is gathered back. Tiles of four points use 0, 1, -1 and infinity:
//   input     B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1]
//   evaluate  G  = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1] for three cells, [1 0; 1/2 1/2; 1/2 -1/2; 0 1] for two
//   gather    A' = [1 1 1 0; 0 1 -1 -1] to two results, [1 1 1 0; 0 1 -1 0; 0 1 1 -1] to three
// Tiles of six points have 2 and -2 besides:
//   input     B' = [4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1]
//   evaluate  G  = rows a^j, j the cell, by 1/4 for 0, -1/6 for 1 and -1, 1/24 for 2 and -2; at infinity the last cell
//   gather    A' = rows a^k, k the result; the last result has the value at infinity besides
import type { Tiling } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";

/** Hands on a result that lies on the stack, by its number. */
type Put = (i: number) => void;
type Transform = (code: Code, line: readonly Local[], put: Put) => void;

/** Transforms of the lines of a tile. */
export interface Transforms {
  /** Points of a tile, to a side. */
  readonly points: number;
  /** B': from pixels to points. */
  readonly input: Transform;
  /** G: from cells of a filter, or of a tile of gradients, to points. */
  readonly evaluate: Transform;
  /** A': from points to `results` cells. */
  readonly gather: (code: Code, line: readonly Local[], results: number, put: Put) => void;
}

/** Pushes a + b or a - b. */
const plus = (code: Code, a: Local, b: Local): Code => code.get(a).get(b).op(OP.f32x4_add);
const minus = (code: Code, a: Local, b: Local): Code => code.get(a).get(b).op(OP.f32x4_sub);
/** Multiplies the top of the stack, or adds to it, or subtracts from it. */
const scaled = (code: Code, factor: number): Code => code.f32x4(factor).op(OP.f32x4_mul);
const added = (code: Code, a: Local): Code => code.get(a).op(OP.f32x4_add);
const subtracted = (code: Code, a: Local): Code => code.get(a).op(OP.f32x4_sub);

const FOUR: Transforms = {
  points: 4,
  input(code, line, put) {
    const [x0, x1, x2, x3] = line as [Local, Local, Local, Local];
    minus(code, x0, x2);
    put(0);
    plus(code, x1, x2);
    put(1);
    minus(code, x2, x1);
    put(2);
    minus(code, x1, x3);
    put(3);
  },
  evaluate(code, line, put) {
    const [x0, x1, x2] = line as [Local, Local, Local?];
    const even = (): Code => (x2 === undefined ? code.get(x0) : plus(code, x0, x2));
    code.get(x0);
    put(0);
    scaled(added(even(), x1), 0.5);
    put(1);
    scaled(subtracted(even(), x1), 0.5);
    put(2);
    code.get(line.at(-1)!);
    put(3);
  },
  gather(code, line, results, put) {
    const [x0, x1, x2, x3] = line as [Local, Local, Local, Local];
    const last = results - 1;
    const infinity = (i: number): void => {
      if (i === last) subtracted(code, x3);
      put(i);
    };
    added(plus(code, x0, x1), x2);
    infinity(0);
    minus(code, x1, x2);
    infinity(1);
    if (results < 3) return;
    plus(code, x1, x2);
    infinity(2);
  },
};

/** Pushes the sum of the cells with numbers `from`, `from` + 2 ..., cell j times `base` to the power j. */
function alternate(code: Code, line: readonly Local[], from: 0 | 1, base: number): void {
  for (let j = from; j < line.length; j += 2) {
    code.get(line[j]!);
    if (base ** j !== 1) scaled(code, base ** j);
    if (j > from) code.op(OP.f32x4_add);
  }
}

const SIX: Transforms = {
  points: 6,
  input(code, line, put) {
    const [x0, x1, x2, x3, x4, x5] = line as [Local, Local, Local, Local, Local, Local];
    const [even, odd] = code.locals("v128", 2);
    const both = (first: number): void => {
      plus(code, even, odd);
      put(first);
      minus(code, even, odd);
      put(first + 1);
    };
    scaled(minus(code, x0, x2), 4);
    minus(code, x4, x2).tee(even).op(OP.f32x4_add);
    put(0);
    minus(code, x3, x1).set(odd);
    plus(code, odd, odd).set(odd);
    both(3);
    scaled(code.get(x2), 4).set(even);
    minus(code, x4, even).set(even);
    scaled(code.get(x1), 4).set(odd);
    minus(code, x3, odd).set(odd);
    both(1);
    scaled(minus(code, x1, x3), 4);
    minus(code, x5, x3).op(OP.f32x4_add);
    put(5);
    code.release(even, odd);
  },
  evaluate(code, line, put) {
    const [even, odd] = code.locals("v128", 2);
    scaled(code.get(line[0]!), 1 / 4);
    put(0);
    for (const [base, share, first] of [
      [1, -1 / 6, 1],
      [2, 1 / 24, 3],
    ] as const) {
      alternate(code, line, 0, base);
      code.set(even);
      alternate(code, line, 1, base);
      code.set(odd);
      scaled(plus(code, even, odd), share);
      put(first);
      scaled(minus(code, even, odd), share);
      put(first + 1);
    }
    code.get(line.at(-1)!);
    put(5);
    code.release(even, odd);
  },
  gather(code, line, results, put) {
    const [x0, x1, x2, x3, x4, x5] = line as [Local, Local, Local, Local, Local, Local];
    const [near, far] = code.locals("v128", 2);
    for (const parity of [0, 1] as const) {
      const pair = parity === 0 ? plus : minus;
      pair(code, x1, x2).set(near);
      pair(code, x3, x4).set(far);
      for (let k: number = parity; k < results; k += 2) {
        code.get(far);
        if (k > 0) scaled(code, 2 ** k);
        added(code, near);
        if (k === 0) added(code, x0);
        if (k === results - 1) added(code, x5);
        put(k);
      }
    }
    code.release(near, far);
  },
};

/** The transforms of a tiling, which its number of points decides. */
export const transformsOf = ({ results, cells }: Tiling): Transforms => (results + cells - 1 === 4 ? FOUR : SIX);
