// The generated sets: small enough to look at at once. On a disk the library writes them as folders; a page keeps the same
// files in a zip archive.
import {
  encodeHail,
  encodeHailMask,
  encodeHanzi,
  type HailTruth,
  hailAnnotations,
  hailManifest,
  hanziCounts,
  synthesizeHail,
  synthesizeHanzi,
  writeHail,
  writeHanzi,
} from "fovea/data";
import type { GeneratedSet } from "../contract/opening-calls.js";

const HANZI = { scale: 0.1, seed: 1 } as const;
const HAIL = { count: 600, seed: 1 } as const;

/** Hears how far drawing is, and can break it off. */
export interface Drawing {
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

type Writer = (path: string, drawing: Drawing, share: number) => Promise<unknown>;

/** Writes a share of a set, 1 for all of it, as a folder. @throws FoveaError where something is in the way, and the signal's reason */
export const SET_WRITERS: Readonly<Record<GeneratedSet, Writer>> = {
  hanzi: (path, { signal, onProgress }, share) =>
    writeHanzi(path, { ...HANZI, scale: HANZI.scale * share }, onProgress, signal),
  hail: (path, { signal, onProgress }, share) =>
    writeHail(path, { ...HAIL, count: Math.ceil(HAIL.count * share) }, onProgress, signal),
};

export interface SetFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** Images that are made with it, to count them. */
  readonly images: number;
}

/** Number of images of each set. */
export const SET_IMAGES: Readonly<Record<GeneratedSet, () => number>> = {
  hanzi: () =>
    (["Train", "Test"] as const)
      .flatMap((split) => [...hanziCounts(split, HANZI).values()])
      .reduce((sum, count) => sum + count, 0),
  hail: () => HAIL.count,
};

/** The files of a set, each made when it is asked for. */
export const SET_FILES: Readonly<Record<GeneratedSet, () => Iterable<SetFile>>> = {
  hanzi: hanziFiles,
  hail: hailFiles,
};

function* hanziFiles(): Generator<SetFile> {
  for (const image of synthesizeHanzi(HANZI)) {
    const { split, character, index } = image;
    yield { path: `${split}/${character}/${index}.png`, content: encodeHanzi(image), images: 1 };
  }
}

function* hailFiles(): Generator<SetFile> {
  const truths: HailTruth[] = [];
  for (const image of synthesizeHail(HAIL)) {
    const { pixels: _, mask: __, ...truth } = image;
    truths.push(truth);
    yield { path: `images/${image.name}.png`, content: encodeHail(image), images: 1 };
    yield { path: `masks/${image.name}.png`, content: encodeHailMask(image), images: 0 };
  }
  const text = new TextEncoder();
  yield { path: "manifest.csv", content: text.encode(hailManifest(truths)), images: 0 };
  yield { path: "annotations.json", content: text.encode(`${JSON.stringify(hailAnnotations(truths))}\n`), images: 0 };
}
