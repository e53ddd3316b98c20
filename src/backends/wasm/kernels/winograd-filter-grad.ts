// Gradients of r x r filters by Winograd's F(r x r, m x m). Tiles of m + r - 1 pixels a side and of m x m output gradients
// are transformed, multiplied point by point and summed over all tiles: 16 products in place of 36 for each tile, or 36 in
// place of 144. A kernel of its own brings the sums back to the filter's domain, after the chunks of images have been
// added up. winograd-transforms.ts has the matrices.
//   input  V = B' d B     gradient  D = G e G'     filter  g = A' M A
import { pointPitch, tilePoints } from "../../../compile/geometry.js";
import type { KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { load, quotient, remainder, sum, times, unequal } from "../assembler/operands.js";
import { cut, type Emission, type Emitter, kernelFunction, sliceRange } from "./emission.js";
import { paddedImages } from "./images.js";
import { accumulate, clear, eachVector, evenRows, forColumnBlocks, makeAccumulators, TILE_ROWS } from "./tile.js";
import { planeBytes, rowsPerBlock, transformTiles, vectorLocals, wholeTiles } from "./winograd-tiles.js";
import { transformsOf } from "./winograd-transforms.js";

/** Tiles of several images that are added to the sums at once, which are read and written each time. */
const TILES_TOGETHER = 64;

export interface WinogradGradientPlan {
  readonly tilesDown: number;
  readonly tilesAcross: number;
  /** Rows of tiles whose transforms lie in scratch memory together, and their tiles. */
  readonly blockRows: number;
  readonly tiles: number;
  /** Images whose tiles lie there together, where an image has few. */
  readonly together: number;
  /** Bytes from a point's matrix of all tiles of a block to the next, of the input and of the output's gradient. */
  readonly inputPlane: number;
  readonly gradientPlane: number;
}

export function planWinogradFilterGrad({
  geometry,
  tiling,
  columns,
  chunk,
}: Pick<KernelOf<"winogradFilterGrad">, "geometry" | "tiling" | "columns" | "chunk">): WinogradGradientPlan {
  const { inputChannels: cin, output } = geometry;
  const [tilesDown, tilesAcross] = output.map((extent) => Math.ceil(extent / tiling.results)) as [number, number];
  const blockRows = rowsPerBlock([tilesDown, tilesAcross], 1, tilePoints(tiling) * (cin + columns) * 4);
  const tiles = blockRows * tilesAcross;
  const together = blockRows < tilesDown ? 1 : Math.min(chunk, Math.ceil(TILES_TOGETHER / tiles));
  return {
    tilesDown,
    tilesAcross,
    blockRows,
    tiles,
    together,
    inputPlane: planeBytes(tiles * together, cin),
    gradientPlane: planeBytes(tiles * together, columns),
  };
}

/** A block of tiles of an image: what the code of its passes shares. */
interface Block {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"winogradFilterGrad">;
  readonly plan: WinogradGradientPlan;
  /** Number of the chunk of images, from 0. */
  readonly chunk: Local;
  /** Bytes from the first output channel to the first that the slice computes. */
  readonly first: Local;
  readonly image: Local;
  readonly block: Local;
  /** Pointers to the transformed input, [points, tiles, cin], and gradient, [points, tiles, columns]. */
  readonly v: Local;
  readonly d: Local;
  /** Move through the transforms. */
  readonly toV: Local;
  readonly toD: Local;
  /** Tiles whose transforms lie there. */
  readonly count: Local;
  /** 1 while the slice has no sums in memory yet. */
  readonly fresh: Local;
}

export const emitWinogradFilterGrad: Emitter<"winogradFilterGrad"> = (kernel, emission) => {
  const { geometry, chunk, columns, tiling } = kernel;
  const blocks = geometry.outputChannels / columns;
  const points = tilePoints(tiling);
  const plan = planWinogradFilterGrad(kernel);
  const { blockRows, tiles, together, tilesDown, tilesAcross, inputPlane, gradientPlane } = plan;
  const images = paddedImages(emission, wholeTiles(geometry, geometry.output, tiling), kernel.prologue);
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const [part, first] = code.locals("i32", 2);
    code.set(part, quotient(slice, blocks)).set(first, times(remainder(slice, blocks), columns * 4));
    const { start, end } = sliceRange(code, part, chunk, geometry.batch);
    const [image, corner, block, v, d, toV, toD, count, fresh] = code.locals("i32", 9);
    const pass = { code, emission, kernel, plan, chunk: part, first, image, block, v, d, toV, toD, count, fresh };
    code
      .tee(v, sum(scratch, images.bytes))
      .plus(points * inputPlane)
      .set(d);
    code.set(fresh, 1).set(image, start);
    const transform = (): void => {
      const input = { corner, block, to: toV, pitch: images.pitch, plane: inputPlane, rows: blockRows };
      transformTiles(code, geometry, tiling, { ...input, across: tilesAcross });
      transformGradients(pass);
    };
    const rewind = (): void => void code.set(toV, v).set(toD, d).set(count, 0);
    const add = (): void => {
      multiply(pass);
      code.set(fresh, 0);
    };
    code.loopFrom(image, end, together, () => {
      if (together > 1) {
        const last = code.local("i32");
        code.set(last, sum(image, together)).min(last, end).set(last).set(block, 0);
        rewind();
        code.loopFrom(image, last, 1, () => {
          images.open(code, image, scratch, corner);
          transform();
          code.advance(count, tiles);
        });
        add();
        code.advance(image, -together).release(last);
        return;
      }
      images.open(code, image, scratch, corner);
      code.set(block, 0);
      code.loopFrom(block, tilesDown / blockRows, 1, () => {
        rewind();
        transform();
        add();
      });
    });
  });
  return {
    function: index,
    slices: Math.ceil(geometry.batch / chunk) * blocks,
    scratchBytes: images.bytes + points * (inputPlane + gradientPlane) + 64,
  };
};

