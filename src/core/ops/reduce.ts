// Reductions and their mirror image, broadcasting. Reduced axes stay, with extent 1; dropping them is a reshape.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord, type ReferenceArray } from "../graph/node.js";
import {
  broadcastShapes,
  broadcastStrides,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
  walk,
} from "../shape.js";
import type { TensorType } from "../tensor.js";
import { divOp, equalOp, mulOp, same } from "./elementwise.js";

export interface ReduceAttrs {
  /** Axes to reduce: positive, sorted, without repeats. */
  readonly axes: readonly number[];
}

const reducedShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));

function inferReduce(name: string) {
  return ([x]: readonly TensorType[], { axes }: ReduceAttrs): readonly TensorType[] => {
    if (x!.dtype !== "float32")
      throw new FoveaError("dtype-mismatch", `${name}: expected float32, received ${x!.dtype}; use cast`);
    return [{ dtype: "float32", shape: reducedShape(x!.shape, axes) }];
  };
}

function reduceReference(start: number, step: (accumulator: number, x: number) => number) {
  return ([x]: readonly ReferenceArray[], { axes }: ReduceAttrs): readonly Float64Array[] => {
    const target = reducedShape(x!.shape, axes);
    const out = new Float64Array(sizeOf(target)).fill(start);
    walk(x!.shape, broadcastStrides(target, x!.shape), (index, offset) => {
      out[offset] = step(out[offset]!, x!.data[index]!);
    });
    return [out];
  };
}

export const sumOp: OpRecord<"sum", ReduceAttrs> = {
  name: "sum",
  infer: inferReduce("sum"),
  vjp: ({ inputs: [x], gradients: [g] }) => [apply(broadcastToOp, [g!], { shape: x!.type.shape })],
  reference: reduceReference(0, (a, x) => a + x),
};

/** The largest element. The gradient is shared equally among ties, as in JAX and TensorFlow. */
export const maxOp: OpRecord<"max", ReduceAttrs> = {
  name: "max",
  infer: inferReduce("max"),
  vjp: ({ inputs: [x], outputs: [y], attrs, gradients: [g] }) => {
    const shape = x!.type.shape;
    const winners = same(equalOp, x!, apply(broadcastToOp, [y!], { shape }));
    const share = same(divOp, g!, apply(sumOp, [winners], attrs));
    return [same(mulOp, winners, apply(broadcastToOp, [share], { shape }))];
  },
  reference: reduceReference(Number.NEGATIVE_INFINITY, Math.max),
};

/** Repeats along axes of extent 1, and along new leading axes (NumPy's rule). */
export const broadcastToOp: OpRecord<"broadcastTo", { shape: Shape }> = {
  name: "broadcastTo",
  infer: ([x], { shape }) => {
    if (!sameShape(broadcastShapes(x!.shape, shape), shape))
      throw new FoveaError(
        "shape-mismatch",
        `broadcastTo: ${showShape(x!.shape)} does not broadcast to ${showShape(shape)}`,
      );
    return [{ dtype: x!.dtype, shape }];
  },
  vjp: ({ inputs: [x], gradients: [g] }) => {
    const from = x!.type.shape;
    const to = g!.type.shape;
    const axes = to.flatMap((extent, axis) => {
      const mine = axis - to.length + from.length;
      return mine < 0 || (from[mine] === 1 && extent !== 1) ? [axis] : [];
    });
    const summed = axes.length > 0 ? apply(sumOp, [g!], { axes }) : g!;
    return [sameShape(summed.type.shape, from) ? summed : apply(reshapeOp, [summed], { shape: from })];
  },
  reference: ([x], { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    walk(shape, broadcastStrides(x!.shape, shape), (index, offset) => {
      out[index] = x!.data[offset]!;
    });
    return [out];
  },
};

/** The same elements under another shape. Costs nothing: the buffer is shared. */
export const reshapeOp: OpRecord<"reshape", { shape: Shape }> = {
  name: "reshape",
  infer: ([x], { shape }) => {
    if (sizeOf(shape) !== sizeOf(x!.shape))
      throw new FoveaError(
        "shape-mismatch",
        `reshape: ${showShape(x!.shape)} has ${sizeOf(x!.shape)} elements, ${showShape(shape)} has ${sizeOf(shape)}`,
      );
    return [{ dtype: x!.dtype, shape }];
  },
  vjp: ({ inputs: [x], gradients: [g] }) => [apply(reshapeOp, [g!], { shape: x!.type.shape })],
  reference: ([x]) => [x!.data.slice()],
};

/** Reorders axes: output axis i is input axis `permutation[i]`. */
export const transposeOp: OpRecord<"transpose", { permutation: readonly number[] }> = {
  name: "transpose",
  infer: ([x], { permutation }) => {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== x!.shape.length || sorted.some((axis, i) => axis !== i))
      throw new FoveaError(
        "out-of-range",
        `transpose: [${permutation}] is not a permutation of the ${x!.shape.length} axes`,
      );
    return [{ dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) }];
  },
  vjp: ({ attrs: { permutation }, gradients: [g] }) => [
    apply(transposeOp, [g!], { permutation: permutation.map((_, axis) => permutation.indexOf(axis)) }),
  ],
  reference: ([x], { permutation }, [out]) => {
    const strides = stridesOf(x!.shape);
    const result = new Float64Array(x!.data.length);
    walk(
      out!.shape,
      permutation.map((axis) => strides[axis]!),
      (index, offset) => {
        result[index] = x!.data[offset]!;
      },
    );
    return [result];
  },
};
