// 2-D convolution (cross-correlation, as everywhere in deep learning), full and depthwise, each with its two adjoints.
// All three of a family are one sum over the same triples of offsets, seen from another corner. Images are NHWC.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { type Shape, showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";
import { forWindow, type WindowAttrs, windowOutput } from "./window.js";

export interface InputGradAttrs extends WindowAttrs {
  /** Height and width of the images that the convolution saw. */
  readonly inputSize: readonly [number, number];
}

export interface FilterGradAttrs extends WindowAttrs {
  /** Height and width of the filters. */
  readonly size: readonly [number, number];
}

/** Calls `each` with the offsets of image, filter and output for every product at one pixel pair and filter cell. */
type Products = (
  shapes: { readonly image: Shape; readonly filter: Shape; readonly output: Shape },
  at: { readonly imagePixel: number; readonly cell: number; readonly outputPixel: number },
  each: (image: number, filter: number, output: number) => void,
) => void;

interface Family<Name extends string> {
  readonly name: Name;
  /** Meaning of the filters' axes. */
  readonly filterAxes: readonly string[];
  /** Channels of the output, and the filters' extents after height and width. */
  readonly outputChannels: (filter: Shape) => number;
  readonly filterTail: (imageChannels: number, outputChannels: number) => readonly number[];
  readonly imageChannels: (filter: Shape) => number;
  readonly products: Products;
}

interface Records<Name extends string> {
  readonly forward: OpRecord<Name, WindowAttrs>;
  /** The adjoint in the images: from output gradients and filters to image gradients. */
  readonly inputGrad: OpRecord<`${Name}InputGrad`, InputGradAttrs>;
  /** The adjoint in the filters: from images and output gradients to filter gradients. */
  readonly filterGrad: OpRecord<`${Name}FilterGrad`, FilterGradAttrs>;
}

const sides = ({ type }: { type: TensorType }, first: number): [number, number] => [
  type.shape[first]!,
  type.shape[first + 1]!,
];

function expectRank(name: string, what: string, axes: readonly string[], { dtype, shape }: TensorType): void {
  if (shape.length !== axes.length || dtype !== "float32")
    throw new FoveaError(
      "shape-mismatch",
      `${name}: expected ${what} [${axes.join(", ")}] as float32, received ${dtype} ${showShape(shape)}`,
    );
}

/** Adds up all products of a family in f64; `add` says which of the three arrays they go to, which has `size` elements. */
function totalOf(
  { products }: Pick<Family<string>, "products">,
  shapes: { image: Shape; filter: Shape; output: Shape },
  attrs: WindowAttrs,
  size: number,
  add: (result: Float64Array, image: number, filter: number, output: number) => void,
): readonly Float64Array[] {
  const result = new Float64Array(size);
  const [batch, height, width] = shapes.image as [number, number, number];
  const [kh, kw] = shapes.filter as [number, number];
  const [, oh, ow] = shapes.output as [number, number, number];
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < oh; oy++)
      for (let ox = 0; ox < ow; ox++)
        forWindow([oy, ox], [kh, kw], [height, width], attrs, (cell, y, x) => {
          const at = { imagePixel: (n * height + y) * width + x, cell, outputPixel: (n * oh + oy) * ow + ox };
          products(shapes, at, (i, f, o) => add(result, i, f, o));
        });
  return [result];
}

