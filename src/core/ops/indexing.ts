// Ops between numbers and indices, and the source of randomness. None of them passes a gradient.
import { FoveaError } from "../errors.js";
import type { OpRecord } from "../graph/node.js";
import { wholeNumber } from "../options.js";
import { uniformAt } from "../random.js";
import { type Shape, showShape, sizeOf } from "../shape.js";

/** The index of the largest element along the last axis; the first among ties. int32, without that axis. */
export const argMaxOp: OpRecord<"argMax", Record<never, never>> = {
  name: "argMax",
  infer: ([x]) => {
    if (x!.dtype !== "float32" || x!.shape.length === 0)
      throw new FoveaError(
        "shape-mismatch",
        `argMax: expected float32 of rank 1 or more, received ${x!.dtype} ${showShape(x!.shape)}`,
      );
    return [{ dtype: "int32", shape: x!.shape.slice(0, -1) }];
  },
  vjp: () => [undefined],
  reference: ([x]) => {
    const depth = x!.shape.at(-1)!;
    const out = new Float64Array(x!.data.length / depth);
    for (let row = 0; row < out.length; row++)
      for (let i = 1; i < depth; i++) if (x!.data[row * depth + i]! > x!.data[row * depth + out[row]!]!) out[row] = i;
    return [out];
  },
};

/** A new last axis of extent `depth`, 1 at the index and 0 elsewhere; an index out of range gives zeros. */
export const oneHotOp: OpRecord<"oneHot", { depth: number }> = {
  name: "oneHot",
  infer: ([x], { depth }) => {
    if (x!.dtype !== "int32")
      throw new FoveaError("dtype-mismatch", `oneHot: expected int32 indices, received ${x!.dtype}; use cast`);
    return [{ dtype: "float32", shape: [...x!.shape, depth] }];
  },
  vjp: () => [undefined],
  reference: ([x], { depth }) => {
    const out = new Float64Array(x!.data.length * depth);
    x!.data.forEach((index, row) => {
      if (index >= 0 && index < depth) out[row * depth + index] = 1;
    });
    return [out];
  },
};

/** 0, 1, 2 ... as float32 [size]. */
export const iotaOp: OpRecord<"iota", { size: number }> = {
  name: "iota",
  infer: (_, { size }) => [{ dtype: "float32", shape: [size] }],
  vjp: () => [],
  reference: (_, { size }) => [Float64Array.from({ length: size }, (_, i) => i)],
};

/**
 * Uniform numbers in [0, 1), a pure function of (state, stream, position): Philox4x32-10, see core/random.
 * The input is the state, int32 [3]: seed low word, seed high word, step.
 */
export const randomUniformOp: OpRecord<"randomUniform", { shape: Shape; stream: number }> = {
  name: "randomUniform",
  infer: ([state], { shape, stream }) => {
    wholeNumber("randomUniform stream", stream, 0);
    if (state!.dtype !== "int32" || sizeOf(state!.shape) !== 3)
      throw new FoveaError(
        "shape-mismatch",
        `randomUniform: expected an int32 state of 3 words, received ${state!.dtype} ${showShape(state!.shape)}`,
      );
    return [{ dtype: "float32", shape }];
  },
  vjp: () => [undefined],
  reference: ([state], { shape, stream }) => {
    const [low, high, step] = state!.data;
    return [Float64Array.from(uniformAt(low! >>> 0, high! >>> 0, stream, step! >>> 0, sizeOf(shape)))];
  },
};
