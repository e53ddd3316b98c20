// Softmax and its crossentropy, a row at a time in two passes over it: the largest logit, then powers and sums. The
// row's elements go through vectors of four and what is left through single lanes, always in the same order.
import type { Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange, vectorLoop } from "./emission.js";
import { exp, log } from "./functions.js";
import { loadSplat, loadVector } from "./vectors.js";

export const emitSoftmaxCrossentropy: Emitter<"softmaxCrossentropy"> = ({ rows, depth, ...kernel }, emission) => {
  const [logits, targets] = [emission.address(kernel.x), emission.address(kernel.targets)];
  const [losses, probabilities, normalizers] = kernel.outputs.map(emission.address) as [number, number, number];
  const { slices, chunk } = cut(rows, depth * 16);

  const index = kernelFunction(emission, (code, slice) => {
    const { start: row, end } = sliceRange(code, slice, chunk, rows);
    const [first, at, out] = code.locals("i32", 3);
    const [largest, total, value] = code.locals("v128", 3);
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
        code.tee(total).op(OP.f32x4_mul).get(products).op(OP.f32x4_add).set(products);
        code.get(weights).get(total).op(OP.f32x4_add).set(weights);
        code.get(value);
        exp(code);
        code.tee(value).get(powers).op(OP.f32x4_add).set(powers);
        code.store(at, value, probabilities, lanes);
      });
      wide.forEach((sum, i) => {
        foldLanes(sum, OP.f32x4_add, sum);
        code.get(sum).get(tail[i]!).op(OP.f32x4_add).set(sum);
      });
      walk((lanes) => {
        code.get(at);
        load(probabilities, lanes);
        code.get(wide[0]!).op(OP.f32x4_div);
        if (lanes === 4) code.memory("v128_store", probabilities);
        else code.memoryLane("v128_store32_lane", 0, probabilities);
      });

      const [powers, weights, products] = wide;
      code.set(out, times(row, 4)).get(powers);
      log(code);
      code.set(powers);
      code.get(powers).get(largest).op(OP.f32x4_add).set(value);
      code.store(out, value, normalizers, 1);
      code.get(powers).get(weights).op(OP.f32x4_mul).get(products).op(OP.f32x4_sub).set(value);
      code.store(out, value, losses, 1);
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
