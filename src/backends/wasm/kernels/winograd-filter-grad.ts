// Gradients of 3 x 3 filters by Winograd's F(3x3, 2x2): tiles of 4 x 4 pixels and of 2 x 2 output gradients are
// transformed, multiplied point by point and summed over all tiles, 16 products in place of 36 for each; what the sums
// come to in the filter's domain is a kernel of its own, after the chunks of images have been added up.
//   input     V = B' d B   as in winograd.ts
//   gradient  D = G e G'   G  = [1 0; 1/2 1/2; 1/2 -1/2; 0 1]
//   filter    g = A' M A   A' = [1 1 1 0; 0 1 -1 0; 0 1 1 -1]
import type { KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { load, sum, times, unequal } from "../assembler/operands.js";
import { cut, type Emission, type Emitter, kernelFunction, sliceRange } from "./emission.js";
import { paddedImages } from "./images.js";
import { accumulate, clear, eachVector, evenRows, forColumnBlocks, makeAccumulators, TILE_ROWS } from "./tile.js";
import { type Line, POINTS, planeBytes, rowsPerBlock, transformTiles, wholeTiles } from "./winograd-tiles.js";

/** [x0, (x0 + x1) / 2, (x0 - x1) / 2, x1]: one row or column of G e. */
function transformGradient(code: Code, [x0, x1]: Line<2>, put: (i: number) => void): void {
  code.get(x0);
  put(0);
  code.get(x0).get(x1).op(OP.f32x4_add).f32x4(0.5).op(OP.f32x4_mul);
  put(1);
  code.get(x0).get(x1).op(OP.f32x4_sub).f32x4(0.5).op(OP.f32x4_mul);
  put(2);
  code.get(x1);
  put(3);
}

/** [x0 + x1 + x2, x1 - x2, x1 + x2 - x3]: one row or column of A' M. */
function transformSums(code: Code, [x0, x1, x2, x3]: Line<4>, put: (i: number) => void): void {
  code.get(x0).get(x1).op(OP.f32x4_add).get(x2).op(OP.f32x4_add);
  put(0);
  code.get(x1).get(x2).op(OP.f32x4_sub);
  put(1);
  code.get(x1).get(x2).op(OP.f32x4_add).get(x3).op(OP.f32x4_sub);
  put(2);
}

export interface WinogradGradientPlan {
  readonly tilesDown: number;
  readonly tilesAcross: number;
  /** Rows of tiles whose transforms lie in scratch memory together, and their tiles. */
  readonly blockRows: number;
  readonly tiles: number;
  /** Bytes from a point's matrix of all tiles of a block to the next, of the input and of the output's gradient. */
  readonly inputPlane: number;
  readonly gradientPlane: number;
}

export function planWinogradFilterGrad({ geometry }: Pick<KernelOf<"filterGrad">, "geometry">): WinogradGradientPlan {
  const { inputChannels: cin, outputChannels: cout, output } = geometry;
  const [tilesDown, tilesAcross] = [Math.ceil(output[0] / 2), Math.ceil(output[1] / 2)];
  const blockRows = rowsPerBlock(tilesDown, 1, 16 * tilesAcross * (cin + cout) * 4);
  const tiles = blockRows * tilesAcross;
  return {
    tilesDown,
    tilesAcross,
    blockRows,
    tiles,
    inputPlane: planeBytes(tiles, cin),
    gradientPlane: planeBytes(tiles, cout),
  };
}

/** A block of tiles of an image: what the code of its passes shares. */
interface Block {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"winogradFilterGrad">;
  readonly plan: WinogradGradientPlan;
  readonly slice: Local;
  readonly image: Local;
  readonly block: Local;
  /** Pointers to the transformed input, [16, tiles, cin], and gradient, [16, tiles, cout]. */
  readonly v: Local;
  readonly d: Local;
  /** Moves through the transforms. */
  readonly to: Local;
  /** 1 while the slice has no sums in memory yet. */
  readonly fresh: Local;
}

export const emitWinogradFilterGrad: Emitter<"winogradFilterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const plan = planWinogradFilterGrad(kernel);
  const { blockRows, tilesDown, tilesAcross, inputPlane, gradientPlane } = plan;
  const images = paddedImages(emission, wholeTiles(geometry, geometry.output), kernel.prologue);
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, geometry.batch);
    const [image, corner, block, v, d, to] = code.locals("i32", 6);
    const fresh = code.local("i32");
    const pass = { code, emission, kernel, plan, slice, image, block, v, d, to, fresh };
    code
      .tee(v, sum(scratch, images.bytes))
      .plus(16 * inputPlane)
      .set(d);
    code.set(fresh, 1).set(image, start);
    code.loopFrom(image, end, 1, () => {
      images.open(code, image, scratch, corner);
      code.set(block, 0);
      code.loopFrom(block, tilesDown / blockRows, 1, () => {
        code.set(to, v);
        transformTiles(code, geometry, { corner, block, to, pitch: images.pitch, plane: inputPlane }, [
          blockRows,
          tilesAcross,
        ]);
        transformGradients(pass);
        multiply(pass);
        code.set(fresh, 0);
      });
    });
  });
  return {
    function: index,
    slices: Math.ceil(geometry.batch / chunk),
    scratchBytes: images.bytes + 16 * (inputPlane + gradientPlane) + 64,
  };
};

