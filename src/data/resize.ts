// Resizing to the bit as Pillow's Image.resize: separable filters that widen when shrinking, 8-bit pixels, weights
// in fixed point, one direction after the other with a rounding to bytes between the two.
// The method is Pillow's (libImaging/Resample.c and Geometry.c); filters after Turkowski and Keys.
import { FoveaError } from "../core/errors.js";
import type { Pixels } from "./pixels.js";

export const INTERPOLATIONS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"] as const;
/** Pillow's resampling filters by their names. */
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** Far beyond what a model can take, and small enough that nothing overflows. */
const LARGEST = 16384;

interface Filter {
  /** Half its width in source pixels when not shrinking. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const FILTERS: Record<Exclude<Interpolation, "nearest">, Filter> = {
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

/** For each output place: where its window begins, how long it is, and its weights, `width` apart. */
interface Windows {
  readonly width: number;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly weights: Int32Array;
}

function makeWindows(from: number, to: number, { support, weight }: Filter): Windows {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const width = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(to);
  const lengths = new Int32Array(to);
  const weights = new Int32Array(to * width);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
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

function windowsFor(from: number, to: number, interpolation: Exclude<Interpolation, "nearest">): Windows {
  const key = `${interpolation} ${from} ${to}`;
  let windows = known.get(key);
  if (windows === undefined) {
    windows = makeWindows(from, to, FILTERS[interpolation]);
    if (known.size >= KNOWN_AT_MOST) known.delete(known.keys().next().value!);
    known.set(key, windows);
  }
  return windows;
}

/** Sums overshoot where weights are negative: a clamped array cuts them to 0..255, as Pillow does. */
function resizeRows(image: Pixels, width: number, windows: Windows): Pixels {
  const { height, channels, data } = image;
  const { starts, lengths, weights } = windows;
  const out = new Uint8ClampedArray(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = y * image.width * channels;
    for (let x = 0, to = y * width * channels; x < width; x++) {
      const length = lengths[x]!;
      const first = x * windows.width;
      for (let c = 0; c < channels; c++, to++) {
        let sum = HALF;
        let from = row + starts[x]! * channels + c;
        for (let k = 0; k < length; k++, from += channels)
          sum = (sum + Math.imul(data[from]!, weights[first + k]!)) | 0;
        out[to] = sum >> PRECISION_BITS;
      }
    }
  }
  return { width, height, channels, data: new Uint8Array(out.buffer) };
}

function resizeColumns(image: Pixels, height: number, windows: Windows): Pixels {
  const { width, channels, data } = image;
  const { starts, lengths, weights } = windows;
  const stride = width * channels;
  const out = new Uint8ClampedArray(stride * height);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    for (let k = 0; k < lengths[y]!; k++) {
      const weight = weights[y * windows.width + k]!;
      const row = (starts[y]! + k) * stride;
      for (let i = 0; i < stride; i++) sums[i] = sums[i]! + Math.imul(data[row + i]!, weight);
    }
    for (let i = 0; i < stride; i++) out[y * stride + i] = sums[i]! >> PRECISION_BITS;
  }
  return { width, height, channels, data: new Uint8Array(out.buffer) };
}

/** The source place of each output place; the running sum is Pillow's, and rounds as Pillow's does. */
function nearestPlaces(from: number, to: number): Int32Array {
  const scale = from / to;
  const places = new Int32Array(to);
  let at = scale * 0.5;
  for (let i = 0; i < to; i++, at += scale) places[i] = Math.min(from - 1, Math.trunc(at));
  return places;
}

function resizeNearest(image: Pixels, height: number, width: number): Pixels {
  const { channels, data } = image;
  const columns = nearestPlaces(image.width, width);
  const rows = nearestPlaces(image.height, height);
  const out = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) out[to++] = data[(rows[y]! * image.width + columns[x]!) * channels + c]!;
  return { width, height, channels, data: out };
}

/** @throws FoveaError unless both are whole numbers from 1 to 16384. */
export function checkImageSize(height: number, width: number): void {
  const isFine = (size: number): boolean => Number.isInteger(size) && size >= 1 && size <= LARGEST;
  if (!isFine(height) || !isFine(width))
    throw new FoveaError(
      `image size: expected height x width in whole pixels from 1 to ${LARGEST}, received ${height}x${width}`,
    );
}

/**
 * Resizes to `height` x `width`, not keeping the aspect: Pillow's `resize((width, height), filter)` to the bit.
 * @throws FoveaError for a target without pixels.
 */
export function resizeImage(image: Pixels, height: number, width: number, interpolation: Interpolation): Pixels {
  checkImageSize(height, width);
  if (image.height === height && image.width === width) return image;
  if (interpolation === "nearest") return resizeNearest(image, height, width);
  const alongRows = (from: Pixels): Pixels =>
    from.width === width ? from : resizeRows(from, width, windowsFor(from.width, width, interpolation));
  const alongColumns = (from: Pixels): Pixels =>
    from.height === height ? from : resizeColumns(from, height, windowsFor(from.height, height, interpolation));
  // Pillow begins with the columns of very tall images that shrink; the rounding in between then differs.
  const columnsFirst = image.height > 100 * image.width && height < image.height;
  return columnsFirst ? alongRows(alongColumns(image)) : alongColumns(alongRows(image));
}