/** Writes the transforms of the block's tiles of gradients. */
function transformGradients({ code, emission, kernel, plan, first, image, block, toD: to }: Block): void {
  const { outputChannels: cout, output } = kernel.geometry;
  const [height, width] = output;
  const { results } = kernel.tiling;
  const { points, evaluate } = transformsOf(kernel.tiling);
  const dy = emission.address(kernel.dy);
  const [from, a, out, below] = code.locals("i32", 4);
  const cells = Array.from({ length: results }, () => vectorLocals(code, results));
  const half = Array.from({ length: points }, () => vectorLocals(code, results));
  const value = code.local("v128");
  /** Rows that the last row of tiles has within the image. */
  const always = height % results || results;
  const tile = (across: number): void => {
    const read = (first: number, end: number): void => {
      for (let i = first; i < end; i++)
        cells[i]!.forEach((cell, j) => {
          if (j < across) code.set(cell, load(a, dy + (i * width + j) * cout * 4));
          else code.f32x4(0).set(cell);
        });
    };
    code.loop(kernel.columns * 4, 16, (channel) => {
      code.set(a, sum(from, channel)).set(out, sum(to, channel));
      read(0, always);
      if (always < results)
        code.get(below).if(
          () => read(always, results),
          () => clear(code, cells.slice(always)),
        );
      for (let j = 0; j < results; j++)
        evaluate(
          code,
          cells.map((row) => row[j]!),
          (i) => void code.set(half[i]![j]!),
        );
      half.forEach((line, i) => {
        evaluate(code, line, (j) => void code.set(value).store(out, value, (i * points + j) * plan.gradientPlane));
      });
    });
    code.advance(from, results * cout * 4).advance(to, kernel.columns * 4);
  };
  code.loop(plan.blockRows, 1, (row) => {
    code.tee(below, sum(times(block, plan.blockRows), row)).times(results);
    code
      .plus(times(image, height))
      .times(width * cout * 4)
      .plus(first)
      .set(from);
    // Only the last row of tiles may reach over the edge.
    code.set(below, unequal(below, plan.tilesDown - 1));
    code.loop(Math.floor(width / results), 1, () => tile(results));
    if (width % results > 0) tile(width % results);
  });
  code.release(from, a, out, below, ...cells.flat(), ...half.flat(), value);
}

/** Adds this block's products to the slice's sums, [points, cin, cout]. */
function multiply({ code, emission, kernel, plan, chunk, first, v, d, count, fresh }: Block): void {
  const { inputChannels: cin, outputChannels: cout } = kernel.geometry;
  const points = tilePoints(kernel.tiling);
  const partials = emission.address(kernel.output);
  const pitch = pointPitch(cin * cout) * 4;
  const cell = (r: number, vector: number): number => partials + r * cout * 4 + vector * 16;
  const rowOffsets = evenRows(TILE_ROWS, 4);
  const [a, b, out, sums] = code.locals("i32", 4);
  const steps = {
    aOffset: 0,
    rowOffsets,
    aStep: cin * 4,
    bOffset: 0,
    bStep: kernel.columns * 4,
    count: plan.together > 1 ? count : plan.tiles,
  };
  code.set(sums, sum(times(chunk, points * pitch), first));
  code.loop(points, 1, (point) => {
    forColumnBlocks(code, kernel.columns, (column, lanes) => {
      code.loop(cin * 4, TILE_ROWS * 4, (channel) => {
        code.set(a, sum(times(point, plan.inputPlane), v, channel));
        code.set(b, sum(times(point, plan.gradientPlane), d, column));
        code.set(out, sum(times(point, pitch), times(channel, cout), sums, column));
        const accumulators = makeAccumulators(code, TILE_ROWS, lanes.length);
        code.get(fresh).if(
          () => clear(code, accumulators),
          () => eachVector(accumulators, (local, r, vector) => void code.set(local, load(out, cell(r, vector)))),
        );
        accumulate(emission, code, accumulators, { ...steps, a, b });
        eachVector(accumulators, (local, r, vector) => {
          code.store(out, local, cell(r, vector), lanes[vector]!);
        });
        code.release(...accumulators.flat());
      });
    });
  });
  code.release(a, b, out, sums);
}

export const emitWinogradFilterSums: Emitter<"winogradFilterSums"> = ({ size, tiling, ...kernel }, emission) => {
  const { cells } = tiling;
  const { points, gather } = transformsOf(tiling);
  const [sums, output] = [emission.address(kernel.sums), emission.address(kernel.output)];
  const vectors = size / 4;
  const pitch = pointPitch(size) * 4;
  const { slices, chunk } = cut(vectors, 64);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, vectors);
    const at = code.local("i32");
    const column = vectorLocals(code, points);
    const half = Array.from({ length: cells }, () => vectorLocals(code, points));
    const result = code.local("v128");
    code.loopFrom(start, end, 1, () => {
      code.set(at, times(start, 16));
      for (let j = 0; j < points; j++) {
        column.forEach((point, i) => {
          code.set(point, load(at, sums + (i * points + j) * pitch));
        });
        gather(code, column, cells, (i) => void code.set(half[i]![j]!));
      }
      half.forEach((row, i) => {
        gather(code, row, cells, (j) => void code.set(result).store(at, result, output + (i * cells + j) * size * 4));
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
