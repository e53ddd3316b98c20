// Matrix products. Slices are blocks of rows (and of columns when there are few rows); k is walked in blocks whose
// operands fit the first-level cache, with partial results parked in the output in between. Where the columns of b lie
// badly (b is stored transposed, or its rows are so long that a column's cells fall into the same cache sets), a panel
// of eight columns is first packed side by side. Where there are several products, rows are counted through all of them.
import type { Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { type Emitter, kernelFunction } from "./emission.js";
import { packPanel } from "./panel.js";
import { accumulate, clear, evenRows, finishVector, makeAccumulators, TILE_COLUMNS, TILE_ROWS } from "./tile.js";

const K_BLOCK = 256;
/** Fewer row blocks than this, and the columns are shared out as well. */
const ENOUGH_SLICES = 8;
/** Packing pays when this many rows use the panel, and rows of b are this long. */
const PACKING_ROWS = 8;
const LONG_ROW = 512;

export const emitMatmul: Emitter<"matmul"> = (kernel, emission) => {
  const { count: products, m, n, k, transposeA, transposeB } = kernel;
  const packed = transposeB || (m >= PACKING_ROWS && n >= LONG_ROW);
  const rowBlock = m >= 512 ? 32 : 16;
  const rowBlocks = Math.ceil(m / rowBlock);
  const blocks = products * rowBlocks;
  const columnShare = blocks >= ENOUGH_SLICES ? n : Math.max(32, Math.ceil((n * blocks) / ENOUGH_SLICES));
  const columnBlock = Math.ceil(columnShare / TILE_COLUMNS) * TILE_COLUMNS;
  const columnBlockCount = Math.ceil(n / columnBlock);
  const [aAddress, bAddress, address] = [kernel.a, kernel.b, kernel.output].map(emission.address) as [
    number,
    number,
    number,
  ];
  const aRow = transposeA ? 4 : k * 4;
  const aStep = transposeA ? m * 4 : 4;
  const kBlocks = Math.ceil(k / K_BLOCK);
  const result = { epilogue: kernel.epilogue, address, columns: n };

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const [rowStart, rowEnd, columnStart, columnEnd, fullEnd, kCount] = code.locals("i32", 6);
    const [row, column, cell, a, b] = code.locals("i32", 5);
    code.get(slice).i32(columnBlockCount).op(OP.i32_div_u);
    const product = products === 1 ? undefined : code.local("i32");
    if (product !== undefined) {
      code.set(rowStart).get(rowStart).i32(rowBlocks).op(OP.i32_div_u).set(product);
      code.get(rowStart).i32(rowBlocks).op(OP.i32_rem_u);
    }
    code.times(rowBlock).tee(rowStart);
    code.i32(rowBlock).op(OP.i32_add).set(rowEnd).min(rowEnd, m).set(rowEnd);
    const shifted = (size: number): void => {
      if (product !== undefined) code.get(product).times(size).op(OP.i32_add);
    };
    if (product !== undefined)
      for (const bound of [rowStart, rowEnd]) {
        code.get(bound);
        shifted(m);
        code.set(bound);
      }
    code.get(slice).i32(columnBlockCount).op(OP.i32_rem_u).times(columnBlock).tee(columnStart);
    code.i32(columnBlock).op(OP.i32_add).set(columnEnd).min(columnEnd, n).set(columnEnd);

    const tile = (kStart: Local, rows: number, lanes: readonly number[]): void => {
      const accumulators = makeAccumulators(code, rows, lanes.length);
      code.get(row).times(n).get(column).op(OP.i32_add).set(cell);
      const park = (load: boolean): void =>
        accumulators.forEach((vectors, r) => {
          vectors.forEach((local, v) => {
            const offset = address + r * n * 4 + v * 16;
            if (load) code.get(cell).memory("v128_load", offset).set(local);
            else if (lanes[v] === 4) code.get(cell).get(local).memory("v128_store", offset);
            else
              for (let lane = 0; lane < lanes[v]!; lane++)
                code
                  .get(cell)
                  .get(local)
                  .memoryLane("v128_store32_lane", lane, offset + lane * 4);
          });
        });
      if (kBlocks === 1) clear(code, accumulators);
      else
        code.get(kStart).if(
          () => park(true),
          () => clear(code, accumulators),
        );
      code
        .get(kStart)
        .times(aStep)
        .get(row)
        .times(aRow / 4)
        .op(OP.i32_add);
      if (transposeA) shifted(m * (k - 1) * 4);
      code.set(a);
      const count = kBlocks === 1 ? k : kCount;
      const rowOperand = { a, aOffset: aAddress, rowOffsets: evenRows(rows, aRow), aStep };
      if (packed)
        accumulate(emission, code, accumulators, {
          ...rowOperand,
          b: scratch,
          bOffset: 0,
          bStep: lanes.length * 16,
          count,
        });
      else {
        code
          .get(kStart)
          .times(n * 4)
          .get(column)
          .op(OP.i32_add);
        shifted(k * n * 4);
        code.set(b);
        accumulate(emission, code, accumulators, { ...rowOperand, b, bOffset: bAddress, bStep: n * 4, count });
      }
      const finish = (): void =>
        accumulators.forEach((vectors, r) => {
          vectors.forEach((local, v) => {
            finishVector(emission, code, result, { row, column, cell }, [r, v], lanes[v]!, local);
          });
        });
      if (kBlocks === 1) finish();
      else
        code
          .get(kStart)
          .i32((kBlocks - 1) * K_BLOCK)
          .op(OP.i32_eq)
          .if(finish, () => park(false));
      code.release(...accumulators.flat());
    };
    const pack = (kStart: Local, lanes: readonly number[]): void => {
      const [kStep, columnStep] = transposeB ? [4, k * 4] : [n * 4, 4];
      code
        .get(kStart)
        .times(kStep)
        .get(column)
        .times(columnStep / 4)
        .op(OP.i32_add);
      shifted(k * n * 4);
      code.set(b);
      const columns = { at: b, offset: bAddress, kStep, columnStep };
      packPanel(code, columns, lanes, kBlocks === 1 ? k : kCount, scratch);
    };
    const rowsOf = (kStart: Local, lanes: readonly number[]): void => {
      if (packed) pack(kStart, lanes);
      const fullRows = code.local("i32");
      // Rows count in bytes of f32, as positions do.
      code.get(rowEnd).get(rowStart).op(OP.i32_sub).i32(-TILE_ROWS).op(OP.i32_and).get(rowStart).op(OP.i32_add);
      code.times(4).set(fullRows);
      code
        .get(rowStart)
        .times(4)
        .tee(row)
        .get(fullRows)
        .op(OP.i32_lt_u)
        .if(() => {
          code.loopFrom(row, fullRows, TILE_ROWS * 4, () => tile(kStart, TILE_ROWS, lanes));
        });
      if (m % TILE_ROWS > 0) {
        code.get(rowEnd).i32(m);
        shifted(m);
        code.op(OP.i32_eq).if(() => {
          code
            .get(rowEnd)
            .i32(m % TILE_ROWS)
            .op(OP.i32_sub)
            .times(4)
            .set(row);
          tile(kStart, m % TILE_ROWS, lanes);
        });
      }
      code.release(fullRows);
    };
    code.loop(k, K_BLOCK, (kStart) => {
      if (kBlocks > 1) {
        code.i32(k).get(kStart).op(OP.i32_sub).set(kCount);
        code.min(kCount, K_BLOCK).set(kCount);
      }
      code.get(columnEnd).get(columnStart).op(OP.i32_sub).i32(-TILE_COLUMNS).op(OP.i32_and);
      code.get(columnStart).op(OP.i32_add).times(4).set(fullEnd);
      code
        .get(columnStart)
        .times(4)
        .tee(column)
        .get(fullEnd)
        .op(OP.i32_lt_u)
        .if(() => {
          code.loopFrom(column, fullEnd, TILE_COLUMNS * 4, () => rowsOf(kStart, [4, 4]));
        });
      const left = n % TILE_COLUMNS;
      if (left > 0)
        code
          .get(columnEnd)
          .i32(n)
          .op(OP.i32_eq)
          .if(() => {
            code.i32((n - left) * 4).set(column);
            rowsOf(kStart, left <= 4 ? [left] : [4, left - 4]);
          });
    });
  });
  return {
    function: index,
    slices: blocks * columnBlockCount,
    scratchBytes: packed ? K_BLOCK * TILE_COLUMNS * 4 : 0,
  };
};
