// The label journal as text: corrections of labels, one JSON object a line, which are added and never changed. A line
// without its end is of a program that was killed while it wrote, and is no entry unless it is whole.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { LABEL_JOURNAL } from "../../data/index.js";
import { checkJson, parseJson } from "../../formats/json.js";
import { namedValues } from "../../formats/json-schema.js";
import { type RecordedJournal, SHA256 } from "../../formats/run/recipe.js";
import { sha256Hex } from "../../platform/hashing.js";
import { counted } from "./words.js";

/** Largest journal in bytes: some 200,000 entries. */
export const MOST_BYTES = 64 * 2 ** 20;

const name = z.string().min(1).max(1000);
const number = z
  .number()
  .refine((value) => Number.isFinite(Math.fround(value)), "expected a number that fits into 32 bits");

const LABEL_RULE = "expected the name of a class, a list of different labels, or numbers by their columns";

/** A label that an image can be given. */
export const LABEL = z.union(
  [
    name,
    z
      .array(name)
      .max(1000)
      .readonly()
      .refine((names) => new Set(names).size === names.length, "expected labels of which none occurs twice"),
    namedValues(number).refine((values) => Object.keys(values).length > 0, "expected a number for at least one column"),
  ],
  { error: LABEL_RULE },
);

/**
 * The label of an image that the data give none, as the empty cell of a table: entries begin with it where a person labels
 * such an image, and undoing that leads back to it.
 * @example
 * const journal = await openJournal("corrections.journal");
 * await relabel(journal, { image: "ab".repeat(32), file: "IMG_1.jpg", label: NO_LABEL }, "dent", { by: "Mira" });
 */
export const NO_LABEL = "";

const ENTRY_LABEL = z.union([...LABEL.options, z.literal(NO_LABEL)], { error: LABEL_RULE }).nullable();

const ENTRY = z.strictObject({
  /** SHA-256 of the image file's bytes: a file that is renamed keeps its corrections. */
  image: SHA256,
  /** Path of the image when the entry was written, for readers. */
  file: name,
  /** Column of the manifest that is corrected; absent where there is only one. */
  column: name.optional(),
  /** `file`: only the file of this path is meant, of all those with the same bytes; absent where all are. */
  scope: z.literal("file").optional(),
  /** Label before; null where the image was left out, empty where it had none. */
  from: ENTRY_LABEL,
  /** Label from then on; null leaves the image out, an empty one takes its first label back. */
  to: ENTRY_LABEL,
  when: z.iso.datetime({ offset: true }),
  by: name.optional(),
  why: z.string().min(1).max(10_000).optional(),
});

/** The name of a class, the labels of an image, or numbers by their columns; `NO_LABEL` for an image without. */
export type JournalLabel = z.output<typeof LABEL>;
/** One correction. */
export type JournalEntry = z.output<typeof ENTRY>;

/** A label journal as it was read. */
export interface LabelJournal {
  /** Its file, for messages. */
  readonly where: string;
  /** Corrections, the oldest first. */
  readonly entries: readonly JournalEntry[];
  /** True where the last line is not whole; it is no entry. */
  readonly isTorn: boolean;
}

/** An entry as a line, its keys in the schema's order. */
const lineOf = ({ image, file, column, scope, from, to, when, by, why }: JournalEntry): string =>
  `${JSON.stringify({ image, file, column, scope, from, to, when, by, why })}\n`;

/** Entries as lines. @throws FoveaError for what could not be read back */
export const linesOf = (entries: readonly JournalEntry[]): Uint8Array =>
  new TextEncoder().encode(entries.map((entry) => lineOf(checkJson("label journal", ENTRY, entry))).join(""));

/** The entry in a line. @throws FoveaError naming the line and what is wrong with it */
function entryIn(where: string, line: number, bytes: Uint8Array): JournalEntry {
  const what = `${where}, line ${line}`;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FoveaError("malformed-file", `${what}: expected UTF-8, found other bytes; restore the journal as it was`);
  }
  return checkJson(what, ENTRY, parseJson(what, text, { names: true }));
}

/** Some lines of a journal, from a line break on. */
interface Lines {
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last line that has one. */
  readonly whole: number;
  /** The entry behind them, whose line lacks its end. */
  readonly last: JournalEntry | undefined;
  readonly isTorn: boolean;
}

