// The soft Dice loss of masks (Milletari, Navab and Ahmadi, "V-Net", 2016): one minus the overlap of a class's pixels with the
// probabilities that it was given, so that small objects count as much as large ones.
import { add, div, greater, maximum, mul, sub, sum } from "../../core/functions/index.js";
import type { Loss } from "./loss.js";
import { type MaskLossOptions, maskLoss } from "./mask-loss.js";

/** Added above and below, so that a few pixels make no steep loss. */
const SMOOTH = 1;

/**
 * The soft Dice loss between maps of labels `[batch, height, width]` and predictions `[batch, height, width, classes]`: of
 * each image the mean over the classes that it has of 1 - (2 sum(t p) + 1) / (sum t + sum p + 1). A class that an image has
 * not has no overlap to speak of. Keras has no such loss for labels.
 * @example sparseDice({ fromLogits: true, ignoreClass: 255, crossentropy: 1 })
 */
export const sparseDice = (options: MaskLossOptions = {}): Loss =>
  maskLoss(
    {
      ...{ caller: "sparseDice", className: "SparseDice", name: "sparse_dice" },
      ofImages: (truth, said) => {
        const both = sum(mul(truth, said), [1]);
        const pixels = sum(truth, [1]);
        const overlap = div(add(mul(both, 2), SMOOTH), add(add(pixels, sum(said, [1])), SMOOTH));
        const has = greater(pixels, 0);
        return div(sum(mul(sub(1, overlap), has), [1]), maximum(sum(has, [1]), 1));
      },
    },
    options,
  );
