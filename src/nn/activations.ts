// Activation functions by Keras's names. Each is a composite of core's functions; their gradients follow from that.
import { FoveaError } from "../core/errors.js";
import {
  exp,
  greater,
  minimum,
  mul,
  relu,
  select,
  sigmoid,
  softmax,
  softplus,
  sub,
  tanh,
} from "../core/graph/functions.js";
import type { Value } from "../core/graph/node.js";
import { toSnakeCase } from "./naming.js";

/** x where x > 0, else slope * x. */
export const leakyRelu = (x: Value, negativeSlope = 0.2): Value => select(greater(x, 0), x, mul(x, negativeSlope));

/** x where x > 0, else e^x - 1. The minimum keeps the branch not taken finite, and with it the gradient. */
const elu = (x: Value): Value => select(greater(x, 0), x, sub(exp(minimum(x, 0)), 1));

const ACTIVATIONS = {
  linear: (x: Value): Value => x,
  relu,
  softmax,
  tanh,
  sigmoid,
  exponential: exp,
  leaky_relu: (x: Value): Value => leakyRelu(x),
  relu6: (x: Value): Value => minimum(relu(x), 6),
  elu,
  softplus,
  silu: (x: Value): Value => mul(x, sigmoid(x)),
} as const;

/** Keras's names of the activations, as its files spell them. */
export type ActivationName = keyof typeof ACTIVATIONS;

/** Resolves a name in either spelling (`"leakyRelu"`, `"leaky_relu"`); none means linear. */
export function activationName(what: string, given: string | null | undefined): ActivationName {
  const name = toSnakeCase(given ?? "linear");
  if (name in ACTIVATIONS) return name as ActivationName;
  throw new FoveaError(
    `${what}: expected an activation, one of ${Object.keys(ACTIVATIONS).join(", ")}, received ${JSON.stringify(given)}`,
  );
}

/** Applies an activation to a float32 value of any shape; softmax works along the last axis. */
export const activate = (name: ActivationName, x: Value): Value => ACTIVATIONS[name](x);
