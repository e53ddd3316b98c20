// Folders of small made-up images for the cases about data: photos of noise and masks of two values, as PNG files.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findData, loadData } from "../../src/experiment/data/experiment-data.js";
import type { SplitWish } from "../../src/experiment/data/parts.js";
import { pngBytes } from "../../src/report/images/png.js";

const SIDE = 10;

/** A grey picture of noise, the same for the same number and another for each number. */
export function photo(seed: number): Uint8Array {
  let state = (seed + 1) * 2654435761;
  const data = new Uint8Array(SIDE * SIDE).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return pngBytes({ height: SIDE, width: SIDE, channels: 1, data });
}

/** A picture of two values. */
export function mask(seed: number): Uint8Array {
  const data = new Uint8Array(SIDE * SIDE).map((_, at) => (at % SIDE > seed % (SIDE - 1) ? 255 : 0));
  return pngBytes({ height: SIDE, width: SIDE, channels: 1, data });
}

/** Writes files by their paths below `folder`. @returns the folder */
export function write(folder: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** So many photos of a class, none of them twice as long as the classes have other `first` numbers. */
export const photos = (name: string, count: number, first = 0): Record<string, Uint8Array> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}/${i}.png`, photo(first + i)]));

/** Loads a folder as `fovea train` does. */
export const load = async (folder: string, split: Partial<SplitWish> = {}) =>
  loadData(
    await findData(folder),
    { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos" },
    { validation: 0.2, seed: 123, stratify: "uneven", ...split },
    { cache: false, threads: 0 },
  );

export { PLAN } from "./plan.js";
