// Matrix products. Slices are blocks of rows (and of columns when there are few rows); k is walked in blocks whose
// operands fit the first-level cache, with partial results parked in the output in between. Where the columns of b lie
// badly (b is stored transposed, or its rows are so long that a column's cells fall into the same cache sets), a panel
// of eight columns is first packed side by side. Where there are several products, rows are counted through all of them.
import type { KernelOf } from "../../../compile/kernels.js";
import type { Code, Local, Operand } from "../assembler/code.js";
import { difference, equal, load, masked, quotient, remainder, sum, times } from "../assembler/operands.js";
import { type Emission, type Emitter, kernelFunction } from "./emission.js";
import { packPanel } from "./panel.js";
import {
  accumulate,
  clear,
  eachVector,
  evenRows,
  finishVector,
  forColumnRange,
  makeAccumulators,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./tile.js";

const K_BLOCK = 256;
/** Fewer row blocks than this, and the columns are shared out as well. */
const ENOUGH_SLICES = 8;
/** Packing pays when this many rows use the panel, and rows of b are this long. */
const PACKING_ROWS = 8;
const LONG_ROW = 512;

export interface MatmulPlan {
  /** True where panels of b are packed. */
  readonly packed: boolean;
  /** Rows of a block, and blocks of a product; products are counted through. */
  readonly rowBlock: number;
  readonly rowBlocks: number;
  readonly columnBlock: number;
  readonly columnBlocks: number;
  readonly kBlocks: number;
  /** Bytes from a row of a to the next, and from one k to the next. */
  readonly aRow: number;
  readonly aStep: number;
  readonly slices: number;
}

type MatmulShape = Pick<KernelOf<"matmul">, "count" | "m" | "n" | "k" | "transposeA" | "transposeB">;

export function planMatmul({ count, m, n, k, transposeA, transposeB }: MatmulShape): MatmulPlan {
  const rowBlock = m >= 512 ? 32 : 16;
  const rowBlocks = Math.ceil(m / rowBlock);
  const blocks = count * rowBlocks;
  const columnShare = blocks >= ENOUGH_SLICES ? n : Math.max(32, Math.ceil((n * blocks) / ENOUGH_SLICES));
  const columnBlock = Math.ceil(columnShare / TILE_COLUMNS) * TILE_COLUMNS;
  const columnBlocks = Math.ceil(n / columnBlock);
  return {
    packed: transposeB || (m >= PACKING_ROWS && n >= LONG_ROW),
    rowBlock,
    rowBlocks,
    columnBlock,
    columnBlocks,
    kBlocks: Math.ceil(k / K_BLOCK),
    aRow: transposeA ? 4 : k * 4,
    aStep: transposeA ? m * 4 : 4,
    slices: blocks * columnBlocks,
  };
}

/** The rows and columns of a slice, [start, end), and walks through them: what the code of its parts shares. */
interface Share {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"matmul">;
  readonly plan: MatmulPlan;
  readonly scratch: Local;
  readonly rowStart: Local;
  readonly rowEnd: Local;
  readonly columnStart: Local;
  readonly columnEnd: Local;
  /** Number of k in this block of k; unused where there is but one block. */
  readonly kCount: Local;
  /** Position of a tile, in bytes of f32. */
  readonly row: Local;
  readonly cell: Local;
  /** Pointers to a tile's operands. */
  readonly a: Local;
  readonly b: Local;
  /** Number of the product; absent where there is but one. */
  readonly product: Local | undefined;
}

/** A share at a panel of columns, from `column` on. */
interface Block extends Share {
  readonly column: Local;
}

export const emitMatmul: Emitter<"matmul"> = (kernel, emission) => {
  const { n, k } = kernel;
  const plan = planMatmul(kernel);
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const [rowStart, rowEnd, columnStart, columnEnd, kCount] = code.locals("i32", 5);
    const [row, cell, a, b] = code.locals("i32", 4);
    const product = kernel.count === 1 ? undefined : code.local("i32");
    const bounds = { rowStart, rowEnd, columnStart, columnEnd, kCount, row, cell, a, b, product };
    const share = { code, emission, kernel, plan, scratch, ...bounds };
    openShare(share, slice);
    code.loop(k, K_BLOCK, (kStart) => {
      if (plan.kBlocks > 1) {
        code.set(kCount, difference(k, kStart));
        code.min(kCount, K_BLOCK).set(kCount);
      }
      forColumnRange(code, n, { first: columnStart, past: columnEnd }, (column, lanes) =>
        emitPanel({ ...share, column }, kStart, lanes),
      );
    });
  });
  return { function: index, slices: plan.slices, scratchBytes: plan.packed ? K_BLOCK * TILE_COLUMNS * 4 : 0 };
};

/** An offset, moved to the share's product: products are `size` apart. */
const inProduct = ({ product }: Share, offset: Operand, size: number): Operand =>
  product === undefined ? offset : sum(offset, times(product, size));

