// Gradients of convolution filters: for every filter cell and output channel, a sum over all pixels of all images.
// A slice is a chunk of images with its own partial result; a reduction adds the chunks in a fixed order.
import type { KernelOf } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { equal, load, sum, times } from "../assembler/operands.js";
import { type Emission, type Emitter, kernelFunction, sliceRange } from "./emission.js";
import { type FilterRun, filterRuns, paddedImages } from "./images.js";
import { accumulate, clear, eachVector, evenRows, forColumnBlocks, makeAccumulators, TILE_ROWS } from "./tile.js";

/** A block of the filter's gradient from one image: what the code of its tiles shares. */
interface Block {
  readonly code: Code;
  readonly emission: Emission;
  readonly kernel: KernelOf<"filterGrad">;
  /** Bytes from one row of the padded image to the next. */
  readonly pitch: number;
  readonly image: Local;
  /** The first image of the slice, which finds no sums in memory. */
  readonly start: Local;
  readonly corner: Local;
  readonly column: Local;
  readonly lanes: readonly number[];
  /** Walk the image and the output's gradient. */
  readonly a: Local;
  readonly b: Local;
  /** Pointers to the slice's sums and to those of a tile. */
  readonly partial: Local;
  readonly out: Local;
}

export const emitFilterGrad: Emitter<"filterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const { batch, filter, inputChannels: cin, outputChannels: cout } = geometry;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const { pitch } = images;
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, corner, a, b, partial, out] = code.locals("i32", 6);
    code.set(partial, times(slice, filter[0] * filter[1] * cin * cout * 4));
    code.set(image, start).loopFrom(image, end, 1, () => {
      images.open(code, image, scratch, corner);
      forColumnBlocks(code, cout, (column, lanes) => {
        const block = { code, emission, kernel, pitch, image, start, corner, column, lanes, a, b, partial, out };
        for (const run of filterRuns(geometry, pitch)) emitRun(block, run);
      });
    });
  });
  return { function: index, slices: Math.ceil(batch / chunk), scratchBytes: images.bytes };
};

/** The cells of a filter row, four at a time. */
function emitRun(block: Block, run: FilterRun): void {
  const { code } = block;
  const full = run.count - (run.count % TILE_ROWS);
  code.loop(full * 4, TILE_ROWS * 4, (k) => emitTile(block, run, k, TILE_ROWS));
  if (run.count === full) return;
  const k = code.local("i32");
  code.set(k, full * 4);
  emitTile(block, run, k, run.count - full);
  code.release(k);
}

/** Adds this image's products for `rows` cells of the filter row, from cell `k` (times 4). */
function emitTile(
  { code, emission, kernel, pitch, image, start, corner, column, lanes, a, b, partial, out }: Block,
  { offset, first }: FilterRun,
  k: Local,
  rows: number,
): void {
  const { inputChannels: cin, outputChannels: cout, strides, output } = kernel.geometry;
  const address = emission.address(kernel.output);
  const cell = (r: number, v: number): number => address + ((first + r) * cout + v * 4) * 4;
  const accumulators = makeAccumulators(code, rows, lanes.length);
  code.set(out, sum(times(k, cout), partial, column));
  code.push(equal(image, start)).if(
    () => clear(code, accumulators),
    () => eachVector(accumulators, (local, r, v) => void code.set(local, load(out, cell(r, v)))),
  );
  code.set(a, sum(corner, k));
  code.set(b, sum(times(image, output[0] * output[1] * cout * 4), column));
  code.loop(output[0], 1, () => {
    accumulate(emission, code, accumulators, {
      a,
      aOffset: offset,
      rowOffsets: evenRows(rows, 4),
      aStep: strides[1] * cin * 4,
      b,
      bOffset: emission.address(kernel.dy),
      bStep: cout * 4,
      count: output[1],
    });
    code.advance(a, strides[0] * pitch).advance(b, output[1] * cout * 4);
  });
  eachVector(accumulators, (local, r, v) => void code.store(out, local, cell(r, v), lanes[v]!));
  code.release(...accumulators.flat());
}