/** @param before number of lines in front of the bytes */
export function linesIn(where: string, bytes: Uint8Array, before: number): Lines {
  const entries: JournalEntry[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    entries.push(entryIn(where, before + entries.length + 1, bytes.subarray(start, end)));
    start = end + 1;
  }
  const rest = bytes.subarray(start);
  let last: JournalEntry | undefined;
  try {
    last = rest.length === 0 ? undefined : entryIn(where, before + entries.length + 1, rest);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
  }
  return { entries, whole: start, last, isTorn: rest.length > 0 && last === undefined };
}

/** @throws FoveaError for a journal that is larger than one may be */
export function checkSize(where: string, bytes: number): void {
  if (bytes > MOST_BYTES)
    throw new FoveaError(
      "too-large",
      `${where}: a label journal has at most ${MOST_BYTES} bytes, this one would have ${bytes}; move the corrected files ` +
        "to their classes, and begin a new journal",
    );
}

/**
 * Reads the text of a label journal, such as that of a file that was dropped on a page.
 * @param where name of the journal in messages. Default: `labels.journal`
 * @param text The file's text or bytes.
 * @throws FoveaError naming the first line that is no entry; a last line that is not whole is no error
 * @example parseJournal("", "labels.journal").entries; // []: an empty journal
 */
export function parseJournal(text: Uint8Array | string, where = LABEL_JOURNAL): LabelJournal {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  checkSize(where, bytes.length);
  const { entries, last, isTorn } = linesIn(where, bytes, 0);
  return { where, entries: last === undefined ? entries : [...entries, last], isTorn };
}

/** A journal as a recipe records it: number of entries, and the SHA-256 of their lines; nothing where there are none. */
export async function recordedJournal(journal: LabelJournal | undefined): Promise<RecordedJournal | undefined> {
  if (journal === undefined || journal.entries.length === 0) return undefined;
  const lines = new TextEncoder().encode(journal.entries.map(lineOf).join(""));
  return { entries: journal.entries.length, sha256: await sha256Hex(lines) };
}

/**
 * The journal as it was when a recipe was made: its first entries, however many were added since.
 * @param recorded what the recipe says; undefined for one that was made without a journal
 * @throws FoveaError where the journal is gone, shorter, or has other first entries
 */
export async function journalOfRecipe(
  journal: LabelJournal | undefined,
  recorded: RecordedJournal | undefined,
): Promise<LabelJournal | undefined> {
  if (recorded === undefined) return undefined;
  const count = recorded.entries;
  const first = journal && { ...journal, entries: journal.entries.slice(0, count), isTorn: false };
  checkSameJournal(first?.where, await recordedJournal(first), recorded);
  return first;
}

/** Tells of entries that were added after a recipe was made, as a sentence without a full stop. */
export function unusedNotes(journal: LabelJournal | undefined, used: LabelJournal | undefined): string[] {
  const later = (journal?.entries.length ?? 0) - (used?.entries.length ?? 0);
  if (journal === undefined || later === 0) return [];
  return [
    `${counted(later, "entry")} of ${journal.where} from after the recipe ${later === 1 ? "is" : "are"} not used`,
  ];
}

/** @throws FoveaError unless the entries that were applied are those of a recipe */
export function checkSameJournal(
  where: string | undefined,
  applied: RecordedJournal | undefined,
  recorded: RecordedJournal | undefined,
): void {
  if (applied?.entries === recorded?.entries && applied?.sha256 === recorded?.sha256) return;
  if (recorded === undefined)
    throw new FoveaError(
      "record-mismatch",
      `${where}: the labels of the run were not corrected, and here ${counted(applied!.entries, "entry")} of a label journal ` +
        "were applied; load the data without it",
    );
  if (applied === undefined)
    throw new FoveaError(
      "record-mismatch",
      `the labels of the run were corrected by ${counted(recorded.entries, "entry")} of a label journal, and there is none beside ` +
        `the data; bring back its ${LABEL_JOURNAL}, or train again`,
    );
  if (applied.entries !== recorded.entries)
    throw new FoveaError(
      "record-mismatch",
      `${where}: expected the first ${counted(recorded.entries, "entry")} of the run's label journal, received ${applied.entries}; ` +
        (applied.entries < recorded.entries
          ? "bring back the run's journal, or train again"
          : "load the data with recorded: recipe.data"),
    );
  throw new FoveaError(
    "record-mismatch",
    `${where}: the first ${counted(recorded.entries, "entry")} are not those of the run: expected hash ` +
      `${recorded.sha256.slice(0, 12)}, received ${applied.sha256.slice(0, 12)}; bring back the run's journal, or train again`,
  );
}
