// Images as sums of images from coarse to fine, so that gradient steps change large shapes as readily as single pixels;
// with colours along the axes in which those of photos vary independently. Also the way back, for gradients.
import type { Random } from "../core/random.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { between, type Neighbours } from "./maps.js";

/** From independent axes to red, green and blue: the square root of the covariance of colours in ImageNet. */
const COLOURS: readonly (readonly number[])[] = [
  [0.26, 0.09, 0.02],
  [0.27, 0, -0.05],
  [0.27, -0.09, 0.03],
];
/** The length of the longest column, which scales the matrix. */
const LARGEST = 0.4619;
/** The same for grey images: the one axis is the one channel. */
const GREY: readonly (readonly number[])[] = [[LARGEST]];

/** Factor by which each level is finer than the one before. */
const STEP = 2;

interface Level {
  readonly height: number;
  readonly width: number;
  /** Place of the level's first number among all. */
  readonly first: number;
  /** Places of a row, and of a column, of this level among those of the next coarser one. */
  readonly down: readonly Neighbours[];
  readonly across: readonly Neighbours[];
}

export class Pyramid {
  /** From fine to coarse. */
  readonly #levels: Level[] = [];
  readonly #length: number;
  readonly #mix: readonly (readonly number[])[];

  constructor(
    readonly count: number,
    readonly shape: readonly [height: number, width: number, channels: number],
    readonly range: readonly [low: number, high: number],
  ) {
    let [height, width] = shape;
    let first = 0;
    for (;;) {
      const coarser = [Math.ceil(height / STEP), Math.ceil(width / STEP)] as const;
      const [down, across] = [between(height, coarser[0]), between(width, coarser[1])];
      this.#levels.push({ height, width, first, down, across });
      first += count * height * width * shape[2];
      if (Math.min(height, width) <= STEP) break;
      [height, width] = coarser;
    }
    this.#length = first;
    this.#mix = (shape[2] === 1 ? GREY : COLOURS).map((row) => row.map((share) => share / LARGEST));
  }

