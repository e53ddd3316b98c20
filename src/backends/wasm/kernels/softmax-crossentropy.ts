// Softmax and its crossentropy: the largest logit of a row, then powers and sums. A row of many classes goes through
// vectors of four elements, and what is left through single lanes. Rows of few classes, such as the pixels of a map,
// would leave most lanes empty, so four of them go side by side. The order of every sum and the bits are the same.
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { difference, times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { exp, log } from "./functions.js";
import { loadApart, loadSplat, loadVector } from "./vectors.js";

/** Rows of at most so many classes go side by side. */
const FEW_CLASSES = 16;

export const emitSoftmaxCrossentropy: Emitter<"softmaxCrossentropy"> = (kernel, emission) => {
  const { slices, chunk } = cut(kernel.rows, kernel.depth * 16);
  const [losses, probabilities, normalizers] = kernel.outputs.map(emission.address) as [number, number, number];
  const [logits, targets] = [emission.address(kernel.x), emission.address(kernel.targets)];
  const buffers = { depth: kernel.depth, logits, targets, losses, probabilities, normalizers };
  const emitRows = kernel.depth > FEW_CLASSES ? emitLongRows : emitShortRows;
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, kernel.rows);
    emitRows(code, buffers, start, end);
  });
  return { function: index, slices, scratchBytes: 0 };
};

/** Classes of a row and the addresses of the operands and results. */
interface Buffers {
  readonly depth: number;
  readonly logits: number;
  readonly targets: number;
  readonly losses: number;
  readonly probabilities: number;
  readonly normalizers: number;
}

/** Sums over the classes of a row, and its largest logit: one row in all lanes, or four rows. */
interface RowSums {
  readonly largest: Local;
  readonly powers: Local;
  readonly weights: Local;
  readonly products: Local;
}

/** Stores the normalizers and the losses of the rows at `out`; `powers` and `largest` are overwritten. */
function storeRows(code: Code, { losses, normalizers }: Buffers, out: Local, sums: RowSums, lanes: 4 | 1): void {
  const { largest, powers, weights, products } = sums;
  code.get(powers);
  log(code);
  code.set(powers);
  code.get(powers).get(largest).op(OP.f32x4_add).set(largest);
  code.store(out, largest, normalizers, lanes);
  code.get(powers).get(weights).op(OP.f32x4_mul).get(products).op(OP.f32x4_sub).set(powers);
  code.store(out, powers, losses, lanes);
}

/** The rows from `row` to `end`, each by itself. */
function emitLongRows(code: Code, buffers: Buffers, row: Local, end: Local): void {
  const { depth, logits, targets, probabilities } = buffers;
  const [first, at, out] = code.locals("i32", 3);
  const [largest, target, value] = code.locals("v128", 3);
  /** Sums of powers, of targets, of products: in four lanes, and of the elements that are left. */
  const [wide, tail] = [code.locals("v128", 3), code.locals("v128", 3)] as const;
  const load = (base: number, lanes: 4 | 1): void => {
    code.get(at);
    (lanes === 4 ? loadVector : loadSplat)(code, "float32", base);
  };
  const walk = (body: (lanes: 4 | 1) => void): void => {
    code.set(at, first);
    vectorLoop(code, depth, (lanes) => {
      body(lanes);
      code.advance(at, lanes * 4);
    });
  };
  /** All lanes of `into` become the fold of the lanes of `from`. */
  const foldLanes = (from: Local, op: number, into: Local): void => {
    code.get(from).get(from).get(from).shuffle([2, 3, 0, 1]).op(op).set(into);
    code.get(into).get(into).get(into).shuffle([1, 0, 3, 2]).op(op).set(into);
  };

  code.loopFrom(row, end, 1, () => {
    code.set(first, times(row, depth * 4));
    code.f32x4(Number.NEGATIVE_INFINITY).set(value);
    walk((lanes) => {
      load(logits, lanes);
      code.get(value).op(OP.f32x4_max).set(value);
    });
    foldLanes(value, OP.f32x4_max, largest);

    for (const sum of [...wide, ...tail]) code.f32x4(0).set(sum);
    walk((lanes) => {
      const [powers, weights, products] = lanes === 4 ? wide : tail;
      load(logits, lanes);
      code.get(largest).op(OP.f32x4_sub).tee(value);
      load(targets, lanes);
      code.tee(target).op(OP.f32x4_mul).get(products).op(OP.f32x4_add).set(products);
      code.get(weights).get(target).op(OP.f32x4_add).set(weights);
      code.get(value);
      exp(code);
      code.tee(value).get(powers).op(OP.f32x4_add).set(powers);
      code.store(at, value, probabilities, lanes);
    });
    wide.forEach((sum, i) => {
      foldLanes(sum, OP.f32x4_add, sum);
      code.get(sum).get(tail[i]!).op(OP.f32x4_add).set(sum);
    });
    const [powers, weights, products] = wide;
    walk((lanes) => {
      load(probabilities, lanes);
      code.get(powers).op(OP.f32x4_div).set(value);
      code.store(at, value, probabilities, lanes);
    });
    code.set(out, times(row, 4));
    storeRows(code, buffers, out, { largest, powers, weights, products }, 1);
  });
}

