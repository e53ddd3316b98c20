// Sample cases for every backend's contract and for the gradient check: total over the op registry, so that an op
// without cases does not compile.
import type { DType } from "../../core/dtype.js";
import type { AttrsOf, OpName } from "../../core/ops/index.js";

export interface OperandCase {
  readonly shape: readonly number[];
  /** Values are drawn uniformly from this interval; default [-1, 1]. */
  readonly range?: readonly [number, number];
  readonly dtype?: DType;
}
export interface OpCase<Attrs extends object = object> {
  readonly operands: readonly OperandCase[];
  readonly attrs: Attrs;
}

const of = (shape: readonly number[], range?: readonly [number, number]): OperandCase =>
  range === undefined ? { shape } : { shape, range };
const unary = (range?: readonly [number, number]): OpCase[] =>
  [[7], [3, 5], [2, 3, 4]].map((shape) => ({ operands: [of(shape, range)], attrs: {} }));
const binary = (second?: readonly [number, number]): OpCase[] =>
  [[7], [3, 5], [2, 3, 4]].map((shape) => ({ operands: [of(shape), of(shape, second)], attrs: {} }));
const reduce: OpCase<AttrsOf<"sum">>[] = [
  { operands: [of([5])], attrs: { axes: [0] } },
  { operands: [of([3, 7])], attrs: { axes: [1] } },
  { operands: [of([3, 7])], attrs: { axes: [0] } },
  { operands: [of([2, 3, 4])], attrs: { axes: [0, 2] } },
  { operands: [of([2, 5, 3, 6])], attrs: { axes: [0, 1, 2] } },
  { operands: [of([2, 5, 3, 6])], attrs: { axes: [1, 2] } },
  { operands: [of([4, 3])], attrs: { axes: [0, 1] } },
];
const none = [0, 0, 0, 0] as const;

