// One pass over all images of a source, from which all checks work: each image is read and decoded once, and leaves the facts
// that the checks ask for.
import { oneOf } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import type { Listing } from "../sources/listing.js";
import { pendingOf } from "../store/open.js";
import { COLLECTOR_NAMES, type Collected, type CollectorName, emptyCollected } from "./collectors.js";
import type { FingerprintTable } from "./fingerprint.js";
import { collectedFrom, type DecodedFiles, type PassOptions } from "./one-pass.js";
import { type TileTable, tableOfTiles } from "./tiles.js";

/**
 * Facts of images by their numbers in the listing; an image that cannot be decoded has zeros, and so have all in facts that no
 * collector took.
 */
export interface Looks extends DecodedFiles, Pick<Collected, "sizes" | "measures" | "flat" | "photos" | "pictures"> {
  /** Number of images. */
  readonly count: number;
  /** Names of the collectors that ran. */
  readonly collected: ReadonlySet<CollectorName>;
  /** Hashes of pictures and pixels, by which copies are found. */
  readonly prints: FingerprintTable;
  /** Tiles that parts of pictures are found by, where they were collected. */
  readonly tiles?: TileTable;
}

/** Options of looking at images. */
export interface LookOptions extends PassOptions {
  /** Facts to collect of each image. Default: all but those of `UNASKED`. */
  readonly collect?: readonly CollectorName[] | undefined;
}

/** Facts that take longer than all else, and those for photos that are looked up in a store. */
const UNASKED: readonly CollectorName[] = ["tiles", "enlarged"];
const QUICK: readonly CollectorName[] = COLLECTOR_NAMES.filter((name) => !UNASKED.includes(name));

/**
 * Looks at all images of a listing once. Images that cannot be decoded are facts, not errors.
 * @param options.collect names of `COLLECTORS`; with an empty list images are decoded and nothing else
 * @throws FoveaError for unknown options and collectors; the reason of the signal
 * @example const looks = await lookAtImages((await openSource("photos")).listing, { collect: ["pixels"] });
 */
export async function lookAtImages({ images }: Pick<Listing, "images">, options: LookOptions = {}): Promise<Looks> {
  checkOptions("lookAtImages", options, ["collect", "threads", "memory", "signal", "onProgress"]);
  const { collect = QUICK, ...settings } = options;
  for (const name of collect) oneOf("lookAtImages collect", name, COLLECTOR_NAMES);
  const { facts, collected } = await collectedFrom(images.map(pendingOf), collect, settings);
  const count = images.length;
  const { pdq, pixels, tiles, enlarged: _, ...others } = { ...emptyCollected(COLLECTOR_NAMES, count), ...collected };
  const looks = { ...facts, ...others, count, collected: new Set(collect), prints: { ...pdq, pixels } };
  return collect.includes("tiles") ? { ...looks, tiles: tableOfTiles(tiles) } : looks;
}
