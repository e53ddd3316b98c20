// Pictures that make a channel or a class fire (Erhan et al., 2009; Olah, Mordvintsev and Schubert, "Feature
// visualization", 2017): the noise that they are measured against, the way up that suits what the layer sees, and the
// pictures. The ways are `climb.ts`'s and `corners.ts`'s.
import { FoveaError, oneOf, shown } from "../core/errors.js";
import { checkOptions, numberWithin, wholeNumber } from "../core/options.js";
import { Random, STREAM } from "../core/random.js";
import type { Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import { channelCeilings, sightOf } from "./ceiling.js";
import { better, climbPyramid, type Found, type Seen } from "./climb.js";
import { climbCorners } from "./corners.js";
import type { Picture } from "./maps.js";
import { expectMaps, meanActivations, Probe, SCORES, type Score, slope } from "./probe.js";
import { Pyramid } from "./pyramid.js";

/** Options of `visualizeFeatures`. */
export interface FeatureOptions {
  /** Meaning of the outputs where `targets` are these. Default `"class"`. */
  readonly score?: Score;
  /** A layer that puts out maps; without it, `targets` are classes or other outputs. */
  readonly layer?: string;
  /** Channels of the layer, or classes; a picture for each. */
  readonly targets: readonly number[];
  /** Steps of gradient ascent. Default 192. */
  readonly steps?: number;
  /** Learning rate of the first steps; it falls to 0. Layers that are linear in the pixels up to a ReLU do not use it. Default 0.08. */
  readonly learningRate?: number;
  /** Largest shift in pixels before a step of the first half; the same layers do not use it. Default: a twentieth of the shorter side. */
  readonly jitter?: number;
  /** Lowest and highest value of pixels that go into the model. Default [0, 255]. */
  readonly range?: readonly [number, number];
  /** Seed of the noise that pictures begin as. Default 0. */
  readonly seed?: number;
  /**
   * Called after each step with the steps done and all steps. Default: none.
   * @param done Steps done.
   * @param total All steps.
   */
  readonly onStep?: (done: number, total: number) => void;
  /**
   * Called every eighth step with the pictures so far, so that a page can draw them. A promise is awaited, and an error
   * that it throws ends the work. Where two searches are tried, it hears of the climb from noise, and the other may end
   * higher. Default: none.
   * @param look The pictures and the targets' values in them.
   */
  readonly onLook?: (look: FeatureLook) => void | Promise<void>;
}

/** Pictures on their way from noise, and each target's value in its picture as it stands. */
export interface FeatureLook {
  /** Steps done. */
  readonly step: number;
  /** All steps. */
  readonly steps: number;
  /** A picture for each target. */
  readonly pictures: readonly Picture[];
  /** Each target's mean activation, or its class's score. */
  readonly values: readonly number[];
}

/** Pictures and, for each, its target's mean activation (or its class's score) for noise and at the end. */
export interface Features {
  /** A picture for each target. */
  readonly pictures: readonly Picture[];
  /** Values of the noise that pictures began as. */
  readonly before: readonly number[];
  /** Values of the pictures at the end. */
  readonly after: readonly number[];
  /**
   * Bounds that the targets' mean activations exceed for no image, proven up to float32's rounding. For layers that look at
   * the pixels themselves; deeper ones have such bounds too, but several times too high to say anything.
   */
  readonly ceilings?: readonly number[];
}

/** Strengths of noise, tried one after the other until the target sees something in it. */
const NOISE: readonly number[] = [0.02, 0.3, 1, 3, 3, 3, 3, 3];

/**
 * Draws images to which channels of a layer, or classes, respond most strongly. A target's picture does not depend on the others.
 * @param model A built model of grey or RGB images.
 * @throws FoveaError for unknown options, targets that there are not, or a model that takes no grey or RGB images.
 * @example const { pictures } = await visualizeFeatures(model, { layer: "conv1", targets: [0, 1], steps: 4 });
 */
export async function visualizeFeatures(model: Model, options: FeatureOptions): Promise<Features> {
  checkFeatures(options);
  const {
    layer = "",
    score = "class",
    targets,
    steps = 192,
    learningRate = 0.08,
    range = [0, 255],
    seed = 0,
  } = options;
  const [height, width, channels] = model.inputShape as [number, number, number];
  if (channels !== 1 && channels !== 3)
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: expected a model of grey or RGB images, it takes ${channels} channels`,
    );
  const available = layer === "" ? model.outputShape[0]! : expectMaps(model, layer)[2];
  const wrong = targets.find((target) => !Number.isInteger(target) || target < 0 || target >= available);
  if (wrong !== undefined || targets.length === 0)
    throw new FoveaError(
      "out-of-range",
      `visualizeFeatures: expected targets from 0 to ${available - 1}, received ${wrong ?? "none"}`,
    );
  const jitter = options.jitter ?? Math.round(Math.min(height, width) / 20);
  const pyramid = new Pyramid(targets.length, [height, width, channels], range);
  const probe = new Probe(model, layer, score);
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
    const sight = layer === "" ? "far" : sightOf(probed.x, probed.maps);
    const ceilings = sight === "far" ? undefined : await channelCeilings(probe, targets, range);
    const common = { values: start.values, steps, look };
    const onLook = async (step: number, { images, values }: Found): Promise<void> =>
      options.onLook?.({ step, steps, pictures: picturesOf(images, range), values: [...values] });
    const unheard = async (): Promise<void> => {};
    // Either climb may lead higher where the mean is not convex. The progress counts a step of both as one step.
    const ways: Found[] = [];
    const told = (finished: number) => (done: number, total: number) =>
      options.onStep?.(sight === "near" ? Math.ceil((finished * total + done) / 2) : done, total);
    if (sight !== "far") {
      const climb = { ...common, images, range, onStep: told(0), onLook: sight === "convex" ? onLook : unheard };
      ways.push(await climbCorners(climb));
    }
    if (sight !== "convex") {
      const random = new Random(seed, STREAM.user);
      const { parameters } = start;
      const climb = { ...common, parameters, learningRate, jitter, random, onStep: told(ways.length), onLook };
      ways.push(await climbPyramid(pyramid, climb));
    }
    const found = ways.reduce(better);
    const pictures = picturesOf(found.images, range);
    return { pictures, before: [...start.values], after: [...found.values], ...(ceilings && { ceilings }) };
  } finally {
    await probe.close();
  }
}

const NAMES = ["score", "layer", "targets", "steps", "learningRate", "jitter", "range", "seed", "onStep", "onLook"];

/** @throws FoveaError for unknown options, and values that could not be. */
function checkFeatures(options: FeatureOptions): void {
  checkOptions("visualizeFeatures", options, NAMES);
  const { score, targets, steps, learningRate, jitter, range, seed } = options;
  if (!Array.isArray(targets))
    throw new FoveaError(
      "wrong-type",
      `visualizeFeatures targets: expected a list of numbers, received ${shown(targets)}`,
    );
  if (score !== undefined) oneOf("visualizeFeatures score", score, SCORES);
  for (const [name, value] of Object.entries({ steps, jitter, seed }))
    if (value !== undefined) wholeNumber(`visualizeFeatures ${name}`, value, 0);
  if (learningRate !== undefined) numberWithin("visualizeFeatures learningRate", learningRate, 0);
  if (range !== undefined && !(Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1]))
    throw new FoveaError("wrong-type", `visualizeFeatures range: expected [lowest, highest], received ${shown(range)}`);
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
