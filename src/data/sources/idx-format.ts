// The IDX format of MNIST: two zero bytes, a type (8: unsigned bytes), the number of axes, each axis as a big-endian
// 32-bit number, then the values. http://yann.lecun.com/exdb/mnist
import { FoveaError } from "../../core/errors.js";

export interface IdxHeader {
  readonly axes: readonly number[];
  /** Bytes before the values. */
  readonly start: number;
}

/** Bytes of the longest header that is read: four axes. */
export const IDX_HEAD = 4 + 4 * 4;
const UNSIGNED_BYTES = 8;

/** Checks whether a file begins as IDX of unsigned bytes does. */
export const looksLikeIdx = (head: Uint8Array): boolean =>
  head[0] === 0 && head[1] === 0 && head[2] === UNSIGNED_BYTES && head[3]! >= 1 && head[3]! <= 4;

/**
 * The header of an IDX file, checked against the file's length.
 * @throws FoveaError for another type or number of axes, or a length that does not fit.
 */
export function idxHeader(head: Uint8Array, length: number, name: string): IdxHeader {
  if (!looksLikeIdx(head))
    throw new FoveaError(
      "unknown-format",
      `${name}: expected an IDX file of unsigned bytes (it begins with 0 0 8 and the number of axes), found ` +
        `${Array.from(head.subarray(0, 4)).join(" ") || "nothing"}; give the files as MNIST has them`,
    );
  const count = head[3]!;
  const start = 4 + 4 * count;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const axes = Array.from({ length: head.length < start ? 0 : count }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = start + axes.reduce((product, extent) => product * extent, 1);
  if (axes.length < count || expected !== length)
    throw new FoveaError(
      "damaged-file",
      `${name}: its header promises ${axes.join(" x ")} values, which are ${expected} bytes with the header, and it has ` +
        `${length}; copy the file again`,
    );
  return { axes, start };
}
