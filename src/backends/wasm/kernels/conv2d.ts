// Convolution as an implicit matrix product: for every four output pixels and eight filters, walk the filter rows of
// the padded image. With pooling, the four pixels are cells of one window: the maximum, its cell, the bias and the
// activation are taken while all of it is still in registers, and the full-size result is never written.
import type { KernelOf, PoolWindow } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { type Emission, type Emitted, kernelFunction } from "./emission.js";
import { paddedImages } from "./images.js";
import {
  accumulate,
  clear,
  evenRows,
  finishVector,
  forColumnBlocks,
  makeAccumulators,
  type Position,
  TILE_ROWS,
} from "./tile.js";
import { storeBytes } from "./vectors.js";

/** With fewer images than this, an image is cut into bands of rows. */
const ENOUGH_SLICES = 16;

export function emitConv2d(kernel: KernelOf<"conv2d">, emission: Emission): Emitted {
  const { geometry, pool } = kernel;
  const { batch, filter, inputChannels: cin, outputChannels: cout, strides } = geometry;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const [height, width] = pool?.output ?? geometry.output;
  const bands = Math.min(height, Math.max(1, Math.floor(ENOUGH_SLICES / batch)));
  const bandRows = Math.ceil(height / bands);
  const slicesPerImage = Math.ceil(height / bandRows);
  const filterAddress = emission.address(kernel.filter);
  const run = filter[1] * cin;
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: cout };
  /** Bytes between neighbouring output pixels' footprints. */
  const right = strides[1] * cin * 4;
  const down = strides[0] * images.pitch;

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const [image, corner, bandStart, bandEnd, a] = code.locals("i32", 5) as [Local, Local, Local, Local, Local];
    const position: Position = { row: code.local("i32"), column: code.local("i32"), cell: code.local("i32") };
    code.get(slice).i32(slicesPerImage).op(OP.i32_div_u).set(image);
    images.open(code, image, scratch, corner);
    code.get(slice).i32(slicesPerImage).op(OP.i32_rem_u).times(bandRows).tee(bandStart);
    code.i32(bandRows).op(OP.i32_add).set(bandEnd).min(bandEnd, height).set(bandEnd);

    /** Products of the footprints at these offsets from pointer `a` with one column block. */
    const footprints = (column: Local, vectors: number, rowOffsets: readonly number[]) => {
      const accumulators = makeAccumulators(code, rowOffsets.length, vectors);
      clear(code, accumulators);
      for (let ky = 0; ky < filter[0]; ky++)
        accumulate(emission, code, accumulators, {
          a,
          aOffset: ky * images.pitch,
          rowOffsets,
          aStep: 4,
          b: column,
          bOffset: filterAddress + ky * run * cout * 4,
          bStep: cout * 4,
          count: run,
        });
      return accumulators;
    };
    const pixelRow = (row: Local): void => {
      // position.row counts pixels of the whole batch times 4.
      code
        .get(image)
        .times(height * width * 4)
        .get(row)
        .times(width * 4)
        .op(OP.i32_add)
        .set(position.row);
    };

    forColumnBlocks(code, cout, (column, lanes) => {
      const block = { ...position, column };
      const row = code.local("i32");
      code
        .get(bandStart)
        .set(row)
        .loopFrom(row, bandEnd, 1, () => {
          pixelRow(row);
          code.get(position.row).times(cout).get(column).op(OP.i32_add).set(position.cell);
          code
            .get(corner)
            .get(row)
            .times(down * (pool?.size[0] ?? 1))
            .op(OP.i32_add)
            .set(a);
          if (pool === undefined) {
            const tile = (pixels: number) => (): void => {
              const accumulators = footprints(column, lanes.length, evenRows(pixels, right));
              accumulators.forEach((vectors, r) => {
                vectors.forEach((local, v) => {
                  finishVector(emission, code, result, block, [r, v], lanes[v]!, local);
                });
              });
              code.release(...accumulators.flat());
              code
                .advance(a, right * pixels)
                .advance(position.row, pixels * 4)
                .advance(position.cell, pixels * cout * 4);
            };
            code.loop(Math.floor(width / TILE_ROWS), 1, tile(TILE_ROWS));
            if (width % TILE_ROWS > 0) tile(width % TILE_ROWS)();
          } else
            code.loop(width, 1, () => {
              const { best, cells } = poolWindow(code, pool, lanes.length, (window) =>
                footprints(
                  column,
                  lanes.length,
                  window.map((cell) => Math.floor(cell / pool.size[1]) * down + (cell % pool.size[1]) * right),
                ),
              );
              best.forEach((local, v) => {
                finishVector(emission, code, result, block, [0, v], lanes[v]!, local);
              });
              if (kernel.winner !== undefined)
                storeWinners(code, emission.address(kernel.winner), position.cell, cells, lanes);
              code.release(...best, ...cells);
              code
                .advance(a, right * pool.size[1])
                .advance(position.row, 4)
                .advance(position.cell, cout * 4);
            });
        });
      code.release(row);
    });
  });
  return { function: index, slices: batch * slicesPerImage, scratchBytes: images.bytes };
}

/** Runs `footprints` over the cells of a pooling window, four at a time, keeping maxima and where they were. */
function poolWindow(
  code: Code,
  { size }: PoolWindow,
  vectors: number,
  footprints: (cells: readonly number[]) => readonly (readonly Local[])[],
): { best: Local[]; cells: Local[] } {
  const best = code.locals("v128", vectors);
  const cells = code.locals("v128", vectors);
  const better = code.local("v128");
  const all = Array.from({ length: size[0] * size[1] }, (_, cell) => cell);
  for (let first = 0; first < all.length; first += TILE_ROWS) {
    const window = all.slice(first, first + TILE_ROWS);
    const accumulators = footprints(window);
    accumulators.forEach((locals, pixel) => {
      locals.forEach((local, v) => {
        const cell = window[pixel]!;
        if (cell === 0) {
          code.get(local).set(best[v]!).i32x4(0).set(cells[v]!);
          return;
        }
        // Strictly greater: the first among ties wins, as in the reference.
        code.get(local).get(best[v]!).op(OP.f32x4_gt).set(better);
        code.i32x4(cell).get(cells[v]!).get(better).op(OP.v128_bitselect).set(cells[v]!);
        code.get(local).get(best[v]!).get(better).op(OP.v128_bitselect).set(best[v]!);
      });
    });
    code.release(...accumulators.flat());
  }
  code.release(better);
  return { best, cells };
}

/** Stores the winning cells as bytes; `cell` is the position in bytes of f32. */
function storeWinners(
  code: Code,
  address: number,
  cell: Local,
  cells: readonly Local[],
  lanes: readonly number[],
): void {
  const pointer = code.local("i32");
  code.get(cell).i32(2).op(OP.i32_shr_u).set(pointer);
  cells.forEach((local, v) => {
    if (lanes[v] === 4) storeBytes(code, pointer, local, address + v * 4);
    else
      for (let lane = 0; lane < lanes[v]!; lane++)
        code
          .get(pointer)
          .get(local)
          .lane("i32x4_extract_lane", lane)
          .memory("i32_store8", address + v * 4 + lane);
  });
  code.release(pointer);
}
