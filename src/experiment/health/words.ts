// Words that sentences about findings share: counts, names that are cut off, shares.
import { counted, listedNames } from "../../data/messages.js";
import type { JournalLabel } from "../journal/entries.js";
import type { HealthSubject } from "./subject.js";

const MOST_NAMED = 3;

/** `3 of the 400 images are`. */
export const countedOf = (count: number, all: number): string =>
  `${count.toLocaleString("en-US")} of the ${counted(all, "image")} ${count === 1 ? "is" : "are"}`;

/** Files of images with a remark each, the first three. */
export const namedFiles = (
  { images }: Pick<HealthSubject, "images">,
  indices: readonly number[],
  remark: (index: number) => string = () => "",
): string =>
  listedNames(
    indices.map((index) => `${images[index]!.file}${remark(index) === "" ? "" : ` ${remark(index)}`}`),
    MOST_NAMED,
  );

export const filesOf = ({ images }: Pick<HealthSubject, "images">, indices: readonly number[]): string[] =>
  indices.map((index) => images[index]!.file);

/** A share as a whole per cent. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

const PART_WORDS: Readonly<Record<string, string>> = { train: "training" };

/** The word for a part in sentences. */
export const partWord = (part: string): string => PART_WORDS[part] ?? part;

/** Names in a sentence: `train and test`. */
export const joinedNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** A label as readers see it. */
export function labelText(label: JournalLabel): string {
  if (typeof label === "string") return label;
  if (Array.isArray(label)) return label.length === 0 ? "no label" : label.join(", ");
  return Object.entries(label)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
