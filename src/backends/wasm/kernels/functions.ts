// exp, log, tanh, sigmoid, sin, cos and erf on vectors of four f32, from additions, multiplications and divisions only,
// so that every machine computes the same bits. Polynomials and range reductions follow Cephes (Moshier, single
// precision), whose errors stay below 2 units in the last place; erf is a rational function fitted for this file. They
// are written out where they are used: a call would make the kernel around it put all its vectors aside. Each takes its
// operand from the stack and leaves its result there.
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";

/** Pushes the polynomial with these coefficients, highest power first, at `x`. */
function polynomial(code: Code, x: Local, coefficients: readonly number[]): void {
  code.f32x4(coefficients[0]!);
  for (const coefficient of coefficients.slice(1)) code.get(x).op(OP.f32x4_mul).f32x4(coefficient).op(OP.f32x4_add);
}

/** exp(x): 0 below -103.97, infinity above 88.72. */
export function exp(code: Code): void {
  const x = code.local("v128");
  code.set(x);
  const [n, r, scale] = code.locals("v128", 3);
  // Beyond these bounds the result is 0 or infinity anyway; clamping keeps the exponents in range.
  code.get(x).f32x4(-104).op(OP.f32x4_max).f32x4(89).op(OP.f32x4_min).set(r);
  code.get(r).f32x4(Math.LOG2E).op(OP.f32x4_mul, OP.f32x4_nearest).set(n);
  code.get(r).get(n).f32x4(0.693359375).op(OP.f32x4_mul, OP.f32x4_sub);
  code.get(n).f32x4(-2.1219444e-4).op(OP.f32x4_mul, OP.f32x4_sub).set(r);
  polynomial(
    code,
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  code.get(r).op(OP.f32x4_mul).get(r).op(OP.f32x4_mul).get(r).op(OP.f32x4_add).f32x4(1).op(OP.f32x4_add);
  // 2^n in two factors, so that subnormal and infinite results come out right.
  code.get(n).op(OP.i32x4_trunc_sat_f32x4_s).set(n);
  code.get(n).i32(1).op(OP.i32x4_shr_s).tee(scale);
  code.i32x4(127).op(OP.i32x4_add).i32(23).op(OP.i32x4_shl, OP.f32x4_mul);
  code.get(n).get(scale).op(OP.i32x4_sub).i32x4(127).op(OP.i32x4_add).i32(23).op(OP.i32x4_shl, OP.f32x4_mul);
  code.release(x, n, r, scale);
}

/** log(x): -infinity at 0, NaN below. */
export function log(code: Code): void {
  const x = code.local("v128");
  code.set(x);
  const [m, e, mask, z] = code.locals("v128", 4);
  // Subnormals are scaled up by 2^23 first.
  code.get(x).f32x4(1.17549435e-38).op(OP.f32x4_lt).set(mask);
  code.get(x).f32x4(8388608).op(OP.f32x4_mul).get(x).get(mask).op(OP.v128_bitselect).set(m);
  code.f32x4(-149).f32x4(-126).get(mask).op(OP.v128_bitselect).set(e);
  code.get(e).get(m).i32(23).op(OP.i32x4_shr_u, OP.f32x4_convert_i32x4_s, OP.f32x4_add).set(e);
  // Mantissa in [0.5, 1), then below sqrt(1/2) doubled, so that m - 1 is in [-0.29, 0.41].
  code.get(m).i32x4(0x007fffff).op(OP.v128_and).i32x4(0x3f000000).op(OP.v128_or).set(m);
  code.get(m).f32x4(Math.SQRT1_2).op(OP.f32x4_lt).set(mask);
  code.get(e).f32x4(1).get(mask).op(OP.v128_and, OP.f32x4_sub).set(e);
  code.get(m).get(m).get(mask).op(OP.v128_and, OP.f32x4_add).f32x4(1).op(OP.f32x4_sub).set(m);
  code.get(m).get(m).op(OP.f32x4_mul).set(z);
  polynomial(
    code,
    m,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  code.get(m).op(OP.f32x4_mul).get(z).op(OP.f32x4_mul);
  code.get(e).f32x4(-2.1219444e-4).op(OP.f32x4_mul, OP.f32x4_add);
  code.get(z).f32x4(0.5).op(OP.f32x4_mul, OP.f32x4_sub);
  code.get(m).op(OP.f32x4_add).get(e).f32x4(0.693359375).op(OP.f32x4_mul, OP.f32x4_add).set(m);
  // infinity and NaN pass through; 0 and negative numbers get their own results.
  code.get(x).get(m).get(x).f32x4(3.4028234e38).op(OP.f32x4_gt).get(x).get(x).op(OP.f32x4_eq, OP.v128_not, OP.v128_or);
  code.op(OP.v128_bitselect).set(m);
  code.f32x4(Number.NEGATIVE_INFINITY).get(m).get(x).f32x4(0).op(OP.f32x4_eq, OP.v128_bitselect).set(m);
  code.f32x4(Number.NaN).get(m).get(x).f32x4(0).op(OP.f32x4_lt, OP.v128_bitselect);
  code.release(x, m, e, mask, z);
}

/** tanh(x): an odd polynomial near 0, 1 - 2 / (exp(2|x|) + 1) elsewhere. */
export function tanh(code: Code): void {
  const [x, a, z, far] = code.locals("v128", 4);
  code.tee(x).op(OP.f32x4_abs).set(a);
  code.f32x4(1).f32x4(2).get(a).get(a).op(OP.f32x4_add);
  exp(code);
  code.f32x4(1).op(OP.f32x4_add, OP.f32x4_div, OP.f32x4_sub);
  code.get(x).i32x4(0x80000000).op(OP.v128_and, OP.v128_or).set(far);
  code.get(x).get(x).op(OP.f32x4_mul).set(z);
  polynomial(code, z, [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1]);
  code.get(z).op(OP.f32x4_mul).get(x).op(OP.f32x4_mul).get(x).op(OP.f32x4_add);
  code.get(far).get(a).f32x4(0.625).op(OP.f32x4_lt, OP.v128_bitselect).release(x, a, z, far);
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(code: Code): void {
  const x = code.local("v128");
  code.set(x).f32x4(1).f32x4(1).get(x).op(OP.f32x4_neg);
  exp(code);
  code.op(OP.f32x4_add, OP.f32x4_div).release(x);
}

/** pi / 2 in three parts: the first two have zeros at their end, so that products with small whole numbers are exact. */
const HALF_PI = [1.5703125, 4.837512969970703e-4, 7.549789954891882e-8] as const;

/**
 * sin(x + shift pi / 2): the remainder to the nearest multiple of pi / 2, then the polynomial of its quadrant. Errors
 * are absolute, below 1e-7 for |x| up to 1000, and grow with |x| beyond.
 */
function shiftedSine(code: Code, shift: 0 | 1): void {
  const [x, n, r, z, odd] = code.locals("v128", 5);
  code
    .tee(x)
    .f32x4(2 / Math.PI)
    .op(OP.f32x4_mul, OP.f32x4_nearest)
    .set(n)
    .get(x)
    .set(r);
  for (const part of HALF_PI) code.get(r).get(n).f32x4(part).op(OP.f32x4_mul, OP.f32x4_sub).set(r);
  code.get(r).get(r).op(OP.f32x4_mul).set(z);
  code.get(n).op(OP.i32x4_trunc_sat_f32x4_s).i32x4(shift).op(OP.i32x4_add).set(n);
  // Even quadrants take the sine of the remainder, odd ones its cosine.
  polynomial(code, z, [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
  code.get(z).op(OP.f32x4_mul).get(r).op(OP.f32x4_mul).get(r).op(OP.f32x4_add);
  polynomial(code, z, [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);
  code.get(z).op(OP.f32x4_mul).get(z).op(OP.f32x4_mul).get(z).f32x4(0.5).op(OP.f32x4_mul, OP.f32x4_sub);
  code.f32x4(1).op(OP.f32x4_add).set(odd).set(r);
  code.get(odd).get(r).i32x4(0).get(n).i32x4(1).op(OP.v128_and, OP.i32x4_sub, OP.v128_bitselect);
  // Quadrants 2 and 3 flip the sign.
  code.get(n).i32x4(2).op(OP.v128_and).i32(30).op(OP.i32x4_shl, OP.v128_xor).release(x, n, r, z, odd);
}

export const sin = (code: Code): void => shiftedSine(code, 0);

export const cos = (code: Code): void => shiftedSine(code, 1);

/** erf(x) = x P(x^2) / Q(x^2) up to 4, where it is 1 in f32; relative error below 4e-7. */
export function erf(code: Code): void {
  const [near, z] = code.locals("v128", 2);
  code.f32x4(-4).op(OP.f32x4_max).f32x4(4).op(OP.f32x4_min).set(near);
  code.get(near).get(near).op(OP.f32x4_mul).set(z);
  code.get(near);
  polynomial(code, z, [1.98677893e-6, 2.845673955e-4, 3.883392838e-3, 5.310189577e-2, 1.935461477e-1, 1.128379139]);
  code.op(OP.f32x4_mul);
  polynomial(code, z, [3.742021824e-5, 1.185583769e-3, 1.520734785e-2, 1.153504548e-1, 5.048583627e-1, 1]);
  code.op(OP.f32x4_div).release(near, z);
}
