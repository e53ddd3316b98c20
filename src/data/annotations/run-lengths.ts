// Masks as run lengths (COCO's RLE): from pixels and back, as text, their areas, boxes, unions and overlaps. The arithmetic
// is that of pycocotools' maskApi.c (Piotr Dollár and Tsung-Yi Lin, 2015), equal to it in every pixel and count.
import { FoveaError } from "../../core/errors.js";
import { type Box, LIMITS, type RunLengths } from "./model.js";

/** @throws FoveaError for a size that is no size, or larger than images can be. */
export function checkMaskSize(what: string, height: number, width: number): void {
  const sound = [height, width].every((side) => Number.isInteger(side) && side >= 1 && side <= LIMITS.side);
  if (!sound || height * width > LIMITS.pixels)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected a height and a width of 1 to ${LIMITS.side} and at most ${LIMITS.pixels} pixels, received ${height} x ${width}`,
    );
}

/** @throws FoveaError unless the lengths add up to the mask's pixels. */
export function checkRunLengths(what: string, { height, width, counts }: RunLengths): void {
  checkMaskSize(what, height, width);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== height * width)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected run lengths that add up to ${height} x ${width} = ${height * width} pixels, received ${total}`,
    );
}

/**
 * The run lengths of pixels in rows from the top, `[height, width]`: 0 is outside, all else inside.
 * @param pixels Row by row from the top.
 * @param height Height in pixels.
 * @param width Width in pixels.
 * @throws FoveaError unless there are `height * width` pixels.
 * @example runLengthsOf(Uint8Array.of(0, 1, 1, 1), 2, 2).counts // 1, 3
 */
export function runLengthsOf(pixels: ArrayLike<number>, height: number, width: number): RunLengths {
  checkMaskSize("runLengthsOf", height, width);
  if (pixels.length !== height * width)
    throw new FoveaError(
      "length-mismatch",
      `runLengthsOf: expected ${height} x ${width} pixels, received ${pixels.length} values`,
    );
  const counts: number[] = [];
  let [inside, count] = [false, 0];
  for (let x = 0; x < width; x++)
    for (let y = 0, at = x; y < height; y++, at += width) {
      if ((pixels[at] !== 0) !== inside) {
        counts.push(count);
        [inside, count] = [!inside, 0];
      }
      count++;
    }
  counts.push(count);
  return { height, width, counts: Uint32Array.from(counts) };
}

/**
 * The pixels of a mask in rows from the top, `[height, width]`: 1 inside, 0 outside.
 * @param mask Run lengths.
 * @example pixelsOfMask(runLengthsOf([0, 1, 1, 1], 2, 2)); // 0, 1, 1, 1
 */
export function pixelsOfMask(mask: RunLengths): Uint8Array {
  checkRunLengths("pixelsOfMask", mask);
  const { height, width, counts } = mask;
  const pixels = new Uint8Array(height * width);
  let at = 0;
  for (const [i, count] of counts.entries()) {
    const end = at + count;
    if (i % 2 === 1)
      for (; at < end; at++) {
        const x = Math.floor(at / height);
        pixels[(at - x * height) * width + x] = 1;
      }
    at = end;
  }
  return pixels;
}

/** Pixels inside of a mask. */
export function maskArea({ counts }: RunLengths): number {
  let area = 0;
  for (let i = 1; i < counts.length; i += 2) area += counts[i]!;
  return area;
}

/** The smallest box of whole pixels around a mask; `[0, 0, 0, 0]` around an empty one. */
export function maskBox({ height, width, counts }: RunLengths): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  let at = 0;
  for (const [i, count] of counts.entries()) {
    if (i % 2 === 1 && count > 0) {
      const [first, last] = [Math.floor(at / height), Math.floor((at + count - 1) / height)];
      [left, right] = [Math.min(left, first), Math.max(right, last)];
      // A run over the end of a column reaches from its bottom to the top of the next.
      top = Math.min(top, first === last ? at % height : 0);
      bottom = Math.max(bottom, first === last ? (at + count - 1) % height : height - 1);
    }
    at += count;
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}

/** Steps through two masks at once: `each(pixels, insideA, insideB)` for stretches in which neither changes. */
function together(a: RunLengths, b: RunLengths, each: (pixels: number, inA: boolean, inB: boolean) => void): void {
  let [i, j, restA, restB] = [0, 0, a.counts[0] ?? 0, b.counts[0] ?? 0];
  for (;;) {
    while (restA === 0 && ++i < a.counts.length) restA = a.counts[i]!;
    while (restB === 0 && ++j < b.counts.length) restB = b.counts[j]!;
    const pixels = Math.min(restA, restB);
    if (pixels === 0) return;
    each(pixels, i % 2 === 1, j % 2 === 1);
    restA -= pixels;
    restB -= pixels;
  }
}

