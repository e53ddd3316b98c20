// Gradients of convolution filters: for every filter cell and output channel, a sum over all pixels of all images.
// A slice is a chunk of images with its own partial result; a reduction adds the chunks in a fixed order.
import type { Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { type Emitter, kernelFunction, sliceRange, storeLanes } from "./emission.js";
import { filterRuns, paddedImages } from "./images.js";
import { accumulate, clear, evenRows, forColumnBlocks, makeAccumulators, TILE_ROWS } from "./tile.js";

export const emitFilterGrad: Emitter<"filterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const { batch, filter, inputChannels: cin, outputChannels: cout, strides, output } = geometry;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const size = filter[0] * filter[1] * cin * cout;
  const dyAddress = emission.address(kernel.dy);
  const address = emission.address(kernel.output);

  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, corner, a, b, partial, out] = code.locals("i32", 6) as [Local, Local, Local, Local, Local, Local];
    code
      .get(slice)
      .times(size * 4)
      .set(partial);
    code
      .get(start)
      .set(image)
      .loopFrom(image, end, 1, () => {
        images.open(code, image, scratch, corner);
        forColumnBlocks(code, cout, (column, lanes) => {
          for (const { offset, first, count: run } of filterRuns(geometry, images.pitch)) {
            /** Adds this image's products for `rows` cells of the filter row, from cell `k` (times 4). */
            const tile = (k: Local, rows: number): void => {
              const accumulators = makeAccumulators(code, rows, lanes.length);
              code.get(k).times(cout).get(partial).op(OP.i32_add).get(column).op(OP.i32_add).set(out);
              const cell = (r: number, v: number): number => address + ((first + r) * cout + v * 4) * 4;
              code
                .get(image)
                .get(start)
                .op(OP.i32_eq)
                .if(
                  () => clear(code, accumulators),
                  () =>
                    accumulators.forEach((vectors, r) => {
                      vectors.forEach((local, v) => {
                        code.get(out).memory("v128_load", cell(r, v)).set(local);
                      });
                    }),
                );
              code.get(corner).get(k).op(OP.i32_add).set(a);
              code
                .get(image)
                .times(output[0] * output[1] * cout * 4)
                .get(column)
                .op(OP.i32_add)
                .set(b);
              code.loop(output[0], 1, () => {
                accumulate(emission, code, accumulators, {
                  a,
                  aOffset: offset,
                  rowOffsets: evenRows(rows, 4),
                  aStep: strides[1] * cin * 4,
                  b,
                  bOffset: dyAddress,
                  bStep: cout * 4,
                  count: output[1],
                });
                code.advance(a, strides[0] * images.pitch).advance(b, output[1] * cout * 4);
              });
              accumulators.forEach((vectors, r) => {
                vectors.forEach((local, v) => {
                  storeLanes(code, out, local, lanes[v]!, cell(r, v));
                });
              });
              code.release(...accumulators.flat());
            };
            const full = run - (run % TILE_ROWS);
            code.loop(full * 4, TILE_ROWS * 4, (k) => tile(k, TILE_ROWS));
            if (run > full) {
              const k = code.local("i32");
              code.i32(full * 4).set(k);
              tile(k, run - full);
              code.release(k);
            }
          }
        });
      });
  });
  return { function: index, slices: Math.ceil(batch / chunk), scratchBytes: images.bytes };
};
