// Pooling over windows of images [n, h, w, c], and its gradients. Max pooling also says which cell of the window won,
// so that its gradient needs neither its input nor its output.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { type Shape, showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";
import { forWindow, type WindowAttrs, windowOutput } from "./window.js";

export interface PoolAttrs extends WindowAttrs {
  /** Height and width of the window. */
  readonly size: readonly [number, number];
}
export interface PoolGradAttrs extends PoolAttrs {
  /** Height and width of the images that were pooled. */
  readonly inputSize: readonly [number, number];
}

function pooledShape(name: string, x: TensorType, attrs: PoolAttrs): Shape {
  if (x.shape.length !== 4 || x.dtype !== "float32")
    throw new FoveaError(
      "shape-mismatch",
      `${name}: expected float32 images [batch, height, width, channels], received ${x.dtype} ${showShape(x.shape)}`,
    );
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return [n, ...windowOutput(name, [h, w], attrs.size, attrs), c];
}

/** Visits each pooled element: its flat index, and how to walk the (cell, image offset) pairs of its window. */
function forPooled(
  image: Shape,
  pooled: Shape,
  attrs: PoolAttrs,
  each: (index: number, window: (cell: (cell: number, offset: number) => void) => void) => void,
): void {
  const [, h, w, c] = image as [number, number, number, number];
  const [n, oh, ow] = pooled as [number, number, number, number];
  for (let b = 0; b < n; b++)
    for (let oy = 0; oy < oh; oy++)
      for (let ox = 0; ox < ow; ox++)
        for (let ch = 0; ch < c; ch++)
          each(((b * oh + oy) * ow + ox) * c + ch, (visit) =>
            forWindow([oy, ox], attrs.size, [h, w], attrs, (cell, y, x) => visit(cell, ((b * h + y) * w + x) * c + ch)),
          );
}

/** Largest of each window, and the winning cell (row-major number within the window; the first among ties), uint8. */
export const maxPool2dOp: OpRecord<"maxPool2d", PoolAttrs> = {
  name: "maxPool2d",
  infer: ([x], attrs) => {
    const shape = pooledShape("maxPool2d", x!, attrs);
    if (attrs.size[0] * attrs.size[1] > 256)
      throw new FoveaError(
        "out-of-range",
        `maxPool2d: expected a window of at most 256 cells, received ${attrs.size.join("x")}; use globalMaxPooling2d`,
      );
    return [
      { dtype: "float32", shape },
      { dtype: "uint8", shape },
    ];
  },
  vjp: ({ inputs: [x], outputs: [, winner], attrs, gradients: [g] }) => {
    const [, h, w] = x!.type.shape;
    return g === undefined ? [undefined] : [apply(maxPool2dGradOp, [g, winner!], { ...attrs, inputSize: [h!, w!] })];
  },
  reference: ([x], attrs, [out]) => {
    const values = new Float64Array(sizeOf(out!.shape)).fill(Number.NEGATIVE_INFINITY);
    const winners = new Float64Array(values.length);
    forPooled(x!.shape, out!.shape, attrs, (index, window) =>
      window((cell, offset) => {
        if (x!.data[offset]! > values[index]!) {
          values[index] = x!.data[offset]!;
          winners[index] = cell;
        }
      }),
    );
    return [values, winners];
  },
};

/** Sends each pooled gradient to the cell that won. */
export const maxPool2dGradOp: OpRecord<"maxPool2dGrad", PoolGradAttrs> = {
  name: "maxPool2dGrad",
  infer: ([dy], { inputSize }) => [{ dtype: "float32", shape: [dy!.shape[0]!, ...inputSize, dy!.shape[3]!] }],
  vjp: null,
  reference: ([dy, winner], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forPooled(out!.shape, dy!.shape, attrs, (index, window) =>
      window((cell, offset) => {
        if (cell === winner!.data[index]) result[offset]! += dy!.data[index]!;
      }),
    );
    return [result];
  },
};

/** Mean of each window; cells in the padding do not count. */
export const averagePool2dOp: OpRecord<"averagePool2d", PoolAttrs> = {
  name: "averagePool2d",
  infer: ([x], attrs) => [{ dtype: "float32", shape: pooledShape("averagePool2d", x!, attrs) }],
  vjp: ({ inputs: [x], attrs, gradients: [g] }) => {
    const [, h, w] = x!.type.shape;
    return [apply(averagePool2dGradOp, [g!], { ...attrs, inputSize: [h!, w!] })];
  },
  reference: ([x], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forPooled(x!.shape, out!.shape, attrs, (index, window) => {
      let count = 0;
      window((_, offset) => {
        result[index]! += x!.data[offset]!;
        count++;
      });
      result[index]! /= count;
    });
    return [result];
  },
};

/** Spreads each pooled gradient evenly over its window: the adjoint of averagePool2d. */
export const averagePool2dGradOp: OpRecord<"averagePool2dGrad", PoolGradAttrs> = {
  name: "averagePool2dGrad",
  infer: ([dy], { inputSize }) => [{ dtype: "float32", shape: [dy!.shape[0]!, ...inputSize, dy!.shape[3]!] }],
  vjp: ({ attrs: { size, strides, padding }, gradients: [g] }) => [
    apply(averagePool2dOp, [g!], { size, strides, padding }),
  ],
  reference: ([dy], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forPooled(out!.shape, dy!.shape, attrs, (index, window) => {
      let count = 0;
      window(() => count++);
      window((_, offset) => {
        result[offset]! += dy!.data[index]! / count;
      });
    });
    return [result];
  },
};
