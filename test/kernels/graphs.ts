// Graphs with kernels of every kind, in shapes that are odd and even, short and long, for tests of the machine code:
// sample cases of all ops with their gradients, products and convolutions of awkward sizes, training steps of networks.
import type { Mode } from "../../src/backends/contract.js";
import { canonicalize } from "../../src/compile/canonicalize.js";
import { gradients } from "../../src/core/autodiff.js";
import type { DType } from "../../src/core/dtype.js";
import * as f from "../../src/core/functions/index.js";
import type { Graph } from "../../src/core/graph/graph.js";
import { applyAll, input, type OpRecord, type Value } from "../../src/core/graph/node.js";
import { OPS, type OpName } from "../../src/core/ops/index.js";
import type { Shape } from "../../src/core/shape.js";
import { CASES, type OpCase } from "../gradcheck/cases.js";

export interface NamedGraph {
  readonly name: string;
  readonly graph: Graph;
}

/** A value and the gradients of its mean square with respect to the inputs. */
function withGradients(name: string, inputs: readonly Value[], outputs: readonly Value[]): NamedGraph {
  const canonical = canonicalize(outputs);
  const loss = canonical.map((value) => f.mean(f.square(f.sub(value, 0.25)))).reduce(f.add);
  const smooth = inputs.filter(({ type }) => type.dtype === "float32");
  return { name, graph: { inputs, outputs: [...canonical, ...gradients(loss, smooth)], updates: [] } };
}

/** Sample cases of the gradient check, one graph each, with gradients where there are any. */
function ofOps(): NamedGraph[] {
  return (Object.keys(OPS) as OpName[]).flatMap((name) =>
    (CASES[name] as readonly OpCase[]).map(({ operands, attrs }, i): NamedGraph => {
      const inputs = operands.map(({ shape, dtype = "float32" }, at) => input(`x${at}`, shape, dtype));
      const outputs = applyAll(OPS[name] as unknown as OpRecord<string, object>, inputs, attrs);
      const label = `${name} ${i}`;
      const smooth = inputs.length > 0 && outputs[0]!.type.dtype === "float32" && OPS[name].vjp !== null;
      return smooth
        ? withGradients(label, inputs, [outputs[0]!])
        : { name: label, graph: { inputs, outputs, updates: [] } };
    }),
  );
}

/** Products with blocks of rows and columns cut short, k in one block and several, one product and many. */
function ofMatmul(): NamedGraph[] {
  const sizes: readonly (readonly [m: number, n: number, k: number])[] = [
    ...([[1, 1, 1], [3, 5, 7], [16, 8, 4], [17, 13, 257], [64, 10, 512]] as const), // biome-ignore format: a table
    ...([[33, 515, 40], [9, 700, 300], [600, 24, 31], [4, 64, 256]] as const), // biome-ignore format: a table
  ];
  const turned: Shape = [1, 0];
  return sizes.flatMap(([m, n, k]) => [
    ...[false, true].flatMap((transposeA) =>
      [false, true].map((transposeB): NamedGraph => {
        const [a, b] = [input("a", transposeA ? [k, m] : [m, k]), input("b", transposeB ? [n, k] : [k, n])];
        const [bias, scale] = [input("bias", [n]), input("scale", [m, 1])];
        const product = f.matmul(transposeA ? f.transpose(a, turned) : a, transposeB ? f.transpose(b, turned) : b);
        const y = f.tanh(f.mul(f.add(product, bias), scale));
        return withGradients(`matmul ${[m, n, k, transposeA, transposeB]}`, [a, b, bias, scale], [y]);
      }),
    ),
    ...(m <= 17
      ? [
          withGradients(
            `matmul ${[m, n, k]}, several`,
            ...((): [Value[], Value[]] => {
              const [a, b] = [input("a", [3, m, k]), input("b", [3, k, n])];
              return [[a, b], [f.einsum("bmk,bkn->bmn", a, b)]];
            })(),
          ),
        ]
      : []),
  ]);
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

function ofWindows(): NamedGraph[] {
  const convolutions = CONVOLUTIONS.map(({ x: shape, filter: [height, width, count], options = {}, pool, dtype }) => {
    const x = input("x", shape, dtype);
    const filter = input("filter", [height, width, shape[3]! / (options.groups ?? 1), count]);
    const bias = input("bias", [count]);
    const images = dtype === undefined ? x : f.mul(f.cast(x, "float32"), 1 / 255);
    const full = f.relu(f.add(f.conv2d(images, filter, options), bias));
    const name = `conv2d ${[shape, height, width, count, pool ?? []]} ${JSON.stringify(options)}`;
    return withGradients(name, [x, filter, bias], [pool === undefined ? full : f.maxPool2d(full, pool)]);
  });
  const separate = (
    [
      [2, 9, 7, 5],
      [3, 8, 8, 16],
      [1, 11, 6, 22],
    ] as const
  ).flatMap(
    (
      shape, // biome-ignore format: a table
    ) =>
      ([{}, { strides: [2, 2], padding: "same" }, { dilation: [2, 1], padding: "same" }] as const).map((options) => {
        const [x, filter] = [input("x", shape), input("filter", [3, 3, shape[3], 1])];
        const bias = input("bias", [shape[3]]);
        const y = f.relu(f.add(f.depthwiseConv2d(x, filter, options), bias));
        return withGradients(`depthwiseConv2d ${shape} ${JSON.stringify(options)}`, [x, filter, bias], [y]);
      }),
  );
  const pools = (
    [
      [2, 9, 7, 5],
      [3, 8, 8, 16],
    ] as const
  ).flatMap(
    (
      shape, // biome-ignore format: a table
    ) =>
      ([{}, { strides: [2, 1], padding: "same" }] as const).map((options) => {
        const x = input("x", shape);
        const y = f.add(f.maxPool2d(x, [3, 2], options), f.averagePool2d(x, [3, 2], options));
        return withGradients(`pools ${shape} ${JSON.stringify(options)}`, [x], [y]);
      }),
  );
  return [...convolutions, ...separate, ...pools];
}

/** Reductions of every pattern of axes, in several sizes. */
function ofReductions(): NamedGraph[] {
  const shapes = [[5, 7], [40, 300], [3, 5, 37], [9, 64, 50], [2, 5, 3, 6], [130, 11, 9, 17], [20000]] as const; // biome-ignore format: a table
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
export const kernelGraphs = (): NamedGraph[] => [...ofOps(), ...ofMatmul(), ...ofWindows(), ...ofReductions()];

export const MODES: readonly Mode[] = ["reproducible", "fast"];
