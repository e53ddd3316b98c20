// The interface of losses: one value per sample as a graph; its mean over the batch is minimised. Targets may lack or
// carry a trailing axis of extent 1, as in Keras.
import { reshape } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import type { JsonObject } from "../../core/json.js";
import type { Shape } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";

/**
 * A loss: values per sample as a graph, with its name and config in Keras's words. Write one to train by a formula of
 * your own.
 */
export interface Loss {
  /** Keras's class name: `SparseCategoricalCrossentropy`. */
  readonly className: string;
  /** Keras's name: `sparse_categorical_crossentropy`. */
  readonly name: string;
  /** Keras's config without name and reduction. */
  readonly config: JsonObject;
  /**
   * Losses per sample, of Keras's shape: `[batch]` for crossentropies over `[batch, classes]`.
   * `yTrue` keeps the dtype it was fed with; `yPred` is float32.
   */
  readonly values: (yTrue: Value, yPred: Value) => Value;
  /**
   * 1 for each of these values that counts, else 0: the mean is of the values that count. Default: all do.
   * @param yTrue Targets, as `values` has them.
   * @param yPred Predictions, float32.
   */
  readonly counting?: (yTrue: Value, yPred: Value) => Value;
  /**
   * The target of pixels that come from outside of an image. Targets of a loss that has it are maps on the model's images,
   * `[batch, height, width]`, and augmentation moves them with these.
   */
  readonly outside?: number;
  /**
   * True where targets are lists of boxes on the model's images, `[batch, boxes, 5]`: class, center x, center y, width and height,
   * the last four as shares of the image. Augmentation moves them with the images; a class below 0 is no box.
   */
  readonly areBoxes?: true;
  /** True where the value of a sample depends on the others of its batch: such a batch is not computed in parts. */
  readonly couplesSamples?: true;
  /** True where Keras has no such loss: then its files do not say how the model was compiled. */
  readonly isForeign?: boolean;
  /**
   * Looks at a batch of targets before it is used; throws FoveaError for what a graph cannot notice. `samples` are the
   * numbers of the rows within the data, for messages.
   * @param yTrue A batch of targets.
   * @param outputShape The shape of a batch of predictions.
   */
  readonly check?: (yTrue: Tensor, outputShape: Shape, samples?: Int32Array) => void;
}

/** Keras's epsilon, which keeps logarithms of probabilities finite. */
export const EPSILON = 1e-7;
/** 1 - EPSILON in single precision (1.19e-7 below 1): with it Keras's worst losses agree on every backend. */
export const BELOW_ONE = Math.fround(1 - EPSILON);

/** Gives `x` the rank of a target shape when the two differ by one trailing axis of extent 1. */
function fitted(x: Value, like: Shape): Value {
  const shape = x.type.shape;
  if (shape.length === like.length + 1 && shape.at(-1) === 1 && shape.length > 2) return reshape(x, shape.slice(0, -1));
  if (shape.length === like.length - 1 && like.at(-1) === 1 && shape.length === 1) return reshape(x, [...shape, 1]);
  return x;
}

/** Squeezes or expands a trailing axis of extent 1 so that targets and predictions have one rank. */
export function alignRanks(yTrue: Value, yPred: Value): [yTrue: Value, yPred: Value] {
  const aligned = fitted(yTrue, yPred.type.shape);
  return [aligned, fitted(yPred, aligned.type.shape)];
}
