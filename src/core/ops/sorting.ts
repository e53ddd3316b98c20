// The order of numbers along the last axis, and their running sums.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { showShape } from "../shape.js";
import type { TensorType } from "../tensor.js";

function expectRows(name: string, { dtype, shape }: TensorType): void {
  if (dtype !== "float32" || shape.length === 0)
    throw new FoveaError(
      "shape-mismatch",
      `${name}: expected float32 of rank 1 or more, received ${dtype} ${showShape(shape)}`,
    );
}

/** Orders two numbers as NumPy does: NaN comes last. */
const compared = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b || 0;

/**
 * Indices along the last axis from the smallest to the largest element, int32. Equal elements keep their order, 0 and -0 are equal,
 * and NaN comes last.
 */
export const argSortOp: OpRecord<"argSort", Record<never, never>> = {
  name: "argSort",
  infer: ([x]) => {
    expectRows("argSort", x!);
    return [{ dtype: "int32", shape: x!.shape }];
  },
  vjp: () => [undefined],
  reference: ([x]) => {
    const depth = x!.shape.at(-1)!;
    const out = new Float64Array(x!.data.length);
    for (let start = 0; start < out.length; start += depth) {
      const row = x!.data.subarray(start, start + depth);
      out.set(
        [...row.keys()].sort((i, j) => compared(row[i]!, row[j]!)),
        start,
      );
    }
    return [out];
  },
};

/** Sums along the last axis of each element and all before it; with `reverse`, of each element and all behind it. */
export const cumsumOp: OpRecord<"cumsum", { reverse: boolean }> = {
  name: "cumsum",
  infer: ([x]) => {
    expectRows("cumsum", x!);
    return [x!];
  },
  vjp: ({ attrs: { reverse }, gradients: [g] }) => [apply(cumsumOp, [g!], { reverse: !reverse })],
  reference: ([x], { reverse }) => {
    const depth = x!.shape.at(-1)!;
    const out = Float64Array.from(x!.data);
    for (let start = 0; start < out.length; start += depth)
      for (let i = 1; i < depth; i++) {
        const at = start + (reverse ? depth - 1 - i : i);
        out[at]! += out[at + (reverse ? 1 : -1)]!;
      }
    return [out];
  },
};
