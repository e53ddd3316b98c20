// Cutting out, padding and joining. A pad may also spread elements out and a slice may skip some, so that each is
// the other's gradient.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { type Shape, sameShape, showShape, sizeOf, stridesOf, walk } from "../shape.js";

export interface PadAttrs {
  /** Elements added in front of each axis. */
  readonly before: readonly number[];
  /** Elements added behind each axis. */
  readonly after: readonly number[];
  /** The distance between neighbours in the result: 1 leaves no gaps. */
  readonly spacing: readonly number[];
  /** The number that fills the gaps and the border. */
  readonly value: number;
}

export interface SliceAttrs {
  /** The first element taken along each axis. */
  readonly begin: readonly number[];
  /** Number of elements taken. */
  readonly size: readonly number[];
  /** The step from one to the next; a negative one walks backwards. */
  readonly strides: readonly number[];
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

export const padOp: OpRecord<"pad", PadAttrs> = {
  name: "pad",
  infer: ([x], { before, after, spacing }) => {
    const { dtype, shape } = x!;
    if (dtype !== "float32")
      throw new FoveaError("dtype-mismatch", `pad: expected float32, received ${dtype}; use cast`);
    const fits = [before, after, spacing].every((list) => list.length === shape.length && list.every(Number.isInteger));
    if (!fits || [...before, ...after].some((cells) => cells < 0) || spacing.some((step) => step < 1))
      throw new FoveaError(
        "out-of-range",
        `pad: expected whole numbers for each of the ${shape.length} axes of ${showShape(shape)}, ` +
          `received before [${before}], after [${after}], spacing [${spacing}]`,
      );
    return [
      {
        dtype,
        shape: shape.map((extent, axis) => before[axis]! + (extent - 1) * spacing[axis]! + 1 + after[axis]!),
      },
    ];
  },
  vjp: ({ inputs: [x], attrs: { before, spacing }, gradients: [g] }) => [
    apply(sliceOp, [g!], { begin: before, size: x!.type.shape, strides: spacing }),
  ],
  reference: ([x], { before, spacing, value }, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape)).fill(value);
    const strides = stridesOf(out!.shape);
    const start = dot(before, strides);
    const steps = strides.map((stride, axis) => stride * spacing[axis]!);
    walk(x!.shape, steps, (index, offset) => {
      result[start + offset] = x!.data[index]!;
    });
    return [result];
  },
};

export const sliceOp: OpRecord<"slice", SliceAttrs> = {
  name: "slice",
  infer: ([x], { begin, size, strides }) => {
    const { dtype, shape } = x!;
    const inside = (position: number, axis: number): boolean =>
      Number.isInteger(position) && position >= 0 && position < shape[axis]!;
    const fits =
      [begin, size, strides].every((list) => list.length === shape.length) &&
      shape.every((_, axis) => {
        const [first, count, step] = [begin[axis]!, size[axis]!, strides[axis]!];
        return count >= 1 && step !== 0 && inside(first, axis) && inside(first + (count - 1) * step, axis);
      });
    if (!fits)
      throw new FoveaError(
        "out-of-range",
        `slice: begin [${begin}], size [${size}], strides [${strides}] do not lie within ${showShape(shape)}`,
      );
    return [{ dtype, shape: size }];
  },
  vjp: ({ inputs: [x], attrs: { begin, size, strides }, gradients: [g] }) => {
    const { shape } = x!.type;
    const last = begin.map((first, axis) => first + (size[axis]! - 1) * strides[axis]!);
    const backward = strides.map((step) => step < 0);
    const forward = backward.some((is) => is)
      ? apply(sliceOp, [g!], {
          begin: size.map((count, axis) => (backward[axis] ? count - 1 : 0)),
          size,
          strides: backward.map((is) => (is ? -1 : 1)),
        })
      : g!;
    return [
      apply(padOp, [forward], {
        before: begin.map((first, axis) => Math.min(first, last[axis]!)),
        after: begin.map((first, axis) => shape[axis]! - 1 - Math.max(first, last[axis]!)),
        spacing: strides.map(Math.abs),
        value: 0,
      }),
    ];
  },
  reference: ([x], { begin, strides }, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    const strideOfAxis = stridesOf(x!.shape);
    const start = dot(begin, strideOfAxis);
    const steps = strideOfAxis.map((stride, axis) => stride * strides[axis]!);
    walk(out!.shape, steps, (index, offset) => {
      result[index] = x!.data[start + offset]!;
    });
    return [result];
  },
};

/** Tensors one after another along `axis`; all other extents are equal. */
export const concatenateOp: OpRecord<"concatenate", { axis: number }> = {
  name: "concatenate",
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    const others = (shape: Shape): Shape => shape.filter((_, i) => i !== axis);
    if (first === undefined || axis < 0 || axis >= first.shape.length)
      throw new FoveaError(
        "shape-mismatch",
        `concatenate: expected tensors with an axis ${axis}, received ${inputs.length} tensors`,
      );
    for (const { dtype, shape } of inputs)
      if (dtype !== "float32" || shape.length !== first.shape.length || !sameShape(others(shape), others(first.shape)))
        throw new FoveaError(
          "shape-mismatch",
          `concatenate: expected float32 tensors that differ along axis ${axis} only, ` +
            `received ${inputs.map((type) => `${type.dtype} ${showShape(type.shape)}`).join(" and ")}`,
        );
    const extent = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return [{ dtype: "float32", shape: first.shape.map((size, i) => (i === axis ? extent : size)) }];
  },
  vjp: ({ inputs, attrs: { axis }, gradients: [g] }) => {
    let start = 0;
    return inputs.map(({ type: { shape } }) => {
      const begin = shape.map((_, i) => (i === axis ? start : 0));
      start += shape[axis]!;
      return apply(sliceOp, [g!], { begin, size: shape, strides: shape.map(() => 1) });
    });
  },
  reference: (inputs, { axis }, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    const strides = stridesOf(out!.shape);
    let start = 0;
    for (const { shape, data } of inputs) {
      walk(shape, strides, (index, offset) => {
        result[start + offset] = data[index]!;
      });
      start += shape[axis]! * strides[axis]!;
    }
    return [result];
  },
};
