// Convolution gradients when the output's gradient comes from max pooling: of each window at most one position carries
// any, and none where an activation cut it off. Winners are collected into a list per channel, and every entry adds
// one scaled filter row (or image row): a sixteenth of the products for a 4 x 4 pooling, less where gradients are 0.
import type { Buffer, ConvGeometry, KernelOf, Leaf, PoolWindow } from "../../../compile/kernels.js";
import { sparseFilterPitch } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { load, loadAs, quotient, remainder, sum, times } from "../assembler/operands.js";
import { type Emission, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { paddedImages, paddedSize } from "./images.js";
import { clear } from "./tile.js";
import { emitExpression } from "./vectors.js";

/** Vectors of a row that stay in registers while the list is walked. */
const ROW_VECTORS = 12;

interface Gradients {
  readonly dy: Buffer;
  readonly winner: Buffer;
  readonly geometry: ConvGeometry;
  readonly pool: PoolWindow;
}

const listBytes = ({ pool }: Gradients): number => pool.output[0] * pool.output[1] * 8;

/**
 * A function (image, channel, corner, list) -> end of list that appends an entry (address of the winner's footprint in
 * the padded image at `corner`, gradient) for every pooled position with a gradient.
 */
function collector(emission: Emission, gradients: Gradients): number {
  const { geometry, pool } = gradients;
  const { strides, inputChannels: cin, outputChannels: cout } = geometry;
  const { pitch } = paddedSize(geometry);
  const [rows, columns] = pool.output;
  const [dy, winner] = [emission.address(gradients.dy), emission.address(gradients.winner)];
  const right = strides[1] * cin * 4;
  const down = strides[0] * pitch;
  const signature = { parameters: ["i32", "i32", "i32", "i32"], results: ["i32"] } as const;
  return emission.module.function(signature, (code, image, channel, corner, list) => {
    const [at, cell] = code.locals("i32", 2);
    const value = code.local("f32");
    code.set(at, sum(times(image, rows * columns * cout), channel));
    code.loop(rows, 1, () => {
      code.loop(columns, 1, () => {
        // Every entry is written, but only one with a gradient is kept: whether is a coin toss, which a branch would lose.
        code.set(cell, loadAs("i32_load8_u", at, winner)).get(list);
        code.push(sum(corner, times(quotient(cell, pool.size[1]), down), times(remainder(cell, pool.size[1]), right)));
        code.memory("i32_store").set(value, loadAs("f32_load", times(at, 4), dy));
        code.get(list).get(value).memory("f32_store", 4);
        code.get(list).get(value).f32(0).op(OP.f32_ne).times(8).op(OP.i32_add).set(list);
        code.advance(at, cout).advance(corner, right * pool.size[1]);
      });
      code.advance(corner, down * pool.size[0] - right * pool.size[1] * columns);
    });
    code.get(list);
  });
}

/** Walks a list that may be empty; `body(entry)` sees a pointer to each (address, gradient). */
function forEntries(code: Code, list: Local, end: Local, body: (entry: Local) => void): void {
  const entry = code.local("i32");
  code.tee(entry, list).get(end).op(OP.i32_ne);
  code.if(() => void code.loopFrom(entry, end, 8, () => body(entry)));
  code.release(entry);
}

/** Some vectors of a row that stay in registers together. */
export interface VectorGroup {
  readonly first: number;
  readonly count: number;
}

/** The vectors of a row of `length` floats in groups that fit the registers. */
export function vectorGroups(length: number): VectorGroup[] {
  const vectors = Math.ceil(length / 4);
  const groups = Math.ceil(vectors / ROW_VECTORS);
  const each = Math.ceil(vectors / groups);
  return Array.from({ length: groups }, (_, i) => ({ first: i * each, count: Math.min(each, vectors - i * each) }));
}

/** The list of a channel's gradients: what the code of the filter's rows shares. */
interface Walk {
  readonly code: Code;
  readonly emission: Emission;
  readonly list: Local;
  readonly end: Local;
  /** Pointer to the row of an image, filled from the list. */
  readonly at: Local;
}

export const emitSparseFilterGrad: Emitter<"sparseFilterGrad"> = (kernel, emission) => {
  const { geometry, chunk } = kernel;
  const { batch, filter, inputChannels: cin, outputChannels: cout } = geometry;
  const images = paddedImages(emission, geometry, kernel.prologue);
  const collect = collector(emission, kernel);
  const pitch = sparseFilterPitch(geometry) * 4;
  const address = emission.address(kernel.output);
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, batch);
    const [image, target, corner, list, listEnd, out, from] = code.locals("i32", 7);
    // The list of corners, one per image of the chunk, then the list of entries, then the padded images.
    const corners = scratch;
    code.set(list, sum(scratch, chunk * 4)).set(target, sum(list, chunk * listBytes(kernel)));
    code.set(image, start).set(from, corners);
    code.loopFrom(image, end, 1, () => {
      images.open(code, image, target, corner);
      code.get(from).get(corner).memory("i32_store").advance(from, 4).advance(target, images.bytes);
    });
    code.set(out, times(slice, cout * filter[0] * pitch));
    code.loop(cout, 1, (channel) => {
      code.set(listEnd, list).set(from, corners).set(image, start);
      code.loopFrom(image, end, 1, () => {
        code.get(image).get(channel).push(loadAs("i32_load", from)).get(listEnd).call(collect).set(listEnd);
        code.advance(from, 4);
      });
      for (let ky = 0; ky < filter[0]; ky++)
        for (const group of vectorGroups(filter[1] * cin))
          addRows(
            { code, emission, list, end: listEnd, at: from },
            group,
            ky * images.pitch,
            out,
            address + ky * pitch,
          );
      code.advance(out, filter[0] * pitch);
    });
  });
  return {
    function: index,
    slices: Math.ceil(batch / chunk),
    scratchBytes: chunk * (4 + listBytes(kernel) + images.bytes) + 64,
  };
};

