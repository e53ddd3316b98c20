// Convolution by Winograd's F(2x2, 3x3) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016):
// tiles of 4 x 4 pixels and the filters are transformed, multiplied point by point (16 small matrix products instead
// of one with 36 products per four pixels), and transformed back, where pooling, bias and activation are taken.
//   input    V = B' d B   B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1]
//   filter   U = G g G'   G  = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1]
//   output   y = A' m A   A' = [1 1 1 0; 0 1 -1 -1]
import { computedSize } from "../../../compile/geometry.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { cut, cutImages, type Emitter, kernelFunction, openBand, sliceRange } from "./emission.js";
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
import { Winners } from "./winners.js";
import {
  POINTS,
  rowsPerBlock,
  transformFilter,
  transformOutput,
  transformTiles,
  wholeTiles,
} from "./winograd-tiles.js";

export const emitWinogradFilter: Emitter<"winogradFilter"> = ({ size, ...kernel }, emission) => {
  const [filter, output] = [emission.address(kernel.filter), emission.address(kernel.output)];
  const vectors = size / 4;
  const { slices, chunk } = cut(vectors, 64);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, vectors);
    const at = code.local("i32");
    const half = Array.from({ length: 4 }, () => code.locals("v128", 3));
    const cells = code.locals("v128", 3);
    code.loopFrom(start, end, 1, () => {
      code.get(start).times(16).set(at);
      for (const j of [0, 1, 2]) {
        cells.forEach((cell, i) => {
          code
            .get(at)
            .memory("v128_load", filter + (i * 3 + j) * size * 4)
            .set(cell);
        });
        transformFilter(code, cells, (i) => void code.set(half[i]![j]!));
      }
      const result = code.local("v128");
      for (const i of POINTS)
        transformFilter(code, half[i]!, (j) => {
          code.set(result).get(at).get(result);
          code.memory("v128_store", output + (i * 4 + j) * size * 4);
        });
      code.release(result);
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export const emitWinogradConv2d: Emitter<"winogradConv2d"> = (kernel, emission) => {
  const { geometry, pool } = kernel;
  const { batch, inputChannels: cin, outputChannels: cout } = geometry;
  const [height, width] = computedSize(geometry, pool);
  const [tilesDown, tilesAcross] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const images = paddedImages(emission, wholeTiles(geometry, [height, width]), kernel.prologue);
  /** Tiles of one pooling window, down and across. */
  const window = pool === undefined ? ([1, 1] as const) : ([pool.size[0] / 2, pool.size[1] / 2] as const);
  const blockRows = rowsPerBlock(tilesDown, window[0], 16 * tilesAcross * (cin + cout) * 4);
  const tiles = blockRows * tilesAcross;
  const blocks = tilesDown / blockRows;
  const bands = cutImages(batch, blocks);
  const inputPlane = tiles * cin * 4;
  const outputPlane = tiles * cout * 4;
  const filterAddress = emission.address(kernel.filter);
  const result = { epilogue: kernel.epilogue, address: emission.address(kernel.output), columns: cout };
  /** Results per image, and per row and block. */
  const [resultRows, resultColumns] = pool?.output ?? [height, width];

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { image, start: block, end: blockEnd } = openBand(code, slice, bands);
    const [corner, v, m, to] = code.locals("i32", 4) as [Local, Local, Local, Local];
    images.open(code, image, scratch, corner);
    code
      .get(scratch)
      .i32(images.bytes)
      .op(OP.i32_add)
      .tee(v)
      .i32(16 * inputPlane)
      .op(OP.i32_add)
      .set(m);
    code.loopFrom(block, blockEnd, 1, () => {
      code.get(v).set(to);
      transformTiles(code, geometry, { corner, block, to, pitch: images.pitch }, [blockRows, tilesAcross]);
      multiply(code);
      code.loop(blockRows / window[0], 1, (row) => finishRow(code, row));
    });

    function multiply(code: Code): void {
      const [a, b, out] = code.locals("i32", 3) as [Local, Local, Local];
      code.loop(16, 1, (point) => {
        forColumnBlocks(code, cout, (column, lanes) => {
          code.get(point).times(inputPlane).get(v).op(OP.i32_add).set(a);
          code
            .get(point)
            .times(cin * cout * 4)
            .get(column)
            .op(OP.i32_add)
            .set(b);
          code.get(point).times(outputPlane).get(m).op(OP.i32_add).get(column).op(OP.i32_add).set(out);
          const tile = (rows: number) => (): void => {
            const accumulators = makeAccumulators(code, rows, lanes.length);
            clear(code, accumulators);
            accumulate(emission, code, accumulators, {
              a,
              aOffset: 0,
              rowOffsets: evenRows(rows, cin * 4),
              aStep: 4,
              b,
              bOffset: filterAddress,
              bStep: cout * 4,
              count: cin,
            });
            accumulators.forEach((vectors, r) => {
              vectors.forEach((local, vector) => {
                code
                  .get(out)
                  .get(local)
                  .memory("v128_store", r * cout * 4 + vector * 16);
              });
            });
            code.release(...accumulators.flat());
            code.advance(a, rows * cin * 4).advance(out, rows * cout * 4);
          };
          code.loop(Math.floor(tiles / TILE_ROWS), 1, tile(TILE_ROWS));
          if (tiles % TILE_ROWS > 0) tile(tiles % TILE_ROWS)();
        });
      });
      code.release(a, b, out);
    }

    /** One row of windows (of single tiles without pooling), `row` counted within the block. */
    function finishRow(code: Code, row: Local): void {
      const position: Position = { row: code.local("i32"), column: code.local("i32"), cell: code.local("i32") };
      const [first, from] = code.locals("i32", 2) as [Local, Local];
      const perTile = pool === undefined ? 2 : 1;
      code
        .get(image)
        .times(resultRows)
        .get(block)
        .times((blockRows / window[0]) * perTile)
        .op(OP.i32_add);
      code
        .get(row)
        .times(perTile)
        .op(OP.i32_add)
        .times(resultColumns * 4)
        .set(position.row);
      code
        .get(row)
        .times(window[0] * tilesAcross * cout * 4)
        .get(m)
        .op(OP.i32_add)
        .set(first);
      /** Only where the height is odd does the last row of tiles lack its lower pixels. */
      const lower = height % 2 === 0 ? undefined : code.local("i32");
      if (lower !== undefined)
        code
          .get(block)
          .times(blockRows)
          .get(row)
          .op(OP.i32_add)
          .i32(tilesDown - 1)
          .op(OP.i32_ne)
          .set(lower);
      const finish = (across: number) => (): void => {
        code.loop(cout * 4, 16, (channel) => {
          code.get(channel).set(position.column).get(first).get(channel).op(OP.i32_add).set(from);
          code.get(position.row).times(cout).get(channel).op(OP.i32_add).set(position.cell);
          const winners = pool && new Winners(code, 1);
          for (let wy = 0; wy < window[0]; wy++)
            for (let wx = 0; wx < window[1]; wx++) {
              const pixels = inverse(code, from, (wy * tilesAcross + wx) * cout * 4);
              const store = (pixel: number): void => {
                const [y, x] = [pixel >> 1, pixel & 1];
                if (x < across) finishVector(emission, code, result, position, [y * width + x, 0], 4, pixels[pixel]!);
              };
              if (winners !== undefined)
                pixels.forEach((pixel, p) => {
                  winners.offer((2 * wy + (p >> 1)) * pool!.size[1] + 2 * wx + (p & 1), [pixel]);
                });
              else {
                [0, 1].forEach(store);
                if (lower === undefined) [2, 3].forEach(store);
                else code.get(lower).if(() => [2, 3].forEach(store));
              }
              code.release(...pixels);
            }
          if (winners === undefined) return;
          finishVector(emission, code, result, position, [0, 0], 4, winners.best[0]!);
          if (kernel.winner !== undefined) winners.store(emission.address(kernel.winner), position.cell, [4]);
          winners.release();
        });
        code.advance(first, window[1] * cout * 4).advance(position.row, perTile * 4);
      };
      code.loop(Math.floor(width / 2 / window[1]), 1, finish(2));
      if (width % 2 > 0) finish(1)();
      if (lower !== undefined) code.release(lower);
      code.release(position.row, position.column, position.cell, first, from);
    }

    /** The four pixels of the tile whose sixteen points begin at `from` + `offset`, row by row. */
    function inverse(code: Code, from: Local, offset: number): Local[] {
      const points = code.locals("v128", 4);
      const half = [code.locals("v128", 4), code.locals("v128", 4)];
      for (const j of POINTS) {
        points.forEach((point, i) => {
          code
            .get(from)
            .memory("v128_load", offset + (i * 4 + j) * outputPlane)
            .set(point);
        });
        transformOutput(code, points, (i) => void code.set(half[i]![j]!));
      }
      const pixels = code.locals("v128", 4);
      half.forEach((row, i) => {
        transformOutput(code, row, (j) => void code.set(pixels[i * 2 + j]!));
      });
      code.release(...points, ...half.flat());
      return pixels;
    }
  });
  return {
    function: index,
    slices: bands.slices,
    scratchBytes: images.bytes + 16 * (inputPlane + outputPlane) + 64,
  };
};
