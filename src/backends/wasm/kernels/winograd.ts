// Convolution by Winograd's F(2x2, 3x3) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016).
// Tiles of 4 x 4 pixels and the filters are transformed and multiplied point by point: 16 small matrix products instead
// of one with 36 products per four pixels. The result is transformed back, where pooling, bias and activation are taken.
//   input    V = B' d B   B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1]
//   filter   U = G g G'   G  = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1]
//   output   y = A' m A   A' = [1 1 1 0; 0 1 -1 -1]

import { computedSize } from "../../../compile/geometry.js";
import type { KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { load, sum, times, unequal } from "../assembler/operands.js";
import {
  type Bands,
  cut,
  cutImages,
  type Emission,
  type Emitter,
  kernelFunction,
  openBand,
  sliceRange,
} from "./emission.js";
import { paddedImages } from "./images.js";
import {
  accumulate,
  clear,
  eachVector,
  evenRows,
  finishVector,
  forColumnBlocks,
  forTiles,
  freshPosition,
  type MatrixResult,
  makeAccumulators,
  type Position,
} from "./tile.js";
import { Winners } from "./winners.js";
import {
  POINTS,
  planeBytes,
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
      code.set(at, times(start, 16));
      for (const j of [0, 1, 2]) {
        cells.forEach((cell, i) => {
          code.set(cell, load(at, filter + (i * 3 + j) * size * 4));
        });
        transformFilter(code, cells, (i) => void code.set(half[i]![j]!));
      }
      const result = code.local("v128");
      for (const i of POINTS)
        transformFilter(
          code,
          half[i]!,
          (j) => void code.set(result).store(at, result, output + (i * 4 + j) * size * 4),
        );
      code.release(result);
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export interface WinogradPlan {
  /** Pixels of an image that are computed, which are fewer than all where pooling drops the last. */
  readonly height: number;
  readonly width: number;
  readonly tilesDown: number;
  readonly tilesAcross: number;
  /** Tiles of a pooling window, down and across; 1 without pooling. */
  readonly window: readonly [down: number, across: number];
  /** Results that a tile has a side, or that a window of tiles comes to. */
  readonly perWindow: 1 | 2;
  /** Rows of tiles whose transforms lie in scratch memory together, and their tiles. */
  readonly blockRows: number;
  readonly tiles: number;
  /** Blocks of images, shared out. */
  readonly bands: Bands;
  /** Bytes from a point's matrix of all tiles of a block to the next point's. */
  readonly inputPlane: number;
  readonly outputPlane: number;
  /** Results of an image. */
  readonly results: readonly [rows: number, columns: number];
}

export function planWinograd({ geometry, pool }: Pick<KernelOf<"winogradConv2d">, "geometry" | "pool">): WinogradPlan {
  const { batch, inputChannels: cin, outputChannels: cout } = geometry;
  const [height, width] = computedSize(geometry, pool);
  const [tilesDown, tilesAcross] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const window = pool === undefined ? ([1, 1] as const) : ([pool.size[0] / 2, pool.size[1] / 2] as const);
  const blockRows = rowsPerBlock(tilesDown, window[0], 16 * tilesAcross * (cin + cout) * 4);
  const tiles = blockRows * tilesAcross;
  return {
    height,
    width,
    tilesDown,
    tilesAcross,
    window,
    perWindow: pool === undefined ? 2 : 1,
    blockRows,
    tiles,
    bands: cutImages(batch, tilesDown / blockRows),
    inputPlane: planeBytes(tiles, cin),
    outputPlane: planeBytes(tiles, cout),
    results: pool?.output ?? [height, width],
  };
}

/** A block of tiles of an image: what the code of its passes shares. */
interface Block {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"winogradConv2d">;
  readonly plan: WinogradPlan;
  readonly result: MatrixResult;
  readonly image: Local;
  readonly block: Local;
  /** Pointers to the transformed input, [16, tiles, cin], and to its products, [16, tiles, cout]. */
  readonly v: Local;
  readonly m: Local;
}

export const emitWinogradConv2d: Emitter<"winogradConv2d"> = (kernel, emission) => {
  const { geometry } = kernel;
  const plan = planWinograd(kernel);
  const { bands, blockRows, height, width, inputPlane, outputPlane } = plan;
  const images = paddedImages(emission, wholeTiles(geometry, [height, width]), kernel.prologue);
  const address = emission.address(kernel.output);
  const result = { epilogue: kernel.epilogue, address, columns: geometry.outputChannels };
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { image, start: block, end } = openBand(code, slice, bands);
    const [corner, v, m, to] = code.locals("i32", 4);
    const pass = { code, emission, kernel, plan, result, image, block, v, m };
    images.open(code, image, scratch, corner);
    code
      .tee(v, sum(scratch, images.bytes))
      .plus(16 * inputPlane)
      .set(m);
    code.loopFrom(block, end, 1, () => {
      code.set(to, v);
      transformTiles(code, geometry, { corner, block, to, pitch: images.pitch, plane: inputPlane }, [
        blockRows,
        plan.tilesAcross,
      ]);
      multiply(pass);
      code.loop(blockRows / plan.window[0], 1, (row) => finishRow(pass, row));
    });
  });
  return {
    function: index,
    slices: bands.slices,
    scratchBytes: images.bytes + 16 * (inputPlane + outputPlane) + 64,
  };
};

