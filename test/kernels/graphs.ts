// Graphs with kernels of every kind, in shapes that are odd and even, short and long, for tests of the machine code:
// chains of elementwise functions, moves of rows, products, windows and reductions, with their gradients.
import type { Mode } from "../../src/backends/contract.js";
import { canonicalize } from "../../src/compile/canonicalize.js";
import { gradients } from "../../src/core/autodiff.js";
import type { DType } from "../../src/core/dtype.js";
import * as f from "../../src/core/functions/index.js";
import type { Graph } from "../../src/core/graph/graph.js";
import { input, type Value } from "../../src/core/graph/node.js";
import type { Shape } from "../../src/core/shape.js";

export interface NamedGraph {
  readonly name: string;
  readonly graph: Graph;
}

/** A value and the gradients of its mean square with respect to the inputs. */
function withGradients(name: string, inputs: readonly Value[], outputs: readonly Value[]): NamedGraph {
  const canonical = canonicalize(outputs);
  const loss = canonical.map((value) => f.mean(f.square(f.sub(value, 0.25)))).reduce((a, b) => f.add(a, b));
  const smooth = inputs.filter(({ type }) => type.dtype === "float32");
  return { name, graph: { inputs, outputs: [...canonical, ...gradients(loss, smooth)], updates: [] } };
}

/** Chains of all elementwise functions over broadcasts, turned operands and other dtypes. */
function ofElements(): NamedGraph[] {
  const shapes: readonly Shape[] = [[7], [5, 6], [3, 4, 9]];
  return shapes.map((shape) => {
    const x = input("x", shape);
    const row = input("row", shape.slice(-1));
    const bytes = input("bytes", shape, "uint8");
    const a = f.div(f.exp(f.mul(x, row)), f.add(f.sqrt(f.abs(x)), 1));
    const b = f.select(f.greater(x, row), f.tanh(x), f.sigmoid(f.neg(row)));
    const c = f.maximum(f.sin(x), f.minimum(f.cos(x), f.erf(row)));
    const d = f.sub(f.log(f.add(f.relu(x), 0.5)), f.mul(f.floor(x), f.equal(x, 0.25)));
    const turned = f.flip(f.transpose(x, [...shape.keys()].reverse()), [0]);
    const { inputs, outputs } = withGradients("", [x, row], [a, b, c, d, turned]).graph;
    const others = [f.cast(x, "int32"), f.cast(f.mul(x, 9), "uint8"), f.mul(f.cast(bytes, "float32"), 1 / 255)];
    const graph = { inputs: [...inputs, bytes], outputs: [...outputs, ...others], updates: [] };
    return { name: `elementwise ${shape}`, graph };
  });
}

/** Moves of rows and numbers from indices, with and without whole vectors. */
function ofRows(): NamedGraph[] {
  return [3, 16].map((channels) => {
    const [x, other] = [input("x", [2, 9, channels]), input("other", [2, 9, 5])];
    const [indices, state] = [input("indices", [2, 4], "int32"), input("state", [3], "int32")];
    const labels = input("labels", [18], "int32");
    const padded = f.pad(x, [[0, 0], [2, 1], [1, 3]], 0.5); // biome-ignore format: a pair for each axis
    const joined = f.concatenate([x, other], -1);
    const rows = f.reshape(joined, [18, channels + 5]);
    const losses = f.softmaxCrossentropy(rows, f.oneHot(labels, channels + 5));
    const moved = [padded, joined, f.gather(x, indices), losses, f.iota([4, channels], 1)];
    const { inputs, outputs } = withGradients("", [x, other], moved).graph;
    const others = [f.argMax(rows), f.randomUniform([5, channels], state, 2)];
    const graph = { inputs: [...inputs, indices, labels, state], outputs: [...outputs, ...others], updates: [] };
    return { name: `rows of ${channels}`, graph };
  });
}

/** The order of numbers and their running sums, in rows of one element and of many. */
function ofSorting(): NamedGraph[] {
  return [1, 7, 300].map((depth) => {
    const x = input("x", [5, depth]);
    const outputs = [f.argSort(x), f.cumsum(x), f.cumsum(x, true)];
    return { name: `order of ${depth}`, graph: { inputs: [x], outputs, updates: [] } };
  });
}

type Product = readonly [m: number, n: number, k: number];
const PRODUCTS: readonly Product[] = [
  ...([[1, 1, 1], [3, 5, 7], [16, 8, 4], [17, 13, 257], [64, 10, 512]] satisfies Product[]), // biome-ignore format: short
  ...([[33, 515, 40], [9, 700, 300], [600, 24, 31], [4, 64, 256]] satisfies Product[]), // biome-ignore format: short
];

/** Products with blocks of rows and columns cut short, k in one block and several, one product and many. */
function ofMatmul(): NamedGraph[] {
  const single = PRODUCTS.flatMap(([m, n, k]) =>
    [0, 1, 2, 3].map((turns): NamedGraph => {
      const a = turns & 1 ? f.transpose(input("a", [k, m]), [1, 0]) : input("a", [m, k]);
      const b = turns & 2 ? f.transpose(input("b", [n, k]), [1, 0]) : input("b", [k, n]);
      const [bias, scale] = [input("bias", [n]), input("scale", [m, 1])];
      const inputs = [a, b].map((value) => (value.node.kind === "input" ? value : value.node.inputs[0]!));
      const y = f.tanh(f.mul(f.add(f.matmul(a, b), bias), scale));
      return withGradients(`matmul ${[m, n, k, turns]}`, [...inputs, bias, scale], [y]);
    }),
  );
  const several = PRODUCTS.slice(0, 4).map(([m, n, k]) => {
    const [a, b] = [input("a", [3, m, k]), input("b", [3, k, n])];
    return withGradients(`matmul ${[m, n, k]}, several`, [a, b], [f.einsum("bmk,bkn->bmn", a, b)]);
  });
  return [...single, ...several];
}

