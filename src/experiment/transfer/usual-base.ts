// The base of the package that suits images where nobody names one: ink on paper has a base of its own, all others are
// taken for photos.
import { FoveaError } from "../../core/errors.js";
import { decodeImage, type ListedImage, type OpenedSource, type Pixels } from "../../data/index.js";
import { readBytes } from "../../platform/files.js";
import type { DataWish } from "../data/load-options.js";
import { openListing } from "../data/open-listing.js";
import type { ShippedName } from "../pretrained/shipped.js";

/** A base, and the reason for it as a sentence without a full stop. */
export interface UsualBase {
  /** Name of a base in the package. */
  readonly base: ShippedName;
  /** The reason, and the option that says otherwise. */
  readonly sentence: string;
}

/** Images that are looked at, spread over all. */
const ASKED = 16;
/** Share of these that are ink on paper where all are taken for it: a stroke may fill its image. */
const MOST = 0.75;
/** Largest difference between the channels of a grey pixel; JPEG leaves some. */
const GREY_WITHIN = 12;
/** Least brightness of paper, from 0 to 255, and the least share of an image that is paper. */
const PAPER = { brightness: 200, share: 0.6 } as const;

/**
 * The base for the images of a source that has not been loaded.
 * @param source path of a folder, a manifest or an archive; or one that was opened before
 * @param wish columns, task and target of the data
 * @throws FoveaError for a path that is no source of images
 * @example const { base } = await usualBase("photos");
 */
export async function usualBase(
  source: string | OpenedSource,
  wish: Pick<DataWish, "columns" | "task" | "target"> = {},
): Promise<UsualBase> {
  const { listing } = typeof source === "string" ? await openListing(source, wish) : source;
  const { images } = listing;
  const count = Math.min(ASKED, images.length);
  const asked = Array.from({ length: count }, (_, i) => images[Math.floor((i * images.length) / count)]!);
  const pixels = (await Promise.all(asked.map(readable))).filter((image) => image !== undefined);
  const written = pixels.filter(isInkOnPaper).length;
  const isWritten = pixels.length > 0 && written >= MOST * pixels.length;
  return isWritten
    ? { base: "hanzi", sentence: "the images are ink on paper, so the base is hanzi; --base photos says otherwise" }
    : { base: "photos", sentence: "the base is photos, of the package; --base names another" };
}

/** An image's pixels; undefined where it cannot be read, which loading tells. */
async function readable({ source, path }: ListedImage): Promise<Pixels | undefined> {
  try {
    return await decodeImage(typeof source === "string" ? await readBytes(source) : await source(), path);
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** True for an image without colours most of which is bright. */
function isInkOnPaper({ data, channels }: Pixels): boolean {
  const colors = Math.min(3, channels === 2 ? 1 : channels);
  const count = data.length / channels;
  let [bright, colored] = [0, 0];
  for (let pixel = 0; pixel < count; pixel++) {
    const values = data.subarray(pixel * channels, pixel * channels + colors);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (high - low > GREY_WITHIN) colored++;
    if (low >= PAPER.brightness) bright++;
  }
  return bright >= PAPER.share * count && colored <= 0.01 * count;
}
