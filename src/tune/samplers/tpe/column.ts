// Observed values of one parameter, together with their order by size, which is what costs most to find out.

export interface Column {
  /** On the parameter's own scale, in the order of trials. */
  readonly values: Float64Array;
  /** The indices of `values` from the lowest to the highest, equal ones in the order of trials. */
  readonly order: ArrayLike<number>;
}

export function columnOf(values: Float64Array): Column {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]! || i - j);
  return { values, order };
}

/** Place of `i` among the first `count` indices, sorted by value: behind those of equal value and lower index. */
export function placeIn(
  sorted: ArrayLike<number>,
  count: number,
  i: number,
  valueAt: (index: number) => number,
): number {
  const value = valueAt(i);
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = valueAt(sorted[middle]!);
    if (other < value || (other === value && sorted[middle]! < i)) from = middle + 1;
    else to = middle;
  }
  return from;
}
