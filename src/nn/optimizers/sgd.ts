// Stochastic gradient descent with Keras's momentum and Nesterov's.
import { add, mul, sub } from "../../core/graph/functions.js";
import { checkOptions, numberWithin } from "../options.js";
import type { Optimizer } from "./optimizer.js";

export interface SGDOptions {
  /** Default 0.01. */
  readonly learningRate?: number;
  /** From 0 to 1; default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum. Default false; without a momentum it changes nothing. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: w -= rate g; with momentum m = momentum m - rate g, w += m (Nesterov: w += momentum m - rate g).
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 */
export function sgd(options: SGDOptions = {}): Optimizer {
  checkOptions("sgd", options, ["learningRate", "momentum", "nesterov"]);
  const momentum = numberWithin("sgd momentum", options.momentum ?? 0, 0, 1);
  const nesterov = options.nesterov ?? false;
  return {
    className: "SGD",
    name: "sgd",
    learningRate: numberWithin("sgd learningRate", options.learningRate ?? 0.01, 0),
    config: { momentum, nesterov },
    slotNames: momentum === 0 ? [] : ["momentum"],
    stepSize() {
      return this.learningRate;
    },
    update(weight, gradient, [velocity], stepSize) {
      const step = mul(gradient, stepSize);
      if (velocity === undefined) return { weight: sub(weight, step), slots: [] };
      const next = sub(mul(velocity, momentum), step);
      return { weight: add(weight, nesterov ? sub(mul(next, momentum), step) : next), slots: [next] };
    },
  };
}