  /** Noise on every level, up to half of an amplitude: one source for each image. */
  noise(sources: readonly { readonly random: Random; readonly amplitude: number }[]): Float64Array {
    const parameters = new Float64Array(this.#length);
    sources.forEach(({ random, amplitude }, i) => {
      for (const [first, end] of this.#partsOf(i))
        for (let at = first; at < end; at++) parameters[at] = amplitude * (random.uniform() - 0.5);
    });
    return parameters;
  }

  /** The parameters with noise on the single pixels, the same in each image. */
  stirred(parameters: Float64Array, random: Random, amplitude: number): Float64Array {
    if (amplitude === 0) return parameters;
    const [first, end] = this.#partsOf(0)[0]!;
    const noise = Float64Array.from({ length: end - first }, () => amplitude * (random.uniform() - 0.5));
    const out = Float64Array.from(parameters);
    for (let at = 0; at < this.count * noise.length; at++) out[first + at]! += noise[at % noise.length]!;
    return out;
  }

  /** Copies what makes one of the images. */
  copyImage(image: number, from: Float64Array, to: Float64Array): void {
    for (const [first, end] of this.#partsOf(image)) to.set(from.subarray(first, end), first);
  }

  /** Sets all of an image's numbers to 0. */
  clearImage(image: number, numbers: Float64Array): void {
    for (const [first, end] of this.#partsOf(image)) numbers.fill(0, first, end);
  }

  /** Places of an image's numbers: from, and up to, for each level. */
  #partsOf(image: number): (readonly [number, number])[] {
    return this.#levels.map(({ height, width, first }) => {
      const size = height * width * this.shape[2];
      return [first + image * size, first + (image + 1) * size];
    });
  }

  /** The images [count, height, width, channels], shifted around their edges by `shift` pixels. */
  images(parameters: Float64Array, shift: readonly [number, number] = [0, 0]): Tensor<"float32"> {
    const [low, high] = this.range;
    const levels = this.#brightness(parameters);
    const data = new Float32Array(levels.length);
    this.#eachPixel(shift, (from, to) => {
      for (let c = 0; c < this.shape[2]; c++) data[to + c] = low + (high - low) * levels[from + c]!;
    });
    return tensor(data, [this.count, ...this.shape], "float32");
  }

  /** Gradients in the parameters, from those in the images, shifted likewise. */
  backward(parameters: Float64Array, slopes: Float32Array, shift: readonly [number, number]): Float64Array {
    const channels = this.shape[2];
    const [low, high] = this.range;
    const levels = this.#brightness(parameters);
    const gradient = new Float64Array(this.#length);
    this.#eachPixel(shift, (from, to) => {
      for (let c = 0; c < channels; c++) {
        const level = levels[from + c]!;
        const slope = slopes[to + c]! * (high - low) * level * (1 - level);
        for (let axis = 0; axis < channels; axis++) gradient[from + axis]! += slope * this.#mix[c]![axis]!;
      }
    });
    // The finest level comes first, so what it got is where it belongs; each coarser one gets it from the one before.
    this.#eachStep((finer, coarser, weight) => {
      gradient[coarser]! += weight * gradient[finer]!;
    });
    return gradient;
  }

  /** Brightness of each channel of each pixel, from 0 to 1: all levels added up, mixed, through a sigmoid. */
  #brightness(parameters: Float64Array): Float64Array {
    const sums = Float64Array.from(parameters);
    this.#eachStep(
      (finer, coarser, weight) => {
        sums[finer]! += weight * sums[coarser]!;
      },
      { coarseFirst: true },
    );
    const channels = this.shape[2];
    const [height, width] = this.shape;
    const levels = new Float64Array(this.count * height * width * channels);
    for (let at = 0; at < levels.length; at += channels)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let axis = 0; axis < channels; axis++) sum += this.#mix[c]![axis]! * sums[at + axis]!;
        levels[at + c] = 1 / (1 + Math.exp(-sum));
      }
    return levels;
  }

  /** Calls `each` for every pixel with where its first channel is before and after the shift. */
  #eachPixel([down, right]: readonly [number, number], each: (from: number, to: number) => void): void {
    const [height, width, channels] = this.shape;
    for (let i = 0; i < this.count; i++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const row = (((y + down) % height) + height) % height;
          const column = (((x + right) % width) + width) % width;
          each(((i * height + y) * width + x) * channels, ((i * height + row) * width + column) * channels);
        }
  }

  /** Calls `each` for all pairs of a number of a level and one of the next coarser level that reaches it, bilinearly. */
  #eachStep(each: (finer: number, coarser: number, weight: number) => void, { coarseFirst = false } = {}): void {
    const steps = this.#levels.slice(1).map((coarse, i) => [this.#levels[i]!, coarse] as const);
    for (const [fine, coarse] of coarseFirst ? steps.reverse() : steps) this.#between(fine, coarse, each);
  }

  #between(fine: Level, coarse: Level, each: (finer: number, coarser: number, weight: number) => void): void {
    const channels = this.shape[2];
    for (let i = 0; i < this.count; i++)
      for (let y = 0; y < fine.height; y++) {
        const [top, bottom, dy] = fine.down[y]!;
        const [upper, lower] = [top, bottom].map(
          (row) => coarse.first + (i * coarse.height + row) * coarse.width * channels,
        );
        for (let x = 0; x < fine.width; x++) {
          const [left, right, dx] = fine.across[x]!;
          const to = fine.first + ((i * fine.height + y) * fine.width + x) * channels;
          for (let c = 0; c < channels; c++) {
            const [a, b] = [left * channels + c, right * channels + c];
            each(to + c, upper! + a, (1 - dy) * (1 - dx));
            each(to + c, upper! + b, (1 - dy) * dx);
            each(to + c, lower! + a, dy * (1 - dx));
            each(to + c, lower! + b, dy * dx);
          }
        }
      }
  }
}
