// The hinge losses of support vector machines, in Keras's form: targets are -1 and 1, or 0 and 1, which become that.
import { add, equal, max, maximum, mul, select, square, sub, sum } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import type { Loss } from "./loss.js";
import { aligned, pointwise } from "./pointwise.js";
import { checkTargets } from "./targets.js";

/** Targets as -1 and 1; when a whole batch has nothing but 0 and 1, those are meant. */
function signs(yTrue: Value): Value {
  const count = sum(add(equal(yTrue, 0), equal(yTrue, 1)));
  return select(equal(count, sizeOf(yTrue.type.shape)), sub(mul(yTrue, 2), 1), yTrue);
}

/**
 * Refuses targets other than -1 and 1, or 0 and 1. Both are told apart by the batch, as `signs` does it: where a -1 is in
 * it, a 0 is no label.
 */
const checkSigns =
  (name: string) =>
  (y: Tensor, _: unknown, samples?: Int32Array): void => {
    const low = y.data.includes(-1) ? -1 : 0;
    const isAllowed = (value: number): boolean => value === 1 || value === low;
    checkTargets(name, "labels -1 and 1, or 0 and 1 throughout", y, isAllowed, samples);
  };

const gap = (yTrue: Value, yPred: Value): Value => maximum(sub(1, mul(signs(yTrue), yPred)), 0);

/**
 * The mean of max(1 - yTrue yPred, 0) along the last axis.
 * @example model.compile({ optimizer: "adam", loss: hinge() }); // targets -1 and 1
 */
export const hinge = (): Loss => ({ ...pointwise("Hinge", "hinge", {}, gap), check: checkSigns("hinge") });

/**
 * The mean of max(1 - yTrue yPred, 0)^2 along the last axis.
 * @example model.compile({ optimizer: "adam", loss: squaredHinge() });
 */
export const squaredHinge = (): Loss => ({
  ...pointwise("SquaredHinge", "squared_hinge", {}, (yTrue, yPred) => square(gap(yTrue, yPred))),
  check: checkSigns("squared_hinge"),
});

/**
 * max(neg - pos + 1, 0) for one-hot targets: pos is the true class's value, neg the largest of the others.
 * @example model.compile({ optimizer: "adam", loss: categoricalHinge() }); // one-hot targets
 */
export const categoricalHinge = (): Loss => ({
  className: "CategoricalHinge",
  name: "categorical_hinge",
  config: {},
  values: (yTrue, yPred) => {
    const [target, predicted] = aligned("categorical_hinge", yTrue, yPred);
    const pos = sum(mul(target, predicted), [-1]);
    const neg = max(mul(sub(1, target), predicted), [-1]);
    return maximum(add(sub(neg, pos), 1), 0);
  },
  check: checkSigns("categorical_hinge"),
});
