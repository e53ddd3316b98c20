// Convolution gradients when the output's gradient comes from max pooling: of each window at most one position carries
// any, and none where an activation cut it off. Winners are collected into a list per channel, and every entry adds
// one scaled filter row (or image row): a sixteenth of the products for a 4 x 4 pooling, less where gradients are 0.
import type { Buffer, ConvGeometry, PoolWindow } from "../../../compile/kernels.js";
import { sparseFilterPitch } from "../../../compile/kernels.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { type Emission, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { paddedImages, paddedSize } from "./images.js";
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
  return emission.module.function({ parameters: ["i32", "i32", "i32", "i32"], results: ["i32"] }, (code) => {
    const [image, channel, corner, list] = code.parameters as [Local, Local, Local, Local];
    const [at, cell] = code.locals("i32", 2);
    const value = code.local("f32");
    code
      .get(image)
      .times(rows * columns * cout)
      .get(channel)
      .op(OP.i32_add)
      .set(at);
    code.loop(rows, 1, () => {
      code.loop(columns, 1, () => {
        // Every entry is written, but only one with a gradient is kept: whether is a coin toss, which a branch would lose.
        code.get(at).memory("i32_load8_u", winner).set(cell);
        code.get(list).get(corner);
        code.get(cell).i32(pool.size[1]).op(OP.i32_div_u).times(down).op(OP.i32_add);
        code.get(cell).i32(pool.size[1]).op(OP.i32_rem_u).times(right).op(OP.i32_add).memory("i32_store");
        code.get(at).times(4).memory("f32_load", dy).set(value);
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
  code
    .get(list)
    .tee(entry)
    .get(end)
    .op(OP.i32_ne)
    .if(() => {
      code.loopFrom(entry, end, 8, () => body(entry));
    });
  code.release(entry);
}

/** The vectors of a row of `length` floats in groups that fit the registers. */
function vectorGroups(length: number): { first: number; count: number }[] {
  const vectors = Math.ceil(length / 4);
  const groups = Math.ceil(vectors / ROW_VECTORS);
  const each = Math.ceil(vectors / groups);
  return Array.from({ length: groups }, (_, i) => ({ first: i * each, count: Math.min(each, vectors - i * each) }));
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
    code
      .get(scratch)
      .i32(chunk * 4)
      .op(OP.i32_add)
      .set(list);
    code
      .get(list)
      .i32(chunk * listBytes(kernel))
      .op(OP.i32_add)
      .set(target);
    code
      .get(start)
      .set(image)
      .get(corners)
      .set(from)
      .loopFrom(image, end, 1, () => {
        images.open(code, image, target, corner);
        code.get(from).get(corner).memory("i32_store").advance(from, 4).advance(target, images.bytes);
      });
    code
      .get(slice)
      .times(cout * filter[0] * pitch)
      .set(out);
    code.loop(cout, 1, (channel) => {
      code.get(list).set(listEnd).get(corners).set(from);
      code
        .get(start)
        .set(image)
        .loopFrom(image, end, 1, () => {
          code.get(image).get(channel).get(from).memory("i32_load").get(listEnd).call(collect).set(listEnd);
          code.advance(from, 4);
        });
      for (let ky = 0; ky < filter[0]; ky++) {
        for (const { first, count } of vectorGroups(filter[1] * cin)) {
          const sums = code.locals("v128", count);
          const gradient = code.local("v128");
          for (const sum of sums) code.f32x4(0).set(sum);
          forEntries(code, list, listEnd, (entry) => {
            code.get(entry).memory("i32_load").set(from).get(entry).memory("v128_load32_splat", 4).set(gradient);
            sums.forEach((sum, v) => {
              if (emission.mode === "fast")
                code
                  .get(from)
                  .memory("v128_load", ky * geometryPitch(geometry) + (first + v) * 16)
                  .get(gradient)
                  .get(sum)
                  .op(OP.f32x4_relaxed_madd)
                  .set(sum);
              else
                code
                  .get(sum)
                  .get(gradient)
                  .get(from)
                  .memory("v128_load", ky * geometryPitch(geometry) + (first + v) * 16)
                  .op(OP.f32x4_mul, OP.f32x4_add)
                  .set(sum);
            });
          });
          sums.forEach((sum, v) => {
            code
              .get(out)
              .get(sum)
              .memory("v128_store", address + ky * pitch + (first + v) * 16);
          });
          code.release(...sums, gradient);
        }
      }
      code.advance(out, filter[0] * pitch);
    });
  });
  return {
    function: index,
    slices: Math.ceil(batch / chunk),
    scratchBytes: chunk * (4 + listBytes(kernel) + images.bytes) + 64,
  };
};

const geometryPitch = (geometry: ConvGeometry): number => paddedSize(geometry).pitch;

export const emitSparseInputGrad: Emitter<"sparseInputGrad"> = (kernel, emission) => {
  const { geometry, epilogue } = kernel;
  const { batch, filter, inputChannels: cin, outputChannels: cout, input, padding } = geometry;
  const { bytes, pitch } = paddedSize(geometry);
  const collect = collector(emission, kernel);
  const run = filter[1] * cin;
  const filterAddress = emission.address(kernel.filter);
  const output = emission.address(kernel.output);
  const rowElements = input[1] * cin;

  const index = kernelFunction(emission, (code, image, scratch) => {
    const [list, listEnd, to, weights] = code.locals("i32", 4);
    code.get(scratch).i32(0).i32(bytes).memoryFill();
    code.get(scratch).i32(bytes).op(OP.i32_add).set(list);
    code
      .i32(0)
      .set(weights)
      .loop(cout, 1, (channel) => {
        code.get(image).get(channel).get(scratch).get(list).call(collect).set(listEnd);
        for (let ky = 0; ky < filter[0]; ky++) {
          for (const { first, count } of vectorGroups(run)) {
            const row = code.locals("v128", count);
            const gradient = code.local("v128");
            row.forEach((local, v) => {
              code.get(weights).memory("v128_load", filterAddress + (ky * run + (first + v) * 4) * 4);
              const lanes = Math.min(4, run - (first + v) * 4);
              // Lanes past the row belong to the next filter row: they must add nothing.
              if (lanes < 4) code.laneMask(lanes).op(OP.v128_and);
              code.set(local);
            });
            forEntries(code, list, listEnd, (entry) => {
              code.get(entry).memory("i32_load").set(to).get(entry).memory("v128_load32_splat", 4).set(gradient);
              row.forEach((local, v) => {
                const offset = ky * pitch + (first + v) * 16;
                code.get(to);
                if (emission.mode === "fast")
                  code.get(gradient).get(local).get(to).memory("v128_load", offset).op(OP.f32x4_relaxed_madd);
                else code.get(to).memory("v128_load", offset).get(gradient).get(local).op(OP.f32x4_mul, OP.f32x4_add);
                code.memory("v128_store", offset);
              });
            });
            code.release(...row, gradient);
          }
        }
        code.advance(weights, filter[0] * run * 4);
      });
    // The interior of the padded image, through the epilogue, to its place.
    const [from, out] = [to, listEnd];
    code
      .get(scratch)
      .i32(padding[0] * pitch + padding[2] * cin * 4)
      .op(OP.i32_add)
      .set(from);
    code
      .get(image)
      .times(input[0] * rowElements * 4)
      .set(out);
    const part = (lanes: 4 | 1): void => {
      const value = code.local("v128");
      code
        .get(from)
        .memory(lanes === 4 ? "v128_load" : "v128_load32_splat")
        .set(value);
      const results = emitExpression(
        code,
        epilogue,
        (leaf) => {
          const flat = leaf.strides[1] === 1;
          if (flat) code.get(out);
          else code.i32(0);
          code.memory(flat && lanes === 4 ? "v128_load" : "v128_load32_splat", emission.address(leaf.buffer));
        },
        value,
      );
      if (lanes === 4) code.get(out).get(results.locals[0]!).memory("v128_store", output);
      else code.get(out).get(results.locals[0]!).memoryLane("v128_store32_lane", 0, output);
      results.release();
      code
        .release(value)
        .advance(from, lanes * 4)
        .advance(out, lanes * 4);
    };
    code.loop(input[0], 1, () => {
      vectorLoop(code, rowElements, part);
      code.advance(from, pitch - rowElements * 4);
    });
  });
  return { function: index, slices: batch, scratchBytes: bytes + listBytes(kernel) + 64 };
};
