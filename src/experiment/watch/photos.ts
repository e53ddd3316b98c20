// Work with a store of seen photos: photos are added, others are checked against it, stores are merged.
import { defined } from "../../core/defined.js";
import type { ErrorCode } from "../../core/error-codes/index.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import {
  type FileFingerprints,
  fingerprintsOf,
  LEAST_QUALITY,
  NEAR_THRESHOLD,
  pendingFiles,
  TURNS,
  type TurnName,
} from "../../data/index.js";
import { type BadFile, namedIn } from "../data/bad-files.js";
import { describeChange } from "./change.js";
import type { WatchEntry } from "./records.js";
import { openWatch, type WatchPlace, type WatchStore } from "./store.js";

/** Photos that are decoded before their entries are written. */
const BLOCK = 256;
/** Entries that are merged at a time. */
const MERGED = 4096;
/** Words of all turns of a photo. */
const WORDS = 64;

/** Options of adding and checking photos. */
export interface PhotoOptions {
  /** Decoding threads. Default: the number of the machine. */
  readonly threads?: number;
  /**
   * Receives the number of photos that are done, and of all. Default: none.
   * @param done Photos that are done.
   * @param total All photos.
   */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A photo that was seen before. */
export interface PhotoMatch {
  /** The reference of the seen photo, such as the number of a claim. */
  readonly reference: string;
  /** Path of the seen photo, as it was added. */
  readonly file: string;
  /** Bits of 256 in which the hashes differ. */
  readonly distance: number;
  /** The change of the photo since then, in words. */
  readonly change: string;
}

/** Answer of a store about a photo. */
export interface PhotoCheck {
  /** Path of the photo. */
  readonly image: string;
  /** Photos that were seen before, the nearest first. */
  readonly matches: readonly PhotoMatch[];
  /** The reason why fewer matches may be found than there are. */
  readonly note?: string;
  /** The reason why the photo could not be checked. */
  readonly error?: string;
  /** The kind of that fault. */
  readonly code?: ErrorCode;
}

/** Decodes photos block by block; `enlarged` also takes the hashes by which reduced photos are found. */
async function* blocksOf(
  images: readonly string[],
  { threads, onProgress }: PhotoOptions,
  enlarged = false,
): AsyncGenerator<{ readonly block: readonly string[]; readonly prints: FileFingerprints }> {
  for (let start = 0; start < images.length; start += BLOCK) {
    const block = images.slice(start, start + BLOCK);
    const prints = await fingerprintsOf(await pendingFiles(block), {
      ...defined({ threads }),
      enlarged,
      onProgress: (done) => onProgress?.(start + done, images.length),
    });
    yield { block, prints };
  }
}

const entryAt = (prints: FileFingerprints, at: number, file: string, reference: string): WatchEntry => ({
  reference,
  file,
  hash: prints.hashes.subarray(at * WORDS, at * WORDS + 8),
  quality: prints.qualities[at]!,
  width: prints.widths[at]!,
  height: prints.heights[at]!,
  brightness: prints.brightness[at]!,
  bytes: prints.bytes[at]!,
  pixels: prints.pixels[at]!,
});

/** Result of adding photos. */
export interface AddedPhotos {
  /** Photos that are new in the store. */
  readonly added: number;
  /** Photos that the store had with the same reference. */
  readonly known: number;
  /** Photos that could not be read, and why. */
  readonly failed: readonly BadFile[];
}

/**
 * Adds photos to a store. Photos that cannot be read are named and do not hide the others.
 * @param reference what the photos belong to, such as the number of a claim
 * @param store A store, as `openWatch` gives it.
 * @param images Paths of photos.
 * @throws FoveaError for unknown options, a reference that is empty or too long, and where the disk refuses it
 * @example await addPhotos(await openWatch("claims.watch"), ["a.jpg", "b.jpg"], "claim 4711");
 */
export async function addPhotos(
  store: WatchStore,
  images: readonly string[],
  reference: string,
  options: PhotoOptions = {},
): Promise<AddedPhotos> {
  checkOptions("addPhotos", options, ["threads", "onProgress"]);
  let [added, readable] = [0, 0];
  const failed: BadFile[] = [];
  for await (const { block, prints } of blocksOf(images, options)) {
    const bad = new Map(prints.errors.map((error) => [error.at, error]));
    for (const [at, failure] of bad) failed.push(badPhoto(block[at]!, failure));
    const entries = block.flatMap((file, at) => (bad.has(at) ? [] : [entryAt(prints, at, file, reference)]));
    readable += entries.length;
    added += await store.add(entries);
  }
  return { added, known: readable - added, failed };
}

const badPhoto = (image: string, { reason, code }: FileFingerprints["errors"][number]): BadFile => ({
  image,
  error: namedIn(image, reason),
  code,
});

/**
 * Checks photos against a store: which were seen before, where, and how they were changed since.
 * @param options.threshold most bits of 256 in which hashes differ. Default 31
 * @param store A store, as `openWatch` gives it.
 * @param images Paths of photos.
 * @param options `threshold`, decoding `threads`, and `onProgress`.
 * @returns one answer for each image, in their order. A photo that shows next to nothing matches only where its pixels are
 * the same.
 * @throws FoveaError for unknown options and a threshold that cannot be.
 * @example const [{ matches }] = await checkPhotos(await openWatch("claims.watch"), ["new.jpg"]);
 */
export async function checkPhotos(
  store: WatchStore,
  images: readonly string[],
  options: PhotoOptions & { readonly threshold?: number } = {},
): Promise<PhotoCheck[]> {
  checkOptions("checkPhotos", options, ["threads", "onProgress", "threshold"]);
  const threshold = numberWithin("checkPhotos threshold", options.threshold ?? NEAR_THRESHOLD, 0, 256);
  const answers: PhotoCheck[] = [];
  for await (const { block, prints } of blocksOf(images, options, true)) {
    const bad = new Map(prints.errors.map((error) => [error.at, error]));
    for (const [at, image] of block.entries()) {
      const failure = bad.get(at);
      if (failure !== undefined) answers.push({ matches: [], ...badPhoto(image, failure) });
      else answers.push(await checked(store, image, prints, at, threshold));
    }
  }
  return answers;
}

async function checked(
  store: WatchStore,
  image: string,
  prints: FileFingerprints,
  at: number,
  threshold: number,
): Promise<PhotoCheck> {
  const isWeak = prints.qualities[at]! < LEAST_QUALITY;
  const rows = new Map<number, { readonly distance: number; readonly turn: TurnName }>();
  const search = (hashes: Uint32Array, first: number, most: number): void => {
    for (const [n, turn] of TURNS.entries())
      store.near(hashes, first + n, most, (row, distance) => {
        if (distance < (rows.get(row)?.distance ?? Infinity)) rows.set(row, { distance, turn });
      });
  };
  search(prints.hashes, at * TURNS.length, isWeak ? 0 : threshold);
  const enlarged = prints.enlarged?.get(at);
  if (enlarged !== undefined && !isWeak) search(enlarged, 0, threshold);
  const found = [...rows];
  const entries = await store.entries(found.map(([row]) => row));
  const photo = entryAt(prints, at, image, "");
  const matches = entries.flatMap((entry, i) => {
    const [row, { distance, turn }] = found[i]!;
    const isSame = entry.pixels === photo.pixels;
    if ((isWeak || store.quality(row) < LEAST_QUALITY) && !isSame) return [];
    const { reference, file } = entry;
    return [{ reference, file, distance, change: describeChange(photo, entry, isSame ? "upright" : turn) }];
  });
  matches.sort((a, b) => a.distance - b.distance || (a.reference < b.reference ? -1 : 1));
  const note = "the photo has too little detail to distinguish it from others; only identical pixels are found";
  return { image, matches, ...(isWeak && { note }) };
}

/**
 * Adds the entries of other stores that a store does not have yet.
 * @param paths the other stores' files
 * @param store The store that takes the entries.
 * @param options Disk of the stores, default the machine's, and `onProgress`, which hears of entries, default none.
 * @returns the number of entries that were added
 * @throws FoveaError for a file that is no store or does not exist
 * @example
 * await addPhotos(await openWatch("partner.watch"), ["photos/3.png"], "claim 7", { threads: 0 });
 * await mergeWatch(await openWatch("merged.watch"), ["partner.watch"]); // 1
 */
export async function mergeWatch(
  store: WatchStore,
  paths: readonly string[],
  options: WatchPlace & Pick<PhotoOptions, "onProgress"> = {},
): Promise<number> {
  const { onProgress, ...where } = options;
  let added = 0;
  for (const path of paths) {
    const other = await openWatch(path, { ...where, isThere: true });
    let [entries, done] = [[] as WatchEntry[], 0];
    const write = async (): Promise<void> => {
      added += await store.add(entries, true);
      done += entries.length;
      entries = [];
      onProgress?.(done, other.size);
    };
    for await (const entry of other.all()) if (entries.push(entry) === MERGED) await write();
    await write();
  }
  return added;
}
