// Generated handwriting by its writers: folders are writers, each image one of their characters. For verification: are two
// images by the same hand? No writer of Test is one of Train, and none of either is one of the sets of characters.
import { checkOptions, numberWithin, wholeNumber } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import { HANZI_CHARACTERS, strokesOf } from "./characters.js";
import { write } from "./hand.js";
import { encodeHanzi } from "./hanzi.js";
import { rasterize } from "./ink.js";
import { type GeneratedFile, writeWholeFolder } from "./whole-folder.js";
import { writerOf } from "./writer.js";

/** Options of generated writers. */
export interface WritersOptions {
  /** Share of the full counts, 400 writers that train and 100 that test; at least four and two remain. Default 1. */
  readonly scale?: number;
  /** Seed of all images. Default 0. */
  readonly seed?: number;
}

/** Number of images and writers of a written set. */
export interface WritersTotals {
  /** Images to train on. */
  readonly train: number;
  /** Images to test on. */
  readonly test: number;
  /** Writers of each part. */
  readonly writers: { readonly train: number; readonly test: number };
}

const SPLITS = {
  Train: { first: 2 << 20, count: 400, least: 4, images: 40 },
  Test: { first: 3 << 20, count: 100, least: 2, images: 10 },
} as const;
type Split = keyof typeof SPLITS;

interface Settings {
  readonly scale: number;
  readonly seed: number;
}

function settingsOf(options: WritersOptions): Settings {
  checkOptions("writers", options, ["scale", "seed"]);
  const { scale = 1, seed = 0 } = options;
  numberWithin("writers scale", scale, 1e-6, 1);
  return { scale, seed: wholeNumber("writers seed", seed, 0) };
}

const countOf = (split: Split, scale: number): number =>
  Math.max(SPLITS[split].least, Math.round(scale * SPLITS[split].count));

/** Characters of a writer, in code-point order. */
function charactersOf(seed: number, number: number, images: number): readonly string[] {
  const order = new Random(seed, STREAM.generate + number, 1).permutation(HANZI_CHARACTERS.length);
  return Array.from(order.slice(0, images))
    .sort((a, b) => a - b)
    .map((at) => HANZI_CHARACTERS[at]!);
}

/** A character as that writer writes it, as the bytes of a PNG file. */
function writtenBy(seed: number, number: number, character: string): Uint8Array {
  const writer = writerOf(seed, number);
  const random = new Random(seed, STREAM.generate + number, character.codePointAt(0)!);
  const writing = write(strokesOf(character), writer, random);
  const pixels = rasterize(writing, writer, random);
  const { width, height } = writing;
  return encodeHanzi({ split: "Test", character, index: 1, width, height, channels: 1, pixels });
}

function* filesOf({ scale, seed }: Settings): Generator<GeneratedFile, void, undefined> {
  for (const split of ["Train", "Test"] as const)
    for (let writer = 1; writer <= countOf(split, scale); writer++) {
      const number = SPLITS[split].first + writer;
      const name = `${split === "Train" ? "a" : "b"}${String(writer).padStart(4, "0")}`;
      for (const character of charactersOf(seed, number, SPLITS[split].images))
        yield { path: `${split}/${name}/${character}.png`, content: writtenBy(seed, number, character) };
    }
}

/**
 * Writes the set as `DIR/Train/a0001/东.png` ..., whole or not at all; see writeWholeFolder.
 * @param onProgress told how many of all images are made
 * @param signal breaks off: what was made is removed and the signal's reason thrown
 * @param directory The folder, new or empty.
 * @throws FoveaError when `directory` has something in it, for wrong options and for what the disk refuses.
 * @example await writeWriters("writers", { scale: 0.01 })
 */
export async function writeWriters(
  directory: string,
  options: WritersOptions = {},
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<WritersTotals> {
  const settings = settingsOf(options);
  const writers = { train: countOf("Train", settings.scale), test: countOf("Test", settings.scale) };
  const [train, test] = [SPLITS.Train.images * writers.train, SPLITS.Test.images * writers.test];
  await writeWholeFolder(directory, filesOf(settings), (done) => onProgress?.(done, train + test), signal);
  return { train, test, writers };
}
