// Energy: how much a classifier finds in an image at all, whichever class it is for.
import { exp, log } from "../../../core/math.js";

/**
 * The energy of an image, -log of the sum of exp(logit): the lower, the more the network found (Liu, Wang, Owens and Li,
 * Energy-based out-of-distribution detection, NeurIPS 2020).
 * @param logits of the classes, before any softmax
 * @example energyOf([4, 0, 0]) // -4.036
 */
export function energyOf(logits: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logits.length; k++) largest = Math.max(largest, logits[k]!);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += exp(logits[k]! - largest);
  return -(largest + log(sum));
}
