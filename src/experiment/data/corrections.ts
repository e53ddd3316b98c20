// Labels and images after their journal: folders as they were opened in, folders as they train out. Images are known by the
// SHA-256 of their bytes, so that copies of an image are corrected alike.
import { FoveaError } from "../../core/errors.js";
import { singleLine } from "../../core/text.js";
import { byCodePoint } from "../../core/text-order.js";
import type { Finding, Targets } from "../../data/index.js";
import { listedNames } from "../../data/messages.js";
import { joinPath } from "../../platform/paths.js";
import { isAddedFile } from "../journal/additions.js";
import { type JournalEntry, type JournalLabel, type LabelJournal, NO_LABEL } from "../journal/entries.js";
import { applied, byImage, isAboutFile, isLeftOut, keyOfLabel, kindOfLabel, standing } from "../journal/standing.js";
import { counted } from "../journal/words.js";
import { countsOf, type Folders, type LoadedFolder, namesOf, PART_NAMES } from "./parts.js";
import type { ImageSamples } from "./sample-set.js";
import { selectedRows } from "./selected-rows.js";

type Folder = LoadedFolder<ImageSamples>;
type Numbers = Readonly<Record<string, number>>;
interface Lined extends JournalEntry {
  readonly line: number;
}

/** The images of one folder as a journal leaves them. */
interface Changes {
  readonly folder: Folder;
  /** Labels that differ from the folder's, by row. */
  readonly labels: ReadonlyMap<number, JournalLabel>;
  /** Rows that are used. */
  readonly kept: Int32Array;
  /** Number of images that nobody has labelled yet; they are not used. */
  readonly unlabelled: number;
  readonly contradictions: readonly { readonly file: string; readonly label: JournalLabel; readonly entry: Lined }[];
}

/** Ways of applying a journal. */
export interface CorrectionWish {
  /** Columns of the targets. */
  readonly columns: readonly string[];
  /** Classes or labels that the images may have, as a model's. Default: those that training images have then. */
  readonly names?: readonly string[] | undefined;
  /** True where the folders are all images that the journal is for. */
  readonly isWhole: boolean;
}

