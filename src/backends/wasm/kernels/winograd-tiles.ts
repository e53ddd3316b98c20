// What Winograd's kernels share: the transforms of rows and columns of a tile, and how an image is cut into blocks of
// tile rows whose transforms fit the second-level cache.
import type { ConvGeometry } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";

const BLOCK_BYTES = 192 * 1024;
export const POINTS = [0, 1, 2, 3] as const;

/** Pushes a + b or a - b. */
const sum = (code: Code, a: Local, b: Local): Code => code.get(a).get(b).op(OP.f32x4_add);
const difference = (code: Code, a: Local, b: Local): Code => code.get(a).get(b).op(OP.f32x4_sub);

/** [x0 - x2, x1 + x2, x2 - x1, x1 - x3]: one row or column of B' d, each result handed to `put`. */
export function transformInput(code: Code, x: readonly Local[], put: (i: number) => void): void {
  const [x0, x1, x2, x3] = x as [Local, Local, Local, Local];
  difference(code, x0, x2);
  put(0);
  sum(code, x1, x2);
  put(1);
  difference(code, x2, x1);
  put(2);
  difference(code, x1, x3);
  put(3);
}

/** [x0 + x1 + x2, x1 - x2 - x3]: one row or column of A' m. */
export function transformOutput(code: Code, x: readonly Local[], put: (i: number) => void): void {
  const [x0, x1, x2, x3] = x as [Local, Local, Local, Local];
  sum(code, x0, x1).get(x2).op(OP.f32x4_add);
  put(0);
  difference(code, x1, x2).get(x3).op(OP.f32x4_sub);
  put(1);
}

/** [x0, (x0 + x1 + x2) / 2, (x0 - x1 + x2) / 2, x2]: one row or column of G g. */
export function transformFilter(code: Code, x: readonly Local[], put: (i: number) => void): void {
  const [x0, x1, x2] = x as [Local, Local, Local];
  code.get(x0);
  put(0);
  sum(code, x0, x2).get(x1).op(OP.f32x4_add).f32x4(0.5).op(OP.f32x4_mul);
  put(1);
  sum(code, x0, x2).get(x1).op(OP.f32x4_sub).f32x4(0.5).op(OP.f32x4_mul);
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

/** The geometry with a row and a column of zeros more where the last tiles reach over the edge. */
export const wholeTiles = (geometry: ConvGeometry, [height, width]: readonly [number, number]): ConvGeometry => {
  const [top, bottom, left, right] = geometry.padding;
  return { ...geometry, padding: [top, bottom + (height % 2), left, right + (width % 2)] };
};

/**
 * Writes the transforms of `tileRows` rows of input tiles from row `block * tileRows` on, point by point: each point's
 * plane is [tiles, channels]. `corner` is the padded image, `to` moves past the last tile.
 */
export function transformTiles(
  code: Code,
  { inputChannels: cin }: ConvGeometry,
  { corner, block, to, pitch }: { corner: Local; block: Local; to: Local; pitch: number },
  [tileRows, tilesAcross]: readonly [number, number],
): void {
  const plane = tileRows * tilesAcross * cin * 4;
  const [from, a, out] = code.locals("i32", 3) as [Local, Local, Local];
  const d = code.locals("v128", 4);
  const half = Array.from({ length: 4 }, () => code.locals("v128", 4));
  const value = code.local("v128");
  code.loop(tileRows, 1, (row) => {
    code
      .get(block)
      .times(tileRows)
      .get(row)
      .op(OP.i32_add)
      .times(2 * pitch);
    code.get(corner).op(OP.i32_add).set(from);
    code.loop(tilesAcross, 1, () => {
      code.loop(cin * 4, 16, (channel) => {
        code.get(from).get(channel).op(OP.i32_add).set(a).get(to).get(channel).op(OP.i32_add).set(out);
        for (const j of POINTS) {
          d.forEach((cell, i) => {
            code
              .get(a)
              .memory("v128_load", i * pitch + j * cin * 4)
              .set(cell);
          });
          transformInput(code, d, (i) => void code.set(half[i]![j]!));
        }
        for (const i of POINTS)
          transformInput(code, half[i]!, (j) => {
            code.set(value).get(out).get(value);
            code.memory("v128_store", (i * 4 + j) * plane);
          });
      });
      code.advance(from, 2 * cin * 4).advance(to, cin * 4);
    });
  });
  code.release(from, a, out, ...d, ...half.flat(), value);
}
