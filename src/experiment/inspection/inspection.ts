// From a folder of images to the facts that `fovea inspect` prints and its page shows. Looks only; trains nothing.

import { FoveaError, shown } from "../../core/errors.js";
import { byCodePoint } from "../../core/text-order.js";
import { VERSION } from "../../core/version.js";
import {
  type Colormap,
  displayTree,
  type FolderFacts,
  findSplits,
  type SplitFacts as InspectedSplit,
  inspectFolder,
  scanImageFolder,
  scanLooseImages,
  sentenceOf,
} from "../../data/index.js";
import { baseName } from "../../platform/paths.js";
import type { InspectFacts, SplitFacts } from "../../report/facts.js";
import { whole } from "../../report/format.js";
import { journalBeside } from "../journal/place.js";
import { type JournalSummary, journalNote, journalSummary } from "../journal/summary.js";
import { firstSamples, type Sample, samplesOfClasses } from "./samples.js";

export interface InspectionOptions {
  /**
   * Decodes every image, which finds damage behind headers, duplicates and nearly constant images. Default: for small
   * sets.
   */
  readonly verify?: boolean;
  readonly threads?: number;
  /** Bytes that large images may take while they are decoded. Default: 2 GB. */
  readonly memory?: number;
  readonly onProgress?: (split: string, done: number, total: number) => void;
}

/** A folder as `inspectFolder` found it, and the same as a report shows it. */
export interface Inspection {
  /** Facts of the folder: splits, sizes, modes, problems. */
  readonly folder: FolderFacts;
  /** The classes of all splits, in code-point order. */
  readonly classNames: readonly string[];
  /** Lines of the folder's tree, cut short. */
  readonly tree: readonly string[];
  /** Corrections of labels that lie beside the folder. */
  readonly journal: JournalSummary | undefined;
}

/**
 * Looks at a folder of class folders, or of Train and Test with class folders in each.
 * @param path The folder.
 * @throws FoveaError when there is nothing to train on: no folder, no images, a single class.
 * @example
 * const inspection = await inspect("pets");
 * const [split] = inspection.folder.splits;
 * countsOf(split, inspection.classNames); // [10, 10, 10]
 * notesOf(inspection); // []: nothing is turned, deep or corrected
 * const samples = await samplesFrom(inspection, { className: "fox", count: 2 });
 * const { html } = await renderInspectPage(await inspectionFacts(inspection, samples));
 */
export async function inspect(path: string, options: InspectionOptions = {}): Promise<Inspection> {
  const folder = await inspectFolder(path, options);
  const names = new Set(folder.splits.flatMap((split) => split.classes.map(({ name }) => name)));
  return {
    folder,
    classNames: [...names].sort(byCodePoint),
    tree: await displayTree(path),
    journal: await journalOf(path),
  };
}

/** Counts of the label journal beside a folder; what reads one is loaded where there is one. */
async function journalOf(folder: string): Promise<JournalSummary | undefined> {
  const { train = folder, validation, test } = await findSplits(folder);
  const path = await journalBeside({ train, validation, test });
  if (path === undefined) return undefined;
  const { readJournal } = await import("../journal/journal-file.js");
  return journalSummary(await readJournal(path));
}

/**
 * Images per class of a split, in the order of `classNames`; 0 where a split lacks a class.
 * @param split A split, as `inspect` finds it.
 */
export function countsOf(split: InspectedSplit, classNames: readonly string[]): number[] {
  const counts = new Map(split.classes.map(({ name, count }) => [name, count]));
  return classNames.map((name) => counts.get(name) ?? 0);
}

/**
 * Notes on a folder's images that are no problems, a sentence each.
 * @param inspection A folder, as `inspect` found it.
 */
