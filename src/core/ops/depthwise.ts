// Depthwise convolution: one filter per channel, and its two adjoints. Images are NHWC, filters [height, width,
// channels]. Depth multipliers are a composite: repeat the channels first.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { type Shape, showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";
import { type FilterGradAttrs, forWindow, type InputGradAttrs, type WindowAttrs, windowOutput } from "./linear.js";

function expectRank(name: string, what: string, rank: number, type: TensorType): void {
  if (type.shape.length !== rank || type.dtype !== "float32")
    throw new FoveaError(
      `${name}: expected ${what} as float32 of rank ${rank}, received ${type.dtype} ${showShape(type.shape)}`,
    );
}

/** Visits each (image, output position, filter cell, channel) with the flat offsets of the three arrays. */
function forDepthwise(
  image: Shape,
  filter: Shape,
  output: Shape,
  attrs: WindowAttrs,
  each: (imageOffset: number, filterOffset: number, outputOffset: number) => void,
): void {
  const [batch, height, width, channels] = image as [number, number, number, number];
  const [kh, kw] = filter as [number, number, number];
  const [, oh, ow] = output as [number, number, number, number];
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < oh; oy++)
      for (let ox = 0; ox < ow; ox++)
        forWindow([oy, ox], [kh, kw], [height, width], attrs, (cell, y, x) => {
          for (let c = 0; c < channels; c++)
            each(
              ((n * height + y) * width + x) * channels + c,
              cell * channels + c,
              ((n * oh + oy) * ow + ox) * channels + c,
            );
        });
}

/** Cross-correlation of each channel of images [n, h, w, c] with its own filter of [kh, kw, c]. */
export const depthwiseConv2dOp: OpRecord<"depthwiseConv2d", WindowAttrs> = {
  name: "depthwiseConv2d",
  infer: ([x, filter], attrs) => {
    expectRank("depthwiseConv2d", "images [batch, height, width, channels]", 4, x!);
    expectRank("depthwiseConv2d", "filters [height, width, channels]", 3, filter!);
    const [n, h, w, channels] = x!.shape as [number, number, number, number];
    const [kh, kw, own] = filter!.shape as [number, number, number];
    if (channels !== own)
      throw new FoveaError(`depthwiseConv2d: the filters expect ${own} channels, the images have ${channels}`);
    return [{ dtype: "float32", shape: [n, ...windowOutput("depthwiseConv2d", [h, w], [kh, kw], attrs), channels] }];
  },
  vjp: ({ inputs: [x, filter], attrs, gradients: [g] }) => {
    const [, h, w] = x!.type.shape;
    const [kh, kw] = filter!.type.shape;
    return [
      apply(depthwiseConv2dInputGradOp, [g!, filter!], { ...attrs, inputSize: [h!, w!] }),
      apply(depthwiseConv2dFilterGradOp, [x!, g!], { ...attrs, size: [kh!, kw!] }),
    ];
  },
  reference: ([x, filter], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forDepthwise(x!.shape, filter!.shape, out!.shape, attrs, (i, f, o) => {
      result[o]! += x!.data[i]! * filter!.data[f]!;
    });
    return [result];
  },
};

/** The adjoint of depthwiseConv2d in its images. */
export const depthwiseConv2dInputGradOp: OpRecord<"depthwiseConv2dInputGrad", InputGradAttrs> = {
  name: "depthwiseConv2dInputGrad",
  infer: ([dy, filter], { inputSize }) => {
    expectRank("depthwiseConv2dInputGrad", "output gradients", 4, dy!);
    expectRank("depthwiseConv2dInputGrad", "filters", 3, filter!);
    return [{ dtype: "float32", shape: [dy!.shape[0]!, ...inputSize, dy!.shape[3]!] }];
  },
  vjp: ({ inputs: [dy, filter], attrs: { strides, padding }, gradients: [g] }) => {
    const [kh, kw] = filter!.type.shape;
    return [
      apply(depthwiseConv2dOp, [g!, filter!], { strides, padding }),
      apply(depthwiseConv2dFilterGradOp, [g!, dy!], { strides, padding, size: [kh!, kw!] }),
    ];
  },
  reference: ([dy, filter], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forDepthwise(out!.shape, filter!.shape, dy!.shape, attrs, (i, f, o) => {
      result[i]! += dy!.data[o]! * filter!.data[f]!;
    });
    return [result];
  },
};

/** The adjoint of depthwiseConv2d in its filters. */
export const depthwiseConv2dFilterGradOp: OpRecord<"depthwiseConv2dFilterGrad", FilterGradAttrs> = {
  name: "depthwiseConv2dFilterGrad",
  infer: ([x, dy], { size }) => {
    expectRank("depthwiseConv2dFilterGrad", "images", 4, x!);
    expectRank("depthwiseConv2dFilterGrad", "output gradients", 4, dy!);
    return [{ dtype: "float32", shape: [...size, x!.shape[3]!] }];
  },
  vjp: ({ inputs: [x, dy], attrs: { strides, padding }, gradients: [g] }) => {
    const [, h, w] = x!.type.shape;
    return [
      apply(depthwiseConv2dInputGradOp, [dy!, g!], { strides, padding, inputSize: [h!, w!] }),
      apply(depthwiseConv2dOp, [x!, g!], { strides, padding }),
    ];
  },
  reference: ([x, dy], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forDepthwise(x!.shape, out!.shape, dy!.shape, attrs, (i, f, o) => {
      result[f]! += x!.data[i]! * dy!.data[o]!;
    });
    return [result];
  },
};
