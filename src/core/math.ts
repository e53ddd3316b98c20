// Elementary functions with the same bits on every JavaScript engine, made from + - * / on f64 alone: engines are
// free to differ in the last bits of Math.exp and its kin, and do. Scalars only; the compiled kernels have their own
// f32 polynomials. Series are Taylor's, cut where the next term is below half a unit in the last place.

/** ln 2 in two parts: the first has zeros at its end, so that its product with a small whole number is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** pi / 2 in three parts, likewise (33 bits, 33 bits, the rest). */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;

const bits = new DataView(new ArrayBuffer(8));

/** 2^k for -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  bits.setInt32(0, (k + 1023) << 20);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/** Natural logarithm: NaN below 0, -Infinity at 0; relative error below 1e-15. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  if (x < 2 ** -1022) {
    x *= 2 ** 54;
    k = -54;
  }
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  k += (high >> 20) - 1023;
  bits.setInt32(0, (high & 0x000fffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  // ln m = 2 artanh(s) with |s| < 0.1716. The leading f is kept apart: it is exact and the series is small beside it.
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let tail = 0;
  for (let n = 23; n >= 3; n -= 2) tail = z * (1 / n + tail);
  // 2 s = f - s f, hence ln m = f - s (f - 2 tail).
  return k * LN2_HIGH + (k * LN2_LOW - s * (f - 2 * tail) + f);
}

/** e^x: relative error below 1e-15. */
export function exp(x: number): number {
  if (!(x > -746)) return Number.isNaN(x) ? x : 0;
  if (x > 710) return Infinity;
  const k = Math.round(x * Math.LOG2E);
  const high = x - k * LN2_HIGH;
  const r = high - k * LN2_LOW;
  let sum = 1;
  for (let n = 15; n >= 1; n--) sum = 1 + (sum * r) / n;
  // Two factors, since 2^k alone can lie outside the normal range.
  const half = k >> 1;
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** The error function, by the series of Kummer, whose terms all have one sign; +-1 beyond 6. */
export function erf(x: number): number {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum;
}

/** x^y for x > 0 (or y a whole number): exp(y ln x), so the relative error grows as |y ln x| * 2e-16. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x > 0) return exp(y * log(x));
  if (!Number.isInteger(y)) return NaN;
  const size = exp(y * log(-x));
  return y % 2 === 0 ? size : -size;
}

/** The remainder of x to the nearest multiple of pi / 2, and that multiple modulo 4. */
function reduce(x: number): { r: number; quadrant: number } {
  const n = Math.round(x * (2 / Math.PI));
  return { r: x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3, quadrant: n & 3 };
}

function sineSeries(r: number): number {
  const z = r * r;
  let sum = 0;
  for (let n = 18; n >= 2; n -= 2) sum = (-z / (n * (n + 1))) * (1 + sum);
  return r + r * sum;
}

function cosineSeries(r: number): number {
  const z = r * r;
  let sum = 0;
  for (let n = 17; n >= 1; n -= 2) sum = (-z / (n * (n + 1))) * (1 + sum);
  return 1 + sum;
}

/** Sine of x in radians, |x| up to 1e5: absolute error below 1e-15. */
export function sin(x: number): number {
  const { r, quadrant } = reduce(x);
  const value = quadrant & 1 ? cosineSeries(r) : sineSeries(r);
  return quadrant & 2 ? -value : value;
}

/** Cosine of x in radians, |x| up to 1e5: absolute error below 1e-15. */
export function cos(x: number): number {
  const { r, quadrant } = reduce(x);
  const value = quadrant & 1 ? sineSeries(r) : cosineSeries(r);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}
