// Gradients of 3 x 3 filters by Winograd's F(3x3, 2x2): tiles of 4 x 4 pixels and of 2 x 2 output gradients are
// transformed, multiplied point by point and summed over all tiles, 16 products in place of 36 for each; what the sums
// come to in the filter's domain is a kernel of its own, after the chunks of images have been added up.
//   input     V = B' d B   as in winograd.ts
//   gradient  D = G e G'   G  = [1 0; 1/2 1/2; 1/2 -1/2; 0 1]
//   filter    g = A' M A   A' = [1 1 1 0; 0 1 -1 0; 0 1 1 -1]
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { cut, type Emitter, kernelFunction, sliceRange, storeLanes } from "./emission.js";
import { paddedImages } from "./images.js";
import { accumulate, clear, evenRows, forColumnBlocks, makeAccumulators, TILE_ROWS } from "./tile.js";
import { POINTS, rowsPerBlock, transformTiles, wholeTiles } from "./winograd-tiles.js";

/** [x0, (x0 + x1) / 2, (x0 - x1) / 2, x1]: one row or column of G e. */
function transformGradient(code: Code, [x0, x1]: readonly [Local, Local], put: (i: number) => void): void {
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
function transformSums(code: Code, x: readonly Local[], put: (i: number) => void): void {
  const [x0, x1, x2, x3] = x as [Local, Local, Local, Local];
  code.get(x0).get(x1).op(OP.f32x4_add).get(x2).op(OP.f32x4_add);
  put(0);
  code.get(x1).get(x2).op(OP.f32x4_sub);
  put(1);
  code.get(x1).get(x2).op(OP.f32x4_add).get(x3).op(OP.f32x4_sub);
  put(2);
}

export const emitWinogradFilterGrad: Emitter<"winogradFilterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const { batch, inputChannels: cin, outputChannels: cout, output } = geometry;
  const [height, width] = output;
  const [tilesDown, tilesAcross] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const images = paddedImages(emission, wholeTiles(geometry, output), kernel.prologue);
  const blockRows = rowsPerBlock(tilesDown, 1, 16 * tilesAcross * (cin + cout) * 4);
  const tiles = blockRows * tilesAcross;
  const [inputPlane, gradientPlane] = [tiles * cin * 4, tiles * cout * 4];
  const dy = emission.address(kernel.dy);
  const partials = emission.address(kernel.output);

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, corner, block, v, d, to] = code.locals("i32", 6) as [Local, Local, Local, Local, Local, Local];
    const fresh = code.local("i32");
    code
      .get(scratch)
      .i32(images.bytes)
      .op(OP.i32_add)
      .tee(v)
      .i32(16 * inputPlane)
      .op(OP.i32_add)
      .set(d);
    code.i32(1).set(fresh).get(start).set(image);
    code.loopFrom(image, end, 1, () => {
      images.open(code, image, scratch, corner);
      code.i32(0).set(block);
      code.loopFrom(block, tilesDown / blockRows, 1, () => {
        code.get(v).set(to);
        transformTiles(code, geometry, { corner, block, to, pitch: images.pitch }, [blockRows, tilesAcross]);
        transformGradients(code);
        multiply(code);
        code.i32(0).set(fresh);
      });
    });

    function transformGradients(code: Code): void {
      const [from, a, out, below] = code.locals("i32", 4) as [Local, Local, Local, Local];
      const cells = [code.locals("v128", 2), code.locals("v128", 2)] as const;
      const half = Array.from({ length: 4 }, () => code.locals("v128", 2) as [Local, Local]);
      const value = code.local("v128");
      code.get(d).set(to);
      code.loop(blockRows, 1, (row) => {
        code.get(block).times(blockRows).get(row).op(OP.i32_add).tee(below).times(2);
        code
          .get(image)
          .times(height)
          .op(OP.i32_add)
          .times(width * cout * 4)
          .set(from);
        // Only where the height is odd does the last row of tiles reach over the edge.
        code
          .get(below)
          .i32(tilesDown - 1)
          .op(OP.i32_ne)
          .set(below);
        const tile = (across: number) => (): void => {
          code.loop(cout * 4, 16, (channel) => {
            code.get(from).get(channel).op(OP.i32_add).set(a).get(to).get(channel).op(OP.i32_add).set(out);
            const load = (i: 0 | 1): void =>
              cells[i].forEach((cell, j) => {
                if (j < across)
                  code
                    .get(a)
                    .memory("v128_load", dy + (i * width + j) * cout * 4)
                    .set(cell);
                else code.f32x4(0).set(cell);
              });
            load(0);
            if (height % 2 === 0) load(1);
            else
              code.get(below).if(
                () => load(1),
                () => {
                  for (const cell of cells[1]) code.f32x4(0).set(cell);
                },
              );
            for (const j of [0, 1] as const)
              transformGradient(code, [cells[0][j]!, cells[1][j]!], (i) => void code.set(half[i]![j]!));
            for (const i of POINTS)
              transformGradient(code, half[i]!, (j) => {
                code.set(value).get(out).get(value);
                code.memory("v128_store", (i * 4 + j) * gradientPlane);
              });
          });
          code.advance(from, 2 * cout * 4).advance(to, cout * 4);
        };
        code.loop(Math.floor(width / 2), 1, tile(2));
        if (width % 2 > 0) tile(1)();
      });
      code.release(from, a, out, below, ...cells.flat(), ...half.flat(), value);
    }

    /** Adds this block's products to the slice's sums, [16, cin, cout]. */
    function multiply(code: Code): void {
      const [a, b, out, sums] = code.locals("i32", 4) as [Local, Local, Local, Local];
      code
        .get(slice)
        .times(16 * cin * cout * 4)
        .set(sums);
      code.loop(16, 1, (point) => {
        forColumnBlocks(code, cout, (column, lanes) => {
          code.loop(cin * 4, TILE_ROWS * 4, (channel) => {
            code.get(point).times(inputPlane).get(v).op(OP.i32_add).get(channel).op(OP.i32_add).set(a);
            code.get(point).times(gradientPlane).get(d).op(OP.i32_add).get(column).op(OP.i32_add).set(b);
            code
              .get(point)
              .times(cin * 4)
              .get(channel)
              .op(OP.i32_add)
              .times(cout)
              .get(sums)
              .op(OP.i32_add);
            code.get(column).op(OP.i32_add).set(out);
            const accumulators = makeAccumulators(code, TILE_ROWS, lanes.length);
            const cell = (r: number, vector: number): number => partials + r * cout * 4 + vector * 16;
            code.get(fresh).if(
              () => clear(code, accumulators),
              () =>
                accumulators.forEach((vectors, r) => {
                  vectors.forEach((local, vector) => {
                    code.get(out).memory("v128_load", cell(r, vector)).set(local);
                  });
                }),
            );
            accumulate(emission, code, accumulators, {
              a,
              aOffset: 0,
              rowOffsets: evenRows(TILE_ROWS, 4),
              aStep: cin * 4,
              b,
              bOffset: 0,
              bStep: cout * 4,
              count: tiles,
            });
            accumulators.forEach((vectors, r) => {
              vectors.forEach((local, vector) => {
                storeLanes(code, out, local, lanes[vector]!, cell(r, vector));
              });
            });
            code.release(...accumulators.flat());
          });
        });
      });
      code.release(a, b, out, sums);
    }
  });
  return {
    function: index,
    slices: Math.ceil(batch / chunk),
    scratchBytes: images.bytes + 16 * (inputPlane + gradientPlane) + 64,
  };
};

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
      code.get(start).times(16).set(at);
      for (const j of POINTS) {
        points.forEach((point, i) => {
          code
            .get(at)
            .memory("v128_load", sums + (i * 4 + j) * size * 4)
            .set(point);
        });
        transformSums(code, points, (i) => void code.set(half[i]![j]!));
      }
      half.forEach((row, i) => {
        transformSums(code, row, (j) => {
          code.set(result).get(at).get(result);
          code.memory("v128_store", output + (i * 3 + j) * size * 4);
        });
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
