// Convolution by Winograd's F(m x m, r x r) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016).
// Tiles of m + r - 1 pixels a side and the filters are transformed and multiplied point by point: 16 small matrix
// products instead of one with 36 products per four pixels, or 36 instead of one with 144 per sixteen. The result is
// transformed back, where pooling, bias and activation are taken. winograd-transforms.ts has the matrices.
//   input  V = B' d B     filter  U = G g G'     output  y = A' m A
import { computedSize, pointPitch, tilePoints } from "../../../compile/geometry.js";
import type { KernelOf, Tiling } from "../../../compile/kernels.js";
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
import { planeBytes, rowsPerBlock, transformTiles, vectorLocals, wholeTiles } from "./winograd-tiles.js";
import { transformsOf } from "./winograd-transforms.js";

export const emitWinogradFilter: Emitter<"winogradFilter"> = ({ size, tiling, ...kernel }, emission) => {
  const { cells } = tiling;
  const { points, evaluate } = transformsOf(tiling);
  const [filter, output] = [emission.address(kernel.filter), emission.address(kernel.output)];
  const vectors = size / 4;
  const pitch = pointPitch(size) * 4;
  const { slices, chunk } = cut(vectors, 64);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, vectors);
    const at = code.local("i32");
    const half = Array.from({ length: points }, () => vectorLocals(code, cells));
    const column = vectorLocals(code, cells);
    const result = code.local("v128");
    code.loopFrom(start, end, 1, () => {
      code.set(at, times(start, 16));
      for (let j = 0; j < cells; j++) {
        column.forEach((cell, i) => {
          code.set(cell, load(at, filter + (i * cells + j) * size * 4));
        });
        evaluate(code, column, (i) => void code.set(half[i]![j]!));
      }
      half.forEach((line, i) => {
        evaluate(code, line, (j) => void code.set(result).store(at, result, output + (i * points + j) * pitch));
      });
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
  readonly perWindow: number;
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

export function planWinograd({
  geometry,
  pool,
  tiling,
}: Pick<KernelOf<"winogradConv2d">, "geometry" | "pool" | "tiling">): WinogradPlan {
  const { results } = tiling;
  const { batch, inputChannels: cin, outputChannels: cout } = geometry;
  const [height, width] = computedSize(geometry, pool);
  const [tilesDown, tilesAcross] = [Math.ceil(height / results), Math.ceil(width / results)];
  const window = pool === undefined ? ([1, 1] as const) : ([pool.size[0] / results, pool.size[1] / results] as const);
  const blockRows = rowsPerBlock([tilesDown, tilesAcross], window[0], tilePoints(tiling) * (cin + cout) * 4);
  const tiles = blockRows * tilesAcross;
  return {
    height,
    width,
    tilesDown,
    tilesAcross,
    window,
    perWindow: pool === undefined ? results : 1,
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
  readonly tiling: Tiling;
  readonly plan: WinogradPlan;
  readonly result: MatrixResult;
  readonly image: Local;
  readonly block: Local;
  /** Pointers to the transformed input, [points, tiles, cin], and to its products, [points, tiles, cout]. */
  readonly v: Local;
  readonly m: Local;
}

export const emitWinogradConv2d: Emitter<"winogradConv2d"> = (kernel, emission) => {
  const { geometry, tiling } = kernel;
  const plan = planWinograd(kernel);
  const points = tilePoints(tiling);
  const { bands, blockRows, height, width, inputPlane, outputPlane } = plan;
  const step = blockRows * tiling.results;
  const seen = { bands, step, reach: step + tiling.cells - 1 };
  const images = paddedImages(emission, wholeTiles(geometry, [height, width], tiling), kernel.prologue, seen);
  const address = emission.address(kernel.output);
  const result = { epilogue: kernel.epilogue, address, columns: geometry.outputChannels };
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const band = openBand(code, slice, bands);
    const { image, start: block, end } = band;
    const [corner, v, m, to] = code.locals("i32", 4);
    const pass = { code, emission, kernel, tiling, plan, result, image, block, v, m };
    images.open(code, image, scratch, corner, band);
    code
      .tee(v, sum(scratch, images.bytes))
      .plus(points * inputPlane)
      .set(m);
    code.loopFrom(block, end, 1, () => {
      code.set(to, v);
      const tiles = { corner, block, to, pitch: images.pitch, plane: inputPlane, rows: blockRows };
      transformTiles(code, geometry, tiling, { ...tiles, across: plan.tilesAcross });
      multiply(pass);
      code.loop(blockRows / plan.window[0], 1, (row) => finishRow(pass, row));
    });
  });
  return {
    function: index,
    slices: bands.slices,
    scratchBytes: images.bytes + points * (inputPlane + outputPlane) + 64,
  };
};

/** Products of all tiles with the transformed filters, point by point. */
function multiply({ code, emission, kernel, tiling, plan, v, m }: Block): void {
  const { inputChannels: cin, outputChannels: cout } = kernel.geometry;
  const bOffset = emission.address(kernel.filter);
  const pitch = pointPitch(cin * cout) * 4;
  const [a, b, out] = code.locals("i32", 3);
  code.loop(tilePoints(tiling), 1, (point) => {
    forColumnBlocks(code, cout, (column, lanes) => {
      code.set(a, sum(times(point, plan.inputPlane), v));
      code.set(b, sum(times(point, pitch), column));
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
  const { code, kernel, tiling, plan, image, block, m } = pass;
  const { window, perWindow, blockRows, tilesDown, tilesAcross, width, results } = plan;
  const cout = kernel.geometry.outputChannels;
  const position = freshPosition(code);
  const [first, from] = code.locals("i32", 2);
  const above = sum(times(image, results[0]), times(block, (blockRows / window[0]) * perWindow));
  code.set(position.row, times(sum(above, times(row, perWindow)), results[1] * 4));
  code.set(first, sum(times(row, window[0] * tilesAcross * cout * 4), m));
  /** Only where tiles reach over the lower edge does the last row of them lack pixels. */
  const lower = plan.height % tiling.results === 0 ? undefined : code.local("i32");
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
  code.loop(Math.floor(width / tiling.results / window[1]), 1, () => finish(tiling.results));
  if (width % tiling.results > 0) finish(width % tiling.results);
  if (lower !== undefined) code.release(lower);
  code.release(position.row, position.column, position.cell, first, from);
}

/** The pixels of the tile at `from` that lie within the image: `across` columns, the last rows where `lower` is not 0. */
function finishTile(pass: Block, position: Position, from: Local, across: number, lower: Local | undefined): void {
  const { code, emission, tiling, plan, result } = pass;
  const half = halfway(pass, from, 0);
  const finish = (y: number): void => {
    const pixels = lineOfPixels(pass, half[y]!);
    for (let x = 0; x < across; x++)
      finishVector(emission, code, result, position, [y * plan.width + x, 0], 4, pixels[x]!);
    code.release(...pixels);
  };
  const always = plan.height % tiling.results || tiling.results;
  for (let y = 0; y < always; y++) finish(y);
  if (lower !== undefined)
    code.get(lower).if(() => {
      for (let y = always; y < tiling.results; y++) finish(y);
    });
  code.release(...half.flat());
}

/** The maximum of a window of tiles, the first of them at `from`, and the cell that it comes from. */
function finishWindow(pass: Block, position: Position, from: Local, columns: number): void {
  const { code, emission, kernel, tiling, plan, result } = pass;
  const cout = kernel.geometry.outputChannels;
  const winners = new Winners(code, 1);
  for (let y = 0; y < plan.window[0]; y++)
    for (let x = 0; x < plan.window[1]; x++) {
      const half = halfway(pass, from, (y * plan.tilesAcross + x) * cout * 4);
      half.forEach((line, i) => {
        const pixels = lineOfPixels(pass, line);
        pixels.forEach((pixel, j) => {
          winners.offer((tiling.results * y + i) * columns + tiling.results * x + j, [pixel]);
        });
        code.release(...pixels);
      });
      code.release(...half.flat());
    }
  finishVector(emission, code, result, position, [0, 0], 4, winners.best[0]!);
  if (kernel.winner !== undefined) winners.store(emission.address(kernel.winner), position.cell, [4]);
  winners.release();
}

/** A' m of the tile whose points begin at `from` + `offset`: a line of points for each row of pixels. */
function halfway({ code, tiling, plan }: Block, from: Local, offset: number): Local[][] {
  const { points, gather } = transformsOf(tiling);
  const column = vectorLocals(code, points);
  const half = Array.from({ length: tiling.results }, () => vectorLocals(code, points));
  for (let j = 0; j < points; j++) {
    column.forEach((point, i) => {
      code.set(point, load(from, offset + (i * points + j) * plan.outputPlane));
    });
    gather(code, column, tiling.results, (i) => void code.set(half[i]![j]!));
  }
  code.release(...column);
  return half;
}

/** The pixels of a row, from its line of points. */
function lineOfPixels({ code, tiling }: Block, line: readonly Local[]): Local[] {
  const pixels = vectorLocals(code, tiling.results);
  transformsOf(tiling).gather(code, line, tiling.results, (j) => void code.set(pixels[j]!));
  return pixels;
}
