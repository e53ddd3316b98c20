// Distances of 256-bit hashes and their text. Many hashes lie in one array of 32-bit words, eight for each.
import { FoveaError, shown } from "../../core/errors.js";
import { HASH_BITS, HASH_WORDS } from "./pdq.js";

/** Hexadecimal digits of a hash, and of one of its words. */
const DIGITS = HASH_BITS / 4;
const WORD_DIGITS = 8;

/** The number of bits set in a 32-bit word. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * The number of bits in which hash `i` of `a` differs from hash `j` of `b`, or any number above `most` once it is above it.
 * @example
 * const picture = { width: 12, height: 12, channels: 1, data: images.data.slice(0, 144) };
 * const { hash } = pdqHash(picture);
 * hashDistance(hash, 0, hash, 0); // 0
 */
export function hashDistance(a: Uint32Array, i: number, b: Uint32Array, j: number, most = HASH_BITS): number {
  const [from, to] = [i * HASH_WORDS, j * HASH_WORDS];
  let distance = bitsIn(a[from]! ^ b[to]!) + bitsIn(a[from + 1]! ^ b[to + 1]!) + bitsIn(a[from + 2]! ^ b[to + 2]!);
  for (let word = 3; word < HASH_WORDS && distance <= most; word++) distance += bitsIn(a[from + word]! ^ b[to + word]!);
  return distance;
}

/**
 * A hash as the reference writes it: 64 hexadecimal digits, the highest bit first.
 * @param hash Eight words.
 * @example hashText(hashFromText("f".repeat(64)));
 */
export const hashText = (hash: Uint32Array): string =>
  Array.from(hash.subarray(0, HASH_WORDS), (word) => word.toString(16).padStart(WORD_DIGITS, "0"))
    .reverse()
    .join("");

/**
 * The hash that a text of 64 hexadecimal digits gives.
 * @param text 64 hexadecimal digits.
 * @throws FoveaError for any other text.
 */
export function hashFromText(text: string): Uint32Array {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new FoveaError(
      "malformed-text",
      `expected a PDQ hash of ${DIGITS} hexadecimal digits, received ${shown(text)}`,
    );
  return Uint32Array.from({ length: HASH_WORDS }, (_, word) => {
    const end = DIGITS - word * WORD_DIGITS;
    return Number.parseInt(text.slice(end - WORD_DIGITS, end), 16);
  });
}
