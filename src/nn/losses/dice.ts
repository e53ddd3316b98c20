// The soft Dice loss of masks (Milletari, Navab and Ahmadi, "V-Net", 2016): one minus the overlap of a class's pixels with the
// probabilities that it was given, so that small objects count as much as large ones.
import {
  add,
  div,
  greater,
  maximum,
  mean,
  mul,
  oneHot,
  reshape,
  softmax,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import {
  checkLabels,
  countingLabels,
  ignoredClass,
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy,
  sparseLabels,
} from "./crossentropy.js";
import type { Loss } from "./loss.js";

/** Options of `sparseDice`. */
export interface SparseDiceOptions extends SparseCrossentropyOptions {
  /** Factor of a crossentropy that is added to each pixel, as nnU-Net adds it with 1. Default 0. */
  readonly crossentropy?: number;
}

/** Added above and below, so that a few pixels make no steep loss. */
const SMOOTH = 1;

/**
 * The soft Dice loss between maps of labels `[batch, height, width]` and predictions `[batch, height, width, classes]`: of
 * each image the mean over the classes that it has of 1 - (2 sum(t p) + 1) / (sum t + sum p + 1). A class that an image has
 * not has no overlap to speak of. Keras has no such loss for labels.
 * @example sparseDice({ fromLogits: true, ignoreClass: 255, crossentropy: 1 })
 */
export function sparseDice(options: SparseDiceOptions = {}): Loss {
  checkOptions("sparseDice", options, ["fromLogits", "ignoreClass", "crossentropy"]);
  const fromLogits = flag("sparseDice fromLogits", options.fromLogits, false);
  const ignored = ignoredClass("sparseDice", options.ignoreClass);
  const factor = numberWithin("sparseDice crossentropy", options.crossentropy ?? 0, 0);
  const entropy = sparseCategoricalCrossentropy({ fromLogits, ignoreClass: ignored });
  const name = "sparse_dice";
  return {
    className: "SparseDice",
    name,
    config: { from_logits: fromLogits, ignore_class: ignored, crossentropy: factor },
    isForeign: true,
    values: (yTrue, yPred) => {
      const overlap = lossOfOverlap(sparseLabels(name, yTrue, yPred), yPred, fromLogits, ignored);
      if (factor === 0) return overlap;
      return add(overlap, mul(meanOfImages(entropy, yTrue, yPred), factor));
    },
    ...(ignored !== null && { outside: ignored }),
    check: (y, outputShape, samples) => checkLabels(name, y, outputShape.at(-1)!, ignored, samples),
  };
}

/** One loss an image, `[batch]`. */
function lossOfOverlap(labels: Value, yPred: Value, fromLogits: boolean, ignored: number | null): Value {
  const [batch, classes] = [yPred.type.shape[0]!, yPred.type.shape.at(-1)!];
  const rows = (x: Value, width: number): Value => reshape(x, [batch, -1, width]);
  const truth = rows(oneHot(labels, classes), classes);
  const all = rows(fromLogits ? softmax(yPred) : yPred, classes);
  const said = ignored === null ? all : mul(all, rows(countingLabels(labels, ignored), 1));
  const both = sum(mul(truth, said), [1]);
  const pixels = sum(truth, [1]);
  const overlap = div(add(mul(both, 2), SMOOTH), add(add(pixels, sum(said, [1])), SMOOTH));
  const has = greater(pixels, 0);
  return div(sum(mul(sub(1, overlap), has), [1]), maximum(sum(has, [1]), 1));
}

/** The mean of a loss over the pixels of each image that count, `[batch]`. */
function meanOfImages(loss: Loss, yTrue: Value, yPred: Value): Value {
  const batch = yPred.type.shape[0]!;
  const values = reshape(loss.values(yTrue, yPred), [batch, -1]);
  if (loss.counting === undefined) return mean(values, [1]);
  const counting = reshape(loss.counting(yTrue, yPred), [batch, -1]);
  return div(sum(mul(values, counting), [1]), add(sum(counting, [1]), 1e-7));
}
