// Elementwise operators on constants, products of matrices, and numbers of other types.

import { cos, erf, exp, log, pow, sin } from "../../../../core/math.js";
import { broadcastShapes, sizeOf, stridesOf } from "../../../../core/shape.js";
import { isReal, rangeOf, roundedType } from "../elements.js";
import { NodeError } from "../node-error.js";
import type { OnnxTensor } from "../proto.js";
import type { Application, Evaluate } from "./application.js";
import { allocated, combined, filled, type Kind, mapped, picked, reordered, spreadTo } from "./arrays.js";
import { allowed, axisWithin, numberOf, operand, operands } from "./operands.js";

type Binary = (a: number, b: number) => number;

/** Checks what a broadcast comes to before it is made. */
const joint = (application: Application): readonly OnnxTensor[] => {
  const all = operands(application);
  allowed(application, all.map(({ shape }) => shape).reduce(broadcastShapes));
  return all;
};
const binary =
  (compute: (kind: Kind) => Binary): Evaluate =>
  (application) => {
    const all = joint(application);
    return all.length === 1 ? all[0]! : all.reduce((a, b) => combined([a, b], compute(all[0]!.kind) as never));
  };
const same = (compute: Binary): Evaluate => binary(() => compute);
/** Comparisons and logic: 1 or 0. */
const truth =
  (compute: (a: number, b: number) => boolean): Evaluate =>
  (application) =>
    combined(joint(application), (a, b) => (compute(a!, b!) ? 1 : 0), "int");
const unary =
  (compute: (x: number) => number): Evaluate =>
  (application) =>
    mapped(operand(application, 0), compute);

const sigmoid = (x: number): number => 1 / (1 + exp(-x));
const tanh = (x: number): number => 1 - 2 / (exp(2 * x) + 1);
/** The nearest whole number, halves to the even one. */
const rounded = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
const power = (x: number, y: number): number =>
  x > 0 || Number.isInteger(y) ? pow(x, y) : x === 0 && y > 0 ? 0 : Number.NaN;
const modulo: Binary = (a, b) => a - Math.floor(a / b) * b;

function cast(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const type =
    application.node.op === "CastLike"
      ? operand(application, 1).kind === "float"
        ? 1
        : 7
      : numberOf(application, "to", 1);
  if (type === 9) return mapped(x, (value) => (value === 0 ? 0 : 1), "int");
  return isReal(type) ? mapped(x, (value) => value, "float") : mapped(x, Math.trunc, "int");
}

/** [..., m, k] times [..., k, n], leading axes broadcast. */
function product(application: Application): OnnxTensor {
  const [a, b] = [operand(application, 0), operand(application, 1)];
  if (a.shape.length < 2 || b.shape.length < 2) throw new NodeError("multiplies with something that is no matrix");
  const [m, k] = a.shape.slice(-2) as [number, number];
  const [inner, n] = b.shape.slice(-2) as [number, number];
  if (k !== inner) throw new NodeError(`multiplies [${a.shape.join(", ")}] with [${b.shape.join(", ")}]`);
  const lead = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = allowed(application, [...lead, m, n]);
  const [x, y] = [
    spreadTo(a, allowed(application, [...lead, m, k])).data,
    spreadTo(b, allowed(application, [...lead, k, n])).data,
  ];
  const data = allocated("float", sizeOf(shape));
  for (let q = 0; q < sizeOf(lead); q++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += x[(q * m + i) * k + p]! * y[(q * k + p) * n + j]!;
        data[(q * m + i) * n + j] = sum;
      }
  return { kind: "float", shape, data };
}

function gemm(application: Application): OnnxTensor {
  const turn = (index: number, name: string): OnnxTensor => {
    const x = operand(application, index);
    return numberOf(application, name, 0) === 1 ? reordered(x, [1, 0]) : x;
  };
  const [alpha, beta] = [numberOf(application, "alpha", 1), numberOf(application, "beta", 1)];
  const ab = product({ ...application, inputs: [turn(0, "transA"), turn(1, "transB")] });
  const c = application.inputs[2] ?? filled("float", [], 0);
  return combined([ab, c], (x, y) => alpha * x! + beta * y!);
}

function clipped(application: Application): OnnxTensor {
  const bound = (index: number, name: string, fallback: number): number =>
    application.inputs[index]?.data[0] ?? numberOf(application, name, fallback);
  const [low, high] = [bound(1, "min", Number.NEGATIVE_INFINITY), bound(2, "max", Number.POSITIVE_INFINITY)];
  return mapped(operand(application, 0), (x) => Math.min(Math.max(x, low), high));
}