/** Products of all tiles with the transformed filters, point by point. */
function multiply({ code, emission, kernel, plan, v, m }: Block): void {
  const { inputChannels: cin, outputChannels: cout } = kernel.geometry;
  const bOffset = emission.address(kernel.filter);
  const [a, b, out] = code.locals("i32", 3);
  code.loop(16, 1, (point) => {
    forColumnBlocks(code, cout, (column, lanes) => {
      code.set(a, sum(times(point, plan.inputPlane), v));
      code.set(b, sum(times(point, cin * cout * 4), column));
      code.set(out, sum(times(point, plan.outputPlane), m, column));
      forTiles(code, plan.tiles, (rows) => {
        const accumulators = makeAccumulators(code, rows, lanes.length);
        const rowOffsets = evenRows(rows, cin * 4);
        clear(code, accumulators);
        const operands = { a, aOffset: 0, rowOffsets, aStep: 4, b, bOffset, bStep: cout * 4, count: cin };
        accumulate(emission, code, accumulators, operands);
        eachVector(accumulators, (local, r, vector) => void code.store(out, local, r * cout * 4 + vector * 16));
        code.release(...accumulators.flat());
        code.advance(a, rows * cin * 4).advance(out, rows * cout * 4);
      });
    });
  });
  code.release(a, b, out);
}

/** One row of windows (of single tiles without pooling), `row` counted within the block. */
function finishRow(pass: Block, row: Local): void {
  const { code, kernel, plan, image, block, m } = pass;
  const { window, perWindow, blockRows, tilesDown, tilesAcross, width, results } = plan;
  const cout = kernel.geometry.outputChannels;
  const position = freshPosition(code);
  const [first, from] = code.locals("i32", 2);
  const above = sum(times(image, results[0]), times(block, (blockRows / window[0]) * perWindow));
  code.set(position.row, times(sum(above, times(row, perWindow)), results[1] * 4));
  code.set(first, sum(times(row, window[0] * tilesAcross * cout * 4), m));
  /** Only where the height is odd does the last row of tiles lack its lower pixels. */
  const lower = plan.height % 2 === 0 ? undefined : code.local("i32");
  if (lower !== undefined) code.set(lower, unequal(sum(times(block, blockRows), row), tilesDown - 1));
  const finish = (across: number): void => {
    code.loop(cout * 4, 16, (channel) => {
      code.set(position.column, channel).set(from, sum(first, channel));
      code.set(position.cell, sum(times(position.row, cout), channel));
      if (kernel.pool === undefined) finishTile(pass, position, from, across, lower);
      else finishWindow(pass, position, from, kernel.pool.size[1]);
    });
    code.advance(first, window[1] * cout * 4).advance(position.row, perWindow * 4);
  };
  code.loop(Math.floor(width / 2 / window[1]), 1, () => finish(2));
  if (width % 2 > 0) finish(1);
  if (lower !== undefined) code.release(lower);
  code.release(position.row, position.column, position.cell, first, from);
}

/** The pixels of the tile at `from` that lie within the image: `across` columns, the second row where `lower` is not 0. */
function finishTile(pass: Block, position: Position, from: Local, across: number, lower: Local | undefined): void {
  const { code, emission, plan, result } = pass;
  const pixels = inverse(pass, from, 0);
  const finish = (y: 0 | 1): void => {
    for (let x = 0; x < across; x++)
      finishVector(emission, code, result, position, [y * plan.width + x, 0], 4, pixels[y * 2 + x]!);
  };
  finish(0);
  if (lower === undefined) finish(1);
  else code.get(lower).if(() => finish(1));
  code.release(...pixels);
}

/** The maximum of a window of tiles, the first of them at `from`, and the cell that it comes from. */
function finishWindow(pass: Block, position: Position, from: Local, columns: number): void {
  const { code, emission, kernel, plan, result } = pass;
  const cout = kernel.geometry.outputChannels;
  const winners = new Winners(code, 1);
  for (let y = 0; y < plan.window[0]; y++)
    for (let x = 0; x < plan.window[1]; x++) {
      const pixels = inverse(pass, from, (y * plan.tilesAcross + x) * cout * 4);
      pixels.forEach((pixel, p) => {
        winners.offer((2 * y + (p >> 1)) * columns + 2 * x + (p & 1), [pixel]);
      });
      code.release(...pixels);
    }
  finishVector(emission, code, result, position, [0, 0], 4, winners.best[0]!);
  if (kernel.winner !== undefined) winners.store(emission.address(kernel.winner), position.cell, [4]);
  winners.release();
}

/** The four pixels of the tile whose sixteen points begin at `from` + `offset`, row by row. */
function inverse({ code, plan }: Block, from: Local, offset: number): Local[] {
  const points = code.locals("v128", 4);
  const half = [code.locals("v128", 4), code.locals("v128", 4)];
  for (const j of POINTS) {
    points.forEach((point, i) => {
      code.set(point, load(from, offset + (i * 4 + j) * plan.outputPlane));
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
