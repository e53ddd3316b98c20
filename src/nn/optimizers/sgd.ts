// Stochastic gradient descent with Keras's momentum and Nesterov's, and Lion, which follows signs alone.
import { add, greater, mul, sub } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import { type Formula, Optimizer, type OptimizerOptions, SHARED_OPTIONS } from "./optimizer.js";

/** Options of `sgd`. */
export interface SGDOptions extends OptimizerOptions {
  /** From 0 to 1; default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum. Default false; without a momentum it changes nothing. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent: w -= rate g; with momentum m = momentum m - rate g, w += m (Nesterov: w += momentum m - rate g).
 * Rate 0.01 by default.
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 */
export function sgd(options: SGDOptions = {}): Optimizer {
  checkOptions("sgd", options, [...SHARED_OPTIONS, "momentum", "nesterov"]);
  const momentum = numberWithin("sgd momentum", options.momentum ?? 0, 0, 1);
  const nesterov = flag("sgd nesterov", options.nesterov, false);
  const formula: Formula = {
    className: "SGD",
    config: { momentum, nesterov },
    slotNames: momentum === 0 ? [] : ["momentum"],
    numbers: (rate) => [rate],
    update({ weight, gradient, slots: [velocity] }, [rate]) {
      const step = mul(gradient, rate!);
      if (velocity === undefined) return { weight: sub(weight, step), slots: [] };
      const next = sub(mul(velocity, momentum), step);
      return { weight: add(weight, nesterov ? sub(mul(next, momentum), step) : next), slots: [next] };
    },
  };
  return new Optimizer("sgd", formula, options, 0.01);
}

/** Options of `lion`. */
export interface LionOptions extends OptimizerOptions {
  /** The share of the momentum in the direction; default 0.9. */
  readonly beta1?: number;
  /** Decay of the momentum; default 0.99. */
  readonly beta2?: number;
}

const sign = (x: Value): Value => sub(greater(x, 0), greater(mul(x, -1), 0));

/**
 * Lion: w -= rate sign(beta1 m + (1 - beta1) g) (Chen and others, 2023). Wants a rate three to ten times lower than
 * Adam's. Rate 0.001 by default.
 * @example model.compile({ optimizer: lion({ learningRate: 1e-4 }), loss: "mse" });
 */
export function lion(options: LionOptions = {}): Optimizer {
  checkOptions("lion", options, [...SHARED_OPTIONS, "beta1", "beta2"]);
  const beta1 = numberWithin("lion beta1", options.beta1 ?? 0.9, 0, 1);
  const beta2 = numberWithin("lion beta2", options.beta2 ?? 0.99, 0, 1);
  const formula: Formula = {
    className: "Lion",
    config: { beta_1: beta1, beta_2: beta2 },
    slotNames: ["momentum"],
    numbers: (rate) => [rate],
    update({ weight, gradient, slots: [momentum] }, [rate]) {
      const mixed = (beta: number): Value => add(mul(momentum!, beta), mul(gradient, 1 - beta));
      return { weight: sub(weight, mul(sign(mixed(beta1)), rate!)), slots: [mixed(beta2)] };
    },
  };
  return new Optimizer("lion", formula, options, 0.001);
}
