// Losses between numbers: squares, absolute values, and the Poisson deviance's part that depends on the prediction.
import { FoveaError } from "../../core/errors.js";
import { abs, add, cast, log, mean, mul, square, sub } from "../../core/graph/functions.js";
import type { Value } from "../../core/graph/node.js";
import { sameShape, showShape } from "../../core/shape.js";
import { alignRanks, EPSILON, type Loss } from "./loss.js";

/** A loss that is the mean, along the last axis, of a function of target and prediction. */
function pointwise(className: string, name: string, of: (yTrue: Value, yPred: Value) => Value): () => Loss {
  return () => ({
    className,
    name,
    config: {},
    values: (yTrue, yPred) => {
      const [target, predicted] = alignRanks(yTrue, yPred);
      if (!sameShape(target.type.shape, predicted.type.shape))
        throw new FoveaError(
          `${name}: expected targets of the shape of the predictions, received ` +
            `${showShape(yTrue.type.shape)} for ${showShape(yPred.type.shape)}`,
        );
      return mean(of(cast(target, "float32"), predicted), [-1]);
    },
  });
}

/** The mean of (yTrue - yPred)^2 along the last axis. */
export const meanSquaredError = pointwise("MeanSquaredError", "mean_squared_error", (yTrue, yPred) =>
  square(sub(yTrue, yPred)),
);

/** The mean of |yTrue - yPred| along the last axis. */
export const meanAbsoluteError = pointwise("MeanAbsoluteError", "mean_absolute_error", (yTrue, yPred) =>
  abs(sub(yTrue, yPred)),
);

/** The mean of yPred - yTrue log(yPred + 1e-7) along the last axis, for counts and their predicted rates. */
export const poisson = pointwise("Poisson", "poisson", (yTrue, yPred) =>
  sub(yPred, mul(yTrue, log(add(yPred, EPSILON)))),
);
