// Words that messages about sources share: counts with their noun, and lists that are cut off.

const MOST_NAMED = 10;

/** `1 image`, `2 images`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

/** The first ten, and the number of the others. */
export function listedNames(names: readonly string[], most = MOST_NAMED): string {
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return `${names.slice(0, most).join(", ")}${more}`;
}