interface Convolution {
  readonly x: Shape;
  readonly filter: readonly [height: number, width: number, count: number];
  readonly options?: f.Conv2dOptions;
  readonly pool?: readonly [number, number];
  readonly dtype?: DType;
}

const same = { padding: "same" } as const;
const CONVOLUTIONS: readonly Convolution[] = [
  { x: [3, 9, 7, 1], filter: [3, 3, 5], options: same, pool: [2, 2], dtype: "uint8" },
  { x: [3, 9, 7, 3], filter: [5, 5, 8], options: same, pool: [3, 3], dtype: "uint8" },
  { x: [18, 8, 8, 3], filter: [3, 3, 8], options: same, pool: [4, 4] },
  { x: [2, 9, 11, 6], filter: [3, 2, 13], options: { strides: [2, 1] } },
  { x: [2, 9, 11, 5], filter: [3, 3, 3], options: { dilation: [2, 2], padding: "same" } },
  { x: [2, 8, 9, 7], filter: [1, 1, 12], options: { strides: [2, 2] } },
  { x: [5, 6, 8, 6], filter: [3, 3, 4], options: { groups: 2 } },
  { x: [2, 8, 12, 16], filter: [3, 3, 16], options: same, pool: [2, 2] },
  { x: [1, 16, 9, 20], filter: [3, 3, 28], options: same },
  { x: [17, 13, 10, 16], filter: [3, 3, 24], options: same },
  { x: [2, 14, 15, 32], filter: [3, 3, 32] },
  { x: [1, 16, 16, 20], filter: [3, 3, 28], options: same, pool: [4, 4] },
  { x: [20, 12, 20, 12], filter: [3, 3, 12], options: same, pool: [2, 4] },
];

function ofConvolutions(): NamedGraph[] {
  return CONVOLUTIONS.map(({ x: shape, filter: [height, width, count], options = {}, pool, dtype }) => {
    const x = input("x", shape, dtype);
    const filter = input("filter", [height, width, shape[3]! / (options.groups ?? 1), count]);
    const bias = input("bias", [count]);
    const images = dtype === undefined ? x : f.mul(f.cast(x, "float32"), 1 / 255);
    const full = f.relu(f.add(f.conv2d(images, filter, options), bias));
    const name = `conv2d ${[shape, height, width, count, pool ?? []]} ${JSON.stringify(options)}`;
    return withGradients(name, [x, filter, bias], [pool === undefined ? full : f.maxPool2d(full, pool)]);
  });
}

/** Depthwise convolutions and pools, whose channels are walked one by one or in vectors. */
function ofChannels(): NamedGraph[] {
  const images: readonly Shape[] = [[2, 9, 7, 5], [3, 8, 8, 16], [1, 11, 6, 22]]; // biome-ignore format: short
  const spread: readonly f.ConvolutionOptions[] = [{}, { strides: [2, 2], padding: "same" }, { dilation: [2, 1] }];
  return images.flatMap((shape) => {
    const [x, filter, bias] = [input("x", shape), input("filter", [3, 3, shape[3]!, 1]), input("bias", [shape[3]!])];
    const separate = spread.map((options) => {
      const y = f.relu(f.add(f.depthwiseConv2d(x, filter, options), bias));
      return withGradients(`depthwiseConv2d ${shape} ${JSON.stringify(options)}`, [x, filter, bias], [y]);
    });
    const pools = [{}, { strides: [2, 1], padding: "same" } as const].map((options) => {
      const y = f.add(f.maxPool2d(x, [3, 2], options), f.averagePool2d(x, [3, 2], options));
      return withGradients(`pools ${shape} ${JSON.stringify(options)}`, [x], [y]);
    });
    return [...separate, ...pools];
  });
}

/** Reductions of every pattern of axes, in several sizes. */
function ofReductions(): NamedGraph[] {
  const shapes = [[5, 7], [40, 300], [3, 5, 37], [9, 64, 50], [2, 5, 3, 6], [130, 11, 9, 17], [20000]] as const;
  return shapes.flatMap((shape: readonly number[]) =>
    Array.from({ length: 2 ** shape.length - 1 }, (_, pattern) => {
      const axes = shape.flatMap((_, axis) => (((pattern + 1) >> axis) & 1 ? [axis] : []));
      const x = input("x", shape);
      const outputs = [f.sum(f.mul(x, x), axes), f.max(f.neg(x), axes)];
      return { name: `reduce ${shape} over ${axes}`, graph: { inputs: [x], outputs, updates: [] } };
    }),
  );
}

/** Graphs of every kind of kernel, the same in every process. */
export const kernelGraphs = (): NamedGraph[] => [
  ...ofElements(),
  ...ofRows(),
  ...ofSorting(),
  ...ofMatmul(),
  ...ofConvolutions(),
  ...ofChannels(),
  ...ofReductions(),
];

export const MODES: readonly Mode[] = ["reproducible", "fast"];
