// Expressions on vectors: how a leaf becomes four f32 lanes, how each elementwise function is written, how results are
// stored in their dtype. One-lane versions serve the last few elements with the very same arithmetic.
import type { Expression, Leaf } from "../../../compile/kernels.js";
import { byteWidth, type DType } from "../../../core/dtype.js";
import type { ElementwiseName } from "../../../core/ops/index.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { sum, times } from "../assembler/operands.js";
import type { Emission } from "./emission.js";
import { cos, erf, exp, log, sigmoid, sin, tanh } from "./functions.js";

/** Writes one elementwise function: its operands are on the stack, its result is left there. */
const FUNCTIONS: { [K in ElementwiseName]: (code: Code) => void } = {
  add: (code) => void code.op(OP.f32x4_add),
  sub: (code) => void code.op(OP.f32x4_sub),
  mul: (code) => void code.op(OP.f32x4_mul),
  div: (code) => void code.op(OP.f32x4_div),
  maximum: (code) => void code.op(OP.f32x4_max),
  minimum: (code) => void code.op(OP.f32x4_min),
  greater: (code) => void code.op(OP.f32x4_gt).f32x4(1).op(OP.v128_and),
  equal: (code) => void code.op(OP.f32x4_eq).f32x4(1).op(OP.v128_and),
  select: (code) => {
    const [a, b, mask] = code.locals("v128", 3);
    code.set(b).set(a).f32x4(0).op(OP.f32x4_eq).set(mask);
    code.get(b).get(a).get(mask).op(OP.v128_bitselect).release(a, b, mask);
  },
  neg: (code) => void code.op(OP.f32x4_neg),
  abs: (code) => void code.op(OP.f32x4_abs),
  exp,
  log,
  sqrt: (code) => void code.op(OP.f32x4_sqrt),
  tanh,
  sigmoid,
  sin,
  cos,
  erf,
  stopGradient: () => {},
  floor: (code) => void code.op(OP.f32x4_floor),
  // NaN stays NaN, as it would with f32x4_max.
  relu: (code) => void code.f32x4(0).op(OP.f32x4_pmax),
};

/** The results of an expression, in locals that `release` gives back. */
export interface Results {
  readonly locals: readonly Local[];
  readonly release: () => void;
}

/**
 * Writes an expression's steps. `load(leaf)` pushes the leaf's lanes; `accumulator` holds the surrounding result.
 */
export function emitExpression(
  code: Code,
  expression: Expression,
  load: (leaf: Leaf) => void,
  accumulator?: Local,
): Results {
  const owned: Local[] = [];
  const locals: (Local | undefined)[] = [];
  const push = (step: number): void => {
    const instruction = expression.code[step]!;
    if (instruction.op === "constant") code.f32x4(instruction.value);
    else code.get(locals[step]!);
  };
  const keep = (step: number): void => {
    const local = code.local("v128");
    owned.push(local);
    locals[step] = local;
    code.set(local);
  };
  expression.code.forEach((instruction, step) => {
    if (instruction.op === "accumulator") locals[step] = accumulator!;
    else if (instruction.op === "leaf") {
      load(expression.leaves[instruction.leaf]!);
      keep(step);
    } else if (instruction.op !== "constant") {
      instruction.operands.forEach(push);
      FUNCTIONS[instruction.op](code);
      keep(step);
    } else if (expression.results.includes(step)) {
      code.f32x4(instruction.value);
      keep(step);
    }
  });
  return { locals: expression.results.map((step) => locals[step]!), release: () => void code.release(...owned) };
}

/** Pushes one element of `dtype` at (stack address + offset) as f32 in all lanes. */
export function loadSplat(code: Code, dtype: DType, offset: number): void {
  if (dtype === "float32") code.memory("v128_load32_splat", offset);
  else if (dtype === "int32") code.memory("i32_load", offset).op(OP.f32_convert_i32_s, OP.f32x4_splat);
  else code.memory("i32_load8_u", offset).op(OP.f32_convert_i32_s, OP.f32x4_splat);
}

/** Pushes four consecutive elements of `dtype` at (stack address + offset) as f32. */
export function loadVector(code: Code, dtype: DType, offset: number): void {
  if (dtype === "float32") code.memory("v128_load", offset);
  else if (dtype === "int32") code.memory("v128_load", offset).op(OP.f32x4_convert_i32x4_s);
  else
    code
      .memory("v128_load32_zero", offset)
      .op(OP.i16x8_extend_low_i8x16_u, OP.i32x4_extend_low_i16x8_u, OP.f32x4_convert_i32x4_s);
}

