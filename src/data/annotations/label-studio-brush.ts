// Masks of Label Studio's brush: the four channels of a picture as one stream of values, run lengths packed into bits by
// @thi.ng/rle-pack (label-studio-converter, brush.py). The mask is the fourth channel.
import { FoveaError } from "../../core/errors.js";
import type { RunLengths } from "./model.js";
import { checkMaskSize, pixelsOfMask, runLengthsOf } from "./run-lengths.js";

const CHANNELS = 4;

/** Numbers of a few bits out of bytes, the highest bit first. */
class BitReader {
  #at = 0;
  readonly #what: string;
  readonly #bytes: readonly number[];
  constructor(what: string, bytes: readonly number[]) {
    this.#what = what;
    this.#bytes = bytes;
  }
  read(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined)
        throw new FoveaError("annotation-mismatch", `${this.#what}: the brush's run lengths end too early`);
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }
}

/**
 * The mask of a brush.
 * @param bytes the region's `rle`
 * @throws FoveaError for lengths that end too early or are of another size
 */
export function maskOfBrush(what: string, bytes: readonly number[], width: number, height: number): RunLengths {
  checkMaskSize(what, height, width);
  const bits = new BitReader(what, bytes);
  const length = bits.read(32);
  if (length !== CHANNELS * width * height)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected a brush of ${width} x ${height} pixels with ${CHANNELS} channels, received ${length} values`,
    );
  const wordBits = bits.read(5) + 1;
  const lengthBits = Array.from({ length: 4 }, () => bits.read(4) + 1);
  const pixels = new Uint8Array(width * height);
  const put = (at: number, value: number): void => {
    if (at % CHANNELS === CHANNELS - 1 && value > 0) pixels[(at - CHANNELS + 1) / CHANNELS] = 1;
  };
  for (let at = 0; at < length; ) {
    const isRun = bits.read(1) === 1;
    const end = at + 1 + bits.read(lengthBits[bits.read(2)]!);
    if (end > length)
      throw new FoveaError("annotation-mismatch", `${what}: the brush's run lengths go beyond its ${length} values`);
    let value = isRun ? bits.read(wordBits) : 0;
    for (; at < end; at++) {
      if (!isRun) value = bits.read(wordBits);
      put(at, value);
    }
  }
  return runLengthsOf(pixels, height, width);
}

/** Bits of the length of a run, by the size that two bits choose. */
const SIZES = [3, 4, 8, 16] as const;
const WORD_BITS = 8;
const INSIDE = 255;

/** The bytes of a brush with a mask: runs of 255 inside and of 0 outside, in all channels. */
export function brushLengths(mask: RunLengths): number[] {
  const pixels = pixelsOfMask(mask);
  const bytes: number[] = [];
  let [held, count] = [0, 0];
  const write = (value: number, bits: number): void => {
    for (let i = bits - 1; i >= 0; i--) {
      held = held * 2 + (Math.floor(value / 2 ** i) % 2);
      if (++count === 8) {
        bytes.push(held);
        [held, count] = [0, 0];
      }
    }
  };
  write(CHANNELS * pixels.length, 32);
  write(WORD_BITS - 1, 5);
  for (const size of SIZES) write(size - 1, 4);
  for (let at = 0; at < pixels.length; ) {
    const start = at;
    while (at < pixels.length && pixels[at] === pixels[start]) at++;
    for (let rest = CHANNELS * (at - start); rest > 0; ) {
      const length = Math.min(rest, 2 ** SIZES[3]);
      const size = SIZES.findIndex((bits) => length <= 2 ** bits);
      write(1, 1);
      write(size, 2);
      write(length - 1, SIZES[size]!);
      write(pixels[start] === 0 ? 0 : INSIDE, WORD_BITS);
      rest -= length;
    }
  }
  if (count > 0) write(0, 8 - count);
  return bytes;
}
