// Adam in Keras's form of Kingma and Ba, "Adam: A method for stochastic optimization" (2015): the bias corrections of
// both moments sit in the step size.
import { add, div, mul, sqrt, square, sub } from "../../core/graph/functions.js";
import { checkOptions, numberWithin } from "../options.js";
import type { Optimizer } from "./optimizer.js";

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients; default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; default 0.999. */
  readonly beta2?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

/** base^n by repeated multiplication, going on from the last n asked for when it can. */
function powers(base: number): (n: number) => number {
  let at = 0;
  let value = 1;
  return (n) => {
    if (n < at) {
      at = 0;
      value = 1;
    }
    for (; at < n; at++) value *= base;
    return value;
  };
}

/**
 * Adam: m += (g - m)(1 - beta1), v += (g^2 - v)(1 - beta2), w -= alpha m / (sqrt(v) + epsilon)
 * with alpha = rate sqrt(1 - beta2^t) / (1 - beta1^t).
 * @example adam({ learningRate: 1e-4 })
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions("adam", options, ["learningRate", "beta1", "beta2", "epsilon"]);
  const beta1 = numberWithin("adam beta1", options.beta1 ?? 0.9, 0, 1);
  const beta2 = numberWithin("adam beta2", options.beta2 ?? 0.999, 0, 1);
  const epsilon = numberWithin("adam epsilon", options.epsilon ?? 1e-7, 0);
  const power1 = powers(beta1);
  const power2 = powers(beta2);
  return {
    className: "Adam",
    name: "adam",
    learningRate: numberWithin("adam learningRate", options.learningRate ?? 0.001, 0),
    config: { beta_1: beta1, beta_2: beta2, epsilon, amsgrad: false },
    slotNames: ["momentum", "velocity"],
    stepSize(iteration) {
      const step = iteration + 1;
      return (this.learningRate * Math.sqrt(1 - power2(step))) / (1 - power1(step));
    },
    update(weight, gradient, [momentum, velocity], stepSize) {
      const m = add(momentum!, mul(sub(gradient, momentum!), 1 - beta1));
      const v = add(velocity!, mul(sub(square(gradient), velocity!), 1 - beta2));
      return { weight: sub(weight, div(mul(m, stepSize), add(sqrt(v), epsilon))), slots: [m, v] };
    },
  };
}
