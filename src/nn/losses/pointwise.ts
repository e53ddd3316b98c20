// The form of most losses between numbers: the mean, along the last axis, of a function of target and prediction.
import { FoveaError } from "../../core/errors.js";
import { cast, exp, log, maximum, mean, mul } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../../core/json.js";
import { sameShape, showShape } from "../../core/shape.js";
import { alignRanks, EPSILON, type Loss } from "./loss.js";

/** Targets and predictions of one shape, float32. @throws FoveaError naming both shapes. */
export function aligned(name: string, yTrue: Value, yPred: Value): [target: Value, predicted: Value] {
  const [target, predicted] = alignRanks(yTrue, yPred);
  if (!sameShape(target.type.shape, predicted.type.shape))
    throw new FoveaError(
      "shape-mismatch",
      `${name}: expected targets of the shape of the predictions, received ` +
        `${showShape(yTrue.type.shape)} for ${showShape(yPred.type.shape)}`,
    );
  return [cast(target, "float32"), predicted];
}

/** A loss by Keras's class and name. */
export const pointwise = (
  className: string,
  name: string,
  config: JsonObject,
  of: (yTrue: Value, yPred: Value) => Value,
): Loss => ({ className, name, config, values: (yTrue, yPred) => mean(of(...aligned(name, yTrue, yPred)), [-1]) });

/** x^power for x >= 0: by multiplication for small whole powers, else through logarithms, with x kept above 1e-7. */
export function power(x: Value, exponent: number): Value {
  if (Number.isInteger(exponent) && exponent >= 1 && exponent <= 8)
    return Array.from({ length: exponent }, () => x).reduce((a, b) => mul(a, b));
  return exp(mul(log(maximum(x, EPSILON)), exponent));
}
