// The generated sets: small enough to look at at once. On a disk the library writes them as folders; a page keeps the same
// files in a zip archive.
import {
  encodeHail,
  encodeHailMask,
  encodeHanzi,
  type HailTruth,
  hailAnnotations,
  hailManifest,
  synthesizeHail,
  synthesizeHanzi,
  writeHail,
  writeHanzi,
} from "fovea/data";
import type { GeneratedSet } from "../contract/opening-calls.js";

const HANZI = { scale: 0.1, seed: 1 } as const;
const HAIL = { count: 600, seed: 1 } as const;

/** Writes a set as a folder. @throws FoveaError where something is in the way */
export const SET_WRITERS: Readonly<Record<GeneratedSet, (path: string) => Promise<unknown>>> = {
  hanzi: (path) => writeHanzi(path, HANZI),
  hail: (path) => writeHail(path, HAIL),
};

export interface SetFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** The files of a set, each made when it is asked for. */
export const SET_FILES: Readonly<Record<GeneratedSet, () => Iterable<SetFile>>> = {
  hanzi: hanziFiles,
  hail: hailFiles,
};

function* hanziFiles(): Generator<SetFile> {
  for (const image of synthesizeHanzi(HANZI)) {
    const { split, character, index } = image;
    yield { path: `${split}/${character}/${index}.png`, content: encodeHanzi(image) };
  }
}

function* hailFiles(): Generator<SetFile> {
  const truths: HailTruth[] = [];
  for (const image of synthesizeHail(HAIL)) {
    const { pixels: _, mask: __, ...truth } = image;
    truths.push(truth);
    yield { path: `images/${image.name}.png`, content: encodeHail(image) };
    yield { path: `masks/${image.name}.png`, content: encodeHailMask(image) };
  }
  const text = new TextEncoder();
  yield { path: "manifest.csv", content: text.encode(hailManifest(truths)) };
  yield { path: "annotations.json", content: text.encode(`${JSON.stringify(hailAnnotations(truths))}\n`) };
}
