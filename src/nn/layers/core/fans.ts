// Initializers for kernels with several axes of inputs or outputs: their numbers count, not where the axes lie.
import { type Shape, sizeOf } from "../../../core/shape.js";
import type { Initializer } from "../../initializers/index.js";

/** Those whose variance follows from how many inputs and outputs a kernel connects. */
const SCALED = /^(Glorot|He|Lecun|VarianceScaling)/;

/** The initializer for a kernel whose axes `inputAxes` are inputs, the others outputs. */
export function withFans(inner: Initializer, inputAxes: readonly number[]): Initializer {
  if (!SCALED.test(inner.className)) return inner;
  return {
    ...inner,
    fill: (shape: Shape, random) => {
      const inputs = sizeOf(shape.filter((_, axis) => inputAxes.includes(axis)));
      return inner.fill([inputs, sizeOf(shape) / inputs], random);
    },
  };
}
