// Looks of a part's photos: brightness, contrast, sharpness, size, camera and time of taking, found out once for all who ask in the life
// of the loaded images, since decoding photos anew is most of the work.
import { defined } from "../../core/defined.js";
import { sampledPlaces } from "../../core/random.js";
import { lookAtImages } from "../../data/index.js";
import type { LoadedFolder } from "./loaded-folder.js";
import { filesOfRows } from "./part-files.js";
import type { ImageSamples } from "./sample-set.js";

/** Looks of one photo. */
export interface PhotoLook {
  /** Size in pixels; 0 for a photo that can no longer be decoded. */
  readonly pixels: number;
  readonly brightness: number;
  readonly contrast: number;
  readonly sharpness: number;
  readonly camera: string | undefined;
  /** Time of taking, as the photo says it. */
  readonly taken: string | undefined;
}

export interface LookingOptions {
  readonly threads?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Photos whose looks say enough about the images of a part. */
export const MOST_PHOTOS = 1000;

/** Rows of the photos that are looked at: a random sample, for the first rows would be those of the first classes. */
export const lookedAt = (rows: ArrayLike<number>, most = MOST_PHOTOS): number[] =>
  Array.from(sampledPlaces(rows.length, most), (at) => rows[at]!);

/** Looks by the row of the photo, of each set of images that is loaded. */
const known = new WeakMap<ImageSamples, Map<number, PhotoLook>>();

/**
 * Looks of some photos of a folder.
 * @param rows of the folder's images; those without a file of their own are left out
 */
export async function looksOfRows(
  folder: LoadedFolder<ImageSamples>,
  rows: ArrayLike<number>,
  { threads, onProgress }: LookingOptions = {},
): Promise<ReadonlyMap<number, PhotoLook>> {
  const looks = known.get(folder.samples) ?? new Map<number, PhotoLook>();
  known.set(folder.samples, looks);
  const files = filesOfRows(folder, Int32Array.from(rows));
  const fresh = files.filter(({ row }) => !looks.has(row));
  if (fresh.length > 0) {
    const images = fresh.map(({ path, source }) => ({ path, size: 0, source }));
    const options = { collect: ["measures", "photos"] as const, ...defined({ threads, onProgress }) };
    const { heights, widths, measures, photos } = await lookAtImages({ images }, options);
    for (const [at, { row }] of fresh.entries())
      looks.set(row, {
        pixels: heights[at]! * widths[at]!,
        brightness: measures.brightness[at]!,
        contrast: measures.contrast[at]!,
        sharpness: measures.sharpness[at]!,
        camera: photos.get(at)?.camera,
        taken: photos.get(at)?.taken,
      });
  }
  return new Map(files.map(({ row }) => [row, looks.get(row)!]));
}
