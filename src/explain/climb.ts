// The way up from noise along the gradient: a picture is a sum of images from coarse to fine (`pyramid.ts`), and is
// shifted and stirred a little at first. Without these, what comes out is a pattern of high frequencies that nobody can
// read.
import type { Random } from "../core/random.js";
import { type Tensor, tensor } from "../core/tensor.js";
import type { Pyramid } from "./pyramid.js";

/** Each target's value in its image, and the slope of their sum in the pixels. */
export interface Seen {
  readonly values: Float32Array;
  readonly slopes: Float32Array;
}

/** An image for each target [n, height, width, channels], and their values. */
export interface Found {
  readonly images: Tensor<"float32">;
  readonly values: Float32Array;
}

/**
 * Distance by which single pixels are stirred at first: channels that look for edges see none in an even image, and would climb
 * only as far as one shade takes them.
 */
const STIR = 4;
/** Adam's usual constants. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8] as const;

export interface ClimbOptions {
  /** Parameters to start from, as the pyramid has them, and the values there. */
  readonly parameters: Float64Array;
  readonly values: Float32Array;
  readonly steps: number;
  readonly learningRate: number;
  readonly jitter: number;
  readonly random: Random;
  readonly look: (images: Tensor<"float32">) => Promise<Seen>;
  readonly onStep: (done: number, total: number) => void;
  /** Told the images as they stand, without shift and stir, at the start and after some steps; waited for. */
  readonly onLook: (step: number, found: Found) => Promise<void>;
}

/** The highest images on the way. */
export async function climbPyramid(pyramid: Pyramid, options: ClimbOptions): Promise<Found> {
  const { steps, jitter, random, look } = options;
  const climb = new Climb(pyramid, options.parameters, options.values);
  await options.onLook(0, { images: pyramid.images(climb.parameters), values: options.values });
  for (let step = 1; step <= steps; step++) {
    // Stirred and shifted at first, with large steps; in the end it stands still, so that edges come out sharp.
    const left = 1 - (step - 1) / steps;
    const unrest = Math.max(0, 2 * left - 1);
    const reach = Math.round(jitter * unrest);
    const shift = [random.integer(2 * reach + 1) - reach, random.integer(2 * reach + 1) - reach] as const;
    const stirred = pyramid.stirred(climb.parameters, random, STIR * unrest);
    const { slopes } = await look(pyramid.images(stirred, shift));
    climb.step(pyramid.backward(stirred, slopes, shift), options.learningRate * Math.min(1, 2 * left));
    options.onStep(step, steps);
    if (step % LOOKS !== 0 && step !== steps) continue;
    const images = pyramid.images(climb.parameters);
    const { values } = await look(images);
    climb.keep(values);
    await options.onLook(step, { images, values });
  }
  return { images: pyramid.images(climb.best), values: climb.values };
}

/** Of each target the better image. */
export function better(a: Found, b: Found): Found {
  const { dtype, shape } = a.images;
  const data = Float32Array.from(a.images.data);
  const size = data.length / a.values.length;
  b.values.forEach((value, i) => {
    if (value > a.values[i]!) data.set(b.images.data.subarray(i * size, (i + 1) * size), i * size);
  });
  return { images: tensor(data, shape, dtype), values: a.values.map((value, i) => Math.max(value, b.values[i]!)) };
}

/** Steps between two looks at the images as they are, without a shift. */
export const LOOKS = 8;

/** Adam uphill, which remembers for each image where it stood highest: a step too far may end where nothing fires. */
class Climb {
  readonly best: Float64Array;
  readonly values: Float32Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(
    readonly pyramid: Pyramid,
    readonly parameters: Float64Array,
    values: Float32Array,
  ) {
    this.best = Float64Array.from(parameters);
    this.values = Float32Array.from(values);
    this.#first = new Float64Array(parameters.length);
    this.#second = new Float64Array(parameters.length);
  }

  step(gradient: Float64Array, rate: number): void {
    const { parameters } = this;
    const [first, second] = [this.#first, this.#second];
    this.#steps++;
    const [c1, c2] = [1 - BETA1 ** this.#steps, 1 - BETA2 ** this.#steps];
    for (let i = 0; i < parameters.length; i++) {
      first[i] = BETA1 * first[i]! + (1 - BETA1) * gradient[i]!;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * gradient[i]! ** 2;
      parameters[i]! += (rate * (first[i]! / c1)) / (Math.sqrt(second[i]! / c2) + EPSILON);
    }
  }

  /** Told where the images stand now. One in which nothing fires any more has no slope: it goes back to its best. */
  keep(values: Float32Array): void {
    values.forEach((value, i) => {
      if (value > this.values[i]!) {
        this.values[i] = value;
        this.pyramid.copyImage(i, this.parameters, this.best);
      } else if (value === 0) {
        this.pyramid.copyImage(i, this.best, this.parameters);
        for (const memory of [this.#first, this.#second]) this.pyramid.clearImage(i, memory);
      }
    });
  }
}
