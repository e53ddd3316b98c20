// Pairs of images of which one shows a part of the other, or both a part of a third: found by hashes of tiles, confirmed by
// laying one on the other and comparing their details.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { breather } from "../../platform/breather.js";
import { COPIES_ABOVE } from "./copies.js";
import { HashIndex } from "./hash-index.js";
import { type LaidPicture, laidOn, type Overlap, sizesOf } from "./overlap.js";
import type { Square } from "./thumbnail.js";
import { PLACE, type TileTable } from "./tiles.js";

/** Two images, by their places in the list, that have a part in common. */
export interface CropPair extends Overlap {
  /** The first image, by its index in the list. */
  readonly first: number;
  /** The second image, by its index in the list. */
  readonly second: number;
  /** Pairs of tiles that agree. */
  readonly tiles: number;
}

/** Bits in which hashes of the same tile differ at most. Tiles of different photos differ by 80 and more. */
const TILE_THRESHOLD = 47;
/** The most images whose tiles are compared; the work grows with the square of their number. */
export const MOST_CROPPED = 20_000;
/** Tiles of other images that a tile is paired with; one that meets more shows something common, such as a logo. */
const MOST_PARTNERS = 40;
/** Pairs of tiles of which one is to prove a pair of images. */
const TRIES = 5;

/** Two tiles that look alike. */
interface TileMatch {
  readonly tile: number;
  readonly other: number;
  readonly distance: number;
}

/** Options of `cropPairs`. */
export interface CropOptions {
  /** The least correlation of details, from 0 to 1. Default 0.85. */
  readonly above?: number;
  /** Pairs of images that are known already, as `first * images + second`, which are left out. Default: none. */
  readonly known?: ReadonlySet<number>;
  /**
   * Receives the number of tiles that were compared, and of all. Default: none.
   * @param done Tiles that were compared.
   * @param total All tiles.
   */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The pairs of images that have a part in common, upright or mirrored: crops, and pictures set into others.
 * @param table tiles of all images, as `tilesOf` makes them
 * @param sizes width and height of each image in pixels as it is shown
 * @param look gives an image as a square of grey levels, stretched; it is asked for images that share a tile
 * @returns pairs with `first < second`, in their order
 * @throws FoveaError for unknown options, and for more than 20,000 images.
 * @example
 * const { tiles, widths, heights } = await fingerprintsOf(await pendingFiles(["photo.png", "photos/1.png"]), { tiles: true, threads: 0 });
 * const grey = (at) => ({ side: 12, levels: images.data.slice(144 * at, 144 * at + 144) });
 * const pairs = await cropPairs(tiles, { widths, heights }, async (image) => grey(image)); // none
 */
export async function cropPairs(
  table: TileTable,
  sizes: { readonly widths: Uint32Array; readonly heights: Uint32Array },
  look: (image: number) => Promise<Square | undefined>,
  options: CropOptions = {},
): Promise<CropPair[]> {
  checkOptions("cropPairs", options, ["above", "known", "onProgress"]);
  const { onProgress, known } = options;
  const above = numberWithin("cropPairs above", options.above ?? COPIES_ABOVE, 0, 1);
  const count = sizes.widths.length;
  if (count > MOST_CROPPED)
    throw new FoveaError(
      "too-large",
      `cropPairs: ${count} images are too many; expected at most ${MOST_CROPPED} to search for cropped copies`,
    );
  const breathe = breather();
  const matches = await matchesOf(table, count, known, onProgress);
  const picture = async (image: number): Promise<LaidPicture | undefined> => {
    const square = await look(image);
    const size = { width: sizes.widths[image]!, height: sizes.heights[image]! };
    return square === undefined ? undefined : { ...size, sizes: sizesOf(square) };
  };
  const pairs: CropPair[] = [];
  for (const { first, second, isMirrored, tiles } of matches) {
    const [a, b] = [await picture(first), await picture(second)];
    if (a === undefined || b === undefined) continue;
    const nearest = tiles.sort((tile, other) => tile.distance - other.distance).slice(0, TRIES);
    let best: Overlap | undefined;
    for (const { tile, other } of nearest) {
      const places = [placeOf(table, tile), placeOf(table, other)] as const;
      const overlap = laidOn(a, b, places, isMirrored);
      if (overlap !== undefined && overlap.similarity > (best?.similarity ?? 0)) best = overlap;
    }
    if (best !== undefined && best.similarity >= above) pairs.push({ first, second, tiles: tiles.length, ...best });
    await breathe();
  }
  return pairs.sort((a, b) => a.first - b.first || a.second - b.second);
}

const placeOf = ({ places }: TileTable, tile: number) => ({
  x: places[tile * PLACE]!,
  y: places[tile * PLACE + 1]!,
  side: places[tile * PLACE + 2]!,
});

interface ImageMatch {
  readonly first: number;
  readonly second: number;
  readonly isMirrored: boolean;
  readonly tiles: TileMatch[];
}

/** The pairs of images that share tiles, with these. */
async function matchesOf(
  { images, hashes, mirrored }: TileTable,
  count: number,
  known: ReadonlySet<number> | undefined,
  onProgress: CropOptions["onProgress"],
): Promise<ImageMatch[]> {
  const index = new HashIndex(hashes);
  const breathe = breather();
  const matches = new Map<string, ImageMatch>();
  for (let tile = 0; tile < images.length; tile++) {
    const first = images[tile]!;
    for (const isMirrored of [false, true]) {
      const partners: TileMatch[] = [];
      index.near(isMirrored ? mirrored : hashes, tile, TILE_THRESHOLD, (other, distance) => {
        if (images[other]! > first) partners.push({ tile, other, distance });
      });
      partners.sort((a, b) => a.distance - b.distance || a.other - b.other);
      for (const match of partners.slice(0, MOST_PARTNERS)) {
        const second = images[match.other]!;
        if (known?.has(first * count + second)) continue;
        const key = `${first} ${second} ${isMirrored}`;
        const pair = matches.get(key);
        if (pair === undefined) matches.set(key, { first, second, isMirrored, tiles: [match] });
        else pair.tiles.push(match);
      }
    }
    if (tile % 256 === 0) {
      onProgress?.(tile, images.length);
      await breathe();
    }
  }
  onProgress?.(images.length, images.length);
  return [...matches.values()];
}
