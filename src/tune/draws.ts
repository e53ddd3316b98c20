// The randomness of trials: every draw of trial k is a function of the study's seed, k and a purpose (a parameter's
// name, mostly), so it does not matter which trials came before, in which process, or what else this one drew.
import { exp, log } from "../core/math.js";
import { Random, STREAM } from "../core/random.js";
import { type Choice, type Distribution, isSingle, type NumericalDistribution, toExternal } from "./distribution.js";

/** 28 bits of a text (FNV-1a over its UTF-16 units). */
function hash28(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 28)) & 0x0fffffff;
}

/** The draws of one trial for one purpose. */
export const trialRandom = (seed: number, trialNumber: number, purpose: string): Random =>
  new Random(seed, STREAM.tune + hash28(purpose), trialNumber);

/** Uniform in [0, 1) with all 53 bits of f64; `Random.uniform` has the 24 of f32. */
export const uniform53 = (random: Random): number =>
  ((random.uint32() >>> 5) * 2 ** 26 + (random.uint32() >>> 6)) * 2 ** -53;

/** The bounds between which a numerical parameter is drawn: half a step wider than it, logarithmic where it is. */
export function drawingBounds(distribution: NumericalDistribution): { low: number; high: number } {
  const half = (distribution.step ?? 0) / 2;
  const low = distribution.low - half;
  const high = distribution.high + half;
  return distribution.log ? { low: log(low), high: log(high) } : { low, high };
}

/** Brings a number between the drawing bounds back to one that the parameter can have. */
export function fromDrawn(distribution: NumericalDistribution, drawn: number): number {
  const { low, high, step } = distribution;
  const value = distribution.log ? exp(drawn) : drawn;
  if (step === undefined) return Math.min(Math.max(value, low), high);
  const stepped = low + Math.round((value - low) / step) * step;
  const neat = distribution.type === "float" ? Number(stepped.toPrecision(15)) : stepped;
  return Math.min(Math.max(neat, low), high);
}

/** Any value of a distribution, each equally likely (on its own scale). */
export function drawUniformly(distribution: Distribution, random: Random): Choice {
  if (distribution.type === "categorical") return distribution.choices[random.integer(distribution.choices.length)]!;
  if (isSingle(distribution)) return distribution.low;
  const { low, high } = drawingBounds(distribution);
  return toExternal(distribution, fromDrawn(distribution, low + (high - low) * uniform53(random)));
}
