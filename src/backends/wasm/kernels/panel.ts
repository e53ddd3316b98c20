// Packing a panel of up to eight columns of a matrix side by side, [k, columns], so that a register tile reads it
// straight through. Rows of a transposed matrix are turned four by four.
import type { Code, Local } from "../assembler/code.js";
import { load, loadAs, masked, shifted } from "../assembler/operands.js";
import { TILE_COLUMNS } from "./tile.js";

/** Bytes of filters that stay in the first-level cache as they lie, and tiles that make up for packing their panel. */
const [SMALL_FILTERS, PACKING_TILES] = [16 * 1024, 8];

/** The column operand of register tiles. */
export interface ColumnOperand {
  readonly b: Local;
  readonly bOffset: number;
  readonly bStep: number;
}

/** Filters as the tiles of a convolution read them: panels of eight columns that are packed, or the filters as they lie. */
export interface FilterPanels {
  /** Bytes of scratch for a panel. */
  readonly bytes: number;
  /** The operand of the columns from `column` on, which are packed at `panel` if need be. */
  readonly open: (code: Code, column: Local, lanes: readonly number[], panel: Local) => ColumnOperand;
}

/**
 * Filters of a convolution, [k, columns].
 * @param address Address of the filters.
 * @param tiles Tiles of a slice that read a panel.
 */
export function filterPanels(
  address: number,
  { k, columns }: { readonly k: number; readonly columns: number },
  tiles: number,
): FilterPanels {
  const pitch = columns * 4;
  if (k * pitch <= SMALL_FILTERS || tiles < PACKING_TILES)
    return { bytes: 0, open: (_code, column) => ({ b: column, bOffset: address, bStep: pitch }) };
  return {
    bytes: k * TILE_COLUMNS * 4,
    open: (code, column, lanes, panel) => {
      packPanel(code, { at: column, offset: address, kStep: pitch, columnStep: 4 }, lanes, k, panel);
      return { b: panel, bOffset: 0, bStep: lanes.length * 16 };
    },
  };
}

/** Place of the panel's first cell in the matrix, and the steps from there. */
export interface Columns {
  /** Pointer to the first cell, and an offset to it. */
  readonly at: Local;
  readonly offset: number;
  /** Bytes to the next k. */
  readonly kStep: number;
  /** Bytes to the next column. */
  readonly columnStep: number;
}

/** Writes `count` rows of vectors with these lanes to `target`; lanes beyond them are of no consequence. */
export function packPanel(
  code: Code,
  columns: Columns,
  lanes: readonly number[],
  count: Local | number,
  target: Local,
): void {
  const pitch = lanes.length * 16;
  const [from, to, left] = code.locals("i32", 3);
  code.set(from, columns.at).set(to, target);
  if (columns.columnStep === 4)
    code.loop(count, 1, () => {
      lanes.forEach((_, v) => {
        code.get(to).push(load(from, columns.offset + v * 16));
        code.memory("v128_store", v * 16);
      });
      code.advance(from, columns.kStep).advance(to, pitch);
    });
  else {
    code.set(left, shifted(count, 2)).loop(left, 1, () => {
      lanes.forEach((inUse, v) => {
        transpose(code, columns, from, to, v, inUse, pitch);
      });
      code.advance(from, 16).advance(to, 4 * pitch);
    });
    code.set(left, masked(count, 3)).loop(left, 1, () => {
      lanes.forEach((inUse, v) => {
        for (let lane = 0; lane < inUse; lane++) {
          code.get(to).push(loadAs("f32_load", from, columns.offset + (v * 4 + lane) * columns.columnStep));
          code.memory("f32_store", v * 16 + lane * 4);
        }
      });
      code.advance(from, 4).advance(to, pitch);
    });
  }
  code.release(from, to, left);
}

/** Four k of the columns of vector `v`. */
function transpose(
  code: Code,
  { offset, columnStep }: Columns,
  from: Local,
  to: Local,
  v: number,
  inUse: number,
  pitch: number,
): void {
  const rows = code.locals("v128", 4);
  const halves = code.locals("v128", 4);
  rows.forEach((row, lane) => {
    code.set(row, load(from, offset + (v * 4 + Math.min(lane, inUse - 1)) * columnStep));
  });
  const [r0, r1, r2, r3] = rows;
  const [h0, h1, h2, h3] = halves;
  code.get(r0).get(r1).shuffle([0, 4, 1, 5]).set(h0).get(r2).get(r3).shuffle([0, 4, 1, 5]).set(h1);
  code.get(r0).get(r1).shuffle([2, 6, 3, 7]).set(h2).get(r2).get(r3).shuffle([2, 6, 3, 7]).set(h3);
  const turned = [
    [h0, h1, [0, 1, 4, 5]],
    [h0, h1, [2, 3, 6, 7]],
    [h2, h3, [0, 1, 4, 5]],
    [h2, h3, [2, 3, 6, 7]],
  ] as const;
  turned.forEach(([a, b, lanes], i) => {
    code.get(to).get(a).get(b).shuffle(lanes);
    code.memory("v128_store", i * pitch + v * 16);
  });
  code.release(...rows, ...halves);
}
