// Convolution as an implicit matrix product: for every four output pixels and eight filters, walk the filter rows of
// the padded image. With pooling, the four pixels are cells of one window: the maximum, its cell, the bias and the
// activation are taken while all of it is still in registers, and the full-size result is never written.
import type { KernelOf, PoolWindow } from "../../../compile/kernels.js";
import type { Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { cutImages, type Emission, type Emitted, kernelFunction, openBand } from "./emission.js";
import { filterRuns, paddedImages } from "./images.js";
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
import { Winners } from "./winners.js";

export function emitConv2d(kernel: KernelOf<"conv2d">, emission: Emission): Emitted {
  const { geometry, pool } = kernel;
  const { batch, inputChannels: cin, outputChannels: cout, strides } = geometry;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const [height, width] = pool?.output ?? geometry.output;
  const bands = cutImages(batch, height);
  const filterAddress = emission.address(kernel.filter);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: cout };
  /** Bytes between neighbouring output pixels' footprints. */
  const right = strides[1] * cin * 4;
  const down = strides[0] * images.pitch;

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { image, start: bandStart, end: bandEnd } = openBand(code, slice, bands);
    const [corner, a] = code.locals("i32", 2) as [Local, Local];
    const position: Position = { row: code.local("i32"), column: code.local("i32"), cell: code.local("i32") };
    images.open(code, image, scratch, corner);

    /** Products of the footprints at these offsets from pointer `a` with one column block. */
    const footprints = (column: Local, vectors: number, rowOffsets: readonly number[]) => {
      const accumulators = makeAccumulators(code, rowOffsets.length, vectors);
      clear(code, accumulators);
      for (const { offset, first, count } of filterRuns(geometry, images.pitch))
        accumulate(emission, code, accumulators, {
          a,
          aOffset: offset,
          rowOffsets,
          aStep: 4,
          b: column,
          bOffset: filterAddress + first * cout * 4,
          bStep: cout * 4,
          count,
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
              const winners = new Winners(code, lanes.length);
              for (const window of windowTiles(pool)) {
                const accumulators = footprints(
                  column,
                  lanes.length,
                  window.map((cell) => Math.floor(cell / pool.size[1]) * down + (cell % pool.size[1]) * right),
                );
                accumulators.forEach((vectors, pixel) => {
                  winners.offer(window[pixel]!, vectors);
                });
                code.release(...accumulators.flat());
              }
              winners.best.forEach((local, v) => {
                finishVector(emission, code, result, block, [0, v], lanes[v]!, local);
              });
              if (kernel.winner !== undefined) winners.store(emission.address(kernel.winner), position.cell, lanes);
              winners.release();
              code
                .advance(a, right * pool.size[1])
                .advance(position.row, 4)
                .advance(position.cell, cout * 4);
            });
        });
      code.release(row);
    });
  });
  return { function: index, slices: bands.slices, scratchBytes: images.bytes };
}

/** The cells of a pooling window in tiles of four. */
function windowTiles({ size }: PoolWindow): number[][] {
  const cells = Array.from({ length: size[0] * size[1] }, (_, cell) => cell);
  const tiles: number[][] = [];
  for (let first = 0; first < cells.length; first += TILE_ROWS) tiles.push(cells.slice(first, first + TILE_ROWS));
  return tiles;
}
