// What an optimizer is: a formula that turns weight, gradient and slots into their next values, as a graph. Whatever
// changes from step to step comes in as one number, computed on the host, so that a new learning rate compiles nothing.
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../serialization/keras-object.js";

/** The next values of a weight and its slots. */
export interface Update {
  readonly weight: Value;
  readonly slots: readonly Value[];
}

export interface Optimizer {
  /** Keras's class name: `Adam`. */
  readonly className: string;
  /** Keras's name: `adam`. */
  readonly name: string;
  /** May be changed between steps. */
  learningRate: number;
  /** Keras's config of the formula, without what all optimizers share. */
  readonly config: JsonObject;
  /** What is kept for each weight, zeros at first: Adam's `momentum` and `velocity`. */
  readonly slotNames: readonly string[];
  /**
   * The number fed to step `iteration` (0 for the first), in f64, from + - * / and square roots alone so that it has
   * the same bits everywhere.
   */
  stepSize(iteration: number): number;
  /** `stepSize` is the float32 scalar. */
  update(weight: Value, gradient: Value, slots: readonly Value[], stepSize: Value): Update;
}
