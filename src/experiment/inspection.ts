// From a folder of images to the facts that `fovea inspect` prints and its page shows. Looks only; trains nothing.
import { VERSION } from "../core/version.js";
import {
  convertColor,
  decodeImage,
  displayTree,
  type FolderFacts,
  type SplitFacts as InspectedSplit,
  inspectFolder,
  scanImageFolder,
  sentenceOf,
  UndecodableImage,
} from "../data/index.js";
import { byCodePoint, readBytes } from "../platform/files.js";
import { baseName, joinPath } from "../platform/paths.js";
import type { InspectFacts, SampleFacts, SplitFacts } from "../report/facts.js";
import { whole } from "../report/format.js";

export interface InspectionOptions {
  /** Decodes every image, which finds damage behind headers, and duplicates. Default false: headers only. */
  readonly verify?: boolean;
  readonly threads?: number;
  readonly onProgress?: (split: string, done: number, total: number) => void;
}

/** A folder as `inspectFolder` found it, and the same as a report shows it. */
export interface Inspection {
  readonly folder: FolderFacts;
  /** The classes of all splits, in code-point order. */
  readonly classNames: readonly string[];
  /** Lines of the folder's tree, cut short. */
  readonly tree: readonly string[];
}

/**
 * Looks at a folder of class folders, or of Train and Test with class folders in each.
 * @throws FoveaError when there is nothing to train on: no folder, no images, a single class.
 */
export async function inspect(path: string, options: InspectionOptions = {}): Promise<Inspection> {
  const folder = await inspectFolder(path, options);
  const names = new Set(folder.splits.flatMap((split) => split.classes.map(({ name }) => name)));
  return { folder, classNames: [...names].sort(byCodePoint), tree: await displayTree(path) };
}

/** Images per class of a split, in the order of `classNames`; 0 where a split lacks a class. */
export function countsOf(split: InspectedSplit, classNames: readonly string[]): number[] {
  const counts = new Map(split.classes.map(({ name, count }) => [name, count]));
  return classNames.map((name) => counts.get(name) ?? 0);
}

/** What the page shows of an inspection, a sample of each of some classes included. */
export async function inspectionFacts({ folder, classNames, tree }: Inspection): Promise<InspectFacts> {
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
    ],
    tree: tree.join("\n"),
    splits: splits.map((split) => splitFacts(split, classNames)),
    samples: await samplesOf(splits[0]!, classNames),
    problems: [
      ...findings.map((finding) => ({ file: finding.files.slice(0, 3).join(", "), what: sentenceOf(finding) })),
      ...splits.flatMap(({ name, problems }) =>
        problems.map(({ path, reason }) => ({ file: many ? `${name}/${path}` : path, what: reason })),
      ),
      ...duplicates.map(([first, ...others]) => ({ file: first!, what: `the same bytes as ${others.join(", ")}` })),
    ],
  };
}

const splitFacts = (split: InspectedSplit, classNames: readonly string[]): SplitFacts => ({
  name: split.name,
  counts: countsOf(split, classNames),
  heights: split.heights,
  widths: split.widths,
  modes: split.modes,
});

const SAMPLES = 10;

/** The first readable image of up to ten classes spread over all. */
async function samplesOf(split: InspectedSplit, classNames: readonly string[]): Promise<SampleFacts[]> {
  const { files } = await scanImageFolder(split.folder, { classNames });
  const step = Math.max(1, classNames.length / SAMPLES);
  const samples: SampleFacts[] = [];
  for (let place = 0; place < classNames.length && samples.length < SAMPLES; place += step) {
    const classIndex = Math.floor(place);
    const file = files.find((one) => one.classIndex === classIndex);
    if (file === undefined) continue;
    try {
      const decoded = await decodeImage(await readBytes(joinPath(split.folder, file.path)), file.path);
      samples.push({
        classIndex,
        image: convertColor(decoded, decoded.channels < 3 && !decoded.palette ? "grayscale" : "rgb"),
      });
    } catch (error) {
      if (!(error instanceof UndecodableImage)) throw error;
    }
  }
  return samples;
}
