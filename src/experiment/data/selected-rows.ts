// Some images of a folder as a folder of their own; pixels stay where they are.
import { hashContents, type ImageStore } from "../../data/index.js";
import { type LoadedFolder, pick } from "./parts.js";
import { rowsOf } from "./rows-of-targets.js";
import { type ImageSamples, imageSamples } from "./sample-set.js";

/** Images of a store by their places in a selection. */
function selectedStore(store: ImageStore, rows: Int32Array): ImageStore {
  return {
    count: rows.length,
    shape: store.shape,
    rows: (indices) => store.rows(pick(rows, indices)),
    ...(store.close && { close: () => store.close!() }),
  };
}

/** A folder with some of its images, with all that is known of these. */
export async function selectedRows(
  { samples, targets, weight, exposure, split, group, date, ...folder }: LoadedFolder<ImageSamples>,
  rows: Int32Array,
): Promise<LoadedFolder<ImageSamples>> {
  const at = <T>(values: readonly T[]): T[] => Array.from(rows, (row) => values[row]!);
  const numbers = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  const [files, hashes] = [at(samples.files), at(samples.hashes)];
  return {
    ...folder,
    samples: imageSamples({
      images: selectedStore(samples.images, rows),
      files,
      hashes,
      kept: pick(samples.kept, rows),
      heights: Uint32Array.from(rows, (row) => samples.heights[row]!),
      widths: Uint32Array.from(rows, (row) => samples.widths[row]!),
      modes: Uint8Array.from(rows, (row) => samples.modes[row]!),
      skipped: samples.skipped,
      contentHash: await hashContents(files, hashes),
    }),
    targets: rowsOf(targets, rows, undefined),
    ...(weight && { weight: numbers(weight) }),
    ...(exposure && { exposure: numbers(exposure) }),
    ...(split && { split: at(split) }),
    ...(group && { group: at(group) }),
    ...(date && { date: at(date) }),
  };
}
