// Matrix products and 2-D convolution with its two adjoints. Images are NHWC, filters HWIO.
import { FoveaError } from "../errors.js";
import { apply, type OpRecord } from "../graph/node.js";
import { type Shape, showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";

export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows and columns of a matrix type after an optional transposition. */
const matrix = (type: TensorType, transpose: boolean): [number, number] =>
  transpose ? [type.shape[1]!, type.shape[0]!] : [type.shape[0]!, type.shape[1]!];

/** [m, k] times [k, n], each optionally given transposed. */
export const matmulOp: OpRecord<"matmul", MatmulAttrs> = {
  name: "matmul",
  infer: ([a, b], { transposeA, transposeB }) => {
    if (a!.shape.length !== 2 || b!.shape.length !== 2 || a!.dtype !== "float32" || b!.dtype !== "float32")
      throw new FoveaError(
        `matmul: expected two float32 matrices, received ${a!.dtype} ${showShape(a!.shape)} and ${b!.dtype} ${showShape(b!.shape)}`,
      );
    const [m, k] = matrix(a!, transposeA);
    const [k2, n] = matrix(b!, transposeB);
    if (k !== k2) throw new FoveaError(`matmul: inner extents differ: [${m}, ${k}] times [${k2}, ${n}]`);
    return [{ dtype: "float32", shape: [m, n] }];
  },
  vjp: ({ inputs: [a, b], attrs: { transposeA, transposeB }, gradients: [g] }) => {
    const ga = transposeA
      ? apply(matmulOp, [b!, g!], { transposeA: transposeB, transposeB: true })
      : apply(matmulOp, [g!, b!], { transposeA: false, transposeB: !transposeB });
    const gb = transposeB
      ? apply(matmulOp, [g!, a!], { transposeA: true, transposeB: transposeA })
      : apply(matmulOp, [a!, g!], { transposeA: !transposeA, transposeB: false });
    return [ga, gb];
  },
  reference: ([a, b], { transposeA, transposeB }, [out]) => {
    const [m, n] = out!.shape as [number, number];
    const k = a!.data.length / m;
    const result = new Float64Array(m * n);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++)
        for (let p = 0; p < k; p++)
          result[i * n + j]! +=
            a!.data[transposeA ? p * m + i : i * k + p]! * b!.data[transposeB ? j * k + p : p * n + j]!;
    return [result];
  },
};

/** How a window moves over an image: strides `[down, right]`, zero padding `[top, bottom, left, right]`. */
export interface WindowAttrs {
  readonly strides: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
}

/** Output height and width of a window of `size` over `[height, width]`. */
export function windowOutput(
  name: string,
  [height, width]: readonly [number, number],
  size: readonly [number, number],
  { strides, padding }: WindowAttrs,
): [number, number] {
  const h = Math.floor((height + padding[0] + padding[1] - size[0]) / strides[0]) + 1;
  const w = Math.floor((width + padding[2] + padding[3] - size[1]) / strides[1]) + 1;
  if (h < 1 || w < 1)
    throw new FoveaError(
      `${name}: a window of ${size.join("x")} does not fit an image of ${height}x${width} with padding [${padding}]; ` +
        `use a smaller window, larger images or padding "same"`,
    );
  return [h, w];
}

/** Calls `each(y, x, inside)` for every cell of a window placed at output position (oy, ox). */
export function forWindow(
  [oy, ox]: readonly [number, number],
  [kh, kw]: readonly [number, number],
  [height, width]: readonly [number, number],
  { strides, padding }: WindowAttrs,
  each: (cell: number, y: number, x: number) => void,
): void {
  for (let ky = 0; ky < kh; ky++)
    for (let kx = 0; kx < kw; kx++) {
      const y = oy * strides[0] + ky - padding[0];
      const x = ox * strides[1] + kx - padding[2];
      if (y >= 0 && y < height && x >= 0 && x < width) each(ky * kw + kx, y, x);
    }
}

/** Visits each (image, output position, filter cell) of a convolution with the flat offsets of the three arrays. */
function forConvolution(
  image: Shape,
  filter: Shape,
  output: Shape,
  attrs: WindowAttrs,
  each: (imageOffset: number, filterOffset: number, outputOffset: number) => void,
): void {
  const [batch, height, width, cin] = image as [number, number, number, number];
  const [kh, kw, , cout] = filter as [number, number, number, number];
  const [, oh, ow] = output as [number, number, number, number];
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < oh; oy++)
      for (let ox = 0; ox < ow; ox++)
        forWindow([oy, ox], [kh, kw], [height, width], attrs, (cell, y, x) => {
          for (let ci = 0; ci < cin; ci++)
            for (let co = 0; co < cout; co++)
              each(
                ((n * height + y) * width + x) * cin + ci,
                (cell * cin + ci) * cout + co,
                ((n * oh + oy) * ow + ox) * cout + co,
              );
        });
}

