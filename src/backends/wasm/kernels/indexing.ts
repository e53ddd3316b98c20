// Kernels between numbers and indices, and the random numbers of dropout: plain scalar code, they are never hot.
import type { Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { cut, type Emitter, kernelFunction, sliceRange } from "./emission.js";

export const emitArgMax: Emitter<"argMax"> = ({ rows, depth, ...kernel }, emission) => {
  const [x, output] = [emission.address(kernel.x), emission.address(kernel.output)];
  const { slices, chunk } = cut(rows, depth);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, rows);
    const [from, best] = code.locals("i32", 2) as [Local, Local];
    const [largest, value] = code.locals("f32", 2) as [Local, Local];
    code
      .get(start)
      .times(depth * 4)
      .set(from);
    code.loopFrom(start, end, 1, () => {
      code.i32(0).set(best).get(from).memory("f32_load", x).set(largest);
      code.loop(depth, 1, (column) => {
        code.get(from).memory("f32_load", x).set(value).get(value).get(largest).op(OP.f32_gt);
        code.if(() => void code.get(value).set(largest).get(column).set(best));
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
    code
      .get(start)
      .times(depth * 4)
      .i32(output)
      .op(OP.i32_add)
      .i32(0);
    code
      .get(end)
      .get(start)
      .op(OP.i32_sub)
      .times(depth * 4)
      .memoryFill();
    code.loopFrom(start, end, 1, () => {
      code.get(start).times(4).memory("i32_load", x).tee(label).i32(depth).op(OP.i32_lt_u);
      code.if(() => {
        code.get(start).times(depth).get(label).op(OP.i32_add).times(4).f32(1).memory("f32_store", output);
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
    const counter = code.locals("i32", 4) as [Local, Local, Local, Local];
    const [key0, key1, zero] = code.locals("i32", 3) as [Local, Local, Local];
    const [even, odd] = code.locals("i64", 2) as [Local, Local];
    code.i32(0).set(zero);
    code.loopFrom(start, end, 1, () => {
      code
        .get(zero)
        .memory("i32_load", state)
        .set(key0)
        .get(zero)
        .memory("i32_load", state + 4)
        .set(key1);
      code
        .get(start)
        .set(counter[0])
        .get(zero)
        .memory("i32_load", state + 8)
        .set(counter[1]);
      code.i32(stream).set(counter[2]).i32(0).set(counter[3]);
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
          .get(start)
          .times(16)
          .get(word)
          .i32(8)
          .op(OP.i32_shr_u, OP.f32_convert_i32_u)
          .f32(2 ** -24);
        code.op(OP.f32_mul).memory("f32_store", output + i * 4);
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
