// Losses of the overlap of classes in maps of labels, image by image, with a share of each pixel's crossentropy.
import { add, div, mean, mul, oneHot, reshape, softmax, sum } from "../../core/functions/index.js";
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

/** Options of `sparseDice` and `sparseLovasz`. */
export interface MaskLossOptions extends SparseCrossentropyOptions {
  /** Factor of a crossentropy that is added to each pixel, as nnU-Net adds it with 1. Default 0. */
  readonly crossentropy?: number;
}

/** A loss of the overlap of classes. */
interface Overlap {
  /** Name of the function that makes it. */
  readonly caller: string;
  readonly className: string;
  readonly name: string;
  /**
   * One loss an image, `[batch]`.
   * @param truth 1 at the class of each pixel, else 0: `[batch, pixels, classes]`
   * @param said probabilities of the same shape; pixels that do not count are 0 in both
   */
  readonly ofImages: (truth: Value, said: Value) => Value;
}

/** Makes a loss between maps of labels `[batch, height, width]` and predictions `[batch, height, width, classes]`. */
export function maskLoss({ caller, className, name, ofImages }: Overlap, options: MaskLossOptions): Loss {
  checkOptions(caller, options, ["fromLogits", "ignoreClass", "crossentropy"]);
  const fromLogits = flag(`${caller} fromLogits`, options.fromLogits, false);
  const ignored = ignoredClass(caller, options.ignoreClass);
  const factor = numberWithin(`${caller} crossentropy`, options.crossentropy ?? 0, 0);
  const entropy = sparseCategoricalCrossentropy({ fromLogits, ignoreClass: ignored });
  const overlapOf = (yTrue: Value, yPred: Value): Value => {
    const labels = sparseLabels(name, yTrue, yPred);
    const [batch, classes] = [yPred.type.shape[0]!, yPred.type.shape.at(-1)!];
    const rows = (x: Value, width: number): Value => reshape(x, [batch, -1, width]);
    const said = rows(fromLogits ? softmax(yPred) : yPred, classes);
    const counted = ignored === null ? said : mul(said, rows(countingLabels(labels, ignored), 1));
    return ofImages(rows(oneHot(labels, classes), classes), counted);
  };
  return {
    className,
    name,
    config: { from_logits: fromLogits, ignore_class: ignored, crossentropy: factor },
    isForeign: true,
    values: (yTrue, yPred) => {
      const overlap = overlapOf(yTrue, yPred);
      return factor === 0 ? overlap : add(overlap, mul(meanOfImages(entropy, yTrue, yPred), factor));
    },
    ...(ignored !== null && { outside: ignored }),
    check: (y, outputShape, samples) => checkLabels(name, y, outputShape.at(-1)!, ignored, samples),
  };
}

/** The mean of a loss over the pixels of each image that count, `[batch]`. */
function meanOfImages(loss: Loss, yTrue: Value, yPred: Value): Value {
  const batch = yPred.type.shape[0]!;
  const values = reshape(loss.values(yTrue, yPred), [batch, -1]);
  if (loss.counting === undefined) return mean(values, [1]);
  const counting = reshape(loss.counting(yTrue, yPred), [batch, -1]);
  return div(sum(mul(values, counting), [1]), add(sum(counting, [1]), 1e-7));
}
