// Activation functions by Keras's names. Each is a composite of core's functions; their gradients follow from that.
import { FoveaError, shown } from "../core/errors.js";
import {
  abs,
  add,
  clip,
  div,
  erf,
  exp,
  greater,
  logSoftmax,
  minimum,
  mul,
  neg,
  relu,
  select,
  sigmoid,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
} from "../core/functions/index.js";
import type { Value } from "../core/graph/node.js";
import { type Spelled, toSnakeCase } from "./config/naming.js";

/** x where x > 0, else slope * x. */
export const leakyRelu = (x: Value, negativeSlope = 0.2): Value => select(greater(x, 0), x, mul(x, negativeSlope));

/** x where x > 0, else alpha (e^x - 1). The minimum keeps the branch not taken finite, and with it the gradient. */
export const elu = (x: Value, alpha = 1): Value => select(greater(x, 0), x, mul(sub(exp(minimum(x, 0)), 1), alpha));

/** x times the normal distribution function; `approximate` by way of tanh (Hendrycks and Gimpel, 2016). */
export function gelu(x: Value, { approximate = false }: { readonly approximate?: boolean } = {}): Value {
  const share = approximate
    ? tanh(mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI)))
    : erf(mul(x, Math.SQRT1_2));
  return mul(mul(x, 0.5), add(share, 1));
}

/** The scales that keep mean and variance (Klambauer, Unterthiner, Mayr and Hochreiter, 2017). */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** x / 6 + 1 / 2 within [0, 1]. */
const hardSigmoid = (x: Value): Value => clip(add(mul(x, 1 / 6), 0.5), 0, 1);
const silu = (x: Value): Value => mul(x, sigmoid(x));
const hardSilu = (x: Value): Value => mul(x, hardSigmoid(x));
/** Values within a threshold of zero become 0. */
const HARD_THRESHOLD = 0.5;

const ACTIVATIONS = {
  linear: (x: Value): Value => x,
  relu,
  softmax,
  tanh,
  sigmoid,
  exponential: exp,
  leaky_relu: (x: Value): Value => leakyRelu(x),
  relu6: (x: Value): Value => minimum(relu(x), 6),
  elu: (x: Value): Value => elu(x),
  celu: (x: Value): Value => elu(x),
  selu: (x: Value): Value => mul(elu(x, SELU_ALPHA), SELU_SCALE),
  gelu: (x: Value): Value => gelu(x),
  silu,
  mish: (x: Value): Value => mul(x, tanh(softplus(x))),
  softplus,
  softsign: (x: Value): Value => div(x, add(abs(x), 1)),
  squareplus: (x: Value): Value => mul(add(x, sqrt(add(square(x), 4))), 0.5),
  soft_shrink: (x: Value): Value => sub(x, clip(x, -HARD_THRESHOLD, HARD_THRESHOLD)),
  hard_shrink: (x: Value): Value => select(greater(abs(x), HARD_THRESHOLD), x, 0),
  tanh_shrink: (x: Value): Value => sub(x, tanh(x)),
  hard_sigmoid: hardSigmoid,
  hard_silu: hardSilu,
  hard_tanh: (x: Value): Value => clip(x, -1, 1),
  log_sigmoid: (x: Value): Value => neg(softplus(neg(x))),
  log_softmax: logSoftmax,
  sparse_plus: (x: Value): Value => select(greater(x, 1), x, mul(square(relu(add(x, 1))), 0.25)),
  sparse_sigmoid: (x: Value): Value => clip(mul(add(x, 1), 0.5), 0, 1),
} as const;

/** Keras's other names for some of them. */
const ALIASES = { swish: "silu", hard_swish: "hard_silu" } as const satisfies Readonly<Record<string, ActivationName>>;

/** Keras's names of the activations, as its files spell them. */
export type ActivationName = keyof typeof ACTIVATIONS;
/** A name that layers take: Keras's, its other names for some, or camelCase. */
export type ActivationLike = Spelled<ActivationName | keyof typeof ALIASES>;

/** Resolves a name in either spelling (`"leakyRelu"`, `"leaky_relu"`); none means linear. */
export function activationName(what: string, spelled: string | null | undefined): ActivationName {
  const name = toSnakeCase(String(spelled ?? "linear"));
  if (Object.hasOwn(ACTIVATIONS, name)) return name as ActivationName;
  if (Object.hasOwn(ALIASES, name)) return ALIASES[name as keyof typeof ALIASES];
  throw new FoveaError(
    "unknown-choice",
    `${what}: expected an activation, one of ${Object.keys(ACTIVATIONS).join(", ")}, received ${shown(spelled)}`,
  );
}

/** Applies an activation to a float32 value of any shape; softmax works along the last axis. */
export const activate = (name: ActivationName, x: Value): Value => ACTIVATIONS[name](x);