/** The rows from `row` to `end`, four side by side, then those that are left one by one. */
function emitShortRows(code: Code, buffers: Buffers, row: Local, end: Local): void {
  const { depth, logits, targets, probabilities } = buffers;
  const bytes = depth * 4;
  const [first, out, count] = code.locals("i32", 3);
  const values = code.locals("v128", depth);
  const [largest, target] = code.locals("v128", 2);
  /** Sums of the four lanes of a long row, and of its elements that are left. */
  const [powers, weights, products] = [code.locals("v128", 5), code.locals("v128", 5), code.locals("v128", 5)] as const;
  const whole = depth - (depth % 4);
  const add = (sums: readonly Local[], element: number): void => {
    const sum = sums[element < whole ? element % 4 : 4]!;
    code.get(sum).op(OP.f32x4_add).set(sum);
  };
  const forRows = (lanes: 4 | 1): void => {
    const load = (base: number, element: number): void => {
      if (lanes === 4) loadApart(code, first, base + element * 4, bytes);
      else code.get(first).memory("v128_load32_splat", base + element * 4);
    };
    code.f32x4(Number.NEGATIVE_INFINITY).set(largest);
    values.forEach((value, element) => {
      load(logits, element);
      code.tee(value).get(largest).op(OP.f32x4_max).set(largest);
    });
    for (const sum of [...powers, ...weights, ...products]) code.f32x4(0).set(sum);
    values.forEach((value, element) => {
      code.get(value).get(largest).op(OP.f32x4_sub).set(value);
      load(targets, element);
      code.tee(target);
      add(weights, element);
      code.get(value).get(target).op(OP.f32x4_mul);
      add(products, element);
      code.get(value);
      exp(code);
      code.tee(value);
      add(powers, element);
    });
    for (const [a, b, c, d, rest] of [powers, weights, products])
      code
        .get(a)
        .get(c)
        .op(OP.f32x4_add)
        .get(b)
        .get(d)
        .op(OP.f32x4_add, OP.f32x4_add)
        .get(rest)
        .op(OP.f32x4_add)
        .set(a);
    values.forEach((value, element) => {
      code.get(value).get(powers[0]).op(OP.f32x4_div).set(value);
      for (let lane = 0; lane < lanes; lane++)
        code
          .get(first)
          .get(value)
          .memoryLane("v128_store32_lane", lane, probabilities + lane * bytes + element * 4);
    });
    const sums = { largest, powers: powers[0], weights: weights[0], products: products[0] };
    storeRows(code, buffers, out, sums, lanes);
    code.advance(first, lanes * bytes).advance(out, lanes * 4);
  };
  code.set(first, times(row, bytes)).set(out, times(row, 4)).set(count, difference(end, row));
  vectorLoop(code, count, forRows);
}
