// Pictures that make a channel or a class fire: start from noise and follow the gradient (Erhan et al., 2009; Olah,
// Mordvintsev and Schubert, "Feature visualization", 2017). The picture is a sum of images from coarse to fine, with
// colours mixed as they are in photos, and is shifted and stirred a little at first: without these, what comes out is a
// pattern of high frequencies that nobody can read. Channels that look at the pixels themselves are `corners.ts`'s.
import { FoveaError } from "../core/errors.js";
import { Random, STREAM } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import { channelCeilings, seesPixels } from "./ceiling.js";
import { climbCorners, type Seen } from "./corners.js";
import type { Picture } from "./maps.js";
import { expectMaps, meanActivations, Probe, slope } from "./probe.js";
import { Pyramid } from "./pyramid.js";

export interface FeatureOptions {
  /** A layer that puts out maps; without it, `targets` are classes. */
  readonly layer?: string;
  /** Channels of the layer, or classes; a picture for each. */
  readonly targets: readonly number[];
  /** Default 192. */
  readonly steps?: number;
  /** Of the first steps; it falls to 0. Default 0.08. Of no account where `Features.ceilings` are given. */
  readonly learningRate?: number;
  /** Likewise. Largest shift in pixels before a step; none in the second half. Default: a twentieth of the shorter side. */
  readonly jitter?: number;
  /** What pixels go into the model as: its lowest and highest value. Default [0, 255]. */
  readonly range?: readonly [number, number];
  /** Default 0. */
  readonly seed?: number;
  readonly onStep?: (done: number, total: number) => void;
}

/** Pictures and, for each, its target's mean activation (or its class's score) for noise and at the end. */
export interface Features {
  readonly pictures: readonly Picture[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /**
   * What each target's mean activation exceeds for no image at all, proven up to float32's rounding. For layers that look
   * at the pixels themselves; deeper ones have such bounds too, but several times too high to say anything.
   */
  readonly ceilings?: readonly number[];
}

/** How far noise goes, tried one after the other until the target sees something in it. */
const NOISE: readonly number[] = [0.02, 0.3, 1, 3, 3, 3, 3, 3];
/**
 * How far single pixels are stirred at first: channels that look for edges see none in an even image, and would climb
 * only as far as one shade takes them.
 */
const STIR = 4;
/** Adam's usual constants. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8] as const;

/**
 * Draws what channels of a layer, or classes, fire hardest for. A target's picture does not depend on the others.
 * @throws FoveaError for targets that there are not, or a model that takes no grey or RGB images.
 * @example const { pictures } = await visualizeFeatures(model, { layer: "conv3", targets: [0, 1, 2, 3] });
 */
export async function visualizeFeatures(model: Model, options: FeatureOptions): Promise<Features> {
  const { layer = "", targets, steps = 192, learningRate = 0.08, range = [0, 255], seed = 0 } = options;
  const [height, width, channels] = model.inputShape as [number, number, number];
  if (channels !== 1 && channels !== 3)
    throw new FoveaError(`${model.label}: expected a model of grey or RGB images, it takes ${channels} channels`);
  const available = layer === "" ? model.outputShape[0]! : expectMaps(model, layer)[2];
  const wrong = targets.find((target) => !Number.isInteger(target) || target < 0 || target >= available);
  if (wrong !== undefined || targets.length === 0)
    throw new FoveaError(`visualizeFeatures: expected targets from 0 to ${available - 1}, received ${wrong ?? "none"}`);
  const jitter = options.jitter ?? Math.round(Math.min(height, width) / 20);
  const random = new Random(seed, STREAM.user);
  const pyramid = new Pyramid(targets.length, [height, width, channels], range);
  const probe = new Probe(model, layer);
  const classes = Int32Array.from(targets);
  const look = async (images: Tensor<"float32">): Promise<Seen> => {
    const [slopes, values] = await probe.compute("features", images, classes, ({ x, maps, scores }) => {
      const values = layer === "" ? scores() : meanActivations(maps, targets);
      return [slope(values, x), values];
    });
    return { slopes: slopes!.data as Float32Array, values: values!.data as Float32Array };
  };
  try {
    const start = await noticed(pyramid, targets, seed, layer === "", look);
    const images = pyramid.images(start.parameters);
    const { probed } = probe.trace(images, targets.length);
    if (layer !== "" && seesPixels(probed.x, probed.maps)) {
      const ceilings = await channelCeilings(probe, targets, range);
      const { onStep } = options;
      const found = await climbCorners({ images, values: start.values, range, steps, look, onStep });
      const pictures = picturesOf(found.images, range);
      return { pictures, before: [...start.values], after: [...found.values], ...(ceilings && { ceilings }) };
    }
    const climb = new Climb(pyramid, start.parameters, start.values);
    for (let step = 1; step <= steps; step++) {
      // Stirred and shifted at first, with large steps; in the end it stands still, so that edges come out sharp.
      const left = 1 - (step - 1) / steps;
      const unrest = Math.max(0, 2 * left - 1);
      const reach = Math.round(jitter * unrest);
      const shift = [random.integer(2 * reach + 1) - reach, random.integer(2 * reach + 1) - reach] as const;
      const stirred = pyramid.stirred(climb.parameters, random, STIR * unrest);
      const { slopes } = await look(pyramid.images(stirred, shift));
      climb.step(pyramid.backward(stirred, slopes, shift), learningRate * Math.min(1, 2 * left));
      if (step % LOOKS === 0 || step === steps) climb.keep((await look(pyramid.images(climb.parameters))).values);
      options.onStep?.(step, steps);
    }
    return {
      pictures: picturesOf(pyramid.images(climb.best), range),
      before: [...start.values],
      after: [...climb.values],
    };
  } finally {
    await probe.close();
  }
}

/** Noise that the targets see something in: a ReLU that puts out 0 has no slope to climb. */
async function noticed(
  pyramid: Pyramid,
  targets: readonly number[],
  seed: number,
  always: boolean,
  look: (images: Tensor<"float32">) => Promise<Seen>,
): Promise<{ readonly parameters: Float64Array; readonly values: Float32Array }> {
  const attempts = targets.map(() => 0);
  for (;;) {
    const noise = attempts.map((attempt, i) => ({
      amplitude: NOISE[attempt]!,
      random: new Random(seed, STREAM.user + 1 + attempt, targets[i]),
    }));
    const parameters = pyramid.noise(noise);
    const { values } = await look(pyramid.images(parameters));
    const silent = attempts.flatMap((attempt, i) => (values[i] === 0 && attempt < NOISE.length - 1 ? [i] : []));
    if (always || silent.length === 0) return { parameters, values };
    for (const i of silent) attempts[i]! += 1;
  }
}

/** Steps between two looks at the images as they are, without a shift. */
const LOOKS = 8;

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

function picturesOf({ shape, data }: Tensor<"float32">, [low, high]: readonly [number, number]): Picture[] {
  const [n, height, width, channels] = shape as [number, number, number, 1 | 3];
  const size = height * width * channels;
  return Array.from({ length: n }, (_, i) => ({
    height,
    width,
    channels,
    data: Uint8Array.from(data.subarray(i * size, (i + 1) * size), (value) =>
      Math.round((255 * (value - low)) / (high - low)),
    ),
  }));
}
