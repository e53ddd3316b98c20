// A hash of weights: what two trainings are compared by.
import type { Tensor } from "../../core/tensor.js";
import { sha256Hex } from "../../platform/hashing.js";

/** SHA-256 over all weights as little-endian float32, one after the other: equal exactly for equal bits. */
export function weightsSha256(weights: readonly Tensor[]): Promise<string> {
  const bytes = new DataView(new ArrayBuffer(4 * weights.reduce((total, { data }) => total + data.length, 0)));
  let offset = 0;
  for (const { data } of weights)
    for (const value of data) {
      bytes.setFloat32(offset, value, true);
      offset += 4;
    }
  return sha256Hex(new Uint8Array(bytes.buffer));
}
