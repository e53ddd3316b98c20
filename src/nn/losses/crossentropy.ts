// Crossentropies in Keras's definitions: probabilities are normalised and kept 1e-7 away from 0 and 1, logits go
// through a stable log-softmax or log-sigmoid.
import { FoveaError } from "../../core/errors.js";
import {
  abs,
  add,
  cast,
  div,
  equal,
  exp,
  log,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  oneHot,
  relu,
  reshape,
  softmaxCrossentropy,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, flag, numberWithin, wholeNumber } from "../../core/options.js";
import { sameShape, showShape } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import { alignRanks, BELOW_ONE, EPSILON, type Loss } from "./loss.js";
import { checkTargets, isProbability, YES_OR_NO } from "./targets.js";

/** Options of all crossentropies. */
export interface CrossentropyOptions {
  /** True where predictions are logits rather than probabilities. Default false. */
  readonly fromLogits?: boolean;
}
/** Options of `sparseCategoricalCrossentropy`. */
export interface SparseCrossentropyOptions extends CrossentropyOptions {
  /**
   * A label that does not count, such as 255 for the border of a mask: it has no loss, and does not count in the mean. Labels
   * of images, `[batch, height, width]`, then go along with what augmentation does to these. Default: none.
   */
  readonly ignoreClass?: number | null;
}
/** Options of crossentropies of one-hot or binary targets. */
export interface SmoothedCrossentropyOptions extends CrossentropyOptions {
  /** From 0 to 1: how far targets move towards the uniform distribution. Default 0. */
  readonly labelSmoothing?: number;
}

const clip = (x: Value): Value => minimum(maximum(x, EPSILON), BELOW_ONE);

/** -sum(targets log(probabilities)) along the last axis. */
function against(targets: Value, yPred: Value, fromLogits: boolean): Value {
  if (!fromLogits) return neg(sum(mul(targets, log(clip(div(yPred, sum(yPred, [-1], true))))), [-1]));
  const { shape } = yPred.type;
  const rows = (x: Value): Value => reshape(x, [-1, shape.at(-1)!]);
  return reshape(softmaxCrossentropy(rows(yPred), rows(targets)), shape.slice(0, -1));
}

/** @throws FoveaError naming both shapes. */
function mismatch(name: string, expected: string, yTrue: Value, yPred: Value): FoveaError {
  return new FoveaError(
    "shape-mismatch",
    `${name}: expected ${expected}, received labels ${showShape(yTrue.type.shape)} ` +
      `for predictions ${showShape(yPred.type.shape)}`,
  );
}

/** Integer labels `[batch]` for predictions `[batch, classes]`, from whatever dtype and trailing axis they were fed. */
export function sparseLabels(name: string, yTrue: Value, yPred: Value): Value {
  const shape = yPred.type.shape.slice(0, -1);
  const labelled = yTrue.type.shape;
  const squeezed = labelled.length === shape.length + 1 && labelled.at(-1) === 1 ? labelled.slice(0, -1) : labelled;
  if (!sameShape(squeezed, shape))
    throw mismatch(name, "one class number a sample (for one-hot labels use categoricalCrossentropy)", yTrue, yPred);
  return cast(reshape(yTrue, shape), "int32");
}

/** 1 for labels that count, else 0; of the labels' shape. */
export const countingLabels = (labels: Value, ignored: number): Value =>
  sub(1, equal(cast(labels, "float32"), ignored));

/** Refuses labels that are neither a class of the model's nor the one that is ignored. */
export function checkLabels(
  name: string,
  y: Tensor,
  classes: number,
  ignored: number | null,
  samples: Int32Array | undefined,
): void {
  const besides = ignored === null ? "" : `, or ${ignored} for ignored pixels`;
  const expected = `whole labels from 0 to ${classes - 1}, one for each of the model's ${classes} outputs${besides}`;
  const isLabel = (label: number): boolean => label >= 0 && label < classes && Number.isInteger(label);
  checkTargets(name, expected, y, (label) => label === ignored || isLabel(label), samples);
}

/**
 * Crossentropy between integer labels `[batch]` and predictions `[batch, classes]`, or between maps of labels
 * `[batch, height, width]` and predictions `[batch, height, width, classes]`.
 * @example sparseCategoricalCrossentropy({ fromLogits: true })
 * @example sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 255 }) // for masks
 */