function expectRank4(name: string, what: string, type: TensorType): void {
  if (type.shape.length !== 4 || type.dtype !== "float32")
    throw new FoveaError(
      `${name}: expected ${what} as float32 of rank 4, received ${type.dtype} ${showShape(type.shape)}`,
    );
}

/** Cross-correlation of images [n, h, w, cin] with filters [kh, kw, cin, cout]. */
export const conv2dOp: OpRecord<"conv2d", WindowAttrs> = {
  name: "conv2d",
  infer: ([x, filter], attrs) => {
    expectRank4("conv2d", "images [batch, height, width, channels]", x!);
    expectRank4("conv2d", "filters [height, width, in, out]", filter!);
    const [n, h, w, channels] = x!.shape as [number, number, number, number];
    const [kh, kw, cin, cout] = filter!.shape as [number, number, number, number];
    if (channels !== cin)
      throw new FoveaError(`conv2d: the filters expect ${cin} channels, the images have ${channels}`);
    return [{ dtype: "float32", shape: [n, ...windowOutput("conv2d", [h, w], [kh, kw], attrs), cout] }];
  },
  vjp: ({ inputs: [x, filter], attrs, gradients: [g] }) => {
    const [, h, w] = x!.type.shape;
    const [kh, kw] = filter!.type.shape;
    return [
      apply(conv2dInputGradOp, [g!, filter!], { ...attrs, inputSize: [h!, w!] }),
      apply(conv2dFilterGradOp, [x!, g!], { ...attrs, size: [kh!, kw!] }),
    ];
  },
  reference: ([x, filter], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forConvolution(x!.shape, filter!.shape, out!.shape, attrs, (i, f, o) => {
      result[o]! += x!.data[i]! * filter!.data[f]!;
    });
    return [result];
  },
};

export interface InputGradAttrs extends WindowAttrs {
  /** Height and width of the images that the convolution saw. */
  readonly inputSize: readonly [number, number];
}

/** The adjoint of conv2d in its images: from output gradients [n, oh, ow, cout] and filters to [n, h, w, cin]. */
export const conv2dInputGradOp: OpRecord<"conv2dInputGrad", InputGradAttrs> = {
  name: "conv2dInputGrad",
  infer: ([dy, filter], { inputSize }) => {
    expectRank4("conv2dInputGrad", "output gradients", dy!);
    expectRank4("conv2dInputGrad", "filters", filter!);
    return [{ dtype: "float32", shape: [dy!.shape[0]!, ...inputSize, filter!.shape[2]!] }];
  },
  vjp: ({ inputs: [dy, filter], attrs: { strides, padding }, gradients: [g] }) => {
    const [kh, kw] = filter!.type.shape;
    return [
      apply(conv2dOp, [g!, filter!], { strides, padding }),
      apply(conv2dFilterGradOp, [g!, dy!], { strides, padding, size: [kh!, kw!] }),
    ];
  },
  reference: ([dy, filter], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forConvolution(out!.shape, filter!.shape, dy!.shape, attrs, (i, f, o) => {
      result[i]! += dy!.data[o]! * filter!.data[f]!;
    });
    return [result];
  },
};

export interface FilterGradAttrs extends WindowAttrs {
  /** Height and width of the filters. */
  readonly size: readonly [number, number];
}

/** The adjoint of conv2d in its filters: from images and output gradients to [kh, kw, cin, cout]. */
export const conv2dFilterGradOp: OpRecord<"conv2dFilterGrad", FilterGradAttrs> = {
  name: "conv2dFilterGrad",
  infer: ([x, dy], { size }) => {
    expectRank4("conv2dFilterGrad", "images", x!);
    expectRank4("conv2dFilterGrad", "output gradients", dy!);
    return [{ dtype: "float32", shape: [...size, x!.shape[3]!, dy!.shape[3]!] }];
  },
  vjp: ({ inputs: [x, dy], attrs: { strides, padding }, gradients: [g] }) => {
    const [, h, w] = x!.type.shape;
    return [
      apply(conv2dInputGradOp, [dy!, g!], { strides, padding, inputSize: [h!, w!] }),
      apply(conv2dOp, [x!, g!], { strides, padding }),
    ];
  },
  reference: ([x, dy], attrs, [out]) => {
    const result = new Float64Array(sizeOf(out!.shape));
    forConvolution(x!.shape, out!.shape, dy!.shape, attrs, (i, f, o) => {
      result[f]! += x!.data[i]! * dy!.data[o]!;
    });
    return [result];
  },
};
