// The area under the ROC curve of a map for the pixels of a mask: the chance that a changed pixel has a higher value than
// another (Mann and Whitney), ties counted half.
import type { EvidenceMap } from "../src/forensics/record/evidence.js";

/** Every so many pixels are counted, in both directions. */
const EVERY = 3;

/**
 * The area for one image.
 * @param mask 1 for each changed pixel, by rows
 * @returns 0 to 1; 0.5 for a map that tells nothing
 */
export function areaUnderRoc(map: EvidenceMap, mask: Uint8Array, width: number, height: number): number {
  const changed = new Float64Array(256);
  const others = new Float64Array(256);
  for (let y = 1; y < height; y += EVERY)
    for (let x = 1; x < width; x += EVERY) {
      // A map covers the whole image in cells of one size, of which the last may stand over.
      const column = Math.min(map.width - 1, Math.floor((x * map.width) / width));
      const row = Math.min(map.height - 1, Math.floor((y * map.height) / height));
      (mask[y * width + x] === 1 ? changed : others)[map.values[row * map.width + column]!]!++;
    }
  let [area, below] = [0, 0];
  for (let value = 0; value < 256; value++) {
    area += changed[value]! * (below + others[value]! / 2);
    below += others[value]!;
  }
  return area / (below * changed.reduce((sum, count) => sum + count, 0));
}
