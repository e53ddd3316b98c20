// Pictures that make a channel or a class fire: start from noise and follow the gradient (Erhan et al., 2009; Olah,
// Mordvintsev and Schubert, "Feature visualization", 2017). The picture is a sum of images from coarse to fine, with
// colours mixed as they are in photos, and is shifted a little before each step: without these, what comes out is a
// pattern of high frequencies that nobody can read.
import { FoveaError } from "../core/errors.js";
import * as f from "../core/graph/functions.js";
import type { Value } from "../core/graph/node.js";
import { Random, STREAM } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import type { Picture } from "./maps.js";
import { expectMaps, Probe, slope } from "./probe.js";
import { Pyramid } from "./pyramid.js";

export interface FeatureOptions {
  /** A layer that puts out maps; without it, `targets` are classes. */
  readonly layer?: string;
  /** Channels of the layer, or classes; a picture for each. */
  readonly targets: readonly number[];
  /** Default 128. */
  readonly steps?: number;
  /** Default 0.05. */
  readonly learningRate?: number;
  /** Largest shift in pixels before a step. Default: a twentieth of the shorter side. */
  readonly jitter?: number;
  /** What pixels go into the model as: its lowest and highest value. Default [0, 255]. */
  readonly range?: readonly [number, number];
  /** Default 0. */
  readonly seed?: number;
  readonly onStep?: (done: number, total: number) => void;
}

/** Pictures and, for each, its target's mean activation (or its class's score) at the start and at the end. */
export interface Features {
  readonly pictures: readonly Picture[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** How far noise goes, tried one after the other. */
const NOISE: readonly number[] = [0.02, 0.3, 1, 3];
/** Adam's usual constants. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8] as const;

/**
 * Draws what channels of a layer, or classes, fire hardest for.
 * @example const { pictures } = await visualizeFeatures(model, { layer: "conv3", targets: [0, 1, 2, 3] });
 */
export async function visualizeFeatures(model: Model, options: FeatureOptions): Promise<Features> {
  const { layer = "", targets, steps = 128, learningRate = 0.05, range = [0, 255], seed = 0 } = options;
  const [height, width, channels] = model.inputShape as [number, number, number];
  if (channels !== 1 && channels !== 3)
    throw new FoveaError(`${model.label}: expected a model of grey or RGB images, it takes ${channels} channels`);
  const available = layer === "" ? model.outputShape[0]! : expectMaps(model, layer)[2];
  const wrong = targets.find((target) => !Number.isInteger(target) || target < 0 || target >= available);
  if (wrong !== undefined || targets.length === 0)
    throw new FoveaError(`visualizeFeatures: expected targets from 0 to ${available - 1}, received ${wrong ?? "none"}`);
  const jitter = options.jitter ?? Math.round(Math.min(height, width) / 20);
  const n = targets.length;
  const classes = Int32Array.from(targets);
  const random = new Random(seed, STREAM.user);
  const pyramid = new Pyramid(n, [height, width, channels], range);
  const probe = new Probe(model, layer);
  const look = async (images: Tensor<"float32">): Promise<{ slopes: Float32Array; values: Float32Array }> => {
    const outputs = await probe.compute("features", images, classes, ({ x, maps, scores }) => {
      const values = layer === "" ? scores : meanActivations(maps, targets);
      return [slope(f.sum(values), x), values];
    });
    return { slopes: outputs[0]!.data as Float32Array, values: outputs[1]!.data as Float32Array };
  };
  /** Noise that the targets see something in: a ReLU that puts out 0 has no slope to climb. */
  const start = async () => {
    const amplitudes = targets.map(() => NOISE[0]!);
    for (let attempt = 1; ; attempt++) {
      const parameters = pyramid.noise(new Random(seed, STREAM.user, attempt), amplitudes);
      const before = (await look(pyramid.images(parameters))).values;
      if (layer === "" || attempt === NOISE.length || before.every((value) => value !== 0))
        return { parameters, before };
      before.forEach((value, i) => {
        if (value === 0) amplitudes[i] = NOISE[attempt]!;
      });
    }
  };
  try {
    const { parameters, before } = await start();
    const [first, second] = [parameters.map(() => 0), parameters.map(() => 0)];
    for (let step = 1; step <= steps; step++) {
      const shift = [random.integer(2 * jitter + 1) - jitter, random.integer(2 * jitter + 1) - jitter] as const;
      const { slopes } = await look(pyramid.images(parameters, shift));
      const gradient = pyramid.backward(parameters, slopes, shift);
      const [c1, c2] = [1 - BETA1 ** step, 1 - BETA2 ** step];
      for (let i = 0; i < parameters.length; i++) {
        first[i] = BETA1 * first[i]! + (1 - BETA1) * gradient[i]!;
        second[i] = BETA2 * second[i]! + (1 - BETA2) * gradient[i]! ** 2;
        parameters[i]! += (learningRate * (first[i]! / c1)) / (Math.sqrt(second[i]! / c2) + EPSILON);
      }
      options.onStep?.(step, steps);
    }
    const images = pyramid.images(parameters);
    const after = (await look(images)).values;
    return { pictures: picturesOf(images, range), before: [...before], after: [...after] };
  } finally {
    await probe.close();
  }
}

/** The mean of channel `targets[i]` over the maps of image i. */
function meanActivations(maps: Value, targets: readonly number[]): Value {
  const [n, , , channels] = maps.type.shape as [number, number, number, number];
  const means = f.mean(maps, [1, 2]);
  // A row of zeros with a single one for each image, from the positions alone.
  const position = f.iota([n, channels], 1);
  const row = f.iota([n, channels], 0);
  const chosen = targets
    .map((target, i) => f.mul(f.equal(position, target), f.equal(row, i)))
    .reduce((a, b) => f.add(a, b));
  return f.sum(f.mul(means, chosen), [1]);
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