export const CASES: { [K in OpName]: readonly OpCase<AttrsOf<K>>[] } = {
  constant: [{ operands: [], attrs: { value: 2.5, shape: [2, 3] } }],
  add: binary(),
  sub: binary(),
  mul: binary(),
  div: binary([0.5, 2]),
  maximum: binary(),
  minimum: binary(),
  greater: binary(),
  equal: binary(),
  select: [{ operands: [of([3, 5]), of([3, 5]), of([3, 5])], attrs: {} }],
  neg: unary(),
  abs: unary(),
  exp: unary([-8, 8]),
  log: unary([0.1, 30]),
  sqrt: unary([0.1, 30]),
  tanh: unary([-4, 4]),
  sigmoid: unary([-6, 6]),
  sin: unary([-9, 9]),
  cos: unary([-9, 9]),
  erf: unary([-5, 5]),
  floor: unary([-9, 9]),
  stopGradient: unary(),
  relu: unary(),
  cast: [
    { operands: [of([9])], attrs: { dtype: "float32" } },
    { operands: [of([2, 9], [-50, 50])], attrs: { dtype: "int32" } },
    { operands: [of([9], [0, 255])], attrs: { dtype: "uint8" } },
    { operands: [{ shape: [3, 7], range: [0, 255], dtype: "uint8" }], attrs: { dtype: "float32" } },
    { operands: [{ shape: [3, 7], range: [-9, 9], dtype: "int32" }], attrs: { dtype: "float32" } },
  ],
  sum: reduce,
  max: reduce,
  broadcastTo: [
    { operands: [of([1])], attrs: { shape: [5] } },
    { operands: [of([])], attrs: { shape: [2, 3] } },
    { operands: [of([4])], attrs: { shape: [3, 4] } },
    { operands: [of([3, 1])], attrs: { shape: [3, 5] } },
    { operands: [of([2, 1, 3])], attrs: { shape: [2, 2, 4, 3] } },
  ],
  reshape: [{ operands: [of([2, 6])], attrs: { shape: [3, 4] } }],
  transpose: [
    { operands: [of([3, 5])], attrs: { permutation: [1, 0] } },
    { operands: [of([2, 3, 4])], attrs: { permutation: [2, 0, 1] } },
    { operands: [of([2, 3, 4, 5])], attrs: { permutation: [0, 3, 1, 2] } },
  ],
  pad: [
    { operands: [of([5])], attrs: { before: [2], after: [3], spacing: [1], value: 1.5 } },
    { operands: [of([3, 5])], attrs: { before: [0, 1], after: [2, 0], spacing: [2, 1], value: 0 } },
    {
      operands: [of([2, 3, 5, 7])],
      attrs: { before: [0, 1, 2, 0], after: [0, 0, 1, 0], spacing: [1, 1, 1, 1], value: -2 },
    },
    {
      operands: [of([2, 3, 4, 2])],
      attrs: { before: [0, 1, 0, 1], after: [0, 2, 0, 0], spacing: [1, 2, 1, 3], value: 0 },
    },
  ],
  slice: [
    { operands: [of([9])], attrs: { begin: [2], size: [5], strides: [1] } },
    { operands: [of([7, 5])], attrs: { begin: [1, 4], size: [3, 5], strides: [2, -1] } },
    { operands: [of([2, 5, 4, 3])], attrs: { begin: [0, 4, 1, 0], size: [2, 3, 3, 3], strides: [1, -2, 1, 1] } },
  ],
  concatenate: [
    { operands: [of([3, 2]), of([3, 5])], attrs: { axis: 1 } },
    { operands: [of([2, 3]), of([1, 3]), of([4, 3])], attrs: { axis: 0 } },
    { operands: [of([2, 3, 5, 4]), of([2, 3, 5, 7])], attrs: { axis: 3 } },
  ],
  iota: [
    { operands: [], attrs: { size: 1 } },
    { operands: [], attrs: { size: 37 } },
  ],
  gather: [
    { operands: [of([1, 3, 1]), { shape: [1, 5], range: [0, 2.99], dtype: "int32" }], attrs: {} },
    { operands: [of([3, 5, 7]), { shape: [3, 9], range: [-2, 6.99], dtype: "int32" }], attrs: {} },
    { operands: [of([2, 4, 4]), { shape: [2, 3], range: [0, 3.99], dtype: "int32" }], attrs: {} },
  ],
  scatterAdd: [
    { operands: [of([1, 5, 1]), { shape: [1, 5], range: [0, 2.99], dtype: "int32" }], attrs: { rows: 3 } },
    { operands: [of([3, 9, 7]), { shape: [3, 9], range: [-2, 6.99], dtype: "int32" }], attrs: { rows: 5 } },
  ],
  argMax: [
    { operands: [of([7])], attrs: {} },
    { operands: [of([3, 9])], attrs: {} },
  ],
  argSort: [
    { operands: [of([7])], attrs: {} },
    { operands: [of([3, 1])], attrs: {} },
    { operands: [of([2, 3, 9])], attrs: {} },
    { operands: [of([2, 5000], [-1e30, 1e30])], attrs: {} },
  ],
  cumsum: [
    { operands: [of([7])], attrs: { reverse: false } },
    { operands: [of([3, 1])], attrs: { reverse: true } },
    { operands: [of([2, 3, 9])], attrs: { reverse: false } },
    { operands: [of([4, 9])], attrs: { reverse: true } },
  ],
  oneHot: [
    { operands: [{ shape: [5], range: [0, 3.99], dtype: "int32" }], attrs: { depth: 4 } },
    { operands: [{ shape: [2, 3], range: [-1, 8], dtype: "int32" }], attrs: { depth: 7 } },
  ],
  randomUniform: [
    { operands: [{ shape: [3], range: [1, 1000], dtype: "int32" }], attrs: { shape: [3, 7], stream: 5 } },
    { operands: [{ shape: [3], range: [-1000, -1], dtype: "int32" }], attrs: { shape: [16], stream: 0 } },
  ],
  matmul: [
    { operands: [of([3, 4]), of([4, 5])], attrs: { transposeA: false, transposeB: false } },
    { operands: [of([4, 3]), of([4, 5])], attrs: { transposeA: true, transposeB: false } },
    { operands: [of([3, 4]), of([5, 4])], attrs: { transposeA: false, transposeB: true } },
    { operands: [of([4, 3]), of([5, 4])], attrs: { transposeA: true, transposeB: true } },
    { operands: [of([9, 17]), of([17, 13])], attrs: { transposeA: false, transposeB: false } },
    { operands: [of([17, 6]), of([17, 1])], attrs: { transposeA: true, transposeB: false } },
    { operands: [of([1, 9]), of([9, 3])], attrs: { transposeA: false, transposeB: false } },
    { operands: [of([5, 8]), of([16, 8])], attrs: { transposeA: false, transposeB: true } },
    { operands: [of([2, 3, 4]), of([2, 4, 5])], attrs: { transposeA: false, transposeB: false } },
    { operands: [of([3, 2, 4, 3]), of([3, 2, 4, 9])], attrs: { transposeA: true, transposeB: false } },
    { operands: [of([3, 19, 4]), of([3, 5, 4])], attrs: { transposeA: false, transposeB: true } },
    { operands: [of([2, 1, 4, 6]), of([2, 1, 5, 4])], attrs: { transposeA: true, transposeB: true } },
    { operands: [of([9, 1, 2]), of([9, 2, 1])], attrs: { transposeA: false, transposeB: false } },
  ],
  softmaxCrossentropy: [
    { operands: [of([3, 5]), of([3, 5], [0, 1])], attrs: {} },
    { operands: [of([1, 1]), of([1, 1], [0, 1])], attrs: {} },
    { operands: [of([7, 55], [-30, 30]), of([7, 55], [0, 1])], attrs: {} },
    { operands: [of([2, 8], [80, 95]), of([2, 8], [0, 1])], attrs: {} },
  ],
  conv2d: [
    { operands: [of([2, 5, 4, 1]), of([3, 3, 1, 4])], attrs: { strides: [1, 1], padding: [1, 1, 1, 1] } },
    { operands: [of([1, 6, 5, 3]), of([3, 2, 3, 5])], attrs: { strides: [1, 1], padding: none } },
    { operands: [of([2, 7, 8, 2]), of([3, 3, 2, 8])], attrs: { strides: [2, 2], padding: [0, 1, 1, 0] } },
    { operands: [of([1, 5, 5, 4]), of([1, 1, 4, 12])], attrs: { strides: [1, 1], padding: none } },
    { operands: [of([3, 9, 3, 2]), of([5, 1, 2, 3])], attrs: { strides: [3, 1], padding: [2, 2, 0, 0] } },
    { operands: [of([1, 4, 2, 16]), of([3, 3, 16, 20])], attrs: { strides: [1, 1], padding: [1, 1, 1, 1] } },
    {
      operands: [of([2, 7, 9, 3]), of([3, 2, 3, 5])],
      attrs: { strides: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 3] },
    },
    {
      operands: [of([1, 8, 6, 16]), of([3, 3, 16, 16])],
      attrs: { strides: [1, 1], padding: [2, 2, 2, 2], dilation: [2, 2] },
    },
    { operands: [of([1, 7, 5, 2]), of([3, 3, 2, 4])], attrs: { strides: [1, 1], padding: none, dilation: [3, 1] } },
  ],
  // Padding wider than a filter reaches, too.
  conv2dInputGrad: [
    {
      operands: [of([2, 7, 9, 3]), of([1, 1, 4, 3])],
      attrs: { strides: [1, 1], padding: [2, 0, 1, 2], inputSize: [5, 6] },
    },
    {
      operands: [of([2, 5, 4, 4]), of([2, 2, 3, 4])],
      attrs: { strides: [2, 3], padding: [3, 2, 2, 4], inputSize: [5, 6] },
    },
    {
      operands: [of([2, 6, 5, 5]), of([3, 2, 3, 5])],
      attrs: { strides: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 3], inputSize: [7, 9] },
    },
    {
      operands: [of([2, 5, 4, 4]), of([3, 3, 1, 4])],
      attrs: { strides: [1, 1], padding: [1, 1, 1, 1], inputSize: [5, 4] },
    },
    {
      operands: [of([1, 4, 4, 5]), of([3, 2, 3, 5])],
      attrs: { strides: [1, 1], padding: none, inputSize: [6, 5] },
    },
    {
      operands: [of([2, 3, 4, 8]), of([3, 3, 2, 8])],
      attrs: { strides: [2, 2], padding: [0, 1, 1, 0], inputSize: [7, 8] },
    },
    {
      operands: [of([3, 3, 3, 3]), of([5, 1, 2, 3])],
      attrs: { strides: [3, 1], padding: [2, 2, 0, 0], inputSize: [9, 3] },
    },
  ],
  conv2dFilterGrad: [
    {
      operands: [of([2, 7, 9, 3]), of([2, 6, 5, 5])],
      attrs: { strides: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 3], size: [3, 2] },
    },
    {
      operands: [of([2, 5, 4, 1]), of([2, 5, 4, 4])],
      attrs: { strides: [1, 1], padding: [1, 1, 1, 1], size: [3, 3] },
    },
    { operands: [of([1, 6, 5, 3]), of([1, 4, 4, 5])], attrs: { strides: [1, 1], padding: none, size: [3, 2] } },
    {
      operands: [of([2, 7, 8, 2]), of([2, 3, 4, 8])],
      attrs: { strides: [2, 2], padding: [0, 1, 1, 0], size: [3, 3] },
    },
    {
      operands: [of([11, 4, 3, 5]), of([11, 4, 3, 9])],
      attrs: { strides: [1, 1], padding: [1, 1, 1, 1], size: [3, 3] },
    },
  ],
  depthwiseConv2d: [
    {
      operands: [of([2, 7, 9, 5]), of([3, 2, 5])],
      attrs: { strides: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 3] },
    },
    { operands: [of([2, 5, 4, 6]), of([3, 3, 6])], attrs: { strides: [1, 1], padding: [1, 1, 1, 1] } },
    { operands: [of([1, 7, 9, 3]), of([3, 3, 3])], attrs: { strides: [2, 2], padding: [0, 1, 0, 1] } },
    { operands: [of([2, 6, 5, 8]), of([5, 2, 8])], attrs: { strides: [1, 3], padding: none } },
    { operands: [of([1, 9, 9, 13]), of([3, 3, 13])], attrs: { strides: [2, 2], padding: [1, 1, 1, 1] } },
  ],
  depthwiseConv2dInputGrad: [
    {
      operands: [of([2, 7, 9, 5]), of([1, 1, 5])],
      attrs: { strides: [1, 1], padding: [2, 0, 1, 2], inputSize: [5, 6] },
    },
    {
      operands: [of([2, 6, 5, 5]), of([3, 2, 5])],
      attrs: { strides: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 3], inputSize: [7, 9] },
    },
    {
      operands: [of([2, 5, 4, 6]), of([3, 3, 6])],
      attrs: { strides: [1, 1], padding: [1, 1, 1, 1], inputSize: [5, 4] },
    },
    {
      operands: [of([1, 3, 4, 3]), of([3, 3, 3])],
      attrs: { strides: [2, 2], padding: [0, 1, 0, 1], inputSize: [7, 9] },
    },
    { operands: [of([2, 2, 2, 8]), of([5, 2, 8])], attrs: { strides: [1, 3], padding: none, inputSize: [6, 5] } },
  ],
  depthwiseConv2dFilterGrad: [
    {
      operands: [of([2, 7, 9, 5]), of([2, 6, 5, 5])],
      attrs: { strides: [1, 2], padding: [2, 1, 0, 3], dilation: [2, 3], size: [3, 2] },
    },
    {
      operands: [of([2, 5, 4, 6]), of([2, 5, 4, 6])],
      attrs: { strides: [1, 1], padding: [1, 1, 1, 1], size: [3, 3] },
    },
    {
      operands: [of([1, 7, 9, 3]), of([1, 3, 4, 3])],
      attrs: { strides: [2, 2], padding: [0, 1, 0, 1], size: [3, 3] },
    },
    { operands: [of([9, 6, 5, 13]), of([9, 2, 2, 13])], attrs: { strides: [1, 3], padding: none, size: [5, 2] } },
  ],
  maxPool2d: [
    { operands: [of([2, 4, 6, 3])], attrs: { size: [2, 2], strides: [2, 2], padding: none } },
    { operands: [of([1, 5, 7, 4])], attrs: { size: [2, 3], strides: [2, 3], padding: none } },
    { operands: [of([2, 7, 6, 5])], attrs: { size: [3, 3], strides: [2, 2], padding: [1, 1, 0, 1] } },
  ],
  maxPool2dGrad: [
    {
      operands: [of([2, 2, 3, 3]), { shape: [2, 2, 3, 3], range: [0, 3.99], dtype: "uint8" }],
      attrs: { size: [2, 2], strides: [2, 2], padding: none, inputSize: [4, 6] },
    },
    {
      operands: [of([1, 3, 3, 5]), { shape: [1, 3, 3, 5], range: [0, 8.99], dtype: "uint8" }],
      attrs: { size: [3, 3], strides: [2, 2], padding: none, inputSize: [8, 7] },
    },
  ],
  averagePool2d: [
    { operands: [of([2, 4, 6, 3])], attrs: { size: [2, 2], strides: [2, 2], padding: none } },
    { operands: [of([2, 7, 6, 5])], attrs: { size: [3, 3], strides: [2, 2], padding: [1, 1, 0, 1] } },
  ],
  averagePool2dGrad: [
    {
      operands: [of([2, 2, 3, 3])],
      attrs: { size: [2, 2], strides: [2, 2], padding: none, inputSize: [4, 6] },
    },
    {
      operands: [of([2, 4, 3, 5])],
      attrs: { size: [3, 3], strides: [2, 2], padding: [1, 1, 0, 1], inputSize: [7, 6] },
    },
  ],
};

/** Draws the operands of a case from a fixed sequence. */
export function drawOperands(operands: readonly OperandCase[]): { shape: readonly number[]; data: Float64Array }[] {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return operands.map(({ shape, range = [-1, 1], dtype = "float32" }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const data = Float64Array.from({ length: size }, () => {
      const x = range[0] + (range[1] - range[0]) * next();
      return dtype === "float32" ? Math.fround(x) : Math.floor(x);
    });
    return { shape, data };
  });
}
