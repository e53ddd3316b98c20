// Resizing to the bit as Pillow's Image.resize: separable filters that widen when shrinking, 8-bit pixels, weights
// in fixed point, one direction after the other with a rounding to bytes between the two.
// The method is Pillow's (libImaging/Resample.c and Geometry.c); filters after Turkowski and Keys.
import { FoveaError, oneOf } from "../core/errors.js";
import type { Pixels } from "./pixels.js";

/** The names of all filters of resizing, Pillow's. */
export const INTERPOLATIONS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"] as const;
/** Pillow's resampling filters by their names. */
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** Filters that average. */
type Smooth = Exclude<Interpolation, "nearest">;

/** Side far beyond the input of any model, and small enough that nothing overflows. */
const LARGEST = 16384;

interface Filter {
  /** Half its width in source pixels when not shrinking. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const FILTERS: Record<Smooth, Filter> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI))),
  },
  bicubic: {
    support: 2,
    // Keys's cubic with a = -0.5, in the order of operations that Pillow uses.
    weight: (signed) => {
      const x = Math.abs(signed);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Weights are integers in units of 2^-22: 32 bits less 8 for the pixel and 2 for overshoot. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

/** One axis: the source's pixels from `begin` to `end` become `to` pixels; `count` of these from `skip` on are kept. */
interface Span {
  readonly begin: number;
  readonly end: number;
  readonly to: number;
  readonly skip: number;
  readonly count: number;
}

/** Fractions of pixels are single-precision numbers in Pillow, differences of them too. */
const extentOf = ({ begin, end }: Span): number => Math.fround(end - begin);

const isWhole = ({ begin, end, to, count }: Span, from: number): boolean =>
  begin === 0 && end === from && to === from && count === to;

/** Windows of the output places: the start, the length and the weights of each, `width` apart. */
interface Windows {
  readonly width: number;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly weights: Int32Array;
}

function makeWindows(from: number, span: Span, { support, weight }: Filter): Windows {
  const { begin, to, skip, count } = span;
  const scale = extentOf(span) / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const width = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(count);
  const lengths = new Int32Array(count);
  const weights = new Int32Array(count * width);
  for (let i = 0; i < count; i++) {
    const center = begin + (skip + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const length = Math.min(from, Math.trunc(center + reach + 0.5)) - start;
    const exact = Array.from({ length }, (_, k) => weight((k + start - center + 0.5) * (1 / stretch)));
    const sum = exact.reduce((a, b) => a + b, 0);
    for (const [k, value] of exact.entries()) {
      const fixed = (sum === 0 ? value : value / sum) * (1 << PRECISION_BITS);
      weights[i * width + k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    starts[i] = start;
    lengths[i] = length;
  }
  return { width, starts, lengths, weights };
}

/** Image folders repeat the same few sizes; the tables for one are made once. Bounded, oldest out first. */
const known = new Map<string, Windows>();
const KNOWN_AT_MOST = 512;

function windowsFor(from: number, span: Span, interpolation: Smooth): Windows {
  const { begin, end, to, skip, count } = span;
  const key = [interpolation, from, begin, end, to, skip, count].join(" ");
  let windows = known.get(key);
  if (windows === undefined) {
    windows = makeWindows(from, span, FILTERS[interpolation]);
    if (known.size >= KNOWN_AT_MOST) known.delete(known.keys().next().value!);
    known.set(key, windows);
  }
  return windows;
}

/**
 * Resamples the middle axis of `[outer, from, inner]` bytes: rows are `[height, width, channels]`, columns
 * `[1, height, width * channels]`. Four steps at a time, for speed; sums wrap at 32 bits as Pillow's would.
 */
function resample(data: Uint8Array, outer: number, from: number, inner: number, windows: Windows): Uint8Array {
  const { starts, lengths, weights, width } = windows;
  const to = starts.length;
  // Sums with negative weights overshoot: a clamped array cuts them to 0..255.
  const out = new Uint8ClampedArray(outer * to * inner);
  for (let a = 0, next = 0; a < outer; a++)
    for (let i = 0; i < to; i++) {
      const end = i * width + lengths[i]!;
      let start = (a * from + starts[i]!) * inner;
      for (let b = 0; b < inner; b++) {
        let sum = HALF;
        let w = i * width;
        let at = start++;
        for (; w + 3 < end; w += 4, at += 4 * inner)
          sum =
            (sum +
              Math.imul(data[at]!, weights[w]!) +
              Math.imul(data[at + inner]!, weights[w + 1]!) +
              Math.imul(data[at + 2 * inner]!, weights[w + 2]!) +
              Math.imul(data[at + 3 * inner]!, weights[w + 3]!)) |
            0;
        for (; w < end; w++, at += inner) sum = (sum + Math.imul(data[at]!, weights[w]!)) | 0;
        out[next++] = sum >> PRECISION_BITS;
      }
    }
  return new Uint8Array(out.buffer);
}

function resizeRows(image: Pixels, span: Span, interpolation: Smooth): Pixels {
  if (isWhole(span, image.width)) return image;
  const windows = windowsFor(image.width, span, interpolation);
  const data = resample(image.data, image.height, image.width, image.channels, windows);
  return { ...image, width: span.count, data };
}

function resizeColumns(image: Pixels, span: Span, interpolation: Smooth): Pixels {
  if (isWhole(span, image.height)) return image;
  const windows = windowsFor(image.height, span, interpolation);
  return {
    ...image,
    height: span.count,
    data: resample(image.data, 1, image.height, image.width * image.channels, windows),
  };
}

/** The source place of each output place; the running sum is Pillow's, and rounds as Pillow's does. */
function nearestPlaces(from: number, span: Span): Int32Array {
  const { begin, to, skip, count } = span;
  const scale = extentOf(span) / to;
  const places = new Int32Array(count);
  let at = begin + scale * 0.5;
  for (let i = 0; i < skip + count; i++, at += scale)
    if (i >= skip) places[i - skip] = Math.min(from - 1, Math.trunc(at));
  return places;
}

function resizeNearest(image: Pixels, down: Span, along: Span): Pixels {
  const { channels, data } = image;
  const columns = nearestPlaces(image.width, along);
  const rows = nearestPlaces(image.height, down);
  const [height, width] = [rows.length, columns.length];
  const out = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) out[to++] = data[(rows[y]! * image.width + columns[x]!) * channels + c]!;
  return { width, height, channels, data: out };
}

/**
 * Checks a height and a width.
 * @param height Height in pixels.
 * @param width Width in pixels.
 * @throws FoveaError unless both are whole numbers from 1 to 16384.
 * @example checkImageSize(80, 60);
 */
export function checkImageSize(height: number, width: number): void {
  const isFine = (size: number): boolean => Number.isInteger(size) && size >= 1 && size <= LARGEST;
  if (!isFine(height) || !isFine(width))
    throw new FoveaError(
      "out-of-range",
      `image size: expected height x width in whole pixels from 1 to ${LARGEST}, received ${height}x${width}`,
    );
}

/** A part of an image: from the upper left pixel's upper left corner, in pixels and fractions of them. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Resizes to `height` x `width`, not keeping the aspect: Pillow's `resize((width, height), filter, box)` to the bit.
 * @param box the part of the image that is taken, default all of it
 * @param image Grey or RGB pixels.
 * @param interpolation One of `INTERPOLATIONS`.
 * @throws FoveaError for a target without pixels, a box that is not inside the image, or an unknown interpolation.
 */
export function resizeImage(
  image: Pixels,
  height: number,
  width: number,
  interpolation: Interpolation,
  box: Box = { left: 0, top: 0, right: image.width, bottom: image.height },
): Pixels {
  checkImageSize(height, width);
  const [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom].map(Math.fround) as [
    number,
    number,
    number,
    number,
  ];
  if (!(left >= 0 && top >= 0 && left < right && top < bottom && right <= image.width && bottom <= image.height))
    throw new FoveaError(
      "out-of-range",
      `resize: expected a box inside of ${image.width}x${image.height} pixels, received ${left}, ${top} to ${right}, ${bottom}`,
    );
  return resized(
    image,
    { begin: top, end: bottom, to: height, skip: 0, count: height },
    { begin: left, end: right, to: width, skip: 0, count: width },
    interpolation,
  );
}

/** A rectangle of an image that was resized, in whole pixels of the resized one. */
export interface ResizedPart {
  /** Of the whole resized image. */
  readonly resized: readonly [height: number, width: number];
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Resizes an image and keeps a rectangle of the result; only that is computed, so the whole may be of any size. */
export function resizePart(image: Pixels, part: ResizedPart, interpolation: Interpolation): Pixels {
  checkImageSize(part.height, part.width);
  return resized(
    image,
    { begin: 0, end: image.height, to: part.resized[0], skip: part.top, count: part.height },
    { begin: 0, end: image.width, to: part.resized[1], skip: part.left, count: part.width },
    interpolation,
  );
}

function resized(image: Pixels, down: Span, along: Span, interpolation: Interpolation): Pixels {
  oneOf("interpolation", interpolation, INTERPOLATIONS);
  if (isWhole(down, image.height) && isWhole(along, image.width)) return image;
  if (interpolation === "nearest") return resizeNearest(image, down, along);
  // Pillow begins with the columns of very tall images that shrink; the rounding in between then differs.
  const columnsFirst = image.height > 100 * image.width && down.to < image.height;
  return columnsFirst
    ? resizeRows(resizeColumns(image, down, interpolation), along, interpolation)
    : resizeColumns(resizeRows(image, along, interpolation), down, interpolation);
}
