// Training images that a label journal adds to those of a folder, a manifest or an archive: they stand behind the others, and no
// split holds them out.
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import { hashContents, type ImageDataset, type ImageStore, type Listing, type Targets } from "../../data/index.js";
import { filesHere } from "../../platform/files/files-here.js";
import { type AddedImage, addedImages, isAddedFile } from "../journal/additions.js";
import type { LabelJournal } from "../journal/entries.js";
import { kindOfLabel } from "../journal/standing.js";
import type { LoadedFolder } from "./loaded-folder.js";
import { rowsOf } from "./rows-of-targets.js";
import { type ImageSamples, imageSamples, type SampleNames } from "./sample-set.js";

type Folder = LoadedFolder<ImageSamples>;

/**
 * A folder with the images that a journal adds, those that are left out excepted.
 * @param open decodes a listing as the folder's images were
 * @throws FoveaError for an image whose file is gone or has other bytes
 */
export async function withAdded(
  folder: Folder,
  journal: LabelJournal | undefined,
  columns: readonly string[] | undefined,
  open: (listing: Listing) => Promise<ImageDataset>,
): Promise<Folder> {
  const { targets } = folder;
  const added = (journal === undefined ? [] : addedImages(journal)).filter(
    ({ isExcluded, label, column }) =>
      !isExcluded && kindOfLabel(label) === targets.kind && (column === undefined || columns?.includes(column)),
  );
  if (journal === undefined || added.length === 0) return folder;
  if (folder.exposure !== undefined)
    throw new FoveaError(
      "unsuited-data",
      `${journal.where} adds images, and these targets are divided by exposures, of which added images have none; undo the additions`,
    );
  const listing: Listing = {
    where: journal.where,
    images: added.map(({ file, path }) => ({ path: file, size: 0, source: () => readAdded(path, journal.where) })),
    columns: {},
    findings: [],
  };
  const opened = await open(listing);
  for (const [at, row] of opened.kept.entries())
    if (opened.hashes[at] !== added[row]!.image)
      throw new FoveaError(
        "file-changed",
        `${added[row]!.path} is not the image that ${journal.where} adds; bring the file back, or undo the addition`,
      );
  return joined(
    folder,
    opened,
    Array.from(opened.kept, (row) => added[row]!),
  );
}

async function readAdded(path: string, where: string): Promise<Uint8Array> {
  if (!(await filesHere.exists(path)))
    throw new FoveaError(
      "not-found",
      `${path}: ${where} adds this image, and it is not there; bring it back, or undo the addition`,
    );
  return filesHere.readBytes(path);
}

async function joined(
  { samples, targets, weight, split, group, date, ...folder }: Folder,
  opened: ImageDataset,
  added: readonly AddedImage[],
): Promise<Folder> {
  const files = [...samples.files, ...opened.files];
  const hashes = [...samples.hashes, ...opened.hashes];
  const first = samples.files.length;
  return {
    ...folder,
    samples: imageSamples({
      images: joinedStore(samples.images, opened.images),
      files,
      hashes,
      kept: Int32Array.from([...samples.kept, ...opened.kept.map((row) => first + row)]),
      heights: Uint32Array.from([...samples.heights, ...opened.heights]),
      widths: Uint32Array.from([...samples.widths, ...opened.widths]),
      modes: Uint8Array.from([...samples.modes, ...opened.modes]),
      skipped: [...samples.skipped, ...opened.skipped],
      contentHash: await hashContents(files, hashes),
    }),
    targets: joinedTargets(targets, added),
    ...(weight && { weight: Float64Array.from([...weight, ...added.map(() => 1)]) }),
    ...(split && { split: [...split, ...added.map(() => "train" as const)] }),
    ...(group && { group: [...group, ...added.map(({ image }) => image)] }),
    ...(date && { date: [...date, ...added.map(() => "")] }),
  };
}

