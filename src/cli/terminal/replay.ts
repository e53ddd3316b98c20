// The outcome of a replay in a sentence.
import type { Replayed } from "../../experiment/run/index.js";

/** "same bits", or the first difference. @param expected SHA-256 of the run's weights */
export function replayVerdict({ sameBits, difference, weightsSha256 }: Replayed, expected = "another"): string {
  if (sameBits) return `same bits: weights_sha256 ${weightsSha256}`;
  if (difference !== undefined) {
    const { epoch, quantity, was, is } = difference;
    return `not the same bits: in epoch ${epoch} ${quantity} is ${is ?? "missing"}, in the run it was ${was ?? "missing"}`;
  }
  return `not the same bits: the history is the same, weights_sha256 is ${weightsSha256}, in the run it was ${expected}`;
}
