// Maps of classes for the images of a source: its masks, decoded through the same stores, in the images' size, nearest pixels
// alone. They are in memory once they are read, a byte a pixel.
import { FoveaError } from "../../core/errors.js";
import {
  classMaps,
  type ImageDataset,
  type ListedMasks,
  type OpenOptions,
  openListing,
  type Targets,
} from "../../data/index.js";
import { listedNames } from "../../data/messages.js";

/** Masks that are read at a time. */
const BLOCK = 64;

/** Masks once they are open. */
interface OpenedMaps {
  readonly dataset: ImageDataset;
  readonly targets: Extract<Targets, { readonly kind: "masks" }>;
  /** The meaning of their values, without a full stop. */
  readonly sentence: string;
}

/**
 * The masks of a source as maps of classes, those of the images that were kept.
 * @param loading ways of loading, those of the images
 * @param expected classes of a model or of the training images
 * @throws FoveaError for masks that cannot be decoded, that have another size than their image, and as `classMaps` does
 */
export async function openMaps(
  masks: ListedMasks,
  images: ImageDataset,
  loading: Omit<OpenOptions, "classNames" | "leaveOut">,
  expected: readonly string[] | undefined,
): Promise<OpenedMaps> {
  const { kept } = images;
  const at = <T>(values: readonly T[]): T[] => Array.from(kept, (row) => values[row]!);
  const listing = { where: masks.where, images: at(masks.images), columns: {}, findings: [] };
  const dataset = await openListing(listing, {
    ...loading,
    ...{ color: "numbers", interpolation: "nearest", depth: "cut", skipBad: true },
  });
  checkDecoded(masks.where, dataset);
  checkSizes(masks.where, images, dataset);
  const [height, width] = dataset.images.shape;
  const values = new Uint8Array(kept.length * height * width);
  for (let start = 0; start < kept.length; start += BLOCK) {
    const rows = Int32Array.from({ length: Math.min(BLOCK, kept.length - start) }, (_, i) => start + i);
    values.set((await dataset.images.rows(rows)).data, start * height * width);
  }
  await dataset.images.close?.();
  const { where, folders, classNames } = masks;
  const made = classMaps({
    ...{ where, files: dataset.files, height, width, values, classNames, expected },
    folders: folders && at(folders),
  });
  return { dataset, targets: made.targets, sentence: `the masks in ${made.sentence}` };
}

/** @throws FoveaError naming masks that cannot be decoded: their images cannot be left out any more */
function checkDecoded(where: string, { files, skipped }: ImageDataset): void {
  if (skipped.length === 0) return;
  const named = skipped.map(({ path, reason }) => `${path} (${reason})`);
  throw new FoveaError(
    "damaged-image",
    `${where}: ${skipped.length} of ${files.length + skipped.length} masks cannot be decoded: ${listedNames(named)}; ` +
      "repair them, or move their images out",
  );
}

/** @throws FoveaError naming masks that have another size than their image */
function checkSizes(where: string, images: ImageDataset, masks: ImageDataset): void {
  const rows = [...masks.files.keys()].filter(
    (row) => images.heights[row] !== masks.heights[row] || images.widths[row] !== masks.widths[row],
  );
  if (rows.length === 0) return;
  const [first] = rows as [number];
  throw new FoveaError(
    "annotation-mismatch",
    `${where}: ${rows.length} of ${masks.files.length} masks have another size than their image, such as ${masks.widths[first]} x ` +
      `${masks.heights[first]} pixels for ${images.widths[first]} x ${images.heights[first]}: ` +
      `${listedNames(rows.map((row) => masks.files[row]!))}; save them in the image's size as it is shown, upright`,
  );
}
