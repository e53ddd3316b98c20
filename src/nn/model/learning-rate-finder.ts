// Finds a learning rate (Smith, "Cyclical learning rates for training neural networks", 2017): trains a few batches with
// a rate that rises from tiny to huge, watches the loss, and puts the model back as it was.
import { FoveaError } from "../../core/errors.js";
import { exp, log } from "../../core/math.js";
import { checkOptions, numberWithin, wholeNumber } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import { batchesOf, sourceOf, type TrainingData } from "./data.js";
import type { Model } from "./model.js";

/** Options of `findLearningRate`. */
export interface LearningRateFinderOptions {
  /** The lowest rate. Default 1e-6. */
  readonly minRate?: number;
  /** The highest rate. Default 1. */
  readonly maxRate?: number;
  /** Batches to try, each with a rate of its own. Default 100. */
  readonly steps?: number;
  /** Samples in a step. Default 32. */
  readonly batchSize?: number;
  /** Seed of the order of samples and of dropout. Default: the model's. */
  readonly seed?: number;
}

/** The rates that were tried, with their losses. */
export interface LearningRates {
  /** The rates, each a constant factor above the one before. */
  readonly rates: readonly number[];
  /** The loss at each rate, smoothed. The last may be that at which it went off. */
  readonly losses: readonly number[];
  /** The rate at which the loss falls fastest. */
  readonly suggestion: number;
}

/** Share of the past in the smoothed loss. */
const SMOOTHING = 0.9;
/** It goes no further once the loss is so many times the best. */
const DIVERGED = 4;

/** The numbers of samples, epoch after epoch. */
function* batches(samples: number, batchSize: number, seed: number): Generator<Int32Array> {
  for (let epoch = 0; ; epoch++)
    yield* batchesOf(samples, batchSize, new Random(seed, STREAM.shuffle, epoch).permutation(samples));
}

/** The rate at which the loss falls fastest along the logarithm of the rate, which rises by the same factor each step. */
function steepest(rates: readonly number[], losses: readonly number[]): number {
  let best = 0;
  let fall = Infinity;
  for (let i = 1; i + 1 < losses.length; i++) {
    const slope = losses[i + 1]! - losses[i - 1]!;
    if (slope < fall) {
      fall = slope;
      best = i;
    }
  }
  return rates[best]!;
}

/**
 * Tries rates on a compiled model and suggests one. Weights, optimizer and step count are as before afterwards.
 * @param model A compiled model; it computes as before afterwards.
 * @param data Samples and targets to learn from.
 * @throws FoveaError when the rate follows a schedule, or not even the lowest rates give a finite loss.
 * @example const { suggestion } = await findLearningRate(model, train, { batchSize: 4, steps: 20 });
 */
export async function findLearningRate(
  model: Model,
  data: TrainingData,
  options: LearningRateFinderOptions = {},
): Promise<LearningRates> {
  checkOptions("findLearningRate", options, ["minRate", "maxRate", "steps", "batchSize", "seed"]);
  const low = numberWithin("findLearningRate minRate", options.minRate ?? 1e-6, Number.MIN_VALUE);
  const high = numberWithin("findLearningRate maxRate", options.maxRate ?? 1, low);
  const steps = wholeNumber("findLearningRate steps", options.steps ?? 100, 4);
  const batchSize = wholeNumber("findLearningRate batchSize", options.batchSize ?? 32);
  const seed = options.seed ?? model.seed;
  const { trainer } = model;
  const { optimizer, iterations } = trainer;
  const source = sourceOf("findLearningRate", data, model.ports);
  const state = await model.readState();
  const rate = optimizer.learningRate;
  const rates: number[] = [];
  const losses: number[] = [];
  let mean = 0;
  let past = 1;
  let least = Infinity;
  try {
    for (const indices of batches(source.size, batchSize, seed)) {
      const step = rates.length;
      optimizer.learningRate = low * exp((log(high / low) * step) / (steps - 1));
      const { loss } = await trainer.train(await source.take(indices), seed);
      if (!Number.isFinite(loss)) break;
      rates.push(optimizer.learningRate);
      mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
      past *= SMOOTHING;
      // The first means know little of the past; this undoes that they began at 0.
      losses.push(mean / (1 - past));
      least = Math.min(least, losses[step]!);
      if (step + 1 === steps || losses[step]! > DIVERGED * least) break;
    }
  } finally {
    await model.writeState(state);
    trainer.iterations = iterations;
    if (optimizer.schedule === undefined) optimizer.learningRate = rate;
  }
  if (losses.length < 3)
    throw new FoveaError(
      "diverged",
      `findLearningRate: the loss is no finite number at a rate of ${low}; begin with a lower minRate`,
    );
  return { rates, losses, suggestion: steepest(rates, losses) };
}
