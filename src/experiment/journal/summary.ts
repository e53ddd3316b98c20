// A label journal in a sentence, for those who look at data without training on them.
import { addedImages } from "./additions.js";
import type { LabelJournal } from "./entries.js";
import { byImage, isLeftOut, standing } from "./standing.js";
import { counted } from "./words.js";

/** Numbers of images that a journal is about, whether or not they are there. */
export interface JournalSummary {
  readonly file: string;
  readonly entries: number;
  /** Images that get another label, or their first. */
  readonly changed: number;
  /** Images that the journal adds to those of training. */
  readonly added: number;
  /** Images that are left out. */
  readonly excluded: number;
}

/** Counts what still stands of a journal. */
export function journalSummary({ where, entries }: LabelJournal): JournalSummary {
  const additions = addedImages({ where, entries });
  const isAddition = new Set(additions.map(({ image }) => image));
  let [changed, excluded] = [0, 0];
  for (const [image, groups] of byImage(entries)) {
    if (isAddition.has(image)) continue;
    const changes = groups.map(standing);
    if (changes.some(isLeftOut)) excluded++;
    else if (changes.some((group) => group.length > 0)) changed++;
  }
  const added = additions.filter(({ isExcluded }) => !isExcluded).length;
  return { file: where, entries: entries.length, changed, added, excluded };
}

/** The effect of a journal in words, without a full stop. */
export const journalNote = ({ file, entries, changed, added, excluded }: JournalSummary): string =>
  `${file} (${counted(entries, "entry")}) changes ${counted(changed, "label")}` +
  `${added === 0 ? "" : `, adds ${counted(added, "image")} to those of training`} and leaves ` +
  `${counted(excluded, "image")} out when models learn from these images or are judged by them; all counts here are of the files`;
