// Optimizers that scale each gradient by its own history: RMSprop, Adagrad, Adadelta, in Keras's form.
import { add, div, mul, sqrt, square, sub } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import { type Formula, Optimizer, type OptimizerOptions, SHARED_OPTIONS } from "./optimizer.js";

/** Options of `rmsprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Decay of the mean of squared gradients; default 0.9. */
  readonly rho?: number;
  /** Share of the last step that is added to the next, from 0 to 1. Default 0. */
  readonly momentum?: number;
  /** Added under the root, against division by zero. Default 1e-7. */
  readonly epsilon?: number;
  /** True where the variance takes the place of the mean square. Default false. */
  readonly centered?: boolean;
}

/** A mean of past values that forgets. */
const decaying = (mean: Value, value: Value, rho: number): Value => add(mul(mean, rho), mul(value, 1 - rho));

/**
 * RMSprop: v = rho v + (1 - rho) g^2, w -= rate g / sqrt(v + epsilon). Rate 0.001 by default.
 * @example rmsprop({ learningRate: 1e-3, momentum: 0.9 })
 */
export function rmsprop(options: RMSpropOptions = {}): Optimizer {
  checkOptions("rmsprop", options, [...SHARED_OPTIONS, "rho", "momentum", "epsilon", "centered"]);
  const rho = numberWithin("rmsprop rho", options.rho ?? 0.9, 0, 1);
  const momentum = numberWithin("rmsprop momentum", options.momentum ?? 0, 0, 1);
  const epsilon = numberWithin("rmsprop epsilon", options.epsilon ?? 1e-7, 0);
  const centered = flag("rmsprop centered", options.centered, false);
  const formula: Formula = {
    className: "RMSprop",
    config: { rho, momentum, epsilon, centered },
    slotNames: ["velocity", ...(momentum > 0 ? ["momentum"] : []), ...(centered ? ["average_gradient"] : [])],
    slotsApart: true,
    numbers: (rate) => [rate],
    update({ weight, gradient, slots }, [rate]) {
      const v = decaying(slots[0]!, square(gradient), rho);
      const average = centered ? decaying(slots.at(-1)!, gradient, rho) : undefined;
      const spread = average === undefined ? v : sub(v, square(average));
      const step = div(mul(gradient, rate!), sqrt(add(spread, epsilon)));
      const moved = momentum > 0 ? add(mul(slots[1]!, momentum), step) : undefined;
      const next = [v, ...(moved === undefined ? [] : [moved]), ...(average === undefined ? [] : [average])];
      return { weight: sub(weight, moved ?? step), slots: next };
    },
  };
  return new Optimizer("rmsprop", formula, options, 0.001);
}

/** Options of `adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** First value of the sums of squares, at least 0. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Added under the root, against division by zero. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adagrad: a += g^2, w -= rate g / sqrt(a + epsilon). Rate 0.001 by default.
 * @example model.compile({ optimizer: adagrad({ learningRate: 0.01 }), loss: "mse" });
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  checkOptions("adagrad", options, [...SHARED_OPTIONS, "initialAccumulatorValue", "epsilon"]);
  const start = numberWithin("adagrad initialAccumulatorValue", options.initialAccumulatorValue ?? 0.1, 0);
  const epsilon = numberWithin("adagrad epsilon", options.epsilon ?? 1e-7, 0);
  const formula: Formula = {
    className: "Adagrad",
    config: { initial_accumulator_value: start, epsilon },
    slotNames: ["accumulator"],
    slotStart: start,
    numbers: (rate) => [rate],
    update({ weight, gradient, slots: [accumulator] }, [rate]) {
      const a = add(accumulator!, square(gradient));
      return { weight: sub(weight, div(mul(gradient, rate!), sqrt(add(a, epsilon)))), slots: [a] };
    },
  };
  return new Optimizer("adagrad", formula, options, 0.001);
}

/** Options of `adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of both means of squares, from 0 to 1. Default 0.95. */
  readonly rho?: number;
  /** Added under the roots, against division by zero. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adadelta: steps in the ratio of the mean sizes of past steps and gradients. Rate 0.001 by default.
 * @example model.compile({ optimizer: adadelta({ learningRate: 1 }), loss: "mse" });
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  checkOptions("adadelta", options, [...SHARED_OPTIONS, "rho", "epsilon"]);
  const rho = numberWithin("adadelta rho", options.rho ?? 0.95, 0, 1);
  const epsilon = numberWithin("adadelta epsilon", options.epsilon ?? 1e-7, 0);
  const root = (x: Value): Value => sqrt(add(x, epsilon));
  const formula: Formula = {
    className: "Adadelta",
    config: { rho, epsilon },
    slotNames: ["accumulated_grad", "accumulated_delta_var"],
    numbers: (rate) => [rate],
    update({ weight, gradient, slots: [gradients, steps] }, [rate]) {
      const g = decaying(gradients!, square(gradient), rho);
      const step = div(mul(root(steps!), gradient), root(g));
      return { weight: sub(weight, mul(step, rate!)), slots: [g, decaying(steps!, square(step), rho)] };
    },
  };
  return new Optimizer("adadelta", formula, options, 0.001);
}
