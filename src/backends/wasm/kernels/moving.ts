// Kernels that move rows of numbers without computing: padding, joining, picking by index; and the adjoint of picking,
// which adds rows up, one image a slice, so that the order of its sums depends on the indices alone.
import { sizeOf } from "../../../core/shape.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { loadAs, quotient, sum, times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";

/** A pointer that walks, and the address that its instructions add. */
interface Cursor {
  readonly pointer: Local;
  readonly base: number;
}

/** Moves `elements` numbers, and both pointers past them. With `adding`, they are added to what is there. */
function moveRun(code: Code, to: Cursor, from: Cursor, elements: number, adding = false): void {
  vectorLoop(code, elements, (lanes) => {
    const [load, store] = lanes === 4 ? (["v128_load", "v128_store"] as const) : (["f32_load", "f32_store"] as const);
    code.get(to.pointer).push(loadAs(load, from.pointer, from.base));
    if (adding) code.push(loadAs(load, to.pointer, to.base)).op(lanes === 4 ? OP.f32x4_add : OP.f32_add);
    code.memory(store, to.base);
    code.advance(to.pointer, lanes * 4).advance(from.pointer, lanes * 4);
  });
}

/** Fills `elements` numbers and moves the pointer past them. */
function fillRun(code: Code, to: Cursor, elements: number, value: number): void {
  vectorLoop(code, elements, (lanes) => {
    code.get(to.pointer);
    if (lanes === 4) code.f32x4(value).memory("v128_store", to.base);
    else code.f32(value).memory("f32_store", to.base);
    code.advance(to.pointer, lanes * 4);
  });
}

export const emitPad: Emitter<"pad"> = (kernel, emission) => {
  const { outer, axes, run, value } = kernel;
  const block = sizeOf(axes.map(({ padded }) => padded)) * run;
  const operand = sizeOf(axes.map(({ extent }) => extent)) * run;
  const { slices, chunk } = cut(outer, block, { least: 8192 });
  const strides = axes.map((_, i) => sizeOf(axes.slice(i + 1).map(({ padded }) => padded)) * run * 4);
  const corner = axes.reduce((sum, { before }, i) => sum + before * strides[i]!, 0);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, outer);
    const to = { pointer: code.local("i32"), base: emission.address(kernel.output) };
    const from = { pointer: code.local("i32"), base: emission.address(kernel.x) };
    code.set(from.pointer, times(start, operand * 4));
    const nest = (depth: number): void => {
      const axis = axes[depth];
      if (axis === undefined) {
        moveRun(code, to, from, run);
        code.advance(to.pointer, -run * 4);
        return;
      }
      const step = axis.spacing * strides[depth]!;
      code.loop(axis.extent, 1, () => {
        nest(depth + 1);
        code.advance(to.pointer, step);
      });
      code.advance(to.pointer, -axis.extent * step);
    };
    code.loopFrom(start, end, 1, () => {
      code.set(to.pointer, times(start, block * 4));
      fillRun(code, to, block, value);
      code.advance(to.pointer, corner - block * 4);
      nest(0);
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export const emitConcatenate: Emitter<"concatenate"> = ({ rows, widths, ...kernel }, emission) => {
  const width = widths.reduce((sum, part) => sum + part, 0);
  const { slices, chunk } = cut(rows, width, { least: 8192 });
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, rows);
    const to = { pointer: code.local("i32"), base: emission.address(kernel.output) };
    const from = kernel.inputs.map((buffer) => ({ pointer: code.local("i32"), base: emission.address(buffer) }));
    code.set(to.pointer, times(start, width * 4));
    from.forEach(({ pointer }, i) => {
      code.set(pointer, times(start, widths[i]! * 4));
    });
    code.loopFrom(start, end, 1, () => {
      from.forEach((cursor, i) => {
        moveRun(code, to, cursor, widths[i]!);
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export const emitGather: Emitter<"gather"> = ({ images, rows, picks, channels, ...kernel }, emission) => {
  const total = images * picks;
  const indices = emission.address(kernel.indices);
  const { slices, chunk } = cut(total, channels, { least: 4096 });
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, total);
    const to = { pointer: code.local("i32"), base: emission.address(kernel.output) };
    const from = { pointer: code.local("i32"), base: emission.address(kernel.x) };
    const row = code.local("i32");
    code.set(to.pointer, times(start, channels * 4));
    code.loopFrom(start, end, 1, () => {
      code
        .tee(row, loadAs("i32_load", times(start, 4), indices))
        .i32(rows)
        .op(OP.i32_lt_u);
      code.if(
        () => {
          code.set(from.pointer, times(sum(times(quotient(start, picks), rows), row), channels * 4));
          moveRun(code, to, from, channels);
        },
        () => fillRun(code, to, channels, 0),
      );
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};

export const emitScatterAdd: Emitter<"scatterAdd"> = ({ images, rows, picks, channels, ...kernel }, emission) => {
  const indices = emission.address(kernel.indices);
  const index = kernelFunction(emission, (code, image) => {
    const to = { pointer: code.local("i32"), base: emission.address(kernel.output) };
    const from = { pointer: code.local("i32"), base: emission.address(kernel.x) };
    const [at, row] = code.locals("i32", 2);
    code.push(sum(times(image, rows * channels * 4), to.base)).i32(0);
    code.i32(rows * channels * 4).memoryFill();
    code.set(from.pointer, times(image, picks * channels * 4)).set(at, times(image, picks * 4));
    code.loop(picks, 1, () => {
      code
        .tee(row, loadAs("i32_load", at, indices))
        .i32(rows)
        .op(OP.i32_lt_u);
      code.if(
        () => {
          code.set(to.pointer, times(sum(times(image, rows), row), channels * 4));
          moveRun(code, to, from, channels, true);
        },
        () => void code.advance(from.pointer, channels * 4),
      );
      code.advance(at, 4);
    });
  });
  return { function: index, slices: images, scratchBytes: 0 };
};