/** Writes the transforms of the block's tiles of gradients. */
function transformGradients({ code, emission, kernel, plan, image, block, d, to }: Block): void {
  const { outputChannels: cout, output } = kernel.geometry;
  const [height, width] = output;
  const dy = emission.address(kernel.dy);
  const [from, a, out, below] = code.locals("i32", 4);
  const cells = [code.locals("v128", 2), code.locals("v128", 2)] as const;
  const half = Array.from({ length: 4 }, () => code.locals("v128", 2));
  const value = code.local("v128");
  const tile = (across: number): void => {
    const read = (i: 0 | 1): void =>
      cells[i].forEach((cell, j) => {
        if (j < across) code.set(cell, load(a, dy + (i * width + j) * cout * 4));
        else code.f32x4(0).set(cell);
      });
    code.loop(cout * 4, 16, (channel) => {
      code.set(a, sum(from, channel)).set(out, sum(to, channel));
      read(0);
      if (height % 2 === 0) read(1);
      else
        code.get(below).if(
          () => read(1),
          () => clear(code, [cells[1]]),
        );
      for (const j of [0, 1] as const)
        transformGradient(code, [cells[0][j], cells[1][j]], (i) => void code.set(half[i]![j]));
      for (const i of POINTS)
        transformGradient(
          code,
          half[i]!,
          (j) => void code.set(value).store(out, value, (i * 4 + j) * plan.gradientPlane),
        );
    });
    code.advance(from, 2 * cout * 4).advance(to, cout * 4);
  };
  code.set(to, d);
  code.loop(plan.blockRows, 1, (row) => {
    code.tee(below, sum(times(block, plan.blockRows), row)).times(2);
    code
      .plus(times(image, height))
      .times(width * cout * 4)
      .set(from);
    // Only where the height is odd does the last row of tiles reach over the edge.
    code.set(below, unequal(below, plan.tilesDown - 1));
    code.loop(Math.floor(width / 2), 1, () => tile(2));
    if (width % 2 > 0) tile(1);
  });
  code.release(from, a, out, below, ...cells.flat(), ...half.flat(), value);
}

/** Adds this block's products to the slice's sums, [16, cin, cout]. */
function multiply({ code, emission, kernel, plan, slice, v, d, fresh }: Block): void {
  const { inputChannels: cin, outputChannels: cout } = kernel.geometry;
  const partials = emission.address(kernel.output);
  const cell = (r: number, vector: number): number => partials + r * cout * 4 + vector * 16;
  const rowOffsets = evenRows(TILE_ROWS, 4);
  const [a, b, out, sums] = code.locals("i32", 4);
  const steps = { aOffset: 0, rowOffsets, aStep: cin * 4, bOffset: 0, bStep: cout * 4, count: plan.tiles };
  code.set(sums, times(slice, 16 * cin * cout * 4));
  code.loop(16, 1, (point) => {
    forColumnBlocks(code, cout, (column, lanes) => {
      code.loop(cin * 4, TILE_ROWS * 4, (channel) => {
        code.set(a, sum(times(point, plan.inputPlane), v, channel));
        code.set(b, sum(times(point, plan.gradientPlane), d, column));
        code.set(out, sum(times(sum(times(point, cin * 4), channel), cout), sums, column));
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

export const emitWinogradFilterSums: Emitter<"winogradFilterSums"> = ({ size, ...kernel }, emission) => {
  const [sums, output] = [emission.address(kernel.sums), emission.address(kernel.output)];
  const vectors = size / 4;
  const { slices, chunk } = cut(vectors, 64);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, vectors);
    const at = code.local("i32");
    const points = code.locals("v128", 4);
    const half = Array.from({ length: 3 }, () => code.locals("v128", 4));
    const result = code.local("v128");
    code.loopFrom(start, end, 1, () => {
      code.set(at, times(start, 16));
      for (const j of POINTS) {
        points.forEach((point, i) => {
          code.set(point, load(at, sums + (i * 4 + j) * size * 4));
        });
        transformSums(code, points, (i) => void code.set(half[i]![j]!));
      }
      half.forEach((row, i) => {
        transformSums(code, row, (j) => void code.set(result).store(at, result, output + (i * 3 + j) * size * 4));
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
