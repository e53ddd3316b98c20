// Square tiles of a picture about places that its crops have as well, and their PDQ hashes: by these a part of a picture is
// found in another, whatever surrounds it there and however large it is.
import { convertColor, type Pixels } from "../pixels.js";
import { resizeImage } from "../resize.js";
import { anchorsOf, half, type Plane } from "./anchors.js";
import { HASH_WORDS, pdqOfSamples } from "./pdq.js";

/** Tiles of images. Tile `t` belongs to image `images[t]`. */
export interface TileTable {
  /** The image of each tile. */
  readonly images: Uint32Array;
  /** Hashes of the tiles, eight words each. */
  readonly hashes: Uint32Array;
  /** Hashes of the tiles' mirror images, eight words each. */
  readonly mirrored: Uint32Array;
  /** Centre and side of each: x, y, side, in units of the longer side of its image. */
  readonly places: Float32Array;
}

/** The tiles of one image. */
export type ImageTiles = Omit<TileTable, "images">;

/** Numbers of a tile's place. */
export const PLACE = 3;
/** Pixels of the longer side of the picture that tiles are taken from; a smaller picture stays as it is. */
const LONGER = 256;
/** Side of a tile in standard deviations of the blob in its middle. */
const EXTENT = 12;
/** Most tiles of a picture. */
const MOST = 64;
/** Samples of a tile each way. */
const SAMPLES = 64;
/** The least quality of a tile: flat ones look like any other flat one. */
const LEAST_QUALITY = 8;

/**
 * The tiles of one picture: hashes, hashes of the mirror images, places.
 * @param picture Grey or RGB pixels.
 * @example
 * const picture = { width: 12, height: 12, channels: 1, data: images.data.slice(0, 144) };
 * const tiles = tilesOf(picture); // few or none: the picture is small
 * joinedTiles([{ image: 0, tiles }, { image: 1, tiles }]).images.length === 2 * (tiles.places.length / 3); // true
 */
export function tilesOf(picture: Pixels): ImageTiles {
  const grey = convertColor(picture, "grayscale");
  const longer = Math.max(grey.width, grey.height);
  const share = Math.min(1, LONGER / longer);
  const [height, width] = [grey.height, grey.width].map((side) => Math.max(1, Math.round(side * share))) as [
    number,
    number,
  ];
  const { data } = resizeImage(grey, height, width, "bilinear");
  const planes: Plane[] = [{ width, height, levels: Float32Array.from(data) }];
  while (Math.min(planes.at(-1)!.width, planes.at(-1)!.height) >= 32) planes.push(half(planes.at(-1)!));
  const [hashes, mirrored, places]: [number[], number[], number[]] = [[], [], []];
  for (const { x, y, scale } of anchorsOf(planes[0]!)) {
    const side = scale * EXTENT;
    const isInside = x >= side / 2 && y >= side / 2 && x + side / 2 <= width && y + side / 2 <= height;
    if (!isInside) continue;
    const samples = sampledTile(planes, x, y, side);
    const { hash, quality } = pdqOfSamples(samples);
    if (quality < LEAST_QUALITY) continue;
    hashes.push(...hash);
    mirrored.push(...pdqOfSamples(mirrorOf(samples)).hash);
    const unit = Math.max(width, height);
    places.push(x / unit, y / unit, side / unit);
    if (places.length === MOST * PLACE) break;
  }
  return { hashes: Uint32Array.from(hashes), mirrored: Uint32Array.from(mirrored), places: Float32Array.from(places) };
}

/** A tile of 64 x 64 levels, taken from the size of the picture whose pixels are about as far apart. */
function sampledTile(planes: readonly Plane[], x: number, y: number, side: number): Float32Array {
  let size = 1;
  let n = 0;
  for (; n + 1 < planes.length && side / size >= 2 * SAMPLES; n++) size *= 2;
  const { width, height, levels } = planes[n]!;
  const out = new Float32Array(SAMPLES * SAMPLES);
  const step = side / size / SAMPLES;
  const [left, top] = [x / size - side / size / 2, y / size - side / size / 2];
  for (let row = 0, to = 0; row < SAMPLES; row++) {
    const v = Math.max(0, Math.min(height - 1.001, top + (row + 0.5) * step - 0.5));
    const [above, down] = [Math.floor(v), v - Math.floor(v)];
    for (let column = 0; column < SAMPLES; column++) {
      const u = Math.max(0, Math.min(width - 1.001, left + (column + 0.5) * step - 0.5));
      const [before, across] = [Math.floor(u), u - Math.floor(u)];
      const at = above * width + before;
      const upper = levels[at]! * (1 - across) + levels[at + 1]! * across;
      const lower = levels[at + width]! * (1 - across) + levels[at + width + 1]! * across;
      out[to++] = upper * (1 - down) + lower * down;
    }
  }
  return out;
}

function mirrorOf(samples: Float32Array): Float32Array {
  const out = new Float32Array(samples.length);
  for (let row = 0; row < samples.length; row += SAMPLES)
    for (let x = 0; x < SAMPLES; x++) out[row + x] = samples[row + SAMPLES - 1 - x]!;
  return out;
}

/**
 * One table of the tiles of several images, in their order. `images` says which image each part is of.
 * @param parts Tiles of images with the images' numbers.
 */
export function joinedTiles(parts: readonly { readonly image: number; readonly tiles: ImageTiles }[]): TileTable {
  const count = parts.reduce((sum, { tiles }) => sum + tiles.places.length / PLACE, 0);
  const table: TileTable = {
    images: new Uint32Array(count),
    hashes: new Uint32Array(count * HASH_WORDS),
    mirrored: new Uint32Array(count * HASH_WORDS),
    places: new Float32Array(count * PLACE),
  };
  let at = 0;
  for (const { image, tiles } of parts) {
    const { length } = tiles.places;
    table.images.fill(image, at, at + length / PLACE);
    table.hashes.set(tiles.hashes, at * HASH_WORDS);
    table.mirrored.set(tiles.mirrored, at * HASH_WORDS);
    table.places.set(tiles.places, at * PLACE);
    at += length / PLACE;
  }
  return table;
}

/** The table of tiles that were found image by image, in whatever order. */
export const tableOfTiles = (found: ReadonlyMap<number, ImageTiles>): TileTable =>
  joinedTiles([...found].sort(([a], [b]) => a - b).map(([image, tiles]) => ({ image, tiles })));
