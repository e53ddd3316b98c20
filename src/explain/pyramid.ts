// Images as sums of images from coarse to fine, so that gradient steps change large shapes as readily as single pixels;
// with colours along the axes in which those of photos vary independently. Also the way back, for gradients.
import type { Random } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";

/** From independent axes to red, green and blue: the square root of the covariance of colours in ImageNet. */
const COLOURS: readonly (readonly number[])[] = [
  [0.26, 0.09, 0.02],
  [0.27, 0, -0.05],
  [0.27, -0.09, 0.03],
];
/** The length of the longest column, which scales the matrix. */
const LARGEST = 0.4619;

interface Level {
  readonly height: number;
  readonly width: number;
  readonly first: number;
}

export class Pyramid {
  readonly #levels: Level[] = [];
  readonly #length: number;
  /** How many times finer each level is than the one before. */
  static readonly #STEP = 2;

  constructor(
    readonly count: number,
    readonly shape: readonly [height: number, width: number, channels: number],
    readonly range: readonly [low: number, high: number],
  ) {
    let [height, width] = shape;
    let first = 0;
    for (;;) {
      this.#levels.push({ height, width, first });
      first += count * height * width * shape[2];
      if (Math.min(height, width) <= Pyramid.#STEP) break;
      [height, width] = [Math.ceil(height / Pyramid.#STEP), Math.ceil(width / Pyramid.#STEP)];
    }
    this.#length = first;
  }

  /** Noise on every level, up to half of an amplitude for each image. */
  noise(random: Random, amplitudes: readonly number[]): Float64Array {
    const parameters = new Float64Array(this.#length);
    for (const { height, width, first } of this.#levels) {
      const size = height * width * this.shape[2];
      amplitudes.forEach((amplitude, i) => {
        for (let at = 0; at < size; at++) parameters[first + i * size + at] = amplitude * (random.uniform() - 0.5);
      });
    }
    return parameters;
  }

  /** The images [count, height, width, channels], shifted around their edges by `shift` pixels. */
  images(parameters: Float64Array, shift: readonly [number, number] = [0, 0]): Tensor<"float32"> {
    const [low, high] = this.range;
    const sums = this.#sums(parameters);
    const data = new Float32Array(sums.length);
    this.#eachPixel(shift, (from, to) => {
      this.#mixed(sums, from).forEach((value, c) => {
        data[to + c] = low + (high - low) / (1 + Math.exp(-value));
      });
    });
    return { dtype: "float32", shape: [this.count, ...this.shape], data };
  }

  /** What gradients in the images, shifted likewise, come to in the parameters. */
  backward(parameters: Float64Array, slopes: Float32Array, shift: readonly [number, number]): Float64Array {
    const channels = this.shape[2];
    const sums = this.#sums(parameters);
    const inSums = new Float64Array(sums.length);
    this.#eachPixel(shift, (from, to) => {
      const values = this.#mixed(sums, from).map((value, c) => {
        const level = 1 / (1 + Math.exp(-value));
        return slopes[to + c]! * level * (1 - level);
      });
      for (let axis = 0; axis < channels; axis++)
        inSums[from + axis] =
          channels === 1
            ? values[0]!
            : values.reduce((sum, value, c) => sum + (value * COLOURS[c]![axis]!) / LARGEST, 0);
    });
    const gradient = new Float64Array(this.#length);
    for (const level of this.#levels)
      this.#spread(level, (parameter, pixel, weight) => {
        gradient[parameter]! += weight * inSums[pixel]!;
      });
    return gradient;
  }

  /** All levels added up, in the independent axes. */
  #sums(parameters: Float64Array): Float64Array {
    const [height, width, channels] = this.shape;
    const sums = new Float64Array(this.count * height * width * channels);
    for (const level of this.#levels)
      this.#spread(level, (parameter, pixel, weight) => {
        sums[pixel]! += weight * parameters[parameter]!;
      });
    return sums;
  }

  #mixed(sums: Float64Array, at: number): number[] {
    if (this.shape[2] === 1) return [sums[at]!];
    return COLOURS.map((row) => row.reduce((total, share, axis) => total + (share * sums[at + axis]!) / LARGEST, 0));
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

  /** Calls `each` for all pairs of a parameter of a level and a pixel that it reaches, bilinearly. */
  #spread(level: Level, each: (parameter: number, pixel: number, weight: number) => void): void {
    const [height, width, channels] = this.shape;
    const around = (extent: number, cells: number, i: number): [number, number, number] => {
      const at = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / extent - 0.5));
      const first = Math.floor(at);
      return [first, Math.min(cells - 1, first + 1), at - first];
    };
    for (let i = 0; i < this.count; i++)
      for (let y = 0; y < height; y++) {
        const [top, bottom, dy] = around(height, level.height, y);
        for (let x = 0; x < width; x++) {
          const [left, right, dx] = around(width, level.width, x);
          const pixel = ((i * height + y) * width + x) * channels;
          const cell = (row: number, column: number): number =>
            level.first + ((i * level.height + row) * level.width + column) * channels;
          for (let c = 0; c < channels; c++) {
            each(cell(top, left) + c, pixel + c, (1 - dy) * (1 - dx));
            if (dx > 0) each(cell(top, right) + c, pixel + c, (1 - dy) * dx);
            if (dy > 0) each(cell(bottom, left) + c, pixel + c, dy * (1 - dx));
            if (dx > 0 && dy > 0) each(cell(bottom, right) + c, pixel + c, dy * dx);
          }
        }
      }
  }
}
