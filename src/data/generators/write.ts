// Puts the generated handwriting where data sets are: into a folder of PNG files, or into memory as a loaded one.
// Either way the images are the same; what they are is hanzi.ts's business.
import type { LoadedDataset } from "../dataset.js";
import { type ImageSource, type LoadOptions, loadImages } from "../load.js";
import {
  encodeHanzi,
  HANZI_OPTIONS,
  type HanziOptions,
  type HanziSplit,
  hanziCounts,
  synthesizeHanzi,
} from "./hanzi.js";
import { type GeneratedFile, writeWholeFolder } from "./whole-folder.js";

/** Number of images of a written set. */
export interface HanziTotals {
  /** Images to train on. */
  readonly train: number;
  /** Images to test on. */
  readonly test: number;
}

const totalOf = (split: HanziSplit, options: HanziOptions): number =>
  [...hanziCounts(split, options).values()].reduce((sum, count) => sum + count, 0);

/**
 * Writes the set as `DIR/Train/东/1.png` ..., whole or not at all; see writeWholeFolder.
 * @param onProgress told how many of all images are made
 * @param signal breaks off: what was made is removed and the signal's reason thrown
 * @param directory The folder, new or empty.
 * @throws FoveaError when `directory` has something in it, for wrong options and for what the disk refuses.
 * @example await writeHanzi("hanzi", { scale: 0.005, characters: ["东", "主"] });
 */
export async function writeHanzi(
  directory: string,
  options: HanziOptions = {},
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<HanziTotals> {
  const totals = { train: totalOf("Train", options), test: totalOf("Test", options) };
  const all = totals.train + totals.test;
  await writeWholeFolder(directory, hanziFiles(options), (done) => onProgress?.(done, all), signal);
  return totals;
}

function* hanziFiles(options: HanziOptions): Generator<GeneratedFile, void, undefined> {
  for (const image of synthesizeHanzi(options)) {
    const { split, character, index } = image;
    yield { path: `${split}/${character}/${index}.png`, content: encodeHanzi(image) };
  }
}

/**
 * The set in memory, as loading the written one at 80x60 (or the size asked for) would give it, byte for byte. For tests, examples and pages: every
 * image is encoded and decoded on the way.
 * @param options Scale, seed, characters, size and colours; defaults as for the written set.
 * @example const { Train, Test } = await synthesizeHanziDataset({ scale: 0.02, characters: ["东", "主"] }); // Train.x: [n, 80, 60, 1]
 */
export async function synthesizeHanziDataset(
  options: HanziOptions & Omit<LoadOptions, "skipBad"> = {},
): Promise<Record<HanziSplit, LoadedDataset>> {
  const isOfHanzi = (name: string): boolean => HANZI_OPTIONS.some((known) => known === name);
  const these = (wanted: boolean) =>
    Object.fromEntries(Object.entries(options).filter(([name]) => isOfHanzi(name) === wanted));
  const loading: LoadOptions = { height: 80, width: 60, ...these(false) };
  const sources: Record<HanziSplit, ImageSource[]> = { Train: [], Test: [] };
  for (const image of synthesizeHanzi(these(true))) {
    const png = encodeHanzi(image);
    const path = `${image.character}/${image.index}.png`;
    sources[image.split].push({ path, size: png.length, bytes: async () => png });
  }
  return { Train: await loadImages(sources.Train, loading), Test: await loadImages(sources.Test, loading) };
}