/** A scale or a zero point along the axis that it has one of for each position, or one for each block. */
function along(application: Application, x: OnnxTensor, parameter: OnnxTensor): OnnxTensor {
  if (parameter.data.length === 1) return spreadTo({ ...parameter, shape: [] }, x.shape);
  const axis = axisWithin(numberOf(application, "axis", 1), x.shape.length);
  const block = numberOf(application, "block_size", 0);
  if (parameter.shape.length === 1 && parameter.data.length === x.shape[axis]) {
    const shape = x.shape.map((extent, index) => (index === axis ? extent : 1));
    return spreadTo({ ...parameter, shape }, x.shape);
  }
  if (block > 0 && parameter.shape[axis]! * block === x.shape[axis] && parameter.shape.length === x.shape.length) {
    const repeated = parameter.shape.flatMap((extent, index) => (index === axis ? [extent, 1] : [extent]));
    const full = parameter.shape.flatMap((extent, index) => (index === axis ? [extent, block] : [extent]));
    return { ...spreadTo({ ...parameter, shape: repeated }, full), shape: x.shape };
  }
  throw new NodeError(`has ${parameter.data.length} scales for an axis of ${x.shape[axis]}`);
}

/** (x - zero point) * scale: weights that were rounded to few bits, as numbers again. */
function dequantized(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const scale = along(application, x, operand(application, 1)).data;
  const zero = application.inputs[2] && along(application, x, application.inputs[2]).data;
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (x.data[i]! - (zero?.[i] ?? 0)) * scale[i]!;
  return { kind: "float", shape: x.shape, data };
}

function quantized(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const scale = along(application, x, operand(application, 1)).data;
  const zeros = application.inputs[2];
  const zero = zeros && along(application, x, zeros).data;
  const element = zeros?.element ?? roundedType(application.node.attributes.output_dtype);
  const [least, most] = rangeOf(element);
  const data = new Float64Array(x.data.length);
  for (let i = 0; i < data.length; i++)
    data[i] = Math.min(Math.max(rounded(x.data[i]! / scale[i]!) + (zero?.[i] ?? 0), least), most);
  return { kind: "int", shape: x.shape, data, element };
}

const MATH = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Cos: cos,
  Erf: erf,
  Exp: exp,
  Floor: Math.floor,
  Log: log,
  Neg: (x: number): number => -x,
  Not: (x: number): number => (x === 0 ? 1 : 0),
  Reciprocal: (x: number): number => 1 / x,
  Relu: (x: number): number => Math.max(x, 0),
  Round: rounded,
  Sigmoid: sigmoid,
  Sign: Math.sign,
  Sin: sin,
  Sqrt: Math.sqrt,
  Tanh: tanh,
} as const;

export const ARITHMETIC: Readonly<Record<string, Evaluate>> = {
  ...Object.fromEntries(Object.entries(MATH).map(([op, compute]) => [op, unary(compute)])),
  Add: same((a, b) => a + b),
  Sub: same((a, b) => a - b),
  Mul: same((a, b) => a * b),
  // Whole numbers divide towards zero.
  Div: binary((kind) => (kind === "int" ? (a, b) => Math.trunc(a / b) : (a, b) => a / b)),
  Mod: (application) =>
    combined(joint(application), numberOf(application, "fmod", 0) === 1 ? (a, b) => a! % b! : (modulo as never)),
  Pow: same(power),
  Max: same(Math.max),
  Min: same(Math.min),
  Equal: truth((a, b) => a === b),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Xor: truth((a, b) => (a !== 0) !== (b !== 0)),
  Where: (application) =>
    combined(joint(application), (condition, a, b) => (condition !== 0 ? a! : b!), operand(application, 1).kind),
  Clip: clipped,
  Cast: cast,
  CastLike: cast,
  MatMul: product,
  Gemm: gemm,
  DequantizeLinear: dequantized,
  QuantizeLinear: quantized,
  Trilu: (application) => {
    const x = operand(application, 0);
    const offset = application.inputs[1]?.data[0] ?? 0;
    const upper = numberOf(application, "upper", 1) === 1;
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    const out = picked(x, x.shape, stridesOf(x.shape));
    const data = out.data as Float32Array | Float64Array;
    for (let i = 0; i < data.length; i++) {
      const [row, column] = [Math.floor(i / columns) % rows, i % columns];
      if (upper ? column - row < offset : column - row > offset) data[i] = 0;
    }
    return out;
  },
};
