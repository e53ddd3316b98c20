// Tensors for graphs of the backends' contract, and their comparison.
import { allocate } from "../../core/dtype.js";
import type { Value } from "../../core/graph/node.js";
import type { Tensor } from "../../core/tensor.js";
import { check } from "../contract.js";
import { drawOperands } from "./op-cases.js";

/** Tensors for inputs, from a fixed sequence. */
export const tensorsFor = (
  values: readonly Value[],
  ranges: readonly (readonly [number, number] | undefined)[] = [],
): Tensor[] =>
  drawOperands(
    values.map(({ type: { shape, dtype } }, i) => ({
      shape,
      dtype,
      ...(ranges[i] ? { range: ranges[i] } : {}),
    })),
  ).map(({ shape, data }, i) => {
    const { dtype } = values[i]!.type;
    const out = allocate(dtype, data.length);
    out.set(data);
    return { dtype, shape, data: out } as Tensor;
  });

/** Checks that numbers agree within a relative tolerance. */
export function checkClose(actual: Tensor, expected: Tensor, tolerance: number, what: string): void {
  check.deepEqual(actual.shape, expected.shape, what);
  expected.data.forEach((value, i) => {
    const found = actual.data[i]!;
    const close = Object.is(found, value) || Math.abs(found - value) <= tolerance * (1 + Math.abs(value));
    check.ok(close, `${what}: element ${i} is ${found}, the reference says ${value}`);
  });
}
