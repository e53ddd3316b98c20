// Meaning of a journal's entries for one image: changes that still stand after those that were undone, and the label
// that they make of the one that the data give.
import type { JournalEntry, JournalLabel } from "./entries.js";

type Change = Pick<JournalEntry, "from" | "to">;
type Numbers = Readonly<Record<string, number>>;

const isList = (label: JournalLabel): label is readonly string[] => Array.isArray(label);
const isNumbers = (label: JournalLabel): label is Numbers => typeof label === "object" && !isList(label);

/** Kind of a label, by the kind of the targets that it is for. */
export function kindOfLabel(label: JournalLabel): "classes" | "labels" | "numbers" {
  if (typeof label === "string") return "classes";
  return isList(label) ? "labels" : "numbers";
}

/** Equal for equal labels: names by what readers see, labels and columns in any order. */
export function keyOfLabel(label: JournalLabel | null): string {
  if (label === null || typeof label === "string") return JSON.stringify(label?.normalize("NFC") ?? null);
  if (isList(label)) return JSON.stringify(label.map((name) => name.normalize("NFC")).sort());
  return JSON.stringify(Object.entries(label).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Checks whether an image of that label has the one of an entry; numbers are compared in the entry's columns. */
function agrees(part: JournalLabel, label: JournalLabel): boolean {
  if (!isNumbers(part) || !isNumbers(label)) return keyOfLabel(part) === keyOfLabel(label);
  return Object.entries(part).every(([name, value]) => Object.hasOwn(label, name) && label[name] === value);
}

/** The changes that nobody undid: one that puts back what was before the last takes that one away. */
export function standing<T extends Change>(changes: readonly T[]): readonly T[] {
  if (changes.length < 2) return changes;
  const left: T[] = [];
  for (const change of changes) {
    const last = left.at(-1);
    const undoes =
      last !== undefined &&
      keyOfLabel(change.from) === keyOfLabel(last.to) &&
      keyOfLabel(change.to) === keyOfLabel(last.from);
    if (undoes) left.pop();
    else left.push(change);
  }
  return left;
}

/** Label and fate of an image after its journal. */
interface Corrected<T> {
  readonly label: JournalLabel;
  readonly isExcluded: boolean;
  /** The last change that was made from another label than the image has; it is not applied unless it leaves the image out. */
  readonly contradiction: T | undefined;
}

/**
 * Applies changes that stand to a label. One whose `from` is not the image's label is not applied: somebody has changed the
 * data since, and that is the newer decision.
 */
export function applied<T extends Change>(changes: readonly T[], label: JournalLabel): Corrected<T> {
  let current = label;
  let isExcluded = false;
  let contradiction: T | undefined;
  for (const change of changes) {
    const { from, to } = change;
    const fits = from === null ? isExcluded : agrees(from, current);
    if (to === null) isExcluded = true;
    else if (from === null) isExcluded = false;
    if (to !== null && fits) current = isNumbers(to) && isNumbers(current) ? { ...current, ...to } : to;
    if (fits || (to !== null && agrees(to, current))) contradiction = undefined;
    else contradiction = change;
  }
  return { label: current, isExcluded, contradiction };
}

/** Checks whether changes that stand leave an image out, whatever its label. */
export const isLeftOut = (changes: readonly Change[]): boolean =>
  changes.findLast(({ from, to }) => from === null || to === null)?.to === null;

/** Entries by image, those of each column of a manifest and those of one file only by themselves, in their order. */
export function byImage<T extends JournalEntry>(entries: readonly T[]): Map<string, T[][]> {
  const images = new Map<string, Map<string, T[]>>();
  for (const entry of entries) {
    const groups = images.get(entry.image) ?? new Map<string, T[]>();
    const key = JSON.stringify([entry.column, entry.scope && entry.file]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [entry]);
    else known.push(entry);
    images.set(entry.image, groups);
  }
  // Entries of one file come after those of all files that are the same.
  const isOfFile = ([first]: readonly T[]): number => (first?.scope === undefined ? 0 : 1);
  return new Map(
    [...images].map(([image, groups]) => [image, [...groups.values()].sort((a, b) => isOfFile(a) - isOfFile(b))]),
  );
}

/** Checks whether entries of a group, which have one scope, are about a file, by the paths that it may have been noted under. */
export const isAboutFile = ([first]: readonly Pick<JournalEntry, "scope" | "file">[], ...files: readonly string[]) =>
  first?.scope === undefined || files.includes(first.file);
