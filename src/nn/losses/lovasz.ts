// The Lovasz loss of masks (Berman, Rannen Triki and Blaschko, "The Lovasz-Softmax loss", 2018): the intersection over union of a
// class, extended from sets of wrong pixels to errors between 0 and 1.
import {
  abs,
  add,
  argSort,
  cumsum,
  div,
  gather,
  greater,
  iota,
  maximum,
  mul,
  neg,
  reshape,
  select,
  sub,
  sum,
  transpose,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import type { Loss } from "./loss.js";
import { type MaskLossOptions, maskLoss } from "./mask-loss.js";

/**
 * The Lovasz loss between maps of labels `[batch, height, width]` and predictions `[batch, height, width, classes]`: of each image
 * the mean over the classes that it has. Errors |t - p| of a class are sorted from the largest to the smallest; each counts by how
 * much the Jaccard index 1 - IoU grows when its pixel becomes a wrong one. Keras has no such loss.
 * @example sparseLovasz({ fromLogits: true, ignoreClass: 255, crossentropy: 1 })
 */
export const sparseLovasz = (options: MaskLossOptions = {}): Loss =>
  maskLoss(
    {
      ...{ caller: "sparseLovasz", className: "SparseLovasz", name: "sparse_lovasz" },
      ofImages: (truth, said) => {
        const [batch, pixels, classes] = truth.type.shape as [number, number, number];
        const ofClasses = (x: Value): Value => reshape(transpose(x, [0, 2, 1]), [batch * classes, pixels]);
        const losses = ofRows(ofClasses(truth), abs(sub(ofClasses(truth), ofClasses(said))));
        const has = greater(sum(truth, [1]), 0);
        return div(sum(mul(reshape(losses, [batch, classes]), has), [1]), maximum(sum(has, [1]), 1));
      },
    },
    options,
  );

/** The loss of each row of truths and errors, `[rows, pixels]`: one class of one image. */
function ofRows(truth: Value, errors: Value): Value {
  const [rows, pixels] = truth.type.shape as [number, number];
  const order = argSort(neg(errors));
  const sorted = (x: Value): Value => reshape(gather(reshape(x, [rows, pixels, 1]), order), [rows, pixels]);
  const isTrue = sorted(truth);
  const found = cumsum(isTrue);
  const all = sum(truth, [1], true);
  // After the first k pixels became wrong: the true ones that are left, over the union with the false ones among the k.
  const left = sub(all, found);
  const union = add(all, sub(add(iota([rows, pixels], 1), 1), found));
  // The steps of 1 - left / union from k - 1 to k: a true pixel takes one of those left, a false one adds one to the union.
  const steps = select(isTrue, div(1, union), div(left, mul(union, maximum(sub(union, 1), 1))));
  return sum(mul(sorted(errors), steps), [1]);
}
