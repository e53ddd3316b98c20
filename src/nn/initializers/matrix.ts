// Initializers that make matrices with a structure: the identity, and random orthogonal ones.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { showShape, sizeOf } from "../../core/shape.js";
import { type Initializer, initializer, type Seeded } from "./initializer.js";

/**
 * Ones on the diagonal times `gain`; for matrices only.
 * @param options `gain`: the value on the diagonal; default 1.
 * @throws FoveaError when the weight is built, unless it is a matrix.
 * @example dense(4, { kernelInitializer: identity() });
 */
export function identity(options: { readonly gain?: number } = {}): Initializer {
  checkOptions("identity", options, ["gain"]);
  const gain = numberWithin("identity gain", options.gain ?? 1);
  return initializer("Identity", { gain }, (shape) => {
    const [rows, columns] = shape;
    if (shape.length !== 2)
      throw new FoveaError(
        "shape-mismatch",
        `identity: expected a matrix to initialize, received shape ${showShape(shape)}`,
      );
    const out = new Float32Array(rows! * columns!);
    for (let i = 0; i < Math.min(rows!, columns!); i++) out[i * columns! + i] = gain;
    return out;
  });
}

/**
 * A random matrix with orthonormal columns (or rows, when there are fewer of those), times `gain`; more axes are
 * flattened into the rows (Saxe, McClelland and Ganguli, 2014).
 * @param options `gain`: factor of the matrix, default 1; `seed`: default, the model's.
 * @throws FoveaError when the weight is built, unless it has at least two axes.
 * @example dense(4, { kernelInitializer: orthogonal({ gain: Math.SQRT2 }) });
 */
export function orthogonal(options: Seeded & { readonly gain?: number } = {}): Initializer {
  checkOptions("orthogonal", options, ["gain", "seed"]);
  const gain = numberWithin("orthogonal gain", options.gain ?? 1);
  return initializer(
    "Orthogonal",
    { gain },
    (shape, random) => {
      if (shape.length < 2)
        throw new FoveaError(
          "shape-mismatch",
          `orthogonal: expected at least two axes to initialize, received shape ${showShape(shape)}`,
        );
      const columns = shape.at(-1)!;
      const rows = sizeOf(shape.slice(0, -1));
      const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
      const basis = orthonormal(count, length, () => random.normal());
      const out = new Float32Array(rows * columns);
      basis.forEach((vector, j) => {
        vector.forEach((value, i) => {
          out[rows < columns ? j * columns + i : i * columns + j] = gain * value;
        });
      });
      return out;
    },
    options.seed,
  );
}

/** `count` orthonormal vectors: Gram and Schmidt's process on random ones, each step twice against rounding. */
function orthonormal(count: number, length: number, draw: () => number): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, draw);
    for (let pass = 0; pass < 2; pass++)
      for (const other of basis) {
        const shadow = dot(vector, other);
        for (let i = 0; i < length; i++) vector[i]! -= shadow * other[i]!;
      }
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 1e-6) basis.push(vector.map((value) => value / norm));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
