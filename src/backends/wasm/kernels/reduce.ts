// Reductions: an expression folded over some axes. When the innermost axis is kept, columns go side by side in vector
// lanes; when it is reduced, four partial results are folded at the end. The order of every sum is fixed by the shapes.
import { collapse } from "../../../compile/expression.js";
import type { Expression, KernelOf } from "../../../compile/kernels.js";
import { sizeOf } from "../../../core/shape.js";
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { difference, quotient, remainder, sum, times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { Cursors, emitExpression } from "./vectors.js";

/** Columns per pass: four independent accumulators hide the latency of the additions. */
const COLUMN_VECTORS = 4;

interface Axis {
  /** Position in the collapsed expression. */
  readonly at: number;
  readonly extent: number;
}

export interface ReducePlan {
  readonly expression: Expression;
  readonly kept: readonly Axis[];
  readonly folded: readonly Axis[];
  /** The innermost axis where it is kept: its positions go side by side in lanes. */
  readonly columns: Axis | undefined;
  /** The axis that is shared out: the first folded one where there are chunks, else the longest kept one. */
  readonly sliced: Axis | undefined;
  readonly slices: number;
  /** Positions of the sliced axis for each slice. */
  readonly chunk: number;
  /** Results between the first of a slice and the first of the next, where it is a position or a chunk further on. */
  readonly sliceResults: number;
}

export function planReduce(kernel: Pick<KernelOf<"reduce">, "expression" | "axes" | "chunks">): ReducePlan {
  const reduced = new Set(kernel.axes);
  const { expression, axisMap } = collapse(kernel.expression, (axis) => reduced.has(axis) !== reduced.has(axis + 1));
  const axes: Axis[] = expression.shape.map((extent, at) => ({ at, extent }));
  const kept = axes.filter(({ at }) => !reduced.has(axisMap[at]!));
  const folded = axes.filter(({ at }) => reduced.has(axisMap[at]!));
  const columns = kept.at(-1)?.at === axes.length - 1 ? kept.at(-1) : undefined;
  const parts = { expression, kept, folded, columns };
  if (kernel.chunks > 1) {
    const sliced = folded[0]!;
    const chunk = Math.ceil(sliced.extent / kernel.chunks);
    return { ...parts, sliced, slices: kernel.chunks, chunk, sliceResults: resultsWithin(kept, 0) };
  }
  const sliced = kept.reduce<Axis | undefined>((a, b) => (a && a.extent >= b.extent ? a : b), undefined);
  if (sliced === undefined) return { ...parts, sliced, slices: 1, chunk: 1, sliceResults: 1 };
  const options = { least: 8192, multiple: sliced === columns ? 16 : 1 };
  const { slices, chunk } = cut(sliced.extent, sizeOf(expression.shape) / sliced.extent, options);
  return { ...parts, sliced, slices, chunk, sliceResults: resultsWithin(kept, kept.indexOf(sliced) + 1) };
}

/** Results for one position of the kept axes before axis number `first`. */
const resultsWithin = (kept: readonly Axis[], first: number): number =>
  sizeOf(kept.slice(first).map(({ extent }) => extent));

/** A slice of a reduction: what the code of its loops shares. */
interface Slice {
  readonly code: Code;
  readonly kernel: KernelOf<"reduce">;
  readonly plan: ReducePlan;
  /** Address of the results. */
  readonly output: number;
  readonly cursors: Cursors;
  /** Pointer to the next result. */
  readonly out: Local;
  /** Positions of the sliced axis that are this slice's. */
  readonly count: Local;
}

export const emitReduce: Emitter<"reduce"> = (kernel, emission) => {
  const plan = planReduce(kernel);
  const output = emission.address(kernel.output);
  const index = kernelFunction(emission, (code, slice) => {
    const cursors = new Cursors(code, emission, plan.expression);
    const [out, count] = code.locals("i32", 2);
    const part = { code, kernel, plan, output, cursors, out, count };
    code.set(out, 0);
    openSlice(part, slice);
    emitKept(part, 0);
  });
  return { function: index, slices: plan.slices, scratchBytes: 0 };
};

/** Moves to the first position of a slice and its result. */
function openSlice({ code, kernel, plan, cursors, out, count }: Slice, slice: Local): void {
  const { sliced, chunk, sliceResults } = plan;
  if (sliced === undefined) return;
  const { start, end } = sliceRange(code, slice, chunk, sliced.extent);
  // The last chunks can be empty when the extent does not divide well.
  code.min(start, end).set(start);
  cursors.move(sliced.at, start);
  code.set(count, difference(end, start));
  code.set(out, times(kernel.chunks > 1 ? slice : start, sliceResults * 4));
  code.release(start, end);
}

const extentOf = ({ plan, count }: Slice, axis: Axis): number | Local => (axis === plan.sliced ? count : axis.extent);

/** Moves the cursors back over an axis. */
function goBack({ code, cursors }: Slice, axis: Axis, extent: number | Local): void {
  if (typeof extent === "number") {
    cursors.move(axis.at, -extent);
    return;
  }
  const negative = code.local("i32");
  code.set(negative, difference(0, extent));
  cursors.move(axis.at, negative);
  code.release(negative);
}

/** Loops over the kept axes from number `depth` on. */
function emitKept(slice: Slice, depth: number): void {
  const { code, plan, cursors, out, count } = slice;
  const axis = plan.kept[depth];
  if (axis === undefined) {
    emitRow(slice);
    return;
  }
  const extent = extentOf(slice, axis);
  if (axis === plan.columns) columnLoops(code, extent, (vectors, lanes) => emitColumns(slice, axis, vectors, lanes));
  else
    code.loop(extent, 1, () => {
      emitKept(slice, depth + 1);
      cursors.move(axis.at, 1);
    });
  if (axis === plan.columns || depth > 0) goBack(slice, axis, extent);
  // Skip what the other slices write before the next outer position.
  if (axis === plan.sliced && depth > 0)
    code.set(out, sum(out, times(difference(axis.extent, count), resultsWithin(plan.kept, depth + 1) * 4)));
}

/** Loops over the folded axes from number `depth` on; leaves the cursors where they were. */
function emitFolded(slice: Slice, depth: number, body: () => void): void {
  const { code, plan, cursors } = slice;
  const axis = plan.folded[depth];
  if (axis === undefined) {
    body();
    return;
  }
  const extent = extentOf(slice, axis);
  code.loop(extent, 1, () => {
    emitFolded(slice, depth + 1, body);
    cursors.move(axis.at, 1);
  });
  goBack(slice, axis, extent);
}

const foldOf = (operator: "sum" | "max") => (operator === "sum" ? OP.f32x4_add : OP.f32x4_max);
const neutralOf = (operator: "sum" | "max"): number => (operator === "sum" ? 0 : Number.NEGATIVE_INFINITY);

/** Results of some vectors (or of one lane) of columns. */
function emitColumns(slice: Slice, columns: Axis, vectors: number, lanes: 4 | 1): void {
  const { code, kernel, plan, output, cursors, out } = slice;
  const accumulators = code.locals("v128", vectors);
  for (const accumulator of accumulators) code.f32x4(neutralOf(kernel.operator)).set(accumulator);
  emitFolded(slice, 0, () => {
    accumulators.forEach((accumulator, v) => {
      const result = emitExpression(code, plan.expression, (leaf) => cursors.load(leaf, columns.at, lanes, v * 4));
      code.get(accumulator).get(result.locals[0]!).op(foldOf(kernel.operator)).set(accumulator);
      result.release();
    });
  });
  accumulators.forEach((accumulator, v) => {
    code.store(out, accumulator, output + v * 16, lanes);
  });
  code.release(...accumulators);
  cursors.move(columns.at, vectors * lanes);
  code.advance(out, vectors * lanes * 4);
}

/** One result, whose innermost axis is folded four positions at a time. */
function emitRow(slice: Slice): void {
  const { code, kernel, plan, output, cursors, out } = slice;
  const { expression, folded } = plan;
  const inner = folded.at(-1);
  const neutral = neutralOf(kernel.operator);
  const [wide, tail] = code.locals("v128", 2);
  code.f32x4(neutral).set(wide).f32x4(neutral).set(tail);
  const fold = (lanes: 4 | 1): void => {
    const into = lanes === 4 ? wide : tail;
    const result = emitExpression(code, expression, (leaf) => cursors.load(leaf, inner?.at ?? 0, lanes));
    code.get(into).get(result.locals[0]!).op(foldOf(kernel.operator)).set(into);
    result.release();
    if (inner !== undefined) cursors.move(inner.at, lanes);
  };
  const loops = (depth: number): void => {
    const axis = folded[depth];
    if (axis === undefined) {
      fold(1);
      return;
    }
    const extent = extentOf(slice, axis);
    if (axis === inner) vectorLoop(code, extent, fold);
    else
      code.loop(extent, 1, () => {
        loops(depth + 1);
        cursors.move(axis.at, 1);
      });
    goBack(slice, axis, extent);
  };
  loops(0);
  storeFolded(code, out, output, wide, tail, kernel.operator);
  code.release(wide, tail);
  code.advance(out, 4);
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
  code.set(part, quotient(extent, wide));
  code.loop(part, 1, () => pass(COLUMN_VECTORS, 4));
  code.set(part, remainder(extent, wide));
  vectorLoop(code, part, (lanes) => pass(1, lanes));
  code.release(part);
}

/** Folds the lanes of `wide` as ((0 1) (2 3)), then the tail, and stores the scalar. */
function storeFolded(code: Code, out: Local, output: number, wide: Local, tail: Local, operator: "sum" | "max"): void {
  const lane = (i: number): void => void code.get(wide).lane("f32x4_extract_lane", i).op(OP.f32x4_splat);
  const step = foldOf(operator);
  lane(0);
  lane(1);
  code.op(step);
  lane(2);
  lane(3);
  code.op(step, step).get(tail).op(step).set(wide);
  code.store(out, wide, output, 1);
}