function convolution<Name extends string>(family: Family<Name>): Records<Name> {
  const { name, filterAxes } = family;
  const expectFilters = (type: TensorType): void => expectRank(name, "filters", filterAxes, type);
  const expectImages = (what: string, type: TensorType): void =>
    expectRank(name, what, ["batch", "height", "width", "channels"], type);

  const forward: Records<Name>["forward"] = {
    name,
    infer: ([x, filter], attrs) => {
      expectImages("images", x!);
      expectFilters(filter!);
      const [n, h, w, channels] = x!.shape as [number, number, number, number];
      const [kh, kw] = filter!.shape as [number, number];
      const wanted = family.imageChannels(filter!.shape);
      if (channels !== wanted)
        throw new FoveaError(
          "shape-mismatch",
          `${name}: the filters expect ${wanted} channels, the images have ${channels}`,
        );
      const size = windowOutput(name, [h, w], [kh, kw], attrs);
      return [{ dtype: "float32", shape: [n, ...size, family.outputChannels(filter!.shape)] }];
    },
    vjp: ({ inputs: [x, filter], attrs, gradients: [g] }) => [
      apply(inputGrad, [g!, filter!], { ...attrs, inputSize: sides(x!, 1) }),
      apply(filterGrad, [x!, g!], { ...attrs, size: sides(filter!, 0) }),
    ],
    reference: ([x, filter], attrs, [out]) =>
      totalOf(
        family,
        { image: x!.shape, filter: filter!.shape, output: out!.shape },
        attrs,
        sizeOf(out!.shape),
        (result, i, f, o) => {
          result[o]! += x!.data[i]! * filter!.data[f]!;
        },
      ),
  };
  const inputGrad: Records<Name>["inputGrad"] = {
    name: `${name}InputGrad`,
    infer: ([dy, filter], { inputSize }) => {
      expectImages("output gradients", dy!);
      expectFilters(filter!);
      return [{ dtype: "float32", shape: [dy!.shape[0]!, ...inputSize, family.imageChannels(filter!.shape)] }];
    },
    vjp: ({ inputs: [dy, filter], attrs: { inputSize: _, ...window }, gradients: [g] }) => [
      apply(forward, [g!, filter!], window),
      apply(filterGrad, [g!, dy!], { ...window, size: sides(filter!, 0) }),
    ],
    reference: ([dy, filter], attrs, [out]) =>
      totalOf(
        family,
        { image: out!.shape, filter: filter!.shape, output: dy!.shape },
        attrs,
        sizeOf(out!.shape),
        (result, i, f, o) => {
          result[i]! += dy!.data[o]! * filter!.data[f]!;
        },
      ),
  };
  const filterGrad: Records<Name>["filterGrad"] = {
    name: `${name}FilterGrad`,
    infer: ([x, dy], { size }) => {
      expectImages("images", x!);
      expectImages("output gradients", dy!);
      return [{ dtype: "float32", shape: [...size, ...family.filterTail(x!.shape[3]!, dy!.shape[3]!)] }];
    },
    vjp: ({ inputs: [x, dy], attrs: { size: _, ...window }, gradients: [g] }) => [
      apply(inputGrad, [dy!, g!], { ...window, inputSize: sides(x!, 1) }),
      apply(forward, [x!, g!], window),
    ],
    reference: ([x, dy], attrs, [out]) =>
      totalOf(
        family,
        { image: x!.shape, filter: out!.shape, output: dy!.shape },
        attrs,
        sizeOf(out!.shape),
        (result, i, f, o) => {
          result[f]! += x!.data[i]! * dy!.data[o]!;
        },
      ),
  };
  return { forward, inputGrad, filterGrad };
}

/** Every filter sees all channels: filters are [height, width, in, out]. */
export const conv2d = convolution({
  name: "conv2d",
  filterAxes: ["height", "width", "in", "out"],
  imageChannels: (filter) => filter[2]!,
  outputChannels: (filter) => filter[3]!,
  filterTail: (imageChannels, outputChannels) => [imageChannels, outputChannels],
  products: ({ filter }, { imagePixel, cell, outputPixel }, each) => {
    const [, , cin, cout] = filter as [number, number, number, number];
    for (let ci = 0; ci < cin; ci++)
      for (let co = 0; co < cout; co++)
        each(imagePixel * cin + ci, (cell * cin + ci) * cout + co, outputPixel * cout + co);
  },
});

/** Each channel has its own filter: filters are [height, width, channels]. Depth multipliers repeat channels first. */
export const depthwiseConv2d = convolution({
  name: "depthwiseConv2d",
  filterAxes: ["height", "width", "channels"],
  imageChannels: (filter) => filter[2]!,
  outputChannels: (filter) => filter[2]!,
  filterTail: (imageChannels) => [imageChannels],
  products: ({ filter }, { imagePixel, cell, outputPixel }, each) => {
    const channels = filter[2]!;
    for (let c = 0; c < channels; c++) each(imagePixel * channels + c, cell * channels + c, outputPixel * channels + c);
  },
});
