// The images that checks look at: one pass over them, with parts, groups and labels as the next training would take them,
// after the label journal beside the data.
import { FoveaError } from "../../core/errors.js";
import {
  COLLECTOR_NAMES,
  type CollectorName,
  type ColumnTargets,
  type Listing,
  type Looks,
  lookAtImages,
  MOST_CROPPED,
  type OpenedSource,
  targetsOf,
} from "../../data/index.js";
import { joinPath } from "../../platform/paths.js";
import type { JournalLabel, LabelJournal } from "../journal/entries.js";
import { correctedLabels, type JournalImage } from "../journal/journal-file.js";

/** An image with all that is known of it but its pixels. */
export interface SubjectImage {
  /** Path below the source, with `/`. */
  readonly file: string;
  /** Path below the folder of the label journal, as its entries have it. */
  readonly journalFile: string;
  /** Part that the source puts it into: `train`, `validation` or `test`. */
  readonly part: string | undefined;
  /** Group whose images belong together, such as one patient or one claim; undefined without groups. */
  readonly group: string | undefined;
  /** Label after the journal; undefined for an image without. */
  readonly label: JournalLabel | undefined;
  /** Label in the source. */
  readonly sourceLabel: JournalLabel | undefined;
  /** True where the journal leaves it out. */
  readonly isLeftOut: boolean;
}

/** Images of a source with all that checks need to know of them. */
export interface HealthSubject {
  /** Folder, manifest or archive. */
  readonly where: string;
  /** The source as it was opened. */
  readonly source: OpenedSource;
  /** Images in the order of the source; findings name them by their positions. */
  readonly images: readonly SubjectImage[];
  /** Facts of the pass over the pixels, by the images' numbers. */
  readonly looks: Looks;
  /** Numbers of the images that checks compare: those that can be decoded and are not left out. */
  readonly used: readonly number[];
  /** Targets of the source; undefined where it has none. */
  readonly targets: ColumnTargets | undefined;
  /** Columns that the targets come from. */
  readonly columns: readonly string[];
  /** Label journal beside the data; undefined where there is none. */
  readonly journal: LabelJournal | undefined;
  /** The reason why the source has no targets, where its columns are none. */
  readonly targetsError: string | undefined;
  /** Settings that checks follow. */
  readonly settings: SubjectSettings;
  /**
   * Receives the progress of a check that takes long.
   * @param check name of the check
   * @param done number of images that are done
   * @param total number of all images
   */
  readonly onProgress?: ((check: string, done: number, total: number) => void) | undefined;
}

/** Settings that checks follow. */
export interface SubjectSettings {
  /** Network whose features checks compare: a name of `transfer --base`, or a file. Default: the checks' choice. */
  readonly base?: string | undefined;
  /** Threads that decode and compute; 0 decodes on the calling thread. Default: the cores of the machine. */
  readonly threads?: number | undefined;
  /** Bytes that decoded images may take at a time. Default 2 GiB. */
  readonly memory?: number | undefined;
  /** Seed of folds. Default 0. */
  readonly seed?: number | undefined;
}

/** Options of a look at the images of a source. */
export interface SubjectOptions extends SubjectSettings {
  /** Label journal whose corrections hold. Default: none. */
  readonly journal?: LabelJournal | undefined;
  /** Folder of the images below that of the journal, where the journal is for more than this source. Default: none. */
  readonly journalFolder?: string | undefined;
  /** Facts to collect of each image for the checks that follow; tiles for up to 20,000 images. Default: all. */
  readonly collect?: readonly CollectorName[] | undefined;
  /** Ends the look when it is aborted, with its reason as the error. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the number of images that have been decoded. Default: none. */
  readonly onLook?: ((done: number, total: number) => void) | undefined;
  /** Receives the progress of checks that take long. Default: none. */
  readonly onProgress?: HealthSubject["onProgress"];
}

/**
 * Looks at the images of a source once and joins what is known of them.
 * @param source folder, manifest or archive, as `openSource` opens it
 * @throws FoveaError for a source without images
 */
