// The operations of keras.ops that work element by element: arithmetic, comparisons, functions and activations.
import {
  abs,
  add,
  cast,
  clip,
  cos,
  div,
  equal,
  erf,
  exp,
  expm1,
  floor,
  greater,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  pow,
  round,
  rsqrt,
  select,
  sign,
  sin,
  sqrt,
  square,
  stopGradient,
  sub,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import { type ActivationName, activate, elu, gelu, leakyRelu } from "../../activations.js";
import type { Operation, OperationCall } from "./operation-call.js";

const unary =
  (of: (x: Value) => Value): Operation =>
  (call) =>
    of(call.value());
const binary =
  (of: (a: Operand, b: Operand) => Value): Operation =>
  (call) =>
    of(call.operand(0), call.operand(1));
const named = (name: ActivationName): Operation => unary((x) => activate(name, x));

const not = (truth: Value): Value => sub(1, truth);
const truth = (x: Operand): Value => not(equal(x, 0));
const greaterOrEqual = (a: Operand, b: Operand): Value => not(greater(b, a));

/** x^p for a number p: by products where p is a whole number, which keeps the signs of bases. */
function power(call: OperationCall): Value {
  const [base, exponent] = [call.operand(0), call.operand(1)];
  if (typeof exponent !== "number") {
    if (typeof base === "number" && base > 0) return exp(mul(exponent, Math.log(base)));
    throw call.refusal("an exponent that is a tensor is not supported");
  }
  const x = call.value(0);
  if (!Number.isInteger(exponent)) return pow(x, exponent);
  // Whole numbers beyond the safe ones are even.
  if (!Number.isSafeInteger(exponent)) return pow(abs(x), exponent);
  let result: Value | undefined;
  for (let left = Math.abs(exponent), factor = x; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === undefined ? factor : mul(result, factor);
    if (left > 1) factor = square(factor);
  }
  if (result === undefined) return add(mul(x, 0), 1);
  return exponent < 0 ? div(1, result) : result;
}

function castTo(call: OperationCall): Value {
  const dtype = String(call.config.dtype);
  const x = call.value();
  if (dtype.startsWith("float") || dtype === "bfloat16") return cast(x, "float32");
  // Whole numbers are floats here that were cut off towards zero.
  if (/^u?int/.test(dtype)) return select(greater(x, 0), floor(x), neg(floor(neg(x))));
  if (dtype === "bool") return truth(x);
  throw call.refusal(`casts to ${dtype}, which is not supported`);
}

/** max(x, 0) + min(0, alpha (exp(x / alpha) - 1)) */
function celu(call: OperationCall): Value {
  const [x, alpha] = [call.value(), call.number("alpha", 1)];
  if (!(alpha > 0)) throw call.refusal(`alpha is ${alpha}, expected a number above 0`);
  return alpha === 1 ? elu(x) : mul(elu(div(x, alpha)), alpha);
}

/** To the nearest number with so many decimals, the even one of two. */
function rounded(call: OperationCall): Value {
  const [x, decimals] = [call.value(), call.number("decimals", 0)];
  if (!Number.isInteger(decimals) || Math.abs(decimals) > MOST_DECIMALS)
    throw call.refusal(`decimals is ${decimals}, expected a whole number from -${MOST_DECIMALS} to ${MOST_DECIMALS}`);
  const scale = 10 ** Math.abs(decimals);
  if (decimals === 0) return round(x);
  return decimals > 0 ? div(round(mul(x, scale)), scale) : mul(round(div(x, scale)), scale);
}

/** A bound of Clip, which may be missing. */
const bound = (call: OperationCall, key: string, none: number): number =>
  call.config[key] === null ? none : call.number(key);

/** Powers of ten up to here are numbers of float32. */
const MOST_DECIMALS = 38;
const BIGGEST = 3.4028234663852886e38;

export const ELEMENTWISE_OPERATIONS: Readonly<Record<string, Operation>> = {
  Abs: unary(abs),
  Absolute: unary(abs),
  Add: binary(add),
  Cast: castTo,
  Ceil: unary((x) => neg(floor(neg(x)))),
  Celu: celu,
  Clip: (call) => clip(call.value(), bound(call, "x_min", -BIGGEST), bound(call, "x_max", BIGGEST)),
  Cos: unary(cos),
  Divide: binary(div),
  Elu: (call) => elu(call.value(), call.number("alpha", 1)),
  Equal: binary(equal),
  Erf: unary(erf),
  Exp: unary(exp),
  Expm1: unary(expm1),
  Floor: unary(floor),
  FloorDivide: binary((a, b) => floor(div(a, b))),
  Gelu: (call) => gelu(call.value(), { approximate: call.flag("approximate") }),
  Greater: binary(greater),
  GreaterEqual: binary(greaterOrEqual),
  HardSigmoid: named("hard_sigmoid"),
  HardSilu: named("hard_silu"),
  HardTanh: named("hard_tanh"),
  Identity: unary((x) => x),
  LeakyRelu: (call) => leakyRelu(call.value(), call.number("negative_slope", 0.2)),
  Less: binary((a, b) => greater(b, a)),
  LessEqual: binary((a, b) => greaterOrEqual(b, a)),
  Log: unary(log),
  Log1p: unary(log1p),
  LogSigmoid: named("log_sigmoid"),
  LogicalAnd: binary((a, b) => mul(truth(a), truth(b))),
  LogicalNot: unary((x) => equal(x, 0)),
  LogicalOr: binary((a, b) => maximum(truth(a), truth(b))),
  Maximum: binary(maximum),
  Minimum: binary(minimum),
  Mish: named("mish"),
  Multiply: binary(mul),
  Negative: unary(neg),
  NotEqual: binary((a, b) => not(equal(a, b))),
  OnesLike: unary((x) => add(mul(x, 0), 1)),
  Power: power,
  Reciprocal: unary((x) => div(1, x)),
  Relu: named("relu"),
  Relu6: named("relu6"),
  Round: rounded,
  Rsqrt: unary(rsqrt),
  Selu: named("selu"),
  Sigmoid: named("sigmoid"),
  Sign: unary(sign),
  Silu: named("silu"),
  Sin: unary(sin),
  Softplus: named("softplus"),
  Softsign: named("softsign"),
  Sqrt: unary(sqrt),
  Square: unary(square),
  StopGradient: unary(stopGradient),
  Subtract: binary(sub),
  Tanh: named("tanh"),
  TrueDivide: binary(div),
  Where: (call) => select(truth(call.value(0)), call.operand(1), call.operand(2)),
  ZerosLike: unary((x) => mul(x, 0)),
};