/** The sum over the list of gradients times `count` vectors of the image at `offset`, written to `out` + `address`. */
function addRows(walk: Walk, { first, count }: VectorGroup, offset: number, out: Local, address: number): void {
  const { code, emission, list, end, at } = walk;
  const sums = code.locals("v128", count);
  const gradient = code.local("v128");
  clear(code, [sums]);
  forEntries(code, list, end, (entry) => {
    code.set(at, loadAs("i32_load", entry)).set(gradient, loadAs("v128_load32_splat", entry, 4));
    sums.forEach((total, v) => {
      code.multiplyAdd(emission.mode, total, gradient, load(at, offset + (first + v) * 16)).set(total);
    });
  });
  sums.forEach((total, v) => {
    code.store(out, total, address + (first + v) * 16);
  });
  code.release(...sums, gradient);
}

export const emitSparseInputGrad: Emitter<"sparseInputGrad"> = (kernel, emission) => {
  const { geometry } = kernel;
  const { batch, filter, inputChannels: cin, outputChannels: cout } = geometry;
  const { bytes, pitch } = paddedSize(geometry);
  const collect = collector(emission, kernel);
  const run = filter[1] * cin;
  const index = kernelFunction(emission, (code, image, scratch) => {
    const [list, listEnd, to, weights] = code.locals("i32", 4);
    code.get(scratch).i32(0).i32(bytes).memoryFill();
    code.set(list, sum(scratch, bytes)).set(weights, 0);
    code.loop(cout, 1, (channel) => {
      code.get(image).get(channel).get(scratch).get(list).call(collect).set(listEnd);
      for (let ky = 0; ky < filter[0]; ky++)
        for (const group of vectorGroups(run)) {
          const row = { group, weights, address: emission.address(kernel.filter) + ky * run * 4, length: run };
          spreadRow({ code, emission, list, end: listEnd, at: to }, row, ky * pitch);
        }
      code.advance(weights, filter[0] * run * 4);
    });
    copyInterior(code, emission, kernel, { image, scratch, from: to, out: listEnd });
  });
  return { function: index, slices: batch, scratchBytes: bytes + listBytes(kernel) + 64 };
};

/** Some vectors of a row of weights, which has `length` floats at pointer `weights` + `address`. */
interface WeightRow {
  readonly group: VectorGroup;
  readonly weights: Local;
  readonly address: number;
  readonly length: number;
}

/** Adds every gradient of the list times a row of weights to the image at `offset`. */
function spreadRow(walk: Walk, { group, weights, address, length }: WeightRow, offset: number): void {
  const { code, emission, list, end, at } = walk;
  const row = code.locals("v128", group.count);
  const gradient = code.local("v128");
  row.forEach((local, v) => {
    const first = (group.first + v) * 4;
    code.push(load(weights, address + first * 4));
    // Lanes past the row belong to the next filter row: they must add nothing.
    if (length - first < 4) code.laneMask(length - first).op(OP.v128_and);
    code.set(local);
  });
  forEntries(code, list, end, (entry) => {
    code.set(at, loadAs("i32_load", entry)).set(gradient, loadAs("v128_load32_splat", entry, 4));
    row.forEach((local, v) => {
      const spot = offset + (group.first + v) * 16;
      code.get(at).multiplyAdd(emission.mode, load(at, spot), gradient, local).memory("v128_store", spot);
    });
  });
  code.release(...row, gradient);
}

/** Writes the interior of the padded image at `scratch`, through the epilogue, to the result. */
function copyInterior(
  code: Code,
  emission: Emission,
  { geometry, epilogue, output }: KernelOf<"sparseInputGrad">,
  { image, scratch, from, out }: { image: Local; scratch: Local; from: Local; out: Local },
): void {
  const { input, padding, inputChannels: cin } = geometry;
  const { pitch } = paddedSize(geometry);
  const rowElements = input[1] * cin;
  const address = emission.address(output);
  code.set(from, sum(scratch, padding[0] * pitch + padding[2] * cin * 4));
  code.set(out, times(image, input[0] * rowElements * 4));
  code.loop(input[0], 1, () => {
    vectorLoop(code, rowElements, (lanes) => {
      const value = code.local("v128");
      const instruction = lanes === 4 ? "v128_load" : "v128_load32_splat";
      const loadLeaf = ({ buffer, strides }: Leaf): void => {
        if (strides[1] === 1) code.push(loadAs(instruction, out, emission.address(buffer)));
        else code.push(loadAs("v128_load32_splat", 0, emission.address(buffer)));
      };
      code.set(value, loadAs(instruction, from));
      const results = emitExpression(code, epilogue, loadLeaf, value);
      code.store(out, results.locals[0]!, address, lanes);
      results.release();
      code.release(value);
      code.advance(from, lanes * 4).advance(out, lanes * 4);
    });
    code.advance(from, pitch - rowElements * 4);
  });
}