/** Sets the bounds of a slice; rows are counted through all products. */
function openShare(share: Share, slice: Local): void {
  const { code, kernel, plan, rowStart, rowEnd, columnStart, columnEnd, product } = share;
  const { m, n } = kernel;
  let number: Operand = quotient(slice, plan.columnBlocks);
  if (product !== undefined) {
    code.set(rowStart, number).set(product, quotient(rowStart, plan.rowBlocks));
    number = remainder(rowStart, plan.rowBlocks);
  }
  code.tee(rowStart, times(number, plan.rowBlock)).plus(plan.rowBlock);
  code.set(rowEnd).min(rowEnd, m).set(rowEnd);
  if (product !== undefined) for (const bound of [rowStart, rowEnd]) code.set(bound, inProduct(share, bound, m));
  code.tee(columnStart, times(remainder(slice, plan.columnBlocks), plan.columnBlock)).plus(plan.columnBlock);
  code.set(columnEnd).min(columnEnd, n).set(columnEnd);
}

/** All rows of the block times the columns from `column` on that these lanes make. */
function emitPanel(block: Block, kStart: Local, lanes: readonly number[]): void {
  const { code, plan, kernel, rowStart, rowEnd, row } = block;
  const { m } = kernel;
  if (plan.packed) pack(block, kStart, lanes);
  const fullRows = code.local("i32");
  // Rows count in bytes of f32, as positions do.
  code.set(fullRows, times(sum(masked(difference(rowEnd, rowStart), -TILE_ROWS), rowStart), 4));
  code.loopBetween(row, times(rowStart, 4), fullRows, TILE_ROWS * 4, () => emitTile(block, kStart, TILE_ROWS, lanes));
  const left = m % TILE_ROWS;
  if (left > 0)
    code.push(equal(rowEnd, inProduct(block, m, m))).if(() => {
      code.set(row, times(difference(rowEnd, left), 4));
      emitTile(block, kStart, left, lanes);
    });
  code.release(fullRows);
}

/** Packs the panel of b at `column` into scratch. */
function pack(block: Block, kStart: Local, lanes: readonly number[]): void {
  const { code, emission, kernel, plan, scratch, column, b, kCount } = block;
  const { n, k, transposeB } = kernel;
  const [kStep, columnStep] = transposeB ? [4, k * 4] : [n * 4, 4];
  code.set(b, inProduct(block, sum(times(kStart, kStep), times(column, columnStep / 4)), k * n * 4));
  const columns = { at: b, offset: emission.address(kernel.b), kStep, columnStep };
  packPanel(code, columns, lanes, plan.kBlocks === 1 ? k : kCount, scratch);
}

/** A tile of `rows` rows at `row` and `column`: the block's products, on top of those of the blocks of k before. */
function emitTile(block: Block, kStart: Local, rows: number, lanes: readonly number[]): void {
  const { code, emission, kernel, plan, row, column, cell, a } = block;
  const { m, n, k, transposeA } = kernel;
  const address = emission.address(kernel.output);
  const parked = (r: number, v: number): number => address + r * n * 4 + v * 16;
  const accumulators = makeAccumulators(code, rows, lanes.length);
  code.set(cell, sum(times(row, n), column));
  if (plan.kBlocks === 1) clear(code, accumulators);
  else
    code.get(kStart).if(
      () => eachVector(accumulators, (local, r, v) => void code.set(local, load(cell, parked(r, v)))),
      () => clear(code, accumulators),
    );
  const inFirst = sum(times(kStart, plan.aStep), times(row, plan.aRow / 4));
  code.set(a, transposeA ? inProduct(block, inFirst, m * (k - 1) * 4) : inFirst);
  accumulate(emission, code, accumulators, {
    ...columnOperand(block, kStart, lanes),
    a,
    aOffset: emission.address(kernel.a),
    rowOffsets: evenRows(rows, plan.aRow),
    aStep: plan.aStep,
    count: plan.kBlocks === 1 ? k : block.kCount,
  });
  const result = { epilogue: kernel.epilogue, address, columns: n };
  const finish = (): void =>
    eachVector(accumulators, (local, r, v) => {
      finishVector(emission, code, result, { row, column, cell }, [r, v], lanes[v]!, local);
    });
  if (plan.kBlocks === 1) finish();
  else
    code
      .push(equal(kStart, (plan.kBlocks - 1) * K_BLOCK))
      .if(finish, () =>
        eachVector(accumulators, (local, r, v) => void code.store(cell, local, parked(r, v), lanes[v]!)),
      );
  code.release(...accumulators.flat());
}

/** The columns of b at `column`, from the panel in scratch or where they lie. */
function columnOperand(block: Block, kStart: Local, lanes: readonly number[]) {
  const { code, emission, kernel, plan, scratch, column, b } = block;
  const { n, k } = kernel;
  if (plan.packed) return { b: scratch, bOffset: 0, bStep: lanes.length * 16 };
  code.set(b, inProduct(block, sum(times(kStart, n * 4), column), k * n * 4));
  return { b, bOffset: emission.address(kernel.b), bStep: n * 4 };
}
