// Puts the generated handwriting where data sets are: into a folder of PNG files, or into memory as a loaded one.
// Either way the images are the same; what they are is hanzi.ts's business.
import { FoveaError } from "../../core/errors.js";
import {
  listDirectory,
  makeDirectory,
  moveDirectory,
  removeDirectory,
  stat,
  writeUnsynced,
} from "../../platform/files.js";
import { isTemporary, sweepLeftovers, temporaryIn } from "../../platform/leftovers.js";
import { joinPath, parentFolder } from "../../platform/paths.js";
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

/** How many images a written set has. */
export interface HanziTotals {
  readonly train: number;
  readonly test: number;
}

/** Files being written at a time: enough to keep the disk busy, few enough for every system's limit of open files. */
const AT_ONCE = 64;

const totalOf = (split: HanziSplit, options: HanziOptions): number =>
  [...hanziCounts(split, options).values()].reduce((sum, count) => sum + count, 0);

/**
 * Writes the set as `DIR/Train/东/1.png` ... It is made in a hidden folder (in `directory` where that is there, else
 * beside it) and renamed when it is whole, so that a broken-off run leaves nothing that could be taken for one.
 * @param onProgress told how many of all images are made
 * @param signal breaks off: what was made is removed and the signal's reason thrown
 * @throws FoveaError when `directory` has something in it, for wrong options and for what the disk refuses.
 */
export async function writeHanzi(
  directory: string,
  options: HanziOptions = {},
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<HanziTotals> {
  const totals = { train: totalOf("Train", options), test: totalOf("Test", options) };
  const isThere = await checkFree(directory);
  const beside = isThere ? directory : parentFolder(directory);
  await sweepLeftovers(beside);
  const partial = await temporaryIn(beside);
  try {
    await writeImages(partial, options, (done) => onProgress?.(done, totals.train + totals.test), signal);
    if (isThere)
      for (const split of ["Train", "Test"]) await moveDirectory(joinPath(partial, split), joinPath(directory, split));
    else await moveDirectory(partial, directory);
  } finally {
    await removeDirectory(partial);
  }
  return totals;
}

/** Whether the folder is there already; it must be empty then. */
async function checkFree(directory: string): Promise<boolean> {
  const facts = await stat(directory);
  if (facts === undefined) return false;
  if (!facts.isDirectory)
    throw new FoveaError(`${directory} is a file; give the name of a new folder for the generated images`);
  if ((await listDirectory(directory)).some(({ name }) => !isTemporary(name)))
    throw new FoveaError(`${directory} is not empty; give a new or an empty folder for the generated images`);
  return true;
}

async function writeImages(
  folder: string,
  options: HanziOptions,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let pending: Promise<void>[] = [];
  let done = 0;
  let current = "";
  for (const image of synthesizeHanzi(options)) {
    const classFolder = joinPath(folder, image.split, image.character);
    if (classFolder !== current) await makeDirectory(classFolder);
    current = classFolder;
    pending.push(writeUnsynced(joinPath(classFolder, `${image.index}.png`), encodeHanzi(image)));
    done++;
    if (pending.length < AT_ONCE) continue;
    await allWritten(pending);
    pending = [];
    signal?.throwIfAborted();
    onProgress(done);
  }
  await allWritten(pending);
  onProgress(done);
}

/** Waits for all, also after a failure: nothing may still be writing when the folder is removed. */
async function allWritten(pending: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(pending)) if (result.status === "rejected") throw result.reason;
}

/**
 * The set in memory, as loading the written one at 80x60 (or the size asked for) would give it, byte for byte. For tests, examples and pages: every
 * image is encoded and decoded on the way.
 * @example const { Train, Test } = await synthesizeHanziDataset({ scale: 0.02, seed: 1 }); // Train.x: [n, 80, 60, 1]
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
