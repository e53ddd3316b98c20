// Numbers of 16 bits, IEEE 754's half and the upper half of a float32, and the way to and from float32. To the nearest,
// ties to even, as NumPy, PyTorch and processors round; tools/half-fixtures.py holds them to NumPy and ml_dtypes.
import type { Shape } from "../../core/shape.js";

export type HalfName = "float16" | "bfloat16";

/** An array of 16-bit floats by their bits, as files hold it. */
export interface HalfArray {
  readonly dtype: HalfName;
  readonly shape: Shape;
  readonly data: Uint16Array<ArrayBuffer>;
}

/** The number that 16 bits of IEEE 754 stand for. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** float32 numbers as the bits of halves. */
function floatsToHalves(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  return Uint16Array.from(bits, halfOfBits);
}

/** float32 numbers as the bits of bfloat16, which has the range of a float32 and eight bits of precision. */
function floatsToBfloats(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  return Uint16Array.from(bits, (word) => {
    const isNumber = (word & 0x7fffffff) <= 0x7f800000;
    return isNumber ? rounded(word, 16) : ((word >>> 16) & 0x8000) | 0x7fc0;
  });
}

const bfloatsToFloats = (bits: Uint16Array): Float32Array<ArrayBuffer> =>
  new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);

interface Half {
  /** Bits of float32 numbers; what is beyond the range becomes infinity. */
  readonly pack: (floats: Float32Array) => Uint16Array<ArrayBuffer>;
  readonly unpack: (bits: Uint16Array) => Float32Array<ArrayBuffer>;
}

/** Both kinds, by the names that NumPy and Keras give them. */
export const HALVES: Readonly<Record<HalfName, Half>> = {
  float16: { pack: floatsToHalves, unpack: (bits) => Float32Array.from(bits, halfToFloat) },
  bfloat16: { pack: floatsToBfloats, unpack: bfloatsToFloats },
};

/** A word without its lowest `drop` bits, rounded to the nearest and ties to even. */
function rounded(word: number, drop: number): number {
  const kept = word >>> drop;
  const rest = word - kept * 2 ** drop;
  const tie = 2 ** (drop - 1);
  return rest > tie || (rest === tie && (kept & 1) === 1) ? kept + 1 : kept;
}

function halfOfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const size = word & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  // From 65520 on, the middle between the largest half and the next power.
  if (size >= 0x477ff000) return sign | 0x7c00;
  // A carry out of the fraction goes into the exponent, which is right.
  if (size >= 0x38800000) return sign | rounded(size - 0x38000000, 13);
  const drop = 126 - (size >>> 23);
  return drop > 24 ? sign : sign | rounded((size & 0x7fffff) | 0x800000, drop);
}
