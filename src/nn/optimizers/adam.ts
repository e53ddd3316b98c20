// Adam and its kin: AdamW, Adamax, Nadam. The bias corrections of the moments are numbers of the step, computed on the
// host (Kingma and Ba, 2015; Loshchilov and Hutter, 2019; Dozat, 2016).
import { FoveaError } from "../../core/errors.js";
import { abs, add, div, maximum, mul, sqrt, square, sub } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { type Formula, Optimizer, type OptimizerOptions, SHARED_OPTIONS } from "./optimizer.js";

/** Options of Adam and its relatives. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the mean of gradients; default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the squares, against division by zero; default 1e-7. */
  readonly epsilon?: number;
}

/** factor(1) factor(2) ... factor(n), multiplied one by one, going on from the last n asked for when it can. */
function products(factor: (step: number) => number): (n: number) => number {
  let at = 0;
  let value = 1;
  return (n) => {
    if (n < at) {
      at = 0;
      value = 1;
    }
    while (at < n) value *= factor(++at);
    return value;
  };
}

/** base^n. */
const powers = (base: number): ((n: number) => number) => products(() => base);

/** Moves a mean of past values towards a new one. */
const towards = (mean: Value, value: Value, beta: number): Value => add(mean, mul(sub(value, mean), 1 - beta));

/** A number from 0 to below 1: at 1 nothing new would ever count, and the bias corrections divide by zero. */
function shareOf(what: string, value: number): number {
  if (numberWithin(what, value, 0, 1) === 1)
    throw new FoveaError("out-of-range", `${what}: expected a number below 1, received 1`);
  return value;
}

function betasOf(what: string, options: AdamOptions): { beta1: number; beta2: number; epsilon: number } {
  checkOptions(what, options, [...SHARED_OPTIONS, "beta1", "beta2", "epsilon"]);
  return {
    beta1: shareOf(`${what} beta1`, options.beta1 ?? 0.9),
    beta2: shareOf(`${what} beta2`, options.beta2 ?? 0.999),
    epsilon: numberWithin(`${what} epsilon`, options.epsilon ?? 1e-7, 0),
  };
}

function adamFormula(what: string, className: string, options: AdamOptions): Formula {
  const { beta1, beta2, epsilon } = betasOf(what, options);
  const [power1, power2] = [powers(beta1), powers(beta2)];
  return {
    className,
    config: { beta_1: beta1, beta_2: beta2, epsilon, amsgrad: false },
    slotNames: ["momentum", "velocity"],
    numbers: (rate, iteration) => [(rate * Math.sqrt(1 - power2(iteration + 1))) / (1 - power1(iteration + 1))],
    update({ weight, gradient, slots: [momentum, velocity] }, [alpha]) {
      const m = towards(momentum!, gradient, beta1);
      const v = towards(velocity!, square(gradient), beta2);
      return { weight: sub(weight, div(mul(m, alpha!), add(sqrt(v), epsilon))), slots: [m, v] };
    },
  };
}

/**
 * Adam: m += (g - m)(1 - beta1), v += (g^2 - v)(1 - beta2), w -= alpha m / (sqrt(v) + epsilon)
 * with alpha = rate sqrt(1 - beta2^t) / (1 - beta1^t). Rate 0.001 by default.
 * @example adam({ learningRate: 1e-4 })
 */
export const adam = (options: AdamOptions = {}): Optimizer =>
  new Optimizer("adam", adamFormula("adam", "Adam", options), options, 0.001);

/** Adam with weight decay, 0.004 by default. @example adamw({ learningRate: cosineDecay(1e-3, 10_000) }) */
export const adamw = (options: AdamOptions = {}): Optimizer =>
  new Optimizer(
    "adamw",
    adamFormula("adamw", "AdamW", options),
    { ...options, weightDecay: options.weightDecay ?? 0.004 },
    0.001,
  );

/**
 * Adamax: Adam with the largest instead of the mean of squared gradients. Rate 0.001 by default.
 * @example model.compile({ optimizer: adamax({ learningRate: 2e-3 }), loss: "mse" });
 */
export function adamax(options: AdamOptions = {}): Optimizer {
  const { beta1, beta2, epsilon } = betasOf("adamax", options);
  const power1 = powers(beta1);
  const formula: Formula = {
    className: "Adamax",
    config: { beta_1: beta1, beta_2: beta2, epsilon },
    slotNames: ["momentum", "norm"],
    numbers: (rate, iteration) => [rate / (1 - power1(iteration + 1))],
    update({ weight, gradient, slots: [momentum, norm] }, [alpha]) {
      const m = towards(momentum!, gradient, beta1);
      const u = maximum(mul(norm!, beta2), abs(gradient));
      return { weight: sub(weight, div(mul(m, alpha!), add(u, epsilon))), slots: [m, u] };
    },
  };
  return new Optimizer("adamax", formula, options, 0.001);
}

/**
 * Nadam: Adam that looks ahead along its momentum. Rate 0.001 by default.
 * @example model.compile({ optimizer: nadam(), loss: "mse" });
 */
export function nadam(options: AdamOptions = {}): Optimizer {
  const { beta1, beta2, epsilon } = betasOf("nadam", options);
  const [power2, decay] = [powers(beta2), powers(0.96)];
  /** The momentum's weight in step t, counted from 1. */
  const weightAt = (t: number): number => beta1 * (1 - 0.5 * decay(t));
  const productTo = products(weightAt);
  const formula: Formula = {
    className: "Nadam",
    config: { beta_1: beta1, beta_2: beta2, epsilon },
    slotNames: ["momentum", "velocity"],
    trailing: (iterations) => [productTo(iterations)],
    numbers: (rate, iteration) => {
      const t = iteration + 1;
      const product = productTo(t);
      const [now, next] = [weightAt(t), weightAt(t + 1)];
      return [(rate * next) / (1 - product * next), (rate * (1 - now)) / (1 - product), 1 / (1 - power2(t))];
    },
    update({ weight, gradient, slots: [momentum, velocity] }, [ofMomentum, ofGradient, correction]) {
      const m = towards(momentum!, gradient, beta1);
      const v = towards(velocity!, square(gradient), beta2);
      const ahead = add(mul(m, ofMomentum!), mul(gradient, ofGradient!));
      return { weight: sub(weight, div(ahead, add(sqrt(mul(v, correction!)), epsilon))), slots: [m, v] };
    },
  };
  return new Optimizer("nadam", formula, options, 0.001);
}
