// The orthonormal discrete cosine transform of 8 x 8 blocks (ITU-T T.81, A.3.3) and its inverse, each as eight short
// transforms of rows and eight of columns. Pixels are taken as they are: without JPEG's shift by 128, DC is 1024 more.
import { cos } from "../../core/math.js";

const wave = (k: number): number => 0.5 * cos((k * Math.PI) / 16);
const C4 = Math.SQRT1_2 / 2;
const [C1, C2, C3, C5, C6, C7] = [wave(1), wave(2), wave(3), wave(5), wave(6), wave(7)];

const rowwise = new Float64Array(64);

/**
 * Coefficients of a block.
 * @param values samples, of which `values[at]` is the block's first
 * @param stride samples from one row to the next
 * @param out 64 coefficients by rows, from `out[to]` on
 */
export function forwardDct(values: Float32Array, at: number, stride: number, out: Float32Array, to = 0): void {
  for (let y = 0; y < 8; y++) forwardLine(values, at + y * stride, 1, rowwise, 8 * y, 1);
  for (let x = 0; x < 8; x++) forwardLine(rowwise, x, 8, out, to + x, 8);
}

function forwardLine(
  from: Float32Array | Float64Array,
  at: number,
  step: number,
  out: Float32Array | Float64Array,
  to: number,
  outStep: number,
): void {
  const [v0, v1, v2, v3] = [from[at]!, from[at + step]!, from[at + 2 * step]!, from[at + 3 * step]!];
  const [v4, v5] = [from[at + 4 * step]!, from[at + 5 * step]!];
  const [v6, v7] = [from[at + 6 * step]!, from[at + 7 * step]!];
  const [s0, s1, s2, s3] = [v0 + v7, v1 + v6, v2 + v5, v3 + v4];
  const [d0, d1, d2, d3] = [v0 - v7, v1 - v6, v2 - v5, v3 - v4];
  const [e0, e1, o0, o1] = [s0 + s3, s1 + s2, s0 - s3, s1 - s2];
  out[to] = C4 * (e0 + e1);
  out[to + outStep] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
  out[to + 2 * outStep] = C2 * o0 + C6 * o1;
  out[to + 3 * outStep] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
  out[to + 4 * outStep] = C4 * (e0 - e1);
  out[to + 5 * outStep] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
  out[to + 6 * outStep] = C6 * o0 - C2 * o1;
  out[to + 7 * outStep] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
}

/** Samples of a block of 64 coefficients `values[at...]`, written to `out[to...]` with `stride` between rows. */
export function inverseDct(values: Float32Array, at: number, out: Float32Array, to: number, stride: number): void {
  for (let x = 0; x < 8; x++) inverseLine(values, at + x, 8, rowwise, x, 8);
  for (let y = 0; y < 8; y++) inverseLine(rowwise, 8 * y, 1, out, to + y * stride, 1);
}

function inverseLine(
  from: Float32Array | Float64Array,
  at: number,
  step: number,
  out: Float32Array | Float64Array,
  to: number,
  outStep: number,
): void {
  const even = C4 * (from[at]! + from[at + 4 * step]!);
  const other = C4 * (from[at]! - from[at + 4 * step]!);
  const [v2, v6] = [from[at + 2 * step]!, from[at + 6 * step]!];
  const [v1, v3, v5, v7] = [from[at + step]!, from[at + 3 * step]!, from[at + 5 * step]!, from[at + 7 * step]!];
  const [near, far] = [C2 * v2 + C6 * v6, C6 * v2 - C2 * v6];
  const [a, b, c, d] = [even + near, other + far, other - far, even - near];
  const p = C1 * v1 + C3 * v3 + C5 * v5 + C7 * v7;
  const q = C3 * v1 - C7 * v3 - C1 * v5 - C5 * v7;
  const r = C5 * v1 - C1 * v3 + C7 * v5 + C3 * v7;
  const s = C7 * v1 - C5 * v3 + C3 * v5 - C1 * v7;
  out[to] = a + p;
  out[to + outStep] = b + q;
  out[to + 2 * outStep] = c + r;
  out[to + 3 * outStep] = d + s;
  out[to + 4 * outStep] = d - s;
  out[to + 5 * outStep] = c - r;
  out[to + 6 * outStep] = b - q;
  out[to + 7 * outStep] = a - p;
}
