// Reductions: an expression folded over some axes. When the innermost axis is kept, columns go side by side in vector
// lanes; when it is reduced, four partial results are folded at the end. The order of every sum is fixed by the shapes.
import { collapse } from "../../../compile/expression.js";
import type { KernelOf } from "../../../compile/kernels.js";
import { sizeOf } from "../../../core/shape.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { cut, type Emission, type Emitted, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { Cursors, emitExpression } from "./vectors.js";

/** Columns per pass: four independent accumulators hide the latency of the additions. */
const COLUMN_VECTORS = 4;

interface Axis {
  /** Position in the collapsed expression. */
  readonly at: number;
  readonly extent: number;
}

export function emitReduce(kernel: KernelOf<"reduce">, emission: Emission): Emitted {
  const reduced = new Set(kernel.axes);
  const { expression, axisMap } = collapse(kernel.expression, (axis) => reduced.has(axis) !== reduced.has(axis + 1));
  const axes: Axis[] = expression.shape.map((extent, at) => ({ at, extent }));
  const kept = axes.filter(({ at }) => !reduced.has(axisMap[at]!));
  const folded = axes.filter(({ at }) => reduced.has(axisMap[at]!));
  const columns = kept.at(-1)?.at === axes.length - 1 ? kept.at(-1) : undefined;
  const keptSize = sizeOf(kept.map(({ extent }) => extent));
  const work = sizeOf(expression.shape);

  // What is shared out: chunks of the first folded axis, else the longest kept axis.
  const sliced =
    kernel.chunks > 1
      ? folded[0]!
      : kept.reduce<Axis | undefined>((a, b) => (a && a.extent >= b.extent ? a : b), undefined);
  const { slices, chunk } =
    kernel.chunks > 1
      ? { slices: kernel.chunks, chunk: Math.ceil(sliced!.extent / kernel.chunks) }
      : sliced === undefined
        ? { slices: 1, chunk: 1 }
        : cut(sliced.extent, work / sliced.extent, { least: 8192, multiple: sliced === columns ? 16 : 1 });
  const step = kernel.operator === "sum" ? OP.f32x4_add : OP.f32x4_max;
  const neutral = kernel.operator === "sum" ? 0 : Number.NEGATIVE_INFINITY;
  const output = emission.address(kernel.output);

  const index = kernelFunction(emission, (code, slice) => {
    const cursors = new Cursors(code, emission, expression);
    const out = code.local("i32");
    const sliceCount = code.local("i32");
    code.i32(0).set(out);
    if (sliced !== undefined) {
      const { start, end } = sliceRange(code, slice, chunk, sliced.extent);
      // The last chunks can be empty when the extent does not divide well.
      code.min(start, end).set(start);
      cursors.move(sliced.at, start);
      code.get(end).get(start).op(OP.i32_sub).set(sliceCount);
      if (kernel.chunks > 1)
        code
          .get(slice)
          .times(keptSize * 4)
          .set(out);
      else {
        const stride = sizeOf(kept.slice(kept.indexOf(sliced) + 1).map(({ extent }) => extent));
        code
          .get(start)
          .times(stride * 4)
          .set(out);
      }
      code.release(start, end);
    }
    const extentOf = (axis: Axis): number | Local => (axis === sliced ? sliceCount : axis.extent);

    /** Loops over folded axes from the outermost; leaves the cursors where they were. */
    const fold = (depth: number, body: (innermost: boolean) => void): void => {
      const axis = folded[depth];
      if (axis === undefined) {
        body(true);
        return;
      }
      const extent = extentOf(axis);
      code.loop(extent, 1, () => {
        fold(depth + 1, body);
        cursors.move(axis.at, 1);
      });
      back(axis, extent);
    };
    const back = (axis: Axis, extent: number | Local): void => {
      if (typeof extent === "number") cursors.move(axis.at, -extent);
      else {
        const negative = code.local("i32");
        code.i32(0).get(extent).op(OP.i32_sub).set(negative);
        cursors.move(axis.at, negative);
        code.release(negative);
      }
    };

    const columnPass = (vectors: number, lanes: 4 | 1): void => {
      const accumulators = code.locals("v128", vectors);
      for (const accumulator of accumulators) code.f32x4(neutral).set(accumulator);
      fold(0, () => {
        accumulators.forEach((accumulator, v) => {
          const result = emitExpression(code, expression, (leaf) => cursors.load(leaf, columns!.at, lanes, v * 4));
          code.get(accumulator).get(result.locals[0]!).op(step).set(accumulator);
          result.release();
        });
      });
      accumulators.forEach((accumulator, v) => {
        if (lanes === 4)
          code
            .get(out)
            .get(accumulator)
            .memory("v128_store", output + v * 16);
        else code.get(out).get(accumulator).memoryLane("v128_store32_lane", 0, output);
      });
      code.release(...accumulators);
      cursors.move(columns!.at, vectors * lanes);
      code.advance(out, vectors * lanes * 4);
    };

    const rowPass = (): void => {
      const inner = folded.at(-1);
      const [wide, tail] = code.locals("v128", 2);
      code.f32x4(neutral).set(wide).f32x4(neutral).set(tail);
      const body = (lanes: 4 | 1, into: Local): void => {
        const result = emitExpression(code, expression, (leaf) => cursors.load(leaf, inner?.at ?? 0, lanes));
        code.get(into).get(result.locals[0]!).op(step).set(into);
        result.release();
        if (inner !== undefined) cursors.move(inner.at, lanes);
      };
      const foldRows = (depth: number): void => {
        const axis = folded[depth];
        if (axis === undefined) {
          body(1, tail);
          return;
        }
        const extent = extentOf(axis);
        if (axis !== inner) {
          code.loop(extent, 1, () => {
            foldRows(depth + 1);
            cursors.move(axis.at, 1);
          });
        } else vectorLoop(code, extent, (lanes) => body(lanes, lanes === 4 ? wide : tail));
        back(axis, extent);
      };
      foldRows(0);
      storeFolded(code, out, output, wide, tail, kernel.operator);
      code.release(wide, tail);
      code.advance(out, 4);
    };

    const nest = (depth: number): void => {
      const axis = kept[depth];
      if (axis === undefined) {
        rowPass();
        return;
      }
      const extent = extentOf(axis);
      if (axis === columns) columnLoops(code, extent, columnPass);
      else
        code.loop(extent, 1, () => {
          nest(depth + 1);
          cursors.move(axis.at, 1);
        });
      if (axis === columns || depth > 0) back(axis, extent);
      if (axis === sliced && depth > 0) {
        // Skip what the other slices write before the next outer position.
        const stride = sizeOf(kept.slice(depth + 1).map((other) => other.extent)) * 4;
        code.get(out).i32(axis.extent).get(sliceCount).op(OP.i32_sub).times(stride).op(OP.i32_add).set(out);
      }
    };
    nest(0);
  });
  return { function: index, slices, scratchBytes: 0 };
}