function checkSameSize(what: string, a: RunLengths, b: RunLengths): void {
  if (a.height !== b.height || a.width !== b.width)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected masks of one size, received ${a.height} x ${a.width} and ${b.height} x ${b.width}`,
    );
}

/**
 * The union of masks of one size, or their intersection.
 * @param masks Run lengths of one size.
 * @param how Default `"union"`.
 * @throws FoveaError for no mask at all, and for masks of different sizes.
 * @example
 * const [left, lower] = [maskOfBox([0, 0, 2, 4], 4, 4), maskOfBox([0, 2, 4, 2], 4, 4)];
 * maskArea(mergeMasks([left, lower], "intersection")); // 4
 */
export function mergeMasks(masks: readonly RunLengths[], how: "union" | "intersection" = "union"): RunLengths {
  const first = masks[0];
  if (first === undefined) throw new FoveaError("empty-input", "mergeMasks: expected at least one mask, received none");
  return masks.slice(1).reduce((merged, mask) => {
    checkSameSize("mergeMasks", merged, mask);
    const counts: number[] = [];
    let [inside, count] = [false, 0];
    together(merged, mask, (pixels, inA, inB) => {
      const now = how === "union" ? inA || inB : inA && inB;
      if (now !== inside) {
        counts.push(count);
        [inside, count] = [now, 0];
      }
      count += pixels;
    });
    counts.push(count);
    return { height: first.height, width: first.width, counts: Uint32Array.from(counts) };
  }, first);
}

/**
 * Intersection over union of a detected and a true mask, 0 to 1; over a crowd, intersection over the detection's area.
 * @param detected Run lengths of the detection.
 * @param truth Run lengths of the true object.
 * @param crowd True where the truth is a region of many objects; default false.
 * @throws FoveaError for masks of different sizes.
 * @example
 * const mask = runLengthsOf([0, 1, 1, 1], 2, 2);
 * maskIou(mask, mask); // 1
 */
export function maskIou(detected: RunLengths, truth: RunLengths, crowd = false): number {
  checkSameSize("maskIou", detected, truth);
  let [both, either] = [0, 0];
  together(detected, truth, (pixels, inA, inB) => {
    if (inA && inB) both += pixels;
    if (inA || inB) either += pixels;
  });
  return both === 0 ? 0 : both / (crowd ? maskArea(detected) : either);
}

/**
 * Intersection over union of a detected and a true box, 0 to 1; over a crowd, intersection over the detection's area.
 * @param detected Left, top, width and height in pixels.
 * @param truth Left, top, width and height in pixels.
 * @param crowd True where the truth is a region of many objects; default false.
 * @example boxIou([0, 0, 2, 2], [1, 0, 2, 2]) // 1 / 3
 */
export function boxIou(detected: Box, truth: Box, crowd = false): number {
  const [x, y, width, height] = detected;
  const [left, top, across, down] = truth;
  const shared = Math.min(width + x, across + left) - Math.max(x, left);
  if (shared <= 0) return 0;
  const high = Math.min(height + y, down + top) - Math.max(y, top);
  if (high <= 0) return 0;
  const both = shared * high;
  return both / (crowd ? width * height : width * height + across * down - both);
}

/**
 * Run lengths as COCO's compressed text: differences to the length two before in groups of five bits, each a character
 * from code 48.
 * @param counts Lengths of runs.
 * @example runLengthsOfText("mask", textOfRunLengths(Uint32Array.of(1, 3))); // 1, 3
 */
export function textOfRunLengths(counts: Uint32Array): string {
  let text = "";
  for (const [i, count] of counts.entries()) {
    let rest = count - (i > 2 ? counts[i - 2]! : 0);
    for (let more = true; more; ) {
      const bits = rest & 31;
      rest >>= 5;
      more = (bits & 16) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode(48 + (more ? bits | 32 : bits));
    }
  }
  return text;
}

/** A length has 32 bits at most, seven groups of five. */
const MOST_GROUPS = 7;

/**
 * Run lengths out of COCO's compressed text.
 * @param what The name in messages.
 * @param text COCO's compressed text.
 * @throws FoveaError for characters that are none of it, a text that ends too early, and lengths below zero.
 */
export function runLengthsOfText(what: string, text: string): Uint32Array {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let [value, groups, more] = [0, 0, true];
    while (more) {
      const bits = text.charCodeAt(at++) - 48;
      if (!(bits >= 0 && bits < 64) || groups === MOST_GROUPS)
        throw new FoveaError(
          "annotation-mismatch",
          `${what}: expected COCO's compressed run lengths, received other text at character ${at}`,
        );
      value += (bits & 31) * 32 ** groups++;
      more = (bits & 32) !== 0;
      if (!more && (bits & 16) !== 0) value -= 32 ** groups;
    }
    if (counts.length > 2) value += counts[counts.length - 2]!;
    if (value < 0 || value > LIMITS.pixels)
      throw new FoveaError(
        "annotation-mismatch",
        `${what}: expected run lengths from 0 to ${LIMITS.pixels}, received ${value}`,
      );
    counts.push(value);
  }
  return Uint32Array.from(counts);
}
