// Elementwise functions: operands broadcast, numbers become constants of the right shape. Composites have the gradients
// that follow from their parts.

import { FoveaError, shown } from "../errors.js";
import { apply, type OpRecord, type Value } from "../graph/node.js";
import * as elementwise from "../ops/elementwise.js";
import { broadcastShapes, type Shape } from "../shape.js";
import { broadcastTo } from "./shaping.js";

/** A value, or a number that stands for a constant of the right shape. */
export type Operand = Value | number;

/**
 * A float32 constant: a scalar unless a shape is given.
 * @param value The number.
 * @param shape The shape; default `[]`, a scalar.
 */
export const constant = (value: number, shape: Shape = []): Value =>
  apply(elementwise.constantOp, [], { value, shape });

function broadcasting(record: OpRecord<string, Record<never, never>>) {
  return (...operands: readonly Operand[]): Value => {
    for (const operand of operands)
      if (typeof operand !== "number" && !Array.isArray(operand?.type?.shape))
        throw new FoveaError(
          "wrong-type",
          `${record.name}: expected a number or a value of a graph, received ${shown(operand)}`,
        );
    const shape = operands.reduce<Shape>(
      (all, operand) => (typeof operand === "number" ? all : broadcastShapes(all, operand.type.shape)),
      [],
    );
    const inputs = operands.map((operand) =>
      typeof operand === "number" ? constant(operand, shape) : broadcastTo(operand, shape),
    );
    return apply(record, inputs, {});
  };
}

type Binary = (a: Operand, b: Operand) => Value;
type Unary = (x: Value) => Value;

/**
 * The sum of two values, broadcast as in NumPy; a number stands for a scalar.
 * @example
 * const [a, b] = [input("a", [3]), input("b", [3])];
 * add(a, b), sub(a, b), mul(a, 2), div(a, b), maximum(a, 0), minimum(a, b);
 */
export const add: Binary = broadcasting(elementwise.addOp);
/** The first value less the second, broadcast as in NumPy. */
export const sub: Binary = broadcasting(elementwise.subOp);
/** The product of two values, broadcast as in NumPy. */
export const mul: Binary = broadcasting(elementwise.mulOp);
/** The first value over the second, broadcast as in NumPy. */
export const div: Binary = broadcasting(elementwise.divOp);
/** The larger of two values, broadcast as in NumPy. */
export const maximum: Binary = broadcasting(elementwise.maximumOp);
/** The smaller of two values, broadcast as in NumPy. */
export const minimum: Binary = broadcasting(elementwise.minimumOp);
/** 1 where a > b, else 0. */
export const greater: Binary = broadcasting(elementwise.greaterOp);
/** 1 where a = b, else 0. */
export const equal: Binary = broadcasting(elementwise.equalOp);
/** a where the condition is not 0, else b. */
export const select: (condition: Value, a: Operand, b: Operand) => Value = broadcasting(elementwise.selectOp);

/** The value with the other sign. */
export const neg: Unary = broadcasting(elementwise.negOp);
/** The absolute value. */
export const abs: Unary = broadcasting(elementwise.absOp);
/** e to the power of the value. */
export const exp: Unary = broadcasting(elementwise.expOp);
/** The natural logarithm. */
export const log: Unary = broadcasting(elementwise.logOp);
/** The square root. */
export const sqrt: Unary = broadcasting(elementwise.sqrtOp);
/** The hyperbolic tangent. */
export const tanh: Unary = broadcasting(elementwise.tanhOp);
/** 1 / (1 + e^-x). */
export const sigmoid: Unary = broadcasting(elementwise.sigmoidOp);
/** The value, or 0 where it is negative. */
export const relu: Unary = broadcasting(elementwise.reluOp);
/** The sine of radians. */
export const sin: Unary = broadcasting(elementwise.sinOp);
/** The cosine of radians. */
export const cos: Unary = broadcasting(elementwise.cosOp);
/** The error function. */
export const erf: Unary = broadcasting(elementwise.erfOp);
/** The largest whole number not above x; no gradient. */
export const floor: Unary = broadcasting(elementwise.floorOp);

/** x as a constant to gradients: `sub(x, stopGradient(x))` is 0 with gradient 1. */
export const stopGradient: Unary = broadcasting(elementwise.stopGradientOp);
/**
 * x times x.
 * @param x Any float32 value.
 * @example
 * const x = input("x", [3]);
 * square(x), rsqrt(x), sign(x), clip(x, 0, 1), round(x), pow(x, 3), log1p(x), expm1(x), softplus(x);
 */
export const square: Unary = (x) => mul(x, x);
/**
 * 1 / sqrt(x)
 * @param x Any float32 value above 0.
 */
export const rsqrt: Unary = (x) => div(1, sqrt(x));
/**
 * -1, 0 or 1; no gradient.
 * @param x Any float32 value.
 */
export const sign: Unary = (x) => sub(greater(x, 0), greater(0, x));
/**
 * x held within [low, high]; the gradient is 0 outside.
 * @param x Any float32 value.
 * @param low The lower bound.
 * @param high The upper bound.
 */
export const clip = (x: Value, low: Operand, high: Operand): Value => minimum(maximum(x, low), high);

/**
 * The nearest whole number, halves to the even one; no gradient.
 * @param x Any float32 value.
 */
export function round(x: Value): Value {
  const below = floor(x);
  const rest = sub(x, below);
  const odd = sub(below, mul(floor(mul(below, 0.5)), 2));
  return add(below, maximum(greater(rest, 0.5), mul(equal(rest, 0.5), odd)));
}

/**
 * x^exponent: exact products for 2, a root for 0.5 and -0.5, else exp(exponent log(x)) for x > 0.
 * @param x Any float32 value; above 0 unless the exponent is a whole number.
 * @param exponent The power.
 */
export function pow(x: Value, exponent: number): Value {
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  if (exponent === 0.5) return sqrt(x);
  if (exponent === -0.5) return rsqrt(x);
  return exp(mul(log(x), exponent));
}

/**
 * log(1 + x), exact for small x as well: with u = 1 + x rounded, log(u) x / (u - 1) undoes the rounding (Kahan).
 * x itself where 1 + x rounds to 1.
 * @param x Any float32 value above -1.
 */
export function log1p(x: Value): Value {
  const u = add(x, 1);
  const rounded = sub(u, 1);
  const none = equal(rounded, 0);
  return select(none, x, div(mul(log(u), x), select(none, 1, rounded)));
}

/**
 * e^x - 1, exact for small x as well: 2 sinh(x / 2) e^(x / 2) by way of tanh.
 * @param x Any float32 value.
 */
export function expm1(x: Value): Value {
  const half = tanh(mul(x, 0.5));
  return select(greater(1, abs(x)), div(mul(half, 2), sub(1, half)), sub(exp(x), 1));
}

/**
 * log(1 + e^x) without overflow.
 * @param x Any float32 value.
 */
export const softplus: Unary = (x) => add(relu(x), log(add(exp(neg(abs(x))), 1)));
