// Common parts of Winograd's kernels: the transforms of rows and columns of a tile, and the division of an image into
// blocks of tile rows whose transforms fit the second-level cache.
import type { ConvGeometry } from "../../../compile/kernels.js";
import type { Code, Local, Tuple } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { load, sum, times } from "../assembler/operands.js";

const BLOCK_BYTES = 192 * 1024;
/** A cache line. */
const LINE = 64;
export const POINTS = [0, 1, 2, 3] as const;

/** Pushes a + b or a - b. */
const plus = (code: Code, a: Local, b: Local): Code => code.get(a).get(b).op(OP.f32x4_add);
const minus = (code: Code, a: Local, b: Local): Code => code.get(a).get(b).op(OP.f32x4_sub);

/** A row or a column of a tile. */
export type Line<N extends number> = Readonly<Tuple<Local, N>>;

/** [x0 - x2, x1 + x2, x2 - x1, x1 - x3]: one row or column of B' d, each result handed to `put`. */
export function transformInput(code: Code, [x0, x1, x2, x3]: Line<4>, put: (i: number) => void): void {
  minus(code, x0, x2);
  put(0);
  plus(code, x1, x2);
  put(1);
  minus(code, x2, x1);
  put(2);
  minus(code, x1, x3);
  put(3);
}

/** [x0 + x1 + x2, x1 - x2 - x3]: one row or column of A' m. */
export function transformOutput(code: Code, [x0, x1, x2, x3]: Line<4>, put: (i: number) => void): void {
  plus(code, x0, x1).get(x2).op(OP.f32x4_add);
  put(0);
  minus(code, x1, x2).get(x3).op(OP.f32x4_sub);
  put(1);
}

/** [x0, (x0 + x1 + x2) / 2, (x0 - x1 + x2) / 2, x2]: one row or column of G g. */
export function transformFilter(code: Code, [x0, x1, x2]: Line<3>, put: (i: number) => void): void {
  code.get(x0);
  put(0);
  plus(code, x0, x2).get(x1).op(OP.f32x4_add).f32x4(0.5).op(OP.f32x4_mul);
  put(1);
  plus(code, x0, x2).get(x1).op(OP.f32x4_sub).f32x4(0.5).op(OP.f32x4_mul);
  put(2);
  code.get(x2);
  put(3);
}

/** The most tile rows, a divisor of `tileRows` and a multiple of `step`, whose transforms fit the cache. */
export function rowsPerBlock(tileRows: number, step: number, bytesPerRow: number): number {
  let best = step;
  for (let rows = step; rows <= tileRows; rows += step)
    if (tileRows % rows === 0 && rows * bytesPerRow <= BLOCK_BYTES) best = rows;
  return best;
}

/**
 * Bytes from a point's matrix to the next, [tiles, channels] each. They are a cache line more than the matrix: a tile's sixteen points are
 * written together, and at distances of a power of two all would share one set of eight lines in the first-level cache.
 */
export const planeBytes = (tiles: number, channels: number): number => tiles * channels * 4 + LINE;

/** The geometry with a row and a column of zeros more where the last tiles reach over the edge. */
export const wholeTiles = (geometry: ConvGeometry, [height, width]: readonly [number, number]): ConvGeometry => {
  const [top, bottom, left, right] = geometry.padding;
  return { ...geometry, padding: [top, bottom + (height % 2), left, right + (width % 2)] };
};

/**
 * Writes the transforms of `tileRows` rows of input tiles from row `block * tileRows` on, point by point: each point's
 * plane is [tiles, channels], `plane` bytes before the next. `corner` is the padded image, `to` moves past the last tile.
 */
export function transformTiles(
  code: Code,
  { inputChannels: cin }: ConvGeometry,
  {
    corner,
    block,
    to,
    pitch,
    plane,
  }: {
    readonly corner: Local;
    readonly block: Local;
    readonly to: Local;
    readonly pitch: number;
    readonly plane: number;
  },
  [tileRows, tilesAcross]: readonly [number, number],
): void {
  const [from, a, out] = code.locals("i32", 3);
  const d = code.locals("v128", 4);
  const half = Array.from({ length: 4 }, () => code.locals("v128", 4));
  const value = code.local("v128");
  code.loop(tileRows, 1, (row) => {
    code.set(from, sum(times(sum(times(block, tileRows), row), 2 * pitch), corner));
    code.loop(tilesAcross, 1, () => {
      code.loop(cin * 4, 16, (channel) => {
        code.set(a, sum(from, channel)).set(out, sum(to, channel));
        for (const j of POINTS) {
          d.forEach((cell, i) => {
            code.set(cell, load(a, i * pitch + j * cin * 4));
          });
          transformInput(code, d, (i) => void code.set(half[i]![j]!));
        }
        for (const i of POINTS)
          transformInput(code, half[i]!, (j) => void code.set(value).store(out, value, (i * 4 + j) * plane));
      });
      code.advance(from, 2 * cin * 4).advance(to, cin * 4);
    });
  });
  code.release(from, a, out, ...d, ...half.flat(), value);
}