/** Pushes four f32 that lie `stride` bytes apart from a pointer plus `offset` on. */
export function loadApart(code: Code, pointer: Local, offset: number, stride: number): void {
  const gathered = code.local("v128");
  code.get(pointer).memory("v128_load32_splat", offset).set(gathered);
  for (let lane = 1; lane < 4; lane++)
    code
      .get(pointer)
      .get(gathered)
      .memoryLane("v128_load32_lane", lane, offset + lane * stride)
      .set(gathered);
  code.get(gathered).release(gathered);
}

/** Stores four (or one) f32 lanes as elements of `dtype` at `pointer` plus `offset`. */
export function storeAs(code: Code, dtype: DType, pointer: Local, vector: Local, offset: number, lanes: 4 | 1): void {
  if (dtype === "float32") {
    code.store(pointer, vector, offset, lanes);
    return;
  }
  const whole = code.local("v128");
  code.get(vector).op(OP.i32x4_trunc_sat_f32x4_s).set(whole);
  if (dtype === "int32") storeAs(code, "float32", pointer, whole, offset, lanes);
  else {
    code.get(whole).i32x4(255).op(OP.v128_and).set(whole);
    storeBytes(code, pointer, whole, offset, lanes);
  }
  code.release(whole);
}

/** Stores the first `lanes` lanes of a vector of i32, each below 256, as bytes. */
export function storeBytes(code: Code, pointer: Local, vector: Local, offset: number, lanes: number): void {
  if (lanes < 4) {
    for (let lane = 0; lane < lanes; lane++)
      code
        .get(pointer)
        .get(vector)
        .lane("i32x4_extract_lane", lane)
        .memory("i32_store8", offset + lane);
    return;
  }
  const narrow = code.local("v128");
  code.get(vector).get(vector).op(OP.i16x8_narrow_i32x4_u).tee(narrow).get(narrow);
  code.op(OP.i8x16_narrow_i16x8_u).set(narrow);
  code.get(pointer).get(narrow).memoryLane("v128_store32_lane", 0, offset).release(narrow);
}

/**
 * Pointers that walk the leaves of an expression over its loop nest. A leaf's pointer counts bytes from its buffer's
 * address, which the instructions carry; only backward walks hold the whole address.
 */
export class Cursors {
  readonly #pointers = new Map<Leaf, { local: Local; base: number }>();

  constructor(
    readonly code: Code,
    emission: Emission,
    readonly expression: Expression,
  ) {
    for (const leaf of expression.leaves) {
      const start = emission.address(leaf.buffer) + leaf.offset * byteWidth(leaf.buffer.dtype);
      const backward = leaf.strides.some((stride) => stride < 0);
      const local = code.local("i32");
      code.set(local, backward ? start : 0);
      this.#pointers.set(leaf, { local, base: backward ? 0 : start });
    }
  }

  /** Moves every leaf by `steps` positions along `axis`; `steps` is a number or a local. */
  move(axis: number, steps: number | Local): void {
    for (const [leaf, { local }] of this.#pointers) {
      const bytes = leaf.strides[axis]! * byteWidth(leaf.buffer.dtype);
      if (bytes === 0) continue;
      if (typeof steps === "number") this.code.advance(local, bytes * steps);
      else this.code.set(local, sum(local, times(steps, bytes)));
    }
  }

  /** Pushes `lanes` lanes of a leaf along `axis`, `ahead` positions further on. */
  load(leaf: Leaf, axis: number, lanes: 4 | 1, ahead = 0): void {
    const { code } = this;
    const { local, base } = this.#pointers.get(leaf)!;
    const { dtype } = leaf.buffer;
    const stride = (leaf.strides[axis] ?? 0) * byteWidth(dtype);
    const at = (lane: number): void => {
      const offset = (ahead + lane) * stride;
      code.push(offset === 0 ? local : sum(local, offset));
    };
    if (lanes === 4 && dtype === "float32" && stride > 4) {
      loadApart(code, local, base + ahead * stride, stride);
      return;
    }
    at(0);
    if (lanes === 1 || stride === 0) loadSplat(code, dtype, base);
    else if (stride === byteWidth(dtype)) loadVector(code, dtype, base);
    else {
      const gathered = code.local("v128");
      loadSplat(code, dtype, base);
      code.set(gathered);
      for (let lane = 1; lane < 4; lane++) {
        code.get(gathered);
        at(lane);
        loadSplat(code, dtype, base);
        code.lane("f32x4_extract_lane", 0).lane("f32x4_replace_lane", lane).set(gathered);
      }
      code.get(gathered).release(gathered);
    }
  }

  release(): void {
    for (const { local } of this.#pointers.values()) this.code.release(local);
  }
}
