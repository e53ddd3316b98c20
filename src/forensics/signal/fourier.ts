// The fast Fourier transform of small squares (Cooley and Tukey 1965), for spectra of windows of a picture.
import { cos, sin } from "../../core/math.js";

/** A transform of squares of a fixed size, with its tables. */
export interface SquareTransform {
  /** Transforms `real` and `imaginary` (side * side numbers by rows) in place. */
  apply(real: Float64Array, imaginary: Float64Array): void;
}

/**
 * Makes a transform.
 * @param side a power of two
 */
export function squareTransform(side: number): SquareTransform {
  const bits = Math.round(Math.log2(side));
  const reversed = Uint16Array.from({ length: side }, (_, i) => {
    let out = 0;
    for (let bit = 0; bit < bits; bit++) out |= ((i >> bit) & 1) << (bits - 1 - bit);
    return out;
  });
  const cosines = Float64Array.from({ length: side / 2 }, (_, i) => cos((2 * Math.PI * i) / side));
  const sines = Float64Array.from({ length: side / 2 }, (_, i) => -sin((2 * Math.PI * i) / side));
  const line = (real: Float64Array, imaginary: Float64Array, at: number, step: number): void => {
    for (let i = 0; i < side; i++) {
      const j = reversed[i]!;
      if (j <= i) continue;
      const [a, b] = [at + i * step, at + j * step];
      [real[a], real[b]] = [real[b]!, real[a]!];
      [imaginary[a], imaginary[b]] = [imaginary[b]!, imaginary[a]!];
    }
    for (let half = 1; half < side; half *= 2)
      for (let start = 0; start < side; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const wave = (k * side) / (2 * half);
          const [a, b] = [at + (start + k) * step, at + (start + k + half) * step];
          const re = real[b]! * cosines[wave]! - imaginary[b]! * sines[wave]!;
          const im = real[b]! * sines[wave]! + imaginary[b]! * cosines[wave]!;
          real[b] = real[a]! - re;
          imaginary[b] = imaginary[a]! - im;
          real[a]! += re;
          imaginary[a]! += im;
        }
  };
  return {
    apply: (real, imaginary) => {
      for (let y = 0; y < side; y++) line(real, imaginary, y * side, 1);
      for (let x = 0; x < side; x++) line(real, imaginary, x, side);
    },
  };
}
