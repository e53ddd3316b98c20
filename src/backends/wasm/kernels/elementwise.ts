// Elementwise kernels: a loop nest over the collapsed shape, four positions at a time along the innermost axis, the
// outermost axis cut into slices. All outputs are contiguous and share one pointer.
import { collapse } from "../../../compile/expression.js";
import type { Expression } from "../../../compile/kernels.js";
import { byteWidth } from "../../../core/dtype.js";
import { sizeOf } from "../../../core/shape.js";
import type { Local } from "../assembler/code.js";
import { difference, times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { Cursors, emitExpression, storeAs } from "./vectors.js";

/** At least one axis, so that there is a loop to write. */
export const withAxis = (expression: Expression): Expression =>
  expression.shape.length > 0
    ? expression
    : { ...expression, shape: [1], leaves: expression.leaves.map((leaf) => ({ ...leaf, strides: [0] })) };

export const emitElementwise: Emitter<"elementwise"> = (kernel, emission) => {
  const expression = withAxis(collapse(kernel.expression).expression);
  const { shape } = expression;
  const last = shape.length - 1;
  const width = byteWidth(kernel.dtype);
  const inner = sizeOf(shape.slice(1));
  const { slices, chunk } = cut(shape[0]!, inner, { least: 8192, multiple: last === 0 ? 16 : 1 });
  const outputs = kernel.outputs.map(emission.address);

  const index = kernelFunction(emission, (code, slice) => {
    const cursors = new Cursors(code, emission, expression);
    const { start, end } = sliceRange(code, slice, chunk, shape[0]!);
    const out = code.local("i32");
    cursors.move(0, start);
    code.set(out, times(start, inner * width));
    const count = code.local("i32");
    code.set(count, difference(end, start));

    const body = (lanes: 4 | 1): void => {
      const results = emitExpression(code, expression, (leaf) => cursors.load(leaf, last, lanes));
      results.locals.forEach((result, i) => {
        storeAs(code, kernel.dtype, out, result, outputs[i]!, lanes);
      });
      results.release();
      cursors.move(last, lanes);
      code.advance(out, lanes * width);
    };
    const nest = (axis: number, extent: number | Local): void => {
      if (axis < last) {
        code.loop(extent, 1, () => {
          nest(axis + 1, shape[axis + 1]!);
          cursors.move(axis + 1, -shape[axis + 1]!);
          cursors.move(axis, 1);
        });
        return;
      }
      vectorLoop(code, extent, body);
    };
    nest(0, count);
  });
  return { function: index, slices, scratchBytes: 0 };
};
