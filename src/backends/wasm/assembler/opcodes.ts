// WebAssembly value types and the opcodes that our kernels use (core specification 2.0, threads, relaxed SIMD).
// SIMD and atomic opcodes carry their prefix byte in bits 16-23.

export type ValueType = "i32" | "i64" | "f32" | "v128";

export const VALUE_TYPE: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, v128: 0x7b };

const simd = (code: number): number => (0xfd << 16) | code;
const atomic = (code: number): number => (0xfe << 16) | code;

/** Instructions without immediates. */
export const OP = {
  return: 0x0f,
  drop: 0x1a,
  i32_eqz: 0x45,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_s: 0x48,
  i32_lt_u: 0x49,
  i32_gt_s: 0x4a,
  i32_gt_u: 0x4b,
  i32_ge_u: 0x4f,
  f32_eq: 0x5b,
  f32_ne: 0x5c,
  f32_gt: 0x5e,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_div_u: 0x6e,
  i32_rem_u: 0x70,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_xor: 0x73,
  i32_shl: 0x74,
  i32_shr_s: 0x75,
  i32_shr_u: 0x76,
  i64_mul: 0x7e,
  i64_shr_u: 0x88,
  f32_add: 0x92,
  f32_sub: 0x93,
  f32_mul: 0x94,
  f32_div: 0x95,
  i32_wrap_i64: 0xa7,
  i64_extend_i32_u: 0xad,
  f32_convert_i32_s: 0xb2,
  f32_convert_i32_u: 0xb3,
  select: 0x1b,
  i8x16_splat: simd(15),
  i32x4_splat: simd(17),
  f32x4_splat: simd(19),
  f32x4_eq: simd(65),
  f32x4_lt: simd(67),
  f32x4_gt: simd(68),
  v128_not: simd(77),
  v128_and: simd(78),
  v128_or: simd(80),
  v128_xor: simd(81),
  v128_bitselect: simd(82),
  i8x16_narrow_i16x8_u: simd(102),
  i16x8_narrow_i32x4_u: simd(134),
  i16x8_extend_low_i8x16_u: simd(137),
  i32x4_extend_low_i16x8_u: simd(169),
  i32x4_shl: simd(171),
  i32x4_shr_s: simd(172),
  i32x4_shr_u: simd(173),
  i32x4_add: simd(174),
  i32x4_sub: simd(177),
  f32x4_floor: simd(104),
  f32x4_nearest: simd(106),
  f32x4_abs: simd(224),
  f32x4_neg: simd(225),
  f32x4_sqrt: simd(227),
  f32x4_add: simd(228),
  f32x4_sub: simd(229),
  f32x4_mul: simd(230),
  f32x4_div: simd(231),
  f32x4_min: simd(232),
  f32x4_max: simd(233),
  /** a < b ? b : a, one machine instruction where f32x4_max takes six. */
  f32x4_pmax: simd(235),
  i32x4_trunc_sat_f32x4_s: simd(248),
  f32x4_convert_i32x4_s: simd(250),
  f32x4_relaxed_madd: simd(0x105),
} as const;

export type Instruction = (typeof OP)[keyof typeof OP];

/** Instructions with a memory immediate: opcode and the exponent of their natural alignment. */
export const MEMORY = {
  i32_load: [0x28, 2],
  f32_load: [0x2a, 2],
  i32_load8_u: [0x2d, 0],
  i32_store: [0x36, 2],
  f32_store: [0x38, 2],
  i32_store8: [0x3a, 0],
  v128_load: [simd(0), 4],
  v128_load32_splat: [simd(9), 2],
  v128_store: [simd(11), 4],
  v128_load32_zero: [simd(92), 2],
  atomic_notify: [atomic(0), 2],
  atomic_wait32: [atomic(1), 2],
  i32_atomic_load: [atomic(0x10), 2],
  i32_atomic_store: [atomic(0x17), 2],
  i32_atomic_rmw_add: [atomic(0x1e), 2],
} as const satisfies Record<string, readonly [number, number]>;

/** Memory instructions that also name a lane. */
export const MEMORY_LANE = {
  v128_store8_lane: [simd(88), 0],
  v128_store32_lane: [simd(90), 2],
  v128_load32_lane: [simd(86), 2],
} as const satisfies Record<string, readonly [number, number]>;

/** Instructions that name a lane. */
export const LANE = {
  i32x4_extract_lane: simd(27),
  f32x4_extract_lane: simd(31),
  f32x4_replace_lane: simd(32),
} as const;