export function sparseCategoricalCrossentropy(options: SparseCrossentropyOptions = {}): Loss {
  checkOptions("sparseCategoricalCrossentropy", options, ["fromLogits", "ignoreClass"]);
  const fromLogits = flag("sparseCategoricalCrossentropy fromLogits", options.fromLogits, false);
  const ignored = ignoredClass("sparseCategoricalCrossentropy", options.ignoreClass);
  const name = "sparse_categorical_crossentropy";
  const labelsOf = (yTrue: Value, yPred: Value): Value => sparseLabels(name, yTrue, yPred);
  return {
    className: "SparseCategoricalCrossentropy",
    name,
    config: { from_logits: fromLogits, ignore_class: ignored },
    values: (yTrue, yPred) => against(oneHot(labelsOf(yTrue, yPred), yPred.type.shape.at(-1)!), yPred, fromLogits),
    ...(ignored !== null && {
      counting: (yTrue: Value, yPred: Value) => countingLabels(labelsOf(yTrue, yPred), ignored),
      outside: ignored,
    }),
    check: (y, outputShape, samples) => checkLabels(name, y, outputShape.at(-1)!, ignored, samples),
  };
}

/** The label that is ignored, or null. @throws FoveaError unless it is a whole number */
export const ignoredClass = (what: string, label: number | null | undefined): number | null =>
  label === undefined || label === null ? null : wholeNumber(`${what} ignoreClass`, label, -1);

/**
 * Crossentropy between one-hot or soft labels and predictions, both `[batch, classes]`.
 * @example categoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 })
 */
export function categoricalCrossentropy(options: SmoothedCrossentropyOptions = {}): Loss {
  checkOptions("categoricalCrossentropy", options, ["fromLogits", "labelSmoothing"]);
  const fromLogits = flag("categoricalCrossentropy fromLogits", options.fromLogits, false);
  const smoothing = numberWithin("categoricalCrossentropy labelSmoothing", options.labelSmoothing ?? 0, 0, 1);
  const name = "categorical_crossentropy";
  return {
    className: "CategoricalCrossentropy",
    name,
    config: { from_logits: fromLogits, label_smoothing: smoothing, axis: -1 },
    values: (yTrue, yPred) => {
      if (!sameShape(yTrue.type.shape, yPred.type.shape))
        throw mismatch(name, "one-hot labels (for class numbers use sparseCategoricalCrossentropy)", yTrue, yPred);
      const hard = cast(yTrue, "float32");
      const targets = smoothing === 0 ? hard : add(mul(hard, 1 - smoothing), smoothing / yPred.type.shape.at(-1)!);
      return against(targets, yPred, fromLogits);
    },
    check: (y, _, samples) => checkTargets(name, "one-hot or soft labels from 0 to 1", y, isProbability, samples),
  };
}

/**
 * Crossentropy of independent yes-or-no targets, averaged along the last axis.
 * @example binaryCrossentropy({ fromLogits: true })
 */
export function binaryCrossentropy(options: SmoothedCrossentropyOptions = {}): Loss {
  checkOptions("binaryCrossentropy", options, ["fromLogits", "labelSmoothing"]);
  const fromLogits = flag("binaryCrossentropy fromLogits", options.fromLogits, false);
  const smoothing = numberWithin("binaryCrossentropy labelSmoothing", options.labelSmoothing ?? 0, 0, 1);
  const name = "binary_crossentropy";
  return {
    className: "BinaryCrossentropy",
    name,
    config: { from_logits: fromLogits, label_smoothing: smoothing, axis: -1 },
    values: (yTrue, yPred) => {
      const [labels, predicted] = alignRanks(yTrue, yPred);
      if (!sameShape(labels.type.shape, predicted.type.shape))
        throw mismatch(name, "labels of the shape of the predictions", yTrue, yPred);
      const hard = cast(labels, "float32");
      const targets = smoothing === 0 ? hard : add(mul(hard, 1 - smoothing), 0.5 * smoothing);
      if (fromLogits) {
        // relu(x) - x z + log(1 + e^-|x|), which is -z log s(x) - (1 - z) log(1 - s(x)) without overflow.
        const tail = log(add(exp(neg(abs(predicted))), 1));
        return mean(add(sub(relu(predicted), mul(predicted, targets)), tail), [-1]);
      }
      const p = clip(predicted);
      return mean(neg(add(mul(targets, log(p)), mul(sub(1, targets), log(sub(1, p))))), [-1]);
    },
    check: (y, _, samples) => checkTargets(name, YES_OR_NO, y, isProbability, samples),
  };
}
