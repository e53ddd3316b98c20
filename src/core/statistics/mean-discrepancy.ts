// The maximum mean discrepancy: do two samples of vectors come from the same distribution.
import { FoveaError } from "../errors.js";
import { exp } from "../math.js";
import { Random, STREAM } from "../random.js";
import { quantileOf } from "./bootstrap.js";

/** Vectors of one length, row after row. */
export interface Vectors {
  readonly size: number;
  readonly data: ArrayLike<number>;
}

export interface MeanDiscrepancy {
  /** Unbiased estimate of the squared discrepancy, about 0 for samples of the same distribution. */
  readonly squared: number;
  /** Probability of as large an estimate by chance, counted by permutations. */
  readonly p: number;
  /** Width of the kernel. */
  readonly width: number;
}

export interface MeanDiscrepancyOptions {
  /** Width s of the kernel exp(-|x - y|^2 / (2 s^2)). Default: the median distance of all vectors. */
  readonly width?: number | undefined;
  /** Permutations. Default 1999. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The most vectors of both samples: their kernel takes the square of it. */
const MOST_VECTORS = 4096;

/**
 * The unbiased squared maximum mean discrepancy with a Gaussian kernel, tested by permutations (Gretton and others, A kernel
 * two-sample test, JMLR 13, 2012, equation 3; p as Phipson and Smyth, 2010, count it).
 * @param first at least two vectors
 * @param second at least two vectors of the same size
 * @throws FoveaError for other samples, and for more than 4096 vectors in all
 * @example meanDiscrepancy({ size: 2, data: before }, { size: 2, data: now }).p
 */
export function meanDiscrepancy(
  first: Vectors,
  second: Vectors,
  { width, draws = 1999, seed = 0 }: MeanDiscrepancyOptions = {},
): MeanDiscrepancy {
  const { size } = first;
  const [n, m] = [first.data.length / size, second.data.length / size];
  if (size !== second.size || !Number.isInteger(n) || !Number.isInteger(m) || n < 2 || m < 2 || n + m > MOST_VECTORS)
    throw new FoveaError(
      "shape-mismatch",
      `meanDiscrepancy: expected two samples of at least 2 vectors of one size, ${MOST_VECTORS} in all, received ${n} of ${size} and ${m} of ${second.size} numbers`,
    );
  const all = n + m;
  const squares = squaredDistances(first, second, all);
  const chosen = width ?? medianDistance(squares, all);
  const kernel = squares.map((square) => (chosen === 0 ? Number(square === 0) : exp(-square / (2 * chosen * chosen))));
  const rowSums = new Float64Array(all);
  for (let i = 0; i < all; i++) for (let j = 0; j < all; j++) if (i !== j) rowSums[i]! += kernel[i * all + j]!;
  // Each pair once.
  const total = rowSums.reduce((sum, value) => sum + value, 0) / 2;
  const squaredOf = (rows: Int32Array): number => {
    let [within, touching] = [0, 0];
    for (let a = 0; a < n; a++) {
      const at = rows[a]! * all;
      touching += rowSums[rows[a]!]!;
      for (let b = 0; b < a; b++) within += kernel[at + rows[b]!]!;
    }
    const cross = touching - 2 * within;
    const others = total - within - cross;
    return (2 * within) / (n * (n - 1)) + (2 * others) / (m * (m - 1)) - (2 * cross) / (n * m);
  };
  const order = Int32Array.from({ length: all }, (_, i) => i);
  const squared = squaredOf(order);
  let asLarge = 0;
  // Sums in another order must not tell equal estimates apart.
  for (let draw = 0; draw < draws; draw++)
    if (squaredOf(new Random(seed, STREAM.user, draw).permutation(all)) >= squared - 1e-12) asLarge++;
  return { squared, p: (1 + asLarge) / (1 + draws), width: chosen };
}

function squaredDistances(first: Vectors, second: Vectors, all: number): Float64Array {
  const { size } = first;
  const values = new Float64Array(all * size);
  values.set(Array.from(first.data));
  values.set(Array.from(second.data), first.data.length);
  const squares = new Float64Array(all * all);
  for (let i = 0; i < all; i++)
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let k = 0; k < size; k++) square += (values[i * size + k]! - values[j * size + k]!) ** 2;
      squares[i * all + j] = square;
      squares[j * all + i] = square;
    }
  return squares;
}

function medianDistance(squares: Float64Array, all: number): number {
  const distances = new Float64Array((all * (all - 1)) / 2);
  let at = 0;
  for (let i = 0; i < all; i++) for (let j = 0; j < i; j++) distances[at++] = Math.sqrt(squares[i * all + j]!);
  return quantileOf(distances.sort(), 0.5);
}
