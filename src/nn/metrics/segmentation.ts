// Metrics of overlap between classes of pixels, made of a confusion matrix.
import { cast, equal, matmul, mul, oneHot, reshape, sub } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, flag, wholeNumber } from "../../core/options.js";
import { sizeOf } from "../../core/shape.js";
import { ignoredClass } from "../losses/crossentropy.js";
import { type NamedOptions, predictedClass } from "./accuracy.js";
import type { TotalMetric } from "./metric.js";

/** Options of `meanIoU`. */
export interface MeanIoUOptions extends NamedOptions {
  /** Number of classes, at least 1. */
  readonly numClasses: number;
  /** A class number of targets whose pixels do not count. Default: none. */
  readonly ignoreClass?: number | null;
  /** True where targets are class numbers rather than one-hot. Default true. */
  readonly sparseYTrue?: boolean;
  /** True where predictions are class numbers rather than one value a class. Default true, as in Keras. */
  readonly sparseYPred?: boolean;
}

/**
 * The mean over classes of hits / (hits + misses + false alarms).
 * @example meanIoU({ numClasses: 3, sparseYPred: false }) // for a classifier's outputs
 */
export function meanIoU(options: MeanIoUOptions): TotalMetric {
  checkOptions("meanIoU", options, ["name", "numClasses", "ignoreClass", "sparseYTrue", "sparseYPred"]);
  const classes = wholeNumber("meanIoU numClasses", options.numClasses);
  const sparseYTrue = flag("meanIoU sparseYTrue", options.sparseYTrue, true);
  const sparseYPred = flag("meanIoU sparseYPred", options.sparseYPred, true);
  const ignored = ignoredClass("meanIoU", options.ignoreClass);
  /** One row an element, with a 1 at its class; none for a class that does not exist. */
  const rows = (x: Value, sparse: boolean, isTarget: boolean): Value => {
    const numbers = sparse ? cast(x, "int32") : predictedClass(cast(x, "float32"));
    const flat = reshape(numbers, [sizeOf(numbers.type.shape)]);
    const hot = oneHot(flat, classes);
    if (!isTarget || ignored === null || ignored < 0 || ignored >= classes) return hot;
    return mul(hot, reshape(sub(1, equal(cast(flat, "float32"), ignored)), [-1, 1]));
  };
  return {
    className: "MeanIoU",
    name: options.name ?? "mean_io_u",
    direction: "up",
    config: {
      num_classes: classes,
      ignore_class: ignored,
      sparse_y_true: sparseYTrue,
      sparse_y_pred: sparseYPred,
      axis: -1,
    },
    size: 1,
    totals: (yTrue, yPred, weight) => {
      const [target, predicted] = [rows(yTrue, sparseYTrue, true), rows(yPred, sparseYPred, false)];
      const [elements, batch] = [target.type.shape[0]!, weight.type.shape[0]!];
      const weighted = mul(reshape(target, [batch, elements / batch, classes]), reshape(weight, [batch, 1, 1]));
      return [matmul(reshape(weighted, [elements, classes]), predicted, { transposeA: true })];
    },
    result: ([confusion]) => {
      const at = (row: number, column: number): number => confusion![row * classes + column]!;
      const all = Array.from({ length: classes }, (_, i) => i);
      const shares = all.flatMap((i) => {
        const either = all.reduce((total, j) => total + at(i, j) + at(j, i), 0) - at(i, i);
        return either > 0 ? [at(i, i) / either] : [];
      });
      return shares.length === 0 ? 0 : shares.reduce((a, b) => a + b, 0) / shares.length;
    },
  };
}
