// Eigenvalues and vectors of small symmetric matrices by Jacobi's rotations: slow for large ones, exact enough and the
// same bits everywhere.

export type Matrix = readonly Float64Array[];

const MOST_SWEEPS = 60;
const NEGLIGIBLE = 1e-30;

/** `vectors[i][k]` is the i-th coordinate of the k-th axis, `values[k]` its eigenvalue; in no particular order. */
export function symmetricEigen(matrix: Matrix): { readonly vectors: Matrix; readonly values: Float64Array } {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const vectors = matrix.map((_, i) => new Float64Array(n).fill(1, i, i + 1));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let p = 0; p < n; p++) {
      diagonal += a[p]![p]! ** 2;
      for (let q = p + 1; q < n; q++) off += a[p]![q]! ** 2;
    }
    if (off <= NEGLIGIBLE * diagonal) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  return { vectors, values: Float64Array.from(a, (row, i) => row[i]!) };
}

/** Turns the plane of axes p and q so that a[p][q] becomes 0. */
function rotate(a: readonly Float64Array[], vectors: Matrix, p: number, q: number): void {
  const pq = a[p]![q]!;
  if (pq === 0) return;
  const ratio = (a[q]![q]! - a[p]![p]!) / (2 * pq);
  const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (row: Float64Array): void => {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  };
  for (const row of a) turn(row);
  const [first, second] = [a[p]!, a[q]!];
  for (let j = 0; j < first.length; j++) {
    const [x, y] = [first[j]!, second[j]!];
    first[j] = cosine * x - sine * y;
    second[j] = sine * x + cosine * y;
  }
  for (const row of vectors) turn(row);
}
