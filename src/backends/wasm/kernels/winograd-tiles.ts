// Common parts of Winograd's kernels: the transforms of input tiles, and the division of an image into blocks of tile
// rows whose transforms fit the second-level cache.
import type { ConvGeometry, Tiling } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { load, sum, times } from "../assembler/operands.js";
import { transformsOf } from "./winograd-transforms.js";

const BLOCK_BYTES = 192 * 1024;
/** A cache line. */
const LINE = 64;

/** Least tiles of a block, if an image has as many: the filters are read once for all of them. */
const ENOUGH_TILES = 16;

/**
 * The most tile rows, a divisor of all and a multiple of `step`, whose transforms fit the cache, or that have no more than
 * ENOUGH_TILES.
 */
export function rowsPerBlock(
  [tileRows, tilesAcross]: readonly [number, number],
  step: number,
  bytesPerTile: number,
): number {
  let best = step;
  for (let rows = step; rows <= tileRows; rows += step) {
    const tiles = rows * tilesAcross;
    if (tileRows % rows === 0 && (tiles * bytesPerTile <= BLOCK_BYTES || tiles <= ENOUGH_TILES)) best = rows;
  }
  return best;
}

/**
 * Bytes from a point's matrix to the next, [tiles, channels] each. They are a cache line more than the matrix: a tile's sixteen points are
 * written together, and at distances of a power of two all would share one set of eight lines in the first-level cache.
 */
export const planeBytes = (tiles: number, channels: number): number => tiles * channels * 4 + LINE;

/** `count` fresh vectors. */
export const vectorLocals = (code: Code, count: number): Local[] =>
  Array.from({ length: count }, () => code.local("v128"));

/** The geometry with rows and columns of zeros more where the last tiles reach over the edge. */
export const wholeTiles = (
  geometry: ConvGeometry,
  [height, width]: readonly [number, number],
  { results }: Tiling,
): ConvGeometry => {
  const [top, bottom, left, right] = geometry.padding;
  const missing = (extent: number): number => Math.ceil(extent / results) * results - extent;
  return { ...geometry, padding: [top, bottom + missing(height), left, right + missing(width)] };
};

/** Input tiles of an image that are transformed together. */
export interface InputTiles {
  /** The padded image. */
  readonly corner: Local;
  /** Number of the block, from 0. */
  readonly block: Local;
  /** Pointer to the first point of the first tile; moves past the last tile. */
  readonly to: Local;
  /** Bytes from one row of the padded image to the next. */
  readonly pitch: number;
  /** Bytes from a point's plane, [tiles, channels], to the next point's. */
  readonly plane: number;
  /** Rows of tiles in a block, and tiles of a row. */
  readonly rows: number;
  readonly across: number;
}

/** Writes the transforms of a block of input tiles, point by point. */
export function transformTiles(
  code: Code,
  { inputChannels: cin }: ConvGeometry,
  tiling: Tiling,
  tiles: InputTiles,
): void {
  const { corner, block, to, pitch, plane } = tiles;
  const { points, input } = transformsOf(tiling);
  const [from, a, out] = code.locals("i32", 3);
  const d = vectorLocals(code, points);
  const half = Array.from({ length: points }, () => vectorLocals(code, points));
  const value = code.local("v128");
  code.loop(tiles.rows, 1, (row) => {
    code.set(from, sum(times(sum(times(block, tiles.rows), row), tiling.results * pitch), corner));
    code.loop(tiles.across, 1, () => {
      code.loop(cin * 4, 16, (channel) => {
        code.set(a, sum(from, channel)).set(out, sum(to, channel));
        for (let j = 0; j < points; j++) {
          d.forEach((cell, i) => {
            code.set(cell, load(a, i * pitch + j * cin * 4));
          });
          input(code, d, (i) => void code.set(half[i]![j]!));
        }
        half.forEach((line, i) => {
          input(code, line, (j) => void code.set(value).store(out, value, (i * points + j) * plane));
        });
      });
      code.advance(from, tiling.results * cin * 4).advance(to, cin * 4);
    });
  });
  code.release(from, a, out, ...d, ...half.flat(), value);
}
