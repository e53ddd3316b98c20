// The overlap of two upright boxes.

/** Edges of a box: `[left, top, right, bottom]`, right and bottom not before left and top. */
export type Edges = readonly [left: number, top: number, right: number, bottom: number];

/**
 * Intersection over union, from 0 to 1; 0 for boxes without an area.
 * @example overlapOf([0, 0, 2, 2], [1, 0, 3, 2]) // 1 / 3
 */
export function overlapOf(a: Edges, b: Edges): number {
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (wide <= 0 || high <= 0) return 0;
  const area = ([left, top, right, bottom]: Edges): number => (right - left) * (bottom - top);
  return (wide * high) / (area(a) + area(b) - wide * high);
}
