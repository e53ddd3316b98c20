// Writes the images of IDX and GNT files as class folders of PNG files, whole or not at all.
import { FoveaError, oneOf } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { decodeImage } from "../decoders/index.js";
import { type GeneratedFile, writeWholeFolder } from "../generators/whole-folder.js";
import { colorOf, convertColor } from "../pixels.js";
import { PART_NAMES, type PartName } from "../split/part-name.js";
import type { ListedImage, Listing } from "./listing.js";
import { openSource, type SourceKind } from "./open.js";
import { packedPng } from "./pixel-file.js";

/** Formats that are imported, and the kind of source that each is. */
export const IMPORTED = { "casia-gnt": "gnt", "mnist-idx": "idx" } as const satisfies Record<string, SourceKind>;
/** A format of images that `importImages` reads. */
export type ImportFormat = keyof typeof IMPORTED;

const WANTED: Readonly<Record<ImportFormat, string>> = {
  "casia-gnt": "GNT files (.gnt)",
  "mnist-idx": "pairs of IDX files (train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not)",
};

const FOLDERS: Readonly<Record<PartName, string>> = { train: "Train", validation: "Validation", test: "Test" };

/** Options of `importImages`. */
export interface ImportOptions {
  /** The first so many images of each part. Default: all. */
  readonly limit?: number;
  /**
   * Receives the number of images that are written, and of all. Default: none.
   * @param done Images that are written.
   * @param total All images.
   */
  readonly onProgress?: (done: number, total: number) => void;
  /** Breaks off: everything written is removed and the signal's reason thrown. Default: none. */
  readonly signal?: AbortSignal;
}

/** Sums over imported images. */
export interface ImportTotals {
  /** Number of images. */
  readonly images: number;
  /** Number of classes. */
  readonly classes: number;
  /** Images of each part; empty where the source has no parts. */
  readonly parts: Readonly<Partial<Record<PartName, number>>>;
}

/**
 * Writes `OUT/CLASS/1.png`, or `OUT/Train/CLASS/1.png` and `OUT/Test/CLASS/1.png` where the files say their part.
 * @param source a file, a folder with such files, or a zip archive of them
 * @param out a new or empty folder
 * @param format The format of the source.
 * @throws FoveaError for a source of another kind, damaged files, and a folder that has something in it.
 * @example await importImages("mnist-idx", "fashion-mnist", "fashion", { limit: 5000 }); // fashion/Train/0/1.png, ...
 */
export async function importImages(
  format: ImportFormat,
  source: string,
  out: string,
  options: ImportOptions = {},
): Promise<ImportTotals> {
  checkOptions("import", options, ["limit", "onProgress", "signal"]);
  oneOf("import format", format, Object.keys(IMPORTED) as ImportFormat[]);
  const limit = options.limit === undefined ? undefined : wholeNumber("import limit", options.limit);
  const { kind, listing, sentence } = await openSource(source);
  if (kind !== IMPORTED[format])
    throw new FoveaError(
      "unknown-format",
      `import ${format}: expected ${WANTED[format]} at ${source}, but ${sentence.slice(0, -1)}; give their folder`,
    );
  const chosen = chosenImages(listing, limit);
  if (chosen.length === 0)
    throw new FoveaError(
      "no-images",
      `import ${format}: ${source} holds no images; copy its files again, or give other ones`,
    );
  const parts: Partial<Record<PartName, number>> = {};
  for (const { part } of chosen) if (part !== undefined) parts[part] = (parts[part] ?? 0) + 1;
  await writeWholeFolder(out, filesOf(chosen), (done) => options.onProgress?.(done, chosen.length), options.signal);
  return { images: chosen.length, classes: new Set(chosen.map(({ label }) => label)).size, parts };
}

interface Chosen {
  readonly image: ListedImage;
  readonly label: string;
  readonly part: PartName | undefined;
}

function chosenImages({ where, images, columns, split }: Listing, limit = Number.POSITIVE_INFINITY): Chosen[] {
  const labels = Object.values(columns)[0] as readonly string[];
  if (split?.includes(undefined))
    throw new FoveaError(
      "mismatched-parts",
      `${where}: some of its files say their part (train, test) and others do not; import them one after the other`,
    );
  const counts = new Map<PartName | undefined, number>();
  return images.flatMap((image, i): Chosen[] => {
    const part = split?.[i];
    const count = (counts.get(part) ?? 0) + 1;
    counts.set(part, count);
    return count > limit ? [] : [{ image, label: labels[i]!, part }];
  });
}

async function* filesOf(chosen: readonly Chosen[]): AsyncGenerator<GeneratedFile, void, undefined> {
  const names = folderNames(chosen.map(({ label }) => label));
  const counts = new Map<string, number>();
  // Parts one after the other, as the files have them.
  for (const part of [undefined, ...PART_NAMES])
    for (const item of chosen) {
      if (item.part !== part) continue;
      const folder = `${part === undefined ? "" : `${FOLDERS[part]}/`}${names.get(item.label)!}`;
      const count = (counts.get(folder) ?? 0) + 1;
      counts.set(folder, count);
      const decoded = await decodeImage(await bytesOf(item.image), item.image.path);
      yield { path: `${folder}/${count}.png`, content: packedPng(convertColor(decoded, colorOf(decoded))) };
    }
}

/** Bytes of an image that is no file of its own. */
async function bytesOf({ source, path }: ListedImage): Promise<Uint8Array> {
  if (typeof source !== "string") return source();
  throw new FoveaError("already-exists", `${path} is a file already; nothing is to be imported`);
}

/**
 * A folder name for each label: the label itself, but `U+002F` for what no folder can be called, and for capitals beside
 * their small letter, which Windows and macOS take for the same name.
 */
export function folderNames(labels: Iterable<string>): Map<string, string> {
  const different = new Set(labels);
  const codes = (label: string): string =>
    Array.from(label, (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`).join(
      " ",
    );
  const isTaken = (label: string): boolean => label !== label.toLowerCase() && different.has(label.toLowerCase());
  return new Map(Array.from(different, (label) => [label, isUsable(label) && !isTaken(label) ? label : codes(label)]));
}

/** Letters, digits and signs that every system takes in names. */
const isUsable = (label: string): boolean =>
  /^[^\p{C}\p{Z}\\/:*?"<>|.~]+$/u.test(label) && !/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(label);
