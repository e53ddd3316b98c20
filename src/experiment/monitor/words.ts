// Words of drift: shares, names with what became of them, numbers in short.
import { percent, whole } from "../../report/format.js";

/** A number with three digits. */
export const number = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 1000 ? whole(value) : String(Number(value.toPrecision(3)));

/** A share as per cent. */
export const share = (count: number, total: number): string => (total === 0 ? "none" : percent(count / total));

interface Counted {
  readonly names: readonly string[];
  readonly counts: readonly number[];
}

/** Counts of all names of both, in the order of the first. */
export function alignedCounts(
  before: Counted,
  now: Counted,
): { readonly names: readonly string[]; readonly a: readonly number[]; readonly b: readonly number[] } {
  const names = [...new Set([...before.names, ...now.names])];
  const of = ({ names: known, counts }: Counted): number[] => {
    const byName = new Map(known.map((name, at) => [name, counts[at]!]));
    return names.map((name) => byName.get(name) ?? 0);
  };
  return { names, a: of(before), b: of(now) };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** The commonest names with their shares. */
export function listedShares(names: readonly string[], counts: readonly number[], most = 2): string {
  const all = total(counts);
  return names
    .map((name, at) => ({ name, count: counts[at]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most)
    .map(({ name, count }) => `${name} ${share(count, all)}`)
    .join(", ");
}

/** The most names of a sentence. */
const NAMED = 3;
/** So many images of a class would be expected before its absence is worth a word. */
const EXPECTED = 5;

/** Classes that are no longer predicted, or whose shares differ most. */
export function classesChanged(names: readonly string[], a: readonly number[], b: readonly number[]): string {
  const [n, m] = [total(a), total(b)];
  const gone = names.filter((_, at) => b[at] === 0 && (a[at]! * m) / n >= EXPECTED);
  if (gone.length > 0) {
    const more = gone.length > NAMED ? ` and ${gone.length - NAMED} more` : "";
    return `${gone.slice(0, NAMED).join(", ")}${more} ${gone.length === 1 ? "is" : "are"} no longer predicted`;
  }
  const changes = names
    .map((name, at) => ({ name, was: a[at]! / n, is: b[at]! / m, at }))
    .sort((x, y) => Math.abs(y.is - y.was) - Math.abs(x.is - x.was))
    .slice(0, NAMED)
    .map(({ name, at }) => `${name} ${share(b[at]!, m)}, before ${share(a[at]!, n)}`);
  return `the classes are predicted in other shares: ${changes.join("; ")}`;
}

/** The name that differs most for chance. */
export function mostChanged(
  name: string,
  was: number,
  is: number,
  [n, m]: readonly [before: number, now: number],
): string {
  const before = `before ${whole(was)} of ${whole(n)} (${share(was, n)})`;
  if (is === 0) return `${name} is no longer predicted: 0 of ${whole(m)} images, ${before}`;
  const more = is / m > was / n ? "more" : "less";
  return `${name} is predicted ${more} often: of ${whole(is)} of ${whole(m)} images (${share(is, m)}), ${before}`;
}
