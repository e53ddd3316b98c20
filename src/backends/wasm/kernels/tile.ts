// The register tile behind every product: up to four rows by two vectors of columns, accumulated over k. Four by eight
// is the largest tile that V8 keeps in the sixteen vector registers of x86-64 without spilling. Products and additions
// are separate instructions in reproducible mode, one relaxed multiply-add in fast mode.
import type { Expression, Leaf } from "../../../compile/kernels.js";
import { byteWidth } from "../../../core/dtype.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { difference, equal, load, loadAs, masked, shifted, sum, times } from "../assembler/operands.js";
import type { Emission } from "./emission.js";
import { emitExpression, loadSplat, loadVector, type Results } from "./vectors.js";

export const TILE_ROWS = 4;
/** Columns of a full tile: two vectors. */
export const TILE_COLUMNS = 8;
/** Products this short are written out without a loop; longer straight-line code makes V8 spill and takes twice as long. */
const UNROLL = 2;

/** accumulators[row][vector] */
export type Accumulators = readonly (readonly Local[])[];

/** Offsets of rows that lie `bytes` apart. */
export const evenRows = (rows: number, bytes: number): number[] => Array.from({ length: rows }, (_, r) => r * bytes);

export function makeAccumulators(code: Code, rows: number, vectors: number): Accumulators {
  return Array.from({ length: rows }, () => code.locals("v128", vectors));
}

/** Calls `body` for each accumulator with its row and vector. */
export function eachVector(
  accumulators: Accumulators,
  body: (local: Local, row: number, vector: number) => void,
): void {
  accumulators.forEach((vectors, row) => {
    vectors.forEach((local, vector) => {
      body(local, row, vector);
    });
  });
}

export function clear(code: Code, accumulators: Accumulators): void {
  for (const accumulator of accumulators.flat()) code.f32x4(0).set(accumulator);
}

export interface Products {
  /** Pointer to the row operand; row r is read `rowOffsets[r]` bytes further on. */
  readonly a: Local;
  readonly aOffset: number;
  readonly rowOffsets: readonly number[];
  readonly aStep: number;
  /** Pointer to the column operand. */
  readonly b: Local;
  readonly bOffset: number;
  readonly bStep: number;
  /** Number of k. */
  readonly count: number | Local;
}

/** accumulators[r][v] += a[k][r] * b[k][v] for every k. Leaves both pointers as they were. */
export function accumulate(
  { mode }: Pick<Emission, "mode">,
  code: Code,
  accumulators: Accumulators,
  products: Products,
): void {
  const vectors = accumulators[0]!.length;
  const columns = code.locals("v128", vectors);
  const row = code.local("v128");
  const step = (a: Local, b: Local, aOffset: number, bOffset: number): void => {
    columns.forEach((column, v) => {
      code.set(column, load(b, products.bOffset + bOffset + v * 16));
    });
    accumulators.forEach((accumulator, r) => {
      code.set(row, loadAs("v128_load32_splat", a, products.aOffset + aOffset + products.rowOffsets[r]!));
      accumulator.forEach((local, v) => {
        code.multiplyAdd(mode, local, row, columns[v]!).set(local);
      });
    });
  };
  const { a, b, aStep, bStep, count } = products;
  if (typeof count === "number" && count <= UNROLL) for (let k = 0; k < count; k++) step(a, b, k * aStep, k * bStep);
  else {
    const [pa, pb, end] = code.locals("i32", 3);
    code.set(pa, a).tee(pb, b).plus(times(count, bStep)).set(end);
    code.block(({ again }) => {
      step(pa, pb, 0, 0);
      code.advance(pa, aStep).advance(pb, bStep).get(pb).get(end).op(OP.i32_ne);
      again();
    });
    code.release(pa, pb, end);
  }
  code.release(...columns, row);
}

/** Place of a tile's first element in the result matrix, in bytes of f32. */
export interface Position {
  /** Row number times 4. */
  readonly row: Local;
  /** Column number times 4. */
  readonly column: Local;
  /** Offset of the element from the matrix's start. */
  readonly cell: Local;
}