export async function subjectOf(source: OpenedSource, options: SubjectOptions = {}): Promise<HealthSubject> {
  const { listing } = source;
  const { journal, journalFolder, collect = COLLECTOR_NAMES, signal, onLook, onProgress, ...settings } = options;
  if (listing.images.length === 0)
    throw new FoveaError(
      "no-images",
      `${listing.where} holds no images; give a folder, a manifest or an archive of some`,
    );
  const looks = await lookAtImages(listing, {
    threads: settings.threads,
    memory: settings.memory,
    collect: collect.filter((name) => name !== "tiles" || listing.images.length <= MOST_CROPPED),
    signal,
    onProgress: onLook,
  });
  return subjectOfLooks(source, looks, { journal, journalFolder, onProgress, ...settings });
}

/**
 * Joins facts of images that were looked at before with their parts, groups and labels.
 * @param source the source of the images
 * @param looks facts of `lookAtImages`, of the same images in the same order
 * @example
 * await writeFile("photos.csv", "path,label\nphoto.png,cat\n");
 * const source = await openSource("photos.csv");
 * const looks = await lookAtImages(source.listing, { collect: ["flat", "measures"] });
 * const { counts } = await healthOf(subjectOfLooks(source, looks), ["dark", "bright"]);
 */
export function subjectOfLooks(
  source: OpenedSource,
  looks: Looks,
  { journal, journalFolder, onProgress, ...settings }: Omit<SubjectOptions, "collect" | "signal" | "onLook"> = {},
): HealthSubject {
  const { listing } = source;
  const { targets, columns, error } = targetsIn(listing);
  const labels = targets === undefined ? undefined : labelsOf(targets);
  const paths = listing.images.map(({ path }) => (journalFolder === undefined ? path : joinPath(journalFolder, path)));
  const column = columnOf(listing, columns);
  const noted = paths.map(
    (file, index): JournalImage => ({
      image: looks.hashes[index]!,
      file,
      label: labels?.[index] ?? [],
      ...(column === undefined ? {} : { column }),
    }),
  );
  const after = journal === undefined ? undefined : correctedLabels(journal, noted);
  const images = listing.images.map(
    ({ path }, index): SubjectImage => ({
      file: path,
      journalFile: paths[index]!,
      part: listing.split?.[index],
      group: listing.group?.[index],
      label: labels === undefined ? undefined : (after?.[index]?.label ?? labels[index]),
      sourceLabel: labels?.[index],
      isLeftOut: after?.[index]?.isExcluded ?? false,
    }),
  );
  const used = images.flatMap(({ isLeftOut }, index) => (isLeftOut || looks.heights[index] === 0 ? [] : [index]));
  return {
    where: listing.where,
    ...{ source, images, looks, used, targets, columns, journal, settings, onProgress },
    targetsError: error,
  };
}

interface FoundTargets {
  readonly targets: ColumnTargets | undefined;
  readonly columns: readonly string[];
  readonly error: string | undefined;
}

/** Targets of a listing; a source whose columns are no targets is checked without. */
function targetsIn(listing: Listing): FoundTargets {
  if (Object.keys(listing.columns).length === 0) return { targets: undefined, columns: [], error: undefined };
  try {
    const { targets, columns } = targetsOf(listing);
    return { targets, columns, error: undefined };
  } catch (error) {
    if (error instanceof FoveaError) return { targets: undefined, columns: [], error: error.message };
    throw error;
  }
}

/** The label of each image as a journal has it. */
export function labelsOf(targets: ColumnTargets): JournalLabel[] {
  if (targets.kind === "classes") return Array.from(targets.indices, (at) => targets.classNames[at]!);
  const names = targets.kind === "labels" ? targets.labelNames : targets.names;
  const rows = targets.values.length / names.length;
  const { values } = targets;
  return Array.from({ length: rows }, (_, row) =>
    targets.kind === "labels"
      ? names.filter((_, at) => values[row * names.length + at] === 1)
      : Object.fromEntries(names.map((name, at) => [name, values[row * names.length + at]!])),
  );
}

/** Image `index` as a journal notes it. */
export function journalImage(
  { images, looks, columns, source }: Pick<HealthSubject, "images" | "looks" | "columns" | "source">,
  index: number,
): JournalImage {
  const { journalFile, sourceLabel = [] } = images[index]!;
  const column = columnOf(source.listing, columns);
  return {
    image: looks.hashes[index]!,
    file: journalFile,
    label: sourceLabel,
    ...(column === undefined ? {} : { column }),
  };
}

/** The column of entries: named where a manifest has others that could be meant. */
const columnOf = ({ columns }: Listing, [column, ...others]: readonly string[]): string | undefined =>
  others.length > 0 || Object.keys(columns).length < 2 ? undefined : column;
