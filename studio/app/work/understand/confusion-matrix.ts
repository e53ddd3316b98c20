// The confusion matrix as numbers: counts by class and answer, and an order of the classes in which blocks show.
import type { JudgedImage } from "../../../contract/facts.js";

export interface CellAddress {
  readonly actual: number;
  readonly predicted: number;
}

/** The cell that an address names; undefined where it names none of these classes. */
export function cellOf(
  { actual, predicted }: Readonly<Record<string, string>>,
  classes: number,
): CellAddress | undefined {
  const [row, column] = [actual, predicted].map((text) => Number(text ?? Number.NaN)) as [number, number];
  const isClass = (number: number): boolean => Number.isInteger(number) && number >= 0 && number < classes;
  return isClass(row) && isClass(column) ? { actual: row, predicted: column } : undefined;
}

/** Counts, `[classes * classes]` row by row: rows are labels, columns answers. */
export function countCells(judged: readonly JudgedImage[], classes: number): Int32Array {
  const counts = new Int32Array(classes * classes);
  for (const { label, predicted } of judged) counts[label * classes + predicted]!++;
  return counts;
}

/**
 * An order in which classes that are taken for each other stand together: begins with the class that is confused most, and
 * goes on with the one that is confused most with those before.
 */
export function blockOrder(counts: Int32Array, classes: number): number[] {
  const confused = (a: number, b: number): number => counts[a * classes + b]! + counts[b * classes + a]!;
  const left = new Set(Array.from({ length: classes }, (_, k) => k));
  const total = (k: number): number =>
    [...left].reduce((sum, other) => sum + (other === k ? 0 : confused(k, other)), 0);
  const bestOf = (score: (k: number) => number): number =>
    [...left].reduce((best, k) => (score(k) > score(best) ? k : best));
  const order: number[] = [];
  while (left.size > 0) {
    const last = order.slice(-3);
    const next = bestOf((k) =>
      last.length === 0 ? total(k) : last.reduce((sum, other) => sum + confused(k, other), 0),
    );
    order.push(next);
    left.delete(next);
  }
  return order;
}