/** A position whose three locals are fresh. */
export function freshPosition(code: Code): Position {
  const [row, column, cell] = code.locals("i32", 3);
  return { row, column, cell };
}

export interface MatrixResult {
  readonly epilogue: Expression;
  /** Byte address of the result matrix. */
  readonly address: number;
  readonly columns: number;
}

/** Applies the epilogue to one vector of results, `row` rows and `vector` vectors into the tile, and stores it. */
export function finishVector(
  emission: Emission,
  code: Code,
  { epilogue, address, columns }: MatrixResult,
  position: Position,
  [row, vector]: readonly [number, number],
  lanes: number,
  accumulator: Local,
): void {
  const ahead = row * columns + vector * 4;
  const loadLeaf = (leaf: Leaf): void => {
    const { dtype } = leaf.buffer;
    const width = byteWidth(dtype);
    const base = emission.address(leaf.buffer) + leaf.offset * width;
    const at = (pointer: Local): Code => code.push(width === 1 ? shifted(pointer, 2) : pointer);
    const [perRow, perColumn] = leaf.strides as [number, number];
    if (perRow === columns && perColumn === 1) {
      at(position.cell);
      loadVector(code, dtype, base + ahead * width);
    } else if (perColumn === 1) {
      at(position.column);
      loadVector(code, dtype, base + vector * 4 * width);
    } else if (perRow === 1) {
      at(position.row);
      loadSplat(code, dtype, base + row * width);
    } else {
      code.i32(0);
      loadSplat(code, dtype, base);
    }
  };
  const results: Results = emitExpression(code, epilogue, loadLeaf, accumulator);
  code.store(position.cell, results.locals[0]!, address + ahead * 4, lanes);
  results.release();
}

/** Calls `tile` with TILE_ROWS for all whole tiles among `rows`, then with the number of rows that are left. */
export function forTiles(code: Code, rows: number, tile: (rows: number) => void): void {
  code.loop(Math.floor(rows / TILE_ROWS), 1, () => tile(TILE_ROWS));
  if (rows % TILE_ROWS > 0) tile(rows % TILE_ROWS);
}

/** The column blocks of a matrix: full tiles first, then what is left as one narrower tile. */
export function columnBlocks(columns: number): { full: number; rest: number[] } {
  const full = Math.floor(columns / TILE_COLUMNS);
  const left = columns % TILE_COLUMNS;
  return { full, rest: left === 0 ? [] : left <= 4 ? [left] : [4, left - 4] };
}

/** Calls `body` for each column block with its first column (times 4) and the lanes that count in each vector. */
export function forColumnBlocks(
  code: Code,
  columns: number,
  body: (column: Local, lanes: readonly number[]) => void,
): void {
  const { full, rest } = columnBlocks(columns);
  code.loop(full * TILE_COLUMNS * 4, TILE_COLUMNS * 4, (column) => body(column, [4, 4]));
  if (rest.length > 0) {
    const column = code.local("i32");
    code.set(column, full * TILE_COLUMNS * 4);
    body(column, rest);
    code.release(column);
  }
}

/** The same for the columns from `first`, a multiple of a tile's, up to `past`, which is another or the end. */
export function forColumnRange(
  code: Code,
  columns: number,
  { first, past }: { readonly first: Local; readonly past: Local },
  body: (column: Local, lanes: readonly number[]) => void,
): void {
  const { full, rest } = columnBlocks(columns);
  const [column, end] = code.locals("i32", 2);
  code.set(end, times(sum(masked(difference(past, first), -TILE_COLUMNS), first), 4));
  code.loopBetween(column, times(first, 4), end, TILE_COLUMNS * 4, () => body(column, [4, 4]));
  if (rest.length > 0)
    code.push(equal(past, columns)).if(() => {
      code.set(column, full * TILE_COLUMNS * 4);
      body(column, rest);
    });
  code.release(column, end);
}