/** Folders after their journal, what was done as sentences without a full stop, and entries that contradict the data. */
export interface CorrectedFolders {
  readonly folders: readonly Folder[];
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

/** Classes or labels that a folder may have before its journal is applied: those that are known and those of entries. */
export function namesBefore(
  names: readonly string[] | undefined,
  journal: LabelJournal | undefined,
): readonly string[] | undefined {
  if (names === undefined || journal === undefined) return names;
  const known = new Set(names.map((name) => name.normalize("NFC")));
  const all = [...names];
  for (const { from, to } of journal.entries)
    for (const name of [from, to].flatMap((label) => namesIn(label ?? []))) {
      if (known.has(name.normalize("NFC"))) continue;
      known.add(name.normalize("NFC"));
      all.push(name);
    }
  return all;
}

/** Classes or labels in a label; none in numbers. */
function namesIn(label: JournalLabel): readonly string[] {
  if (typeof label === "string") return [label];
  return Array.isArray(label) ? label : [];
}

/**
 * Applies a journal to the folders of some data, the one of training first.
 * @throws FoveaError where it leaves too little to learn from, and for a label that training images do not have
 */
export async function correctFolders(
  folders: readonly Folder[],
  journal: LabelJournal,
  { columns, names, isWhole }: CorrectionWish,
): Promise<CorrectedFolders> {
  const groups = byImage(journal.entries.map((entry, at): Lined => ({ ...entry, line: at + 1 })));
  const changes = folders.map((folder) => changesOf(folder, groups, columns));
  const after = names ?? namesAfter(changes[0]!);
  if (names === undefined) checkEnough(changes[0]!, after, journal);
  const corrected = changes.map((change) => retargeted(change, after, journal));
  return {
    folders: await Promise.all(corrected.map((folder, i) => withRows(folder, changes[i]!.kept, journal))),
    notes: notesOn(changes, journal, groups, isWhole),
    findings: contradictionFindings(changes, journal),
  };
}

/** The folders of an experiment's data after their journal, where there is one. */
export async function correctData(
  opened: Folders<ImageSamples>,
  journal: LabelJournal | undefined,
  columns: readonly string[] = [],
): Promise<Omit<CorrectedFolders, "folders"> & { readonly folders: Folders<ImageSamples> }> {
  if (journal === undefined) return { folders: opened, notes: [], findings: [] };
  const parts = PART_NAMES.filter((part) => opened[part] !== undefined);
  const { folders, ...told } = await correctFolders(
    parts.map((part) => opened[part]!),
    journal,
    { columns, isWhole: true },
  );
  const byPart = Object.fromEntries(parts.map((part, at) => [part, folders[at]!]));
  return { ...told, folders: { ...opened, ...byPart } };
}

function changesOf(folder: Folder, groups: ReadonlyMap<string, Lined[][]>, columns: readonly string[]): Changes {
  const { samples } = folder;
  const labels = new Map<number, JournalLabel>();
  const contradictions: Changes["contradictions"][number][] = [];
  const kept: number[] = [];
  let unlabelled = 0;
  for (const [row, hash] of samples.hashes.entries()) {
    let isExcluded = false;
    const file = samples.files[row]!;
    for (const group of groups.get(hash) ?? []) {
      if (!isAboutFile(group, file, joinPath(folder.name, file))) continue;
      const before = labels.get(row) ?? labelAt(folder, row);
      const isAbout = group[0]!.column === undefined || columns.includes(group[0]!.column);
      const corrections = isAbout ? standing(group).flatMap((entry) => inTargets(folder, row, entry)) : [];
      const { label, contradiction } = applied(corrections, before);
      isExcluded ||= isLeftOut(standing(group));
      if (keyOfLabel(label) !== keyOfLabel(before)) labels.set(row, label);
      if (contradiction) contradictions.push({ file, label: before, entry: contradiction });
    }
    if (isExcluded) labels.delete(row);
    else if ((labels.get(row) ?? labelAt(folder, row)) === NO_LABEL) unlabelled++;
    else kept.push(row);
  }
  return { folder, labels, kept: Int32Array.from(kept), unlabelled, contradictions };
}

/** Label of an image as a journal has it; numbers as the targets have them. */
function labelAt({ targets }: Folder, row: number): JournalLabel {
  if (targets.kind === "classes") return targets.classNames[targets.indices[row]!]!;
  // A journal says of masks and boxes only which images are left out.
  if (targets.kind === "masks" || targets.kind === "boxes") return [];
  const names = namesOf(targets);
  const value = (at: number): number => targets.values[row * names.length + at]!;
  if (targets.kind === "labels") return names.filter((_, at) => value(at) === 1);
  return Object.fromEntries(names.map((name, at) => [name, value(at)]));
}

/** An entry in terms of the targets: numbers rounded, and divided by the exposure, as these are; none where it is about others. */
function inTargets({ targets, exposure }: Folder, row: number, entry: Lined): Lined[] {
  const isOther = (label: JournalLabel | null): boolean => label !== null && kindOfLabel(label) !== targets.kind;
  if (isOther(entry.from) || isOther(entry.to)) return [];
  if (targets.kind !== "numbers") return [entry];
  const settled = (label: JournalLabel | null): JournalLabel | null =>
    label &&
    Object.fromEntries(
      Object.entries(label as Numbers)
        .filter(([name]) => targets.names.includes(name))
        .map(([name, value]) => [name, Math.fround(Math.fround(value) / (exposure?.[row] ?? 1))]),
    );
  const [from, to] = [settled(entry.from), settled(entry.to)];
  const isEmpty = (label: JournalLabel | null): boolean => label !== null && Object.keys(label).length === 0;
  return isEmpty(from) || isEmpty(to) ? [] : [{ ...entry, from, to }];
}

/** Classes or labels of a folder after its journal: those that no image has any more are gone, new ones are in their order. */
function namesAfter({ folder: { targets, samples }, labels, kept }: Changes): readonly string[] {
  const names = namesOf(targets);
  if (targets.kind === "numbers" || targets.kind === "masks" || targets.kind === "boxes") return names;
  const had = countsOf(
    targets,
    Int32Array.from(samples.files, (_, row) => row),
  )!;
  const indexOf = placesOf(names);
  const has = new Uint8Array(names.length);
  const added = new Map<string, string>();
  const unchanged = kept.filter((row) => !labels.has(row));
  for (const [at, count] of countsOf(targets, unchanged)!.entries()) if (count > 0) has[at] = 1;
  for (const label of labels.values())
    for (const name of namesIn(label)) {
      const at = indexOf(name);
      if (at !== undefined) has[at] = 1;
      else if (!added.has(name.normalize("NFC"))) added.set(name.normalize("NFC"), name);
    }
  const left = names.filter((_, at) => has[at] === 1 || had[at] === 0);
  const isSorted = left.every((name, at) => at === 0 || byCodePoint(left[at - 1]!, name) < 0);
  const fresh = [...added.values()].sort(byCodePoint);
  return isSorted ? [...left, ...fresh].sort(byCodePoint) : [...left, ...fresh];
}

/** Places of names, also where they are spelled as another system spells them. */
function placesOf(names: readonly string[]): (name: string) => number | undefined {
  const places = new Map(names.map((name, at) => [name.normalize("NFC"), at]));
  return (name) => places.get(name.normalize("NFC"));
}

/** @throws FoveaError where too little is left to learn from */
function checkEnough(
  { folder: { path, targets }, kept, unlabelled }: Changes,
  names: readonly string[],
  { where }: LabelJournal,
): void {
  if (kept.length < 2)
    throw new FoveaError(
      "too-little-data",
      `${where} leaves ${kept.length === 0 ? "no image" : "one image"} of ${path}; training needs at least two: ` +
        (unlabelled > 0 ? "give more images a label" : "take some exclusions back"),
    );
  if (targets.kind === "classes" && names.length < 2)
    throw new FoveaError(
      "too-little-data",
      `${where} leaves one class only in ${path} (${singleLine(names[0] ?? "none")}); training needs two: ` +
        (unlabelled > 0 ? "give images of another class their label" : "take some changes back"),
    );
}

/** Targets with the corrected labels, in the places of the names. */
function retargeted({ folder, labels, kept }: Changes, names: readonly string[], { where }: LabelJournal): Folder {
  const { targets, samples, path } = folder;
  if (targets.kind === "masks" || targets.kind === "boxes") return folder;
  if (targets.kind === "numbers") {
    const values = targets.values.slice();
    for (const [row, label] of labels)
      for (const [at, name] of targets.names.entries())
        values[row * targets.names.length + at] = (label as Numbers)[name]!;
    return { ...folder, targets: { ...targets, values } };
  }
  const placeOf = placesOf(names);
  const before = namesOf(targets).map(placeOf);
  const strange = new Set<string>();
  const checked = (index: number | undefined, name: () => string): number => {
    if (index === undefined) strange.add(name());
    return index ?? 0;
  };
  const placesAt = (row: number): number[] => {
    const label = labels.get(row);
    if (label !== undefined) return namesIn(label).map((name) => checked(placeOf(name), () => name));
    if (targets.kind === "classes")
      return [checked(before[targets.indices[row]!], () => targets.classNames[targets.indices[row]!]!)];
    return targets.labelNames.flatMap((name, at) =>
      targets.values[row * targets.labelNames.length + at] === 1 ? [checked(before[at], () => name)] : [],
    );
  };
  const after = fresh(targets.kind, names, samples.files.length);
  for (const row of kept)
    for (const index of placesAt(row))
      if (after.kind === "classes") after.indices[row] = index;
      else if (after.kind === "labels") after.values[row * names.length + index] = 1;
  if (strange.size > 0) {
    const [noun, nouns] = targets.kind === "classes" ? ["class", "classes"] : ["label", "labels"];
    throw new FoveaError(
      "unknown-class",
      `${path}: after ${where} it has ${strange.size === 1 ? `the ${noun}` : `${strange.size} ${nouns}, such as`} ` +
        `${singleLine([...strange][0]!)}, which is not among the ${names.length} expected; correct these images as well, or train with them`,
    );
  }
  return { ...folder, targets: after };
}

/** Targets of so many images, all of them empty. */
function fresh(kind: "classes" | "labels", names: readonly string[], count: number): Targets {
  if (kind === "classes") return { kind, classNames: names, indices: new Int32Array(count) };
  return { kind, labelNames: names, values: new Uint8Array(count * names.length) };
}

/** The folder with some of its rows only. @throws FoveaError where none is left */
function withRows(folder: Folder, kept: Int32Array, { where }: LabelJournal): Promise<Folder> | Folder {
  if (kept.length === 0)
    throw new FoveaError("no-images", `${where} leaves no image of ${folder.path}; take some exclusions back`);
  return kept.length === folder.samples.files.length ? folder : selectedRows(folder, kept);
}

function notesOn(
  changes: readonly Changes[],
  { where, entries, isTorn }: LabelJournal,
  groups: ReadonlyMap<string, unknown>,
  isWhole: boolean,
): string[] {
  const total = (of: (change: Changes) => number): number => changes.reduce((sum, change) => sum + of(change), 0);
  const changed = total(({ labels }) => labels.size);
  const unlabelled = total((change) => change.unlabelled);
  const excluded = total(({ folder, kept }) => folder.samples.files.length - kept.length) - unlabelled;
  const hashes = new Set(changes.flatMap(({ folder }) => folder.samples.hashes));
  // Images that were added and are left out again are not read.
  const isAdded = new Set(entries.filter(({ file }) => isAddedFile(file)).map(({ image }) => image));
  const absent = new Set([...groups.keys()].filter((image) => !hashes.has(image) && !isAdded.has(image)));
  const added = changes.flatMap(({ folder }) => folder.samples.files.filter(isAddedFile)).length;
  const names = entries.filter(({ image }) => absent.has(image)).map(({ file }) => file);
  return [
    ...(added === 0
      ? []
      : [`${counted(added, "image")} ${added === 1 ? "is" : "are"} added to the training images by ${where}`]),
    ...(changed + excluded > 0
      ? [
          `${changed === 1 ? "1 label is" : `${changed} labels are`} changed and ${counted(excluded, "image")} ${excluded === 1 ? "is" : "are"} left out by ${where}`,
        ]
      : added === 0
        ? [`${where} changes nothing here`]
        : []),
    ...(unlabelled > 0
      ? [
          `${counted(unlabelled, "image")} ${unlabelled === 1 ? "has" : "have"} no label yet and ${unlabelled === 1 ? "is" : "are"} not used`,
        ]
      : []),
    ...(isWhole && absent.size > 0
      ? [
          `${where} has entries about ${counted(absent.size, "image")} that ${absent.size === 1 ? "is" : "are"} not in these data: ${listed(names)}`,
        ]
      : []),
    ...(isTorn
      ? [`the last line of ${where} is not whole, as of a program that was killed while it wrote, and is no entry`]
      : []),
  ];
}

const MOST_NAMED = 5;

const listed = (names: readonly string[]): string => listedNames([...new Set(names)].map(singleLine), MOST_NAMED);

function contradictionFindings(changes: readonly Changes[], { where }: LabelJournal): Finding[] {
  const all = changes.flatMap(({ folder, contradictions }) =>
    contradictions.map((found) => ({
      ...found,
      file: changes.length > 1 ? joinPath(folder.name, found.file) : found.file,
    })),
  );
  const [first] = all;
  if (first === undefined) return [];
  const { from, to, line } = first.entry;
  const isLeftOut = all.some(({ entry }) => entry.to === null);
  const labels = [first.label, to, from].map((label) => singleLine(told(label)));
  const example = `${singleLine(first.file)} is ${labels[0]}, and line ${line} makes it ${labels[1]} from ${labels[2]}`;
  return [
    {
      kind: "journal",
      severity: "warning",
      files: all.map(({ file }) => file),
      evidence: `${counted(all.length, "image")} ${all.length === 1 ? "has" : "have"} another label than ${where} corrects: ${example}`,
      remedy: `the label of the data is used${isLeftOut ? ", and the image stays left out" : ""}; correct it again, or undo the entry`,
    },
  ];
}

/** A label in a sentence. */
function told(label: JournalLabel | null): string {
  if (label === null) return "left out";
  if (label === NO_LABEL) return "without a label";
  if (typeof label === "string") return label;
  if (Array.isArray(label)) return label.length === 0 ? "without labels" : label.join(" and ");
  return Object.entries(label)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
