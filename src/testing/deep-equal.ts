// Equality of plain values, lists, maps, dates and typed arrays by their content. NaN equals NaN, and 0 is not -0.

const entriesOf = (value: object): (readonly [unknown, unknown])[] =>
  value instanceof Map
    ? [...value]
    : value instanceof Date
      ? [["time", value.getTime()]]
      : Object.entries(value as Record<string, unknown>);

/** Checks whether two values have the same content. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || a instanceof Map !== b instanceof Map) return false;
  const [first, second] = [entriesOf(a), new Map(entriesOf(b))];
  return (
    first.length === second.size &&
    first.every(([key, value]) => second.has(key) && isDeepEqual(value, second.get(key)))
  );
}
