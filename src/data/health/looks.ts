// One pass over all images of a source: each is read and decoded once, and leaves its hashes, measures, small picture and
// metadata, from which all checks work.
import { checkOptions, flag } from "../../core/options.js";
import { decodeFiles } from "../decode-pool.js";
import { budgetWithin } from "../memory-budget.js";
import type { Listing } from "../sources/listing.js";
import { pendingOf } from "../store/open.js";
import type { Target } from "../target.js";
import { type FingerprintTable, putFingerprints, tableOfFingerprints } from "./fingerprint.js";
import { MEASURES, type Measure } from "./look.js";
import type { PhotoFacts } from "./photo-facts.js";
import { type ImageTiles, joinedTiles, type TileTable } from "./tiles.js";

/** Pixels along each side of the small pictures that images are compared by. */
export const SMALL_SIDE = 16;

/** Facts of images by their numbers in the listing; an image that cannot be decoded has zeros. */
export interface Looks {
  readonly count: number;
  /** Upright; 0 for an image that cannot be decoded. */
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  /** Indices into COLOR_MODES. */
  readonly modes: Uint8Array;
  /** EXIF orientations, 1 to 8. */
  readonly orientations: Uint8Array;
  /** Bytes of the files. */
  readonly sizes: Float64Array;
  /** SHA-256 of each file's bytes, also where they cannot be decoded; empty where the file cannot be read. */
  readonly hashes: readonly string[];
  /** Hashes of pictures and pixels, by which copies are found. */
  readonly prints: FingerprintTable;
  readonly measures: Readonly<Record<Measure, Float32Array>>;
  /** Tiles that parts of pictures are found by, where they were asked for. */
  readonly tiles?: TileTable;
  /** Small grey pictures of 16 x 16 levels, one after the other. */
  readonly pictures: Uint8Array;
  /** Facts that cameras wrote, for images that have them. */
  readonly photos: ReadonlyMap<number, PhotoFacts>;
  /** Reasons why images cannot be decoded. */
  readonly undecodable: ReadonlyMap<number, string>;
  /** Images that are nearly constant, in words. */
  readonly flat: ReadonlyMap<number, string>;
}

export interface LookOptions {
  /** Decoding threads. Default: as many as the machine has. */
  readonly threads?: number | undefined;
  /** Bytes that large images may take while they are decoded. Default: 2 GB. */
  readonly memory?: number | undefined;
  /** Also takes tiles, by which `cropPairs` finds parts of pictures. Default false. */
  readonly tiles?: boolean | undefined;
  /** Ends the pass with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const SMALL: Target = {
  height: SMALL_SIDE,
  width: SMALL_SIDE,
  color: "grayscale",
  interpolation: "box",
  orientation: "exif",
  depth: "scaled",
};

/**
 * Looks at all images of a listing once. Images that cannot be decoded are facts, not errors.
 * @throws the reason of the signal
 * @example const looks = await lookAtImages((await openSource("photos")).listing);
 */
export async function lookAtImages({ images }: Pick<Listing, "images">, options: LookOptions = {}): Promise<Looks> {
  checkOptions("lookAtImages", options, ["threads", "memory", "tiles", "signal", "onProgress"]);
  const { threads, memory, signal, onProgress } = options;
  const count = images.length;
  const takesTiles = flag("lookAtImages tiles", options.tiles, false);
  const facts = emptyLooks(count);
  const tiles: { readonly image: number; readonly tiles: ImageTiles }[] = [];
  let done = 0;
  const how = {
    target: SMALL,
    findsFlat: true,
    fingerprints: true,
    tiles: takesTiles,
    looks: true,
    threads,
    budget: budgetWithin(memory),
  };
  await decodeFiles(images.map(pendingOf), how, (first, result) => {
    signal?.throwIfAborted();
    for (const name of ["heights", "widths", "modes", "orientations"] as const) facts[name].set(result[name], first);
    facts.pictures.set(result.pixels, first * SMALL_SIDE * SMALL_SIDE);
    for (const [i, hash] of result.hashes.entries()) facts.hashes[first + i] = hash;
    for (const { at, reason } of result.errors) {
      facts.undecodable.set(first + at, reason);
      facts.heights[first + at] = 0;
    }
    for (const { at, reason } of result.flat) facts.flat.set(first + at, reason);
    const { looks, fingerprints } = result;
    for (const { at, ...found } of result.tiles ?? []) tiles.push({ image: first + at, tiles: found });
    if (fingerprints !== undefined) putFingerprints(facts.prints, first, fingerprints);
    if (looks !== undefined) {
      for (const [i, size] of looks.sizes.entries()) facts.sizes[first + i] = size;
      for (const { at, photo } of looks.photos) facts.photos.set(first + at, photo);
      for (const [m, name] of MEASURES.entries())
        for (let i = 0; i < result.heights.length; i++)
          facts.measures[name][first + i] = looks.measures[i * MEASURES.length + m]!;
    }
    done += result.heights.length;
    onProgress?.(done, count);
  });
  tiles.sort((a, b) => a.image - b.image);
  return takesTiles ? { ...facts, tiles: joinedTiles(tiles) } : facts;
}

function emptyLooks(count: number) {
  return {
    count,
    heights: new Uint32Array(count),
    widths: new Uint32Array(count),
    modes: new Uint8Array(count),
    orientations: new Uint8Array(count).fill(1),
    sizes: new Float64Array(count),
    hashes: new Array<string>(count).fill(""),
    prints: tableOfFingerprints(count),
    measures: Object.fromEntries(MEASURES.map((name) => [name, new Float32Array(count)])) as Record<
      Measure,
      Float32Array
    >,
    pictures: new Uint8Array(count * SMALL_SIDE * SMALL_SIDE),
    photos: new Map<number, PhotoFacts>(),
    undecodable: new Map<number, string>(),
    flat: new Map<number, string>(),
  };
}
