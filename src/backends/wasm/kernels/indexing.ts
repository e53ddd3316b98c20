// Kernels between numbers and indices, and the random numbers of dropout, in plain scalar code.
import type { Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { difference, loadAs, shifted, sum, times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange } from "./emission.js";

export const emitArgMax: Emitter<"argMax"> = ({ rows, depth, ...kernel }, emission) => {
  const [x, output] = [emission.address(kernel.x), emission.address(kernel.output)];
  const { slices, chunk } = cut(rows, depth);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, rows);
    const [from, best, better] = code.locals("i32", 3);
    const [largest, value] = code.locals("f32", 2);
    code.set(from, times(start, depth * 4));
    code.loopFrom(start, end, 1, () => {
      code.set(best, 0).set(largest, loadAs("f32_load", from, x));
      code.loop(depth, 1, (column) => {
        // Selected without a branch: which class is the largest of a pixel is hard to predict.
        code.set(value, loadAs("f32_load", from, x));
        code.get(value).get(largest).op(OP.f32_gt).set(better);
        code.get(value).get(largest).get(better).op(OP.select).set(largest);
        code.get(column).get(best).get(better).op(OP.select).set(best);
        code.advance(from, 4);
      });
      code.get(start).times(4).get(best).memory("i32_store", output);
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export const emitOneHot: Emitter<"oneHot"> = ({ rows, depth, ...kernel }, emission) => {
  const [x, output] = [emission.address(kernel.x), emission.address(kernel.output)];
  const { slices, chunk } = cut(rows, depth);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, rows);
    const label = code.local("i32");
    code.push(sum(times(start, depth * 4), output)).i32(0);
    code.push(times(difference(end, start), depth * 4)).memoryFill();
    code.loopFrom(start, end, 1, () => {
      code
        .tee(label, loadAs("i32_load", times(start, 4), x))
        .i32(depth)
        .op(OP.i32_lt_u);
      code.if(() => {
        code
          .push(times(sum(times(start, depth), label), 4))
          .f32(1)
          .memory("f32_store", output);
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export const emitIota: Emitter<"iota"> = ({ size, ...kernel }, emission) => {
  const output = emission.address(kernel.output);
  const index = kernelFunction(emission, (code) => {
    code.loop(size, 1, (i) => {
      code.get(i).times(4).get(i).op(OP.f32_convert_i32_u).memory("f32_store", output);
    });
  });
  return { function: index, slices: 1, scratchBytes: 0 };
};

/** Philox4x32-10: block i of the stream gives elements 4 i to 4 i + 3 (see core/random). */
export const emitRandomUniform: Emitter<"randomUniform"> = ({ size, stream, ...kernel }, emission) => {
  const [state, output] = [emission.address(kernel.state), emission.address(kernel.output)];
  const blocks = Math.ceil(size / 4);
  const { slices, chunk } = cut(blocks, 64);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, blocks);
    const counter = code.locals("i32", 4);
    const [key0, key1, zero] = code.locals("i32", 3);
    const [even, odd] = code.locals("i64", 2);
    code.set(zero, 0);
    code.loopFrom(start, end, 1, () => {
      code.set(key0, loadAs("i32_load", zero, state)).set(key1, loadAs("i32_load", zero, state + 4));
      code.set(counter[0], start).set(counter[1], loadAs("i32_load", zero, state + 8));
      code.set(counter[2], stream).set(counter[3], 0);
      for (let round = 0; round < 10; round++) {
        code.i64(0xd2511f53).get(counter[0]).op(OP.i64_extend_i32_u, OP.i64_mul).set(even);
        code.i64(0xcd9e8d57).get(counter[2]).op(OP.i64_extend_i32_u, OP.i64_mul).set(odd);
        const high = (product: Local): void => void code.get(product).i64(32).op(OP.i64_shr_u, OP.i32_wrap_i64);
        high(odd);
        code.get(counter[1]).get(key0).op(OP.i32_xor, OP.i32_xor).set(counter[0]);
        code.get(odd).op(OP.i32_wrap_i64).set(counter[1]);
        high(even);
        code.get(counter[3]).get(key1).op(OP.i32_xor, OP.i32_xor).set(counter[2]);
        code.get(even).op(OP.i32_wrap_i64).set(counter[3]);
        code.advance(key0, 0x9e3779b9 | 0).advance(key1, 0xbb67ae85 | 0);
      }
      // The last block may reach past the end: buffers are padded to whole vectors.
      counter.forEach((word, i) => {
        code
          .push(times(start, 16))
          .push(shifted(word, 8))
          .op(OP.f32_convert_i32_u)
          .f32(2 ** -24);
        code.op(OP.f32_mul).memory("f32_store", output + i * 4);
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
