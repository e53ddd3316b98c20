// Bits and Huffman codes of a scan's compressed data (ITU-T T.81, F.2.2 and Annex C). Markers end the data; bits read
// beyond them are zeros, and those who read too many are told that the file is truncated.
import { BadImage, TRUNCATED } from "../../data/decoders/image.js";
import type { HuffmanTable } from "./structure.js";

/** Codes of up to so many bits are looked up in one step. */
const FAST_BITS = 9;
/** Zero bits that are made up behind the data: more than the padding of a last byte and less than any file lacks. */
const MOST_MISSING = 64 * 8;

/** A Huffman table made ready for decoding. */
export interface Decoding {
  /** 256 * length + symbol for codes by their first bits; 0 where a code is longer, or none. */
  readonly fast: Uint16Array;
  /** One more than the last code of each length, on the left of 16 bits; and what leads from a code to its symbol. */
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

/** Makes a table ready. @throws BadImage where its code lengths make no prefix code */
export function decodingOf({ counts, symbols }: HuffmanTable): Decoding {
  const fast = new Uint16Array(1 << FAST_BITS);
  const limits = new Int32Array(17);
  const offsets = new Int32Array(17);
  let [code, index] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    offsets[length] = index - code;
    for (let i = 0; i < counts[length - 1]!; i++, code++, index++) {
      if (length > FAST_BITS) continue;
      const from = code << (FAST_BITS - length);
      fast.fill((length << 8) | symbols[index]!, from, from + (1 << (FAST_BITS - length)));
    }
    if (code > 1 << length) throw new BadImage("damaged-image", "a Huffman table of it has more codes than there are");
    limits[length] = code << (16 - length);
    code <<= 1;
  }
  return { fast, limits, offsets, symbols };
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #buffer = 0;
  #count = 0;
  #missing = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  #fill(): void {
    while (this.#count <= 16) {
      let byte = 0;
      const next = this.#bytes[this.#at];
      if (next === undefined || (next === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        this.#missing += 8;
        if (this.#missing > MOST_MISSING) throw new BadImage("damaged-image", TRUNCATED);
      } else {
        byte = next;
        this.#at += next === 0xff ? 2 : 1;
      }
      this.#buffer = ((this.#buffer << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  /** The next `count` bits, 0 to 16, as a whole number. */
  bits(count: number): number {
    if (count === 0) return 0;
    if (this.#count < count) this.#fill();
    this.#count -= count;
    return (this.#buffer >> this.#count) & ((1 << count) - 1);
  }

  /** The next Huffman code's symbol. */
  symbol({ fast, limits, offsets, symbols }: Decoding): number {
    if (this.#count < 16) this.#fill();
    const ahead = (this.#buffer >> (this.#count - 16)) & 0xffff;
    const entry = fast[ahead >> (16 - FAST_BITS)]!;
    if (entry !== 0) {
      this.#count -= entry >> 8;
      return entry & 0xff;
    }
    for (let length = 1; length <= 16; length++)
      if (ahead < limits[length]!) {
        this.#count -= length;
        return symbols[(ahead >> (16 - length)) + offsets[length]!]!;
      }
    throw new BadImage("damaged-image", "its compressed data have a code that its Huffman table does not know");
  }

  /** A signed number of `count` bits as JPEG writes it (T.81, F.2.2.1, EXTEND). */
  signed(count: number): number {
    const value = this.bits(count);
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Goes behind the next restart marker. @throws BadImage where another marker or none comes */
  restart(): void {
    this.#count = 0;
    this.#buffer = 0;
    const bytes = this.#bytes;
    // Up to the next marker: data that belong to the interval and were not needed, then fill bytes.
    while (this.#at < bytes.length && !(bytes[this.#at] === 0xff && bytes[this.#at + 1] !== 0)) this.#at++;
    while (bytes[this.#at + 1] === 0xff) this.#at++;
    const marker = bytes[this.#at + 1];
    if (marker === undefined || marker < 0xd0 || marker > 0xd7) throw new BadImage("damaged-image", TRUNCATED);
    this.#at += 2;
    this.#missing = 0;
  }
}
