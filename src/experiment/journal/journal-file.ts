// The label journal as a file beside the data: found, read, and added to while other programs add to it as well.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { checkJson } from "../../formats/json.js";
import type { Files, SharedLog } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import {
  checkSize,
  type JournalEntry,
  type JournalLabel,
  LABEL,
  type LabelJournal,
  linesIn,
  linesOf,
  parseJournal,
} from "./entries.js";
import { type JournalPlace, journalBeside, type PartPaths } from "./place.js";
import { applied, byImage, isAboutFile, isLeftOut, keyOfLabel, kindOfLabel, standing } from "./standing.js";

/**
 * Reads the label journal beside some data; that of `photos/Train` may lie in `photos`, where those of Train and Test belong.
 * @param paths paths of the data, as `findData` gives them
 * @param options Disk of the files; default the machine's.
 * @returns undefined where there is none
 * @throws FoveaError for one that is damaged, and for two
 * @example
 * const paths = await findData("pets");
 * const journal = await findJournal(paths); // undefined where nobody corrected
 * const { preprocessing, split } = await recipeOf(await RunFolder.open("runs/pets"));
 * const data = await loadData(paths, preprocessing, split, { journal });
 * await closeData(data);
 */
export async function findJournal(paths: PartPaths, options: JournalPlace = {}): Promise<LabelJournal | undefined> {
  const path = await journalBeside(paths, options);
  return path === undefined ? undefined : readJournal(path, options);
}

/**
 * Reads a label journal.
 * @param path Path of the journal.
 * @throws FoveaError where there is none, and naming the first line that is no entry; a last line that is not whole is no error
 * @example
 * await relabel(await openJournal("pets.journal"), { image: "45".repeat(32), file: "cat/5.png", label: "cat" }, "dog");
 * const { entries } = await readJournal("pets.journal");
 * entries[0].to; // "dog"
 */
export async function readJournal(path: string, { files = filesHere }: JournalPlace = {}): Promise<LabelJournal> {
  checkSize(path, (await files.stat(path))?.size ?? 0);
  return parseJournal(await files.readBytes(path), path);
}

/**
 * A label journal that is added to, by several programs at the same time if need be; each line is there whole or not at all.
 * @param path Path of the file.
 * @param files Disk of the file.
 * @example
 * const journal = await openJournal(await journalPath("photos"));
 * const bytes = await readFile("photos/1.png");
 * const image = { image: (await fingerprintsOf([{ name: "1.png", size: bytes.length, source: "photos/1.png" }])).bytes[0], file: "1.png" };
 * await relabel(journal, { ...image, label: NO_LABEL }, "cat", { by: "Mira", why: "ears" });
 * (await journal.read()).entries.length; // 1
 * await undo(journal, image.image); // a second entry, which takes the first back
 */
export class LabelJournalFile {
  /** Path of the file. */
  readonly path: string;
  readonly #files: Files;
  #log: SharedLog | undefined;
  /** Entries of the first `#end` bytes. */
  #entries: readonly JournalEntry[] = [];
  #end = 0;

  constructor(path: string, files: Files) {
    this.path = path;
    this.#files = files;
  }