export function notesOf({ folder: { splits, verified }, journal }: Pick<Inspection, "folder" | "journal">): string[] {
  const total = (of: (split: InspectedSplit) => number): number => splits.reduce((sum, split) => sum + of(split), 0);
  const [count, turned, deep] = [total((split) => split.count), total(({ turned: n }) => n), total(({ deep: n }) => n)];
  const images = (n: number): string => (n === 1 ? "1 image" : `${whole(n)} images`);
  return [
    ...(journal === undefined ? [] : [journalNote(journal)]),
    ...(turned > 0
      ? [
          `${images(turned)} of ${whole(count)} stored turned or mirrored (EXIF orientation): Fovea turns them upright, and ` +
            "heights and widths are those after that",
        ]
      : []),
    ...(deep > 0
      ? [
          `${images(deep)} of ${whole(count)} with 16 bits per sample: they are reduced to 8 bits, the high byte of each`,
        ]
      : []),
    ...(verified
      ? []
      : [
          "headers were read and no pixels: damage behind them, equal files and images that are nearly constant show with " +
            "--verify",
        ]),
  ];
}

/**
 * Facts of an inspection for its page.
 * @param samples default: one of each of some classes
 */
export async function inspectionFacts(
  { folder, classNames, tree, journal }: Inspection,
  samples?: readonly Sample[],
): Promise<InspectFacts> {
  const { splits, duplicates, findings } = folder;
  const many = splits.length > 1;
  const images = splits.reduce((sum, { count }) => sum + count, 0);
  return {
    name: baseName(folder.folder),
    createdBy: `Fovea ${VERSION}`,
    classNames,
    rows: [
      { label: "Folder", value: folder.folder },
      { label: "Classes", value: whole(classNames.length) },
      { label: "Images", value: whole(images) },
      ...notesOf({ folder, journal }).map((value) => ({ label: "Note", value })),
    ],
    tree: tree.join("\n"),
    splits: splits.map((split) => splitFacts(split, classNames)),
    samples:
      samples ??
      (await samplesOfClasses(splits[0]!.folder, await filesOf(splits[0]!, classNames), classNames.length, SAMPLES)),
    problems: [
      ...findings.map((finding) => ({ file: finding.files.slice(0, 3).join(", "), what: sentenceOf(finding) })),
      ...splits.flatMap(({ name, problems }) =>
        problems.map(({ path, reason }) => ({ file: many ? `${name}/${path}` : path, what: reason })),
      ),
      ...duplicates.map(([first, ...others]) => ({ file: first!, what: `the same bytes as ${others.join(", ")}` })),
    ],
  };
}

const SAMPLES = 10;

const splitFacts = (split: InspectedSplit, classNames: readonly string[]): SplitFacts => ({
  name: split.name,
  counts: countsOf(split, classNames),
  heights: split.heights,
  widths: split.widths,
  modes: split.modes,
});

/**
 * The first images of a class, or without one of the folder's first split.
 * @param inspection A folder, as `inspect` found it.
 * @param options `className`: the class, default any; `count` of images, default 5; `colormap` for grey levels, default
 * grey.
 * @throws FoveaError for a class that the folder does not have.
 */
export async function samplesFrom(
  { folder, classNames }: Inspection,
  options: { readonly className?: string; readonly count?: number; readonly colormap?: Colormap } = {},
): Promise<Sample[]> {
  const { className, count = 5, colormap } = options;
  const classIndex = className === undefined ? undefined : classNames.indexOf(className);
  if (classIndex !== undefined && classIndex < 0)
    throw new FoveaError(
      "unknown-class",
      `${folder.folder} has no class ${shown(className)}; it has ${classNames.length === 0 ? "no classes" : classNames.slice(0, 20).join(" ")}${classNames.length > 20 ? " ..." : ""}`,
    );
  for (const split of folder.splits) {
    const files = await filesOf(split, classNames);
    const wanted = classIndex === undefined ? files : files.filter((file) => file.classIndex === classIndex);
    if (wanted.length > 0) return firstSamples(split.folder, wanted, count, colormap);
  }
  return [];
}

/** The files of a split, their classes by the place in `classNames`. */
const filesOf = async ({ folder, classes }: InspectedSplit, classNames: readonly string[]) =>
  (classes.length === 0 ? await scanLooseImages(folder) : await scanImageFolder(folder, { classNames })).files;