/** The images of two stores, those of the second behind the first's. */
function joinedStore(first: ImageStore, second: ImageStore): ImageStore {
  const [height, width, channels] = first.shape;
  const size = height * width * channels;
  return {
    count: first.count + second.count,
    shape: first.shape,
    rows: (indices) => (indices.every((row) => row < first.count) ? first.rows(indices) : both(indices)),
    close: async () => {
      await first.close?.();
      await second.close?.();
    },
  };
  async function both(indices: Int32Array) {
    const data = new Uint8Array(indices.length * size);
    for (const [store, from] of [
      [first, 0],
      [second, first.count],
    ] as const) {
      const places = Array.from(indices.keys()).filter((at) => {
        const row = indices[at]! - from;
        return row >= 0 && row < store.count;
      });
      if (places.length === 0) continue;
      const rows = await store.rows(Int32Array.from(places, (at) => indices[at]! - from));
      for (const [i, at] of places.entries()) data.set(rows.data.subarray(i * size, (i + 1) * size), at * size);
    }
    return tensor(data, [indices.length, height, width, channels], "uint8");
  }
}

/** Targets with the labels of added images behind them; classes and labels that are new come last. */
function joinedTargets(targets: Targets, added: readonly AddedImage[]): Targets {
  if (targets.kind === "numbers") {
    const values = added.flatMap(({ label }) =>
      targets.names.map((name) => {
        const value = (label as Readonly<Record<string, number>>)[name];
        if (value === undefined)
          throw new FoveaError("missing-values", `an added image has no number for ${name}; undo the addition`);
        return value;
      }),
    );
    return { ...targets, values: Float32Array.from([...targets.values, ...values]) };
  }
  if (targets.kind === "masks" || targets.kind === "boxes")
    throw new FoveaError(
      "missing-labels",
      `an image that a label journal adds has a label and no ${targets.kind === "masks" ? "mask" : "boxes"}; undo the addition`,
    );
  const before = targets.kind === "classes" ? targets.classNames : targets.labelNames;
  const labels = added.map(({ label }) => (typeof label === "string" ? [label] : (label as readonly string[])));
  const known = new Set(before.map((name) => name.normalize("NFC")));
  const fresh = [...new Set(labels.flat())].filter((name) => !known.has(name.normalize("NFC")));
  const names = [...before, ...fresh];
  const indexByName = new Map(names.map((name, at) => [name.normalize("NFC"), at]));
  const placesOf = (label: readonly string[]): number[] => label.map((name) => indexByName.get(name.normalize("NFC"))!);
  if (targets.kind === "classes") {
    const indices = Int32Array.from([...targets.indices, ...labels.flatMap(placesOf)]);
    return { kind: "classes", classNames: names, indices };
  }
  const rows = targets.values.length / before.length;
  const values = new Uint8Array((rows + added.length) * names.length);
  for (let row = 0; row < rows; row++)
    values.set(targets.values.subarray(row * before.length, (row + 1) * before.length), row * names.length);
  for (const [i, label] of labels.entries())
    for (const at of placesOf(label)) values[(rows + i) * names.length + at] = 1;
  return { kind: "labels", labelNames: names, values };
}

/** Number of the samples at the end that a journal has added. */
export const addedCount = ({ files }: Pick<SampleNames, "files">): number => files.filter(isAddedFile).length;

/** A folder without its last samples, for a split that must not depend on them. */
export function withoutLast<S extends SampleNames>(
  { samples, targets, weight, exposure, split, group, date, ...folder }: LoadedFolder<S>,
  count: number,
): LoadedFolder<S> {
  const left = samples.files.length - count;
  const rows = Int32Array.from({ length: left }, (_, row) => row);
  const { files, hashes } = samples;
  return {
    ...folder,
    samples: { ...samples, files: files.slice(0, left), ...(hashes && { hashes: hashes.slice(0, left) }) },
    targets: rowsOf(targets, rows, undefined),
    ...(weight && { weight: weight.slice(0, left) }),
    ...(exposure && { exposure: exposure.slice(0, left) }),
    ...(split && { split: split.slice(0, left) }),
    ...(group && { group: group.slice(0, left) }),
    ...(date && { date: date.slice(0, left) }),
  };
}