  /** The journal as it is now, with what other programs added. @throws FoveaError as `readJournal` does */
  async read(): Promise<LabelJournal> {
    const { last, isTorn } = await this.#refresh();
    return { where: this.path, entries: last === undefined ? this.#entries : [...this.#entries, last], isTorn };
  }

  /**
   * Adds entries while no other program does.
   * @param make gives the entries by those that are there
   * @returns the entries that were added
   * @throws FoveaError for a journal that is damaged or would be too large, and where the disk refuses it
   */
  async append(make: (entries: readonly JournalEntry[]) => readonly JournalEntry[]): Promise<readonly JournalEntry[]> {
    this.#log ??= await this.#files.openLog(this.path);
    const log = this.#log;
    return log.exclusively(async () => {
      const { last } = await this.#refresh();
      // A line that lacks nothing but its end is written again with it.
      const kept = last === undefined ? [] : [last];
      const added = make([...this.#entries, ...kept]);
      if (added.length === 0) return added;
      const lines = linesOf([...kept, ...added]);
      checkSize(this.path, this.#end + lines.length);
      await log.append(lines, this.#end);
      this.#end += lines.length;
      this.#entries = [...this.#entries, ...kept, ...added];
      return added;
    });
  }

  /** Reads what was added since. */
  async #refresh(): Promise<{ readonly last: JournalEntry | undefined; readonly isTorn: boolean }> {
    const from = this.#end;
    const before = this.#entries;
    const size = (await this.#files.stat(this.path))?.size ?? 0;
    checkSize(this.path, size);
    if (size < from)
      throw new FoveaError(
        "file-changed",
        `${this.path}: it became shorter while it was in use; open it again, or restore it`,
      );
    if (size === from) return { last: undefined, isTorn: false };
    const file = await this.#files.openFile(this.path);
    const bytes = await file.read(from, size - from).finally(() => file.close());
    const { entries, whole, last, isTorn } = linesIn(this.path, bytes, before.length);
    // Two calls at a time read the same lines; the later one begins again.
    if (this.#end !== from) return this.#refresh();
    this.#end += whole;
    this.#entries = [...before, ...entries];
    return { last, isTorn };
  }
}

/**
 * Opens a label journal to add to it; its file is made with the first entry.
 * @param path see `journalPath`
 * @throws FoveaError for a journal that is damaged
 * @example const journal = await openJournal(await journalPath("photos"));
 */
export async function openJournal(path: string, { files = filesHere }: JournalPlace = {}): Promise<LabelJournalFile> {
  const journal = new LabelJournalFile(path, files);
  await journal.read();
  return journal;
}

/** An image that is corrected. */
export interface JournalImage {
  /** SHA-256 of its file's bytes, as `samples.hashes` has it. */
  readonly image: string;
  /** Its path, for readers of the journal. */
  readonly file: string;
  /** Its label in the data, before any correction: the name of its folder, or what the manifest says; `NO_LABEL` for none. */
  readonly label: JournalLabel;
  /** The column of the manifest that is corrected, where it has several of targets. */
  readonly column?: string | undefined;
  /** `"file"`: only the file of this path is corrected, of all those with the same bytes. Default: all. */
  readonly scope?: "file" | undefined;
}

/** Facts of a correction. */
export interface CorrectionOptions {
  /** Name of who decides. Default: none. */
  readonly by?: string | undefined;
  /** The reason, up to 10,000 characters. Default: none. */
  readonly why?: string | undefined;
  /** Default: now. */
  readonly when?: Date | undefined;
}

const factsOf = ({ by, why, when = new Date() }: CorrectionOptions) => ({
  when: when.toISOString(),
  ...defined({ by, why }),
});

const asList = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Changes of an image that stand and have its scope, by entries as `byImage` has them. */
const standingOf = (
  known: ReturnType<typeof byImage>,
  { image, file, column, scope }: Pick<JournalImage, "image" | "column" | "scope"> & { readonly file?: string },
): readonly JournalEntry[] =>
  standing(
    known
      .get(image)
      ?.find(
        ([first]) =>
          first!.column === column && first!.scope === scope && (scope === undefined || first!.file === file),
      ) ?? [],
  );

/**
 * Labels of images after their corrections, for those who show them: what the next training takes them for.
 * @param images each with its label in the data
 * @returns in the order of the images; one that is left out keeps its label
 * @example
 * const journal = await openJournal("corrections.journal");
 * const image = { image: "cd".repeat(32), file: "cat/3.png", label: "cat" };
 * const [{ label, isExcluded }] = correctedLabels(await journal.read(), [image]);
 */
export function correctedLabels(
  { entries }: Pick<LabelJournal, "entries">,
  images: readonly JournalImage[],
): readonly { readonly label: JournalLabel; readonly isExcluded: boolean }[] {
  const known = byImage(entries);
  return images.map(({ image, file, label, column }) => {
    // An image that one column leaves out is left out for all columns.
    const isExcluded =
      known.get(image)?.some((group) => isAboutFile(group, file) && isLeftOut(standing(group))) ?? false;
    const shared = applied(standingOf(known, { image, column }), label).label;
    return { label: applied(standingOf(known, { image, file, column, scope: "file" }), shared).label, isExcluded };
  });
}

/**
 * Gives images another label, from the next training on. Their files stay where they are; one that was left out, by the same column, is used again.
 * @param to a class, which may be a new one; all labels of the image; or numbers by their columns, those that change
 * @param journal The journal that keeps the correction.
 * @param images One image or several, each with its label in the data.
 * @returns the entries that were added; none for an image that has the label already
 * @throws FoveaError for a label of another kind than the image's, and as `append` does
 * @example
 * const journal = await openJournal("corrections.journal");
 * await relabel(journal, { image: "01".repeat(32), file: "cat/3.png", label: "cat" }, "dog", { by: "Mira" });
 */
export async function relabel(
  journal: LabelJournalFile,
  images: JournalImage | readonly JournalImage[],
  to: JournalLabel,
  options: CorrectionOptions = {},
): Promise<readonly JournalEntry[]> {
  const label = checkJson("relabel", LABEL, to);
  for (const image of asList(images))
    if (kindOfLabel(image.label) !== kindOfLabel(label))
      throw new FoveaError(
        "wrong-type",
        `relabel: expected ${WORDS[kindOfLabel(image.label)]} as ${image.file} has, received ${WORDS[kindOfLabel(label)]}`,
      );
  return correct(
    journal,
    asList(images).map((image) => ({ ...image, to: label })),
    options,
  );
}

const WORDS = {
  classes: "the name of a class",
  labels: "a list of labels",
  numbers: "numbers by their columns",
} as const;

/**
 * Leaves images out, from the next training on. Their files stay where they are.
 * @param journal The journal that keeps the correction.
 * @param images One image or several, each with its label in the data.
 * @returns the entries that were added; none for an image that is left out already
 * @throws FoveaError as `append` does
 * @example
 * const journal = await openJournal("corrections.journal");
 * await exclude(journal, { image: "ef".repeat(32), file: "cat/7.png", label: "cat" }, { why: "blurred" });
 */
export const exclude = (
  journal: LabelJournalFile,
  images: JournalImage | readonly JournalImage[],
  options: CorrectionOptions = {},
): Promise<readonly JournalEntry[]> =>
  correct(
    journal,
    asList(images).map((image) => ({ ...image, to: null })),
    options,
  );

/** An image with its correction. */
export interface Correction extends JournalImage {
  /** A label as `relabel` takes it; null leaves the image out. */
  readonly to: JournalLabel | null;
  /** Default: the reason of the options. */
  readonly why?: string | undefined;
}

/**
 * Corrects images that each have a label and a reason of their own, in one addition to the journal.
 * @returns the entries that were added; none for an image that is as wanted already
 * @throws FoveaError as `append` does
 */
export function correct(
  journal: LabelJournalFile,
  corrections: readonly Correction[],
  options: CorrectionOptions,
): Promise<readonly JournalEntry[]> {
  return journal.append((entries) => {
    const known = byImage(entries);
    const added = new Map<string, JournalEntry>();
    for (const wanted of corrections) {
      const { image, file, column, scope, label, to, why = options.why } = wanted;
      const shared = scope === undefined ? label : applied(standingOf(known, { image, column }), label).label;
      const now = applied(standingOf(known, wanted), shared);
      const from = now.isExcluded ? null : to === null ? now.label : sameColumns(now.label, to);
      if (keyOfLabel(from) === keyOfLabel(to)) continue;
      const entry = { image, file, ...defined({ column, scope }), from, to, ...factsOf({ ...options, why }) };
      added.set(JSON.stringify([image, column, scope && file]), entry);
    }
    return [...added.values()];
  });
}

/** The numbers of a label in the columns of another; names as they are. */
function sameColumns(label: JournalLabel, other: JournalLabel): JournalLabel {
  if (kindOfLabel(label) !== "numbers") return label;
  const numbers = label as Readonly<Record<string, number>>;
  const unknown = Object.keys(other).find((name) => !Object.hasOwn(numbers, name));
  if (unknown !== undefined)
    throw new FoveaError(
      "unknown-column",
      `relabel: the label has no column ${JSON.stringify(unknown)}; its columns are ${Object.keys(numbers).join(", ")}`,
    );
  return Object.fromEntries(Object.keys(other).map((name) => [name, numbers[name]!]));
}

/** An image whose correction is taken back: all files with these bytes, or one of them that was corrected alone. */
export type CorrectedImage = string | (Pick<JournalImage, "image" | "file"> & { readonly scope: "file" });

/**
 * Takes back the last correction of images that still stands, by an entry that puts back what was before.
 * @param images SHA-256 of an image, or of several; for a correction of one file only, with its path
 * @param options.column the column of the manifest that was corrected, where the entries name one
 * @param journal The journal that keeps the corrections.
 * @returns the entries that were added
 * @throws FoveaError for an image without a correction that stands
 * @example
 * const journal = await openJournal("corrections.journal");
 * const image = "23".repeat(32);
 * await relabel(journal, { image, file: "cat/4.png", label: "cat" }, "dog");
 * await undo(journal, image); // a cat again
 */
export function undo(
  journal: LabelJournalFile,
  images: CorrectedImage | readonly CorrectedImage[],
  { column, ...options }: CorrectionOptions & { readonly column?: string | undefined } = {},
): Promise<readonly JournalEntry[]> {
  return journal.append((entries) => {
    const known = byImage(entries);
    const wanted = new Map(asList(images).map((image) => [JSON.stringify(image), image]));
    return [...wanted.values()].map((corrected): JournalEntry => {
      const { image, ...scoped } = typeof corrected === "string" ? { image: corrected } : corrected;
      const last = standingOf(known, { image, column, ...scoped }).at(-1);
      if (last === undefined)
        throw new FoveaError(
          "unknown-entry",
          `${journal.path}: image ${image.slice(0, 12)} has no correction to take back`,
        );
      const { file, scope, from, to } = last;
      return { image, file, ...defined({ column, scope }), from: to, to: from, ...factsOf(options) };
    });
  });
}