/** Wide passes first, then single vectors, then single columns. */
function columnLoops(code: Code, extent: number | Local, pass: (vectors: number, lanes: 4 | 1) => void): void {
  const wide = COLUMN_VECTORS * 4;
  if (typeof extent === "number") {
    code.loop(Math.floor(extent / wide), 1, () => pass(COLUMN_VECTORS, 4));
    vectorLoop(code, extent % wide, (lanes) => pass(1, lanes));
    return;
  }
  const part = code.local("i32");
  code.get(extent).i32(wide).op(OP.i32_div_u).set(part);
  code.loop(part, 1, () => pass(COLUMN_VECTORS, 4));
  code.get(extent).i32(wide).op(OP.i32_rem_u).set(part);
  vectorLoop(code, part, (lanes) => pass(1, lanes));
  code.release(part);
}

/** Folds the lanes of `wide` as ((0 1) (2 3)), then the tail, and stores the scalar. */
function storeFolded(code: Code, out: Local, output: number, wide: Local, tail: Local, operator: "sum" | "max"): void {
  const lane = (vector: Local, i: number): void =>
    void code.get(vector).lane("f32x4_extract_lane", i).op(OP.f32x4_splat);
  const step = operator === "sum" ? OP.f32x4_add : OP.f32x4_max;
  lane(wide, 0);
  lane(wide, 1);
  code.op(step);
  lane(wide, 2);
  lane(wide, 3);
  code.op(step, step).get(tail).op(step).set(wide);
  code.get(out).get(wide).memoryLane("v128_store32_lane", 0, output);
}
