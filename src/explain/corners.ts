// Images of extremes, each pixel as dark or as bright as it may be, that make channels of a first layer fire. Such a
// channel's mean is convex in the pixels, a sum of ReLUs of linear functions, so it is largest in a corner of the box of
// images. A step to the corner that its slope points at never leads down (Mangasarian, "Machine learning via
// polyhedral concave minimization", 1996). Where it starts decides where it ends: gratings of all directions are tried.
import { cos, sin } from "../core/math.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { type Found, LOOKS, type Seen } from "./climb.js";

/** Distances between the stripes of gratings, in pixels. */
const PERIODS: readonly number[] = [2, 3, 4, 6, 12];
const DIRECTIONS = 8;
/** Channels of a colour image that are bright where the first one is: the four ways, but for swapping dark and bright. */
const COLOURS: readonly (readonly number[])[] = [
  [1, 1, 1],
  [1, -1, -1],
  [1, 1, -1],
  [1, -1, 1],
];
/** Of a wave, so that no pixel lies between a dark and a bright stripe. */
const PHASE = 0.05;
/** Looks at each start and at what becomes of it: steps are large, and what is behind after these stays behind. */
const TRIES = 4;
/** The part of all steps that is kept for the best. */
const LAST = 1 / 8;

export interface CornerOptions {
  /** Images to start from, one for each target [n, height, width, channels], and their values. */
  readonly images: Tensor<"float32">;
  readonly values: Float32Array;
  /** Pixels' lowest and highest value. */
  readonly range: readonly [low: number, high: number];
  /** Number of steps, each of which looks once. */
  readonly steps: number;
  readonly look: (images: Tensor<"float32">) => Promise<Seen>;
  readonly onStep: (done: number, total: number) => void;
  /** Told the best images so far, at the start and after some steps; waited for. */
  readonly onLook: (step: number, found: Found) => Promise<void>;
}

/** The best images found for each target, and their values: none is worse than where it started. */
export async function climbCorners({
  images: { shape, data },
  values,
  range,
  steps,
  look,
  onStep,
  onLook,
}: CornerOptions): Promise<Found> {
  const best = { data: Float32Array.from(data), values: Float32Array.from(values) };
  const now = Float32Array.from(data);
  const size = data.length / values.length;
  const gratings = gratingsOf(shape as readonly [number, number, number, number], range);
  const found = (): Found => ({ images: tensor(best.data.slice(), shape, "float32"), values: best.values.slice() });
  await onLook(0, found());
  const trying = Math.min(TRIES * (gratings.length + 1), steps - Math.ceil(LAST * steps));
  for (let step = 0; step < steps; step++) {
    if (step === trying) now.set(best.data);
    else if (step < trying && step > 0 && step % TRIES === 0) {
      const grating = gratings[step / TRIES - 1]!;
      for (let i = 0; i < values.length; i++) now.set(grating, i * size);
    }
    const seen = await look({ dtype: "float32", shape, data: now });
    seen.values.forEach((value, i) => {
      if (!(value > best.values[i]!)) return;
      best.values[i] = value;
      best.data.set(now.subarray(i * size, (i + 1) * size), i * size);
    });
    const moved = toCorner(now, seen.slopes, range);
    onStep(step + 1, steps);
    const isLast = step + 1 === steps || (!moved && step >= trying);
    if (isLast || (step + 1) % LOOKS === 0) await onLook(step + 1, found());
    if (isLast) break;
  }
  return found();
}

/** Takes pixels to the end that their slope points at; says whether any was elsewhere. */
function toCorner(images: Float32Array, slopes: Float32Array, [low, high]: readonly [number, number]): boolean {
  let moved = false;
  slopes.forEach((slope, at) => {
    if (slope === 0) return;
    const end = slope > 0 ? high : low;
    moved ||= images[at] !== end;
    images[at] = end;
  });
  return moved;
}

/** Stripes over a whole image [height, width, channels], from fine to coarse. */
function gratingsOf(
  [, height, width, channels]: readonly [number, number, number, number],
  [low, high]: readonly [number, number],
): Float32Array[] {
  return PERIODS.flatMap((period, p) =>
    Array.from({ length: DIRECTIONS }, (_, d) => {
      const angle = (d * Math.PI) / DIRECTIONS;
      const [down, across] = [sin(angle) / period, cos(angle) / period];
      const colour = COLOURS[channels === 1 ? 0 : (p + d) % COLOURS.length]!;
      return Float32Array.from({ length: height * width * channels }, (_, at) => {
        const [y, x] = [Math.floor(at / channels / width), Math.floor(at / channels) % width];
        const wave = down * y + across * x + PHASE;
        const bright = wave - Math.floor(wave) < 0.5;
        return bright === colour[at % channels]! > 0 ? high : low;
      });
    }),
  );
}
