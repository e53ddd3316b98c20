// Kernels of the order of numbers and of their running sums, a row after another. Numbers are sorted by the bits of their keys,
// eleven at a time from the lowest on (radix sort): each pass keeps the order of what the passes before it left equal.
import type { Code, Local } from "../assembler/code.js";
import { OP } from "../assembler/opcodes.js";
import { loadAs, masked, shifted, sum, times } from "../assembler/operands.js";
import { cut, type Emitter, kernelFunction, sliceRange } from "./emission.js";

/** Bits of a key that a pass sorts by; the last of the three passes has ten. */
const DIGIT = 11;
const PASSES = [0, DIGIT, 2 * DIGIT] as const;
const BUCKETS = 2 ** DIGIT;
/** Bytes of the counts of one pass. */
const COUNT_BYTES = BUCKETS * 4;
/** Bytes of a key with its index. */
const PAIR = 8;

/** Leaves the address of the count of a key's digit. */
const countOf = (key: Local, shift: number, counts: Local) => (code: Code) =>
  void code.push(sum(times(masked(shifted(key, shift), BUCKETS - 1), 4), counts));

/** Makes bits of a float32 a key: keys are ordered, as unsigned numbers, as the floats are; 0 and -0 are one, NaN the last. */
function makeKey(code: Code, bits: Local): void {
  const size = code.local("i32");
  code.set(size, masked(bits, 0x7fffffff));
  // bits = size == 0 ? 0 : bits
  code.get(bits).i32(0).get(size).op(OP.select).set(bits);
  // A negative number's bits are all turned over, of another the sign alone.
  code
    .get(bits)
    .get(bits)
    .i32(31)
    .op(OP.i32_shr_s)
    .i32(0x80000000 | 0)
    .op(OP.i32_or, OP.i32_xor)
    .set(bits);
  code.i32(-1).get(bits).get(size).i32(0x7f800000).op(OP.i32_gt_u, OP.select).set(bits);
  code.release(size);
}

/** Turns counts into the addresses where the pairs of each bucket begin, `bytes` a pair. */
function openBuckets(code: Code, counts: Local, first: Local, bytes: number): void {
  const [at, end, count, next] = code.locals("i32", 4);
  code.set(at, counts).set(end, sum(counts, COUNT_BYTES)).set(next, first);
  code.loopFrom(at, end, 4, () => {
    code.set(count, loadAs("i32_load", at));
    code.get(at).get(next).memory("i32_store");
    code.set(next, sum(next, times(count, bytes)));
  });
  code.release(at, end, count, next);
}

export const emitArgSort: Emitter<"argSort"> = ({ rows, depth, ...kernel }, emission) => {
  const [x, output] = [emission.address(kernel.x), emission.address(kernel.output)];
  const { slices, chunk } = cut(rows, depth * 16);
  const countBytes = PASSES.length * COUNT_BYTES;
  const index = kernelFunction(emission, (code, slice, scratch) => {
    const { start, end } = sliceRange(code, slice, chunk, rows);
    const [from, key, at, pair, pairEnd, next] = code.locals("i32", 6);
    const counts = PASSES.map(() => code.local("i32"));
    const [pairs, others, target] = code.locals("i32", 3);
    for (const [pass, local] of counts.entries()) code.set(local, sum(scratch, pass * COUNT_BYTES));
    code.set(pairs, sum(scratch, countBytes)).set(others, sum(pairs, depth * PAIR));
    code.loopFrom(start, end, 1, () => {
      code.get(scratch).i32(0).i32(countBytes).memoryFill();
      code
        .set(from, times(start, depth * 4))
        .set(target, sum(from, output))
        .set(pair, pairs);
      code.loop(depth, 1, (i) => {
        code.set(key, loadAs("i32_load", from, x));
        makeKey(code, key);
        code.get(pair).get(key).memory("i32_store").get(pair).get(i).memory("i32_store", 4);
        for (const [pass, shift] of PASSES.entries()) {
          code.tee(at, countOf(key, shift, counts[pass]!));
          code.push(sum(loadAs("i32_load", at), 1)).memory("i32_store");
        }
        code.advance(from, 4).advance(pair, PAIR);
      });
      const moves = [
        { source: pairs, goal: others },
        { source: others, goal: pairs },
        { source: pairs, goal: target },
      ];
      for (const [pass, { source, goal }] of moves.entries()) {
        const bytes = goal === target ? 4 : PAIR;
        openBuckets(code, counts[pass]!, goal, bytes);
        code.set(pair, source).set(pairEnd, sum(source, depth * PAIR));
        code.loopFrom(pair, pairEnd, PAIR, () => {
          code.set(key, loadAs("i32_load", pair)).set(at, countOf(key, PASSES[pass]!, counts[pass]!));
          code.set(next, loadAs("i32_load", at));
          code.get(at).push(sum(next, bytes)).memory("i32_store");
          if (goal !== target) code.get(next).get(key).memory("i32_store");
          code
            .get(next)
            .push(loadAs("i32_load", pair, 4))
            .memory("i32_store", goal === target ? 0 : 4);
        });
      }
    });
  });
  return { function: index, slices, scratchBytes: countBytes + 2 * depth * PAIR };
};

export const emitCumsum: Emitter<"cumsum"> = ({ rows, depth, reverse, ...kernel }, emission) => {
  const [x, output] = [emission.address(kernel.x), emission.address(kernel.output)];
  const { slices, chunk } = cut(rows, depth);
  const index = kernelFunction(emission, (code, slice) => {
    const { start, end } = sliceRange(code, slice, chunk, rows);
    const at = code.local("i32");
    const total = code.local("f32");
    code.loopFrom(start, end, 1, () => {
      code.set(at, sum(times(start, depth * 4), reverse ? (depth - 1) * 4 : 0));
      code.f32(0).set(total);
      code.loop(depth, 1, () => {
        code
          .get(at)
          .get(total)
          .push(loadAs("f32_load", at, x))
          .op(OP.f32_add)
          .tee(total)
          .memory("f32_store", output);
        code.advance(at, reverse ? -4 : 4);
      });
    });
  });
  return { function: index, slices, scratchBytes: 0 };
};
