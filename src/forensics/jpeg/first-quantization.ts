// The first of two quantisations, from a histogram of DCT coefficients: Lin, He, Tang, Tang 2009 (Pattern Recognition 42)
// and Bianchi, Piva 2012 (IEEE TIFS 7(3)). Values that were rounded to multiples of a step before lie in clusters; a
// part of the image that was not shows the smooth density. A mixture of both is fitted by maximum likelihood.
import { erf, log } from "../../core/math.js";
import { BINS, BOUND } from "./low-frequencies.js";

/** The first quantisation of a frequency, if there was any. */
export interface FirstQuantization {
  /** Step of the first quantisation. */
  readonly step: number;
  /** Share of the blocks that went through it, 0 to 1. */
  readonly share: number;
  /** Gain of log-likelihood for each value (nats) over the model without a first quantisation. */
  readonly gain: number;
  /** The log of each bin's likelihood with the first quantisation over that without. */
  readonly ratio: Float64Array;
}

/** Steps of a first quantisation that are tried. */
const MOST_STEP = 48;
/** Rounds of expectation and maximisation for the share. */
const ROUNDS = 8;
/** The largest ratio of likelihoods that a value may speak for either side. */
const MOST_RATIO = 4;
/** Share of values that follow neither model: clipped pixels, edges of the pasted part. */
const OUTLIERS = 0.02;

/**
 * Density after a first quantisation with `step`, spread by errors of rounding and of other blocks.
 * @param density of values that were never quantised, by bins of one
 * @param deviation of the errors
 */
export function clustered(density: Float64Array, step: number, deviation: number): Float64Array {
  const out = new Float64Array(BINS);
  const reach = Math.ceil(4 * deviation + 0.5);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const z = (offset: number): number => erf((i - reach + offset) / (deviation * Math.SQRT2));
    return (z(0.5) - z(-0.5)) / 2;
  });
  const most = Math.floor(BOUND / step);
  for (let k = -most; k <= most; k++) {
    let mass = 0;
    // Halves are shared between the clusters on both sides.
    const [low, high] = [k * step - step / 2, k * step + step / 2];
    for (let value = Math.ceil(low); value <= high; value++) {
      const bin = value + BOUND;
      if (bin < 0 || bin >= BINS) continue;
      mass += density[bin]! * (value === low || value === high ? 0.5 : 1);
    }
    for (let i = 0; i < kernel.length; i++) {
      const bin = k * step + i - reach + BOUND;
      if (bin >= 0 && bin < BINS) out[bin]! += mass * kernel[i]!;
    }
  }
  return out;
}

/** Sums of a density over the bins of a quantisation: index by the quantised value plus `BOUND`. */
function quantized(density: Float64Array, step: number): Float64Array {
  if (step === 1) return density;
  const out = new Float64Array(BINS);
  for (let bin = 0; bin < BINS; bin++) {
    const value = (bin - BOUND) / step;
    const below = Math.floor(value);
    if (value - below === 0.5) {
      out[below + BOUND]! += density[bin]! / 2;
      out[below + 1 + BOUND]! += density[bin]! / 2;
    } else out[Math.round(value) + BOUND]! += density[bin]!;
  }
  return out;
}

export interface FitOptions {
  /** Step of the last quantisation, after which the counts are; 1 for values that were only rounded. */
  readonly last: number;
  /** Standard deviations of the errors between both quantisations that are tried. */
  readonly deviations: readonly number[];
}

/**
 * Fits each step of a first quantisation to counts of quantised values.
 * @param counts by the quantised value plus `BOUND`
 * @param density of values before any quantisation, by bins of one
 * @returns the best fit of each step from 2 to MOST_STEP; none of the last quantisation's own step, whose traces are
 * those of a single one
 */
export function fitFirstQuantization(
  counts: Float64Array,
  density: Float64Array,
  { last, deviations }: FitOptions,
): FirstQuantization[] {
  const plain = quantized(density, last);
  const places = Uint32Array.from(Array.from(counts.keys()).filter((bin) => counts[bin]! > 0));
  const total = places.reduce((sum, bin) => sum + counts[bin]!, 0);
  const fits: FirstQuantization[] = [];
  for (let step = 2; step <= MOST_STEP; step++) {
    if (step === last) continue;
    let best = { share: 0, gain: -Infinity, model: plain };
    for (const deviation of deviations) {
      const model = quantized(clustered(density, step, deviation), last);
      const { share, gain } = fitShare(counts, places, model, plain, total);
      if (gain > best.gain) best = { share, gain, model };
    }
    fits.push({ step, share: best.share, gain: best.gain, ratio: ratioOf(best.model, plain) });
  }
  return fits;
}

/** Logs of likelihood ratios by bins, bounded. */
const ratioOf = (model: Float64Array, plain: Float64Array): Float64Array =>
  Float64Array.from(plain, (p, bin) => {
    const value = log(((1 - OUTLIERS) * model[bin]! + OUTLIERS * p + 1e-12) / (p + 1e-12));
    return Math.max(-MOST_RATIO, Math.min(MOST_RATIO, value));
  });

/** The share of a mixture of two known densities, by expectation and maximisation, and the gain over the second alone. */
function fitShare(
  counts: Float64Array,
  places: Uint32Array,
  model: Float64Array,
  plain: Float64Array,
  total: number,
): { readonly share: number; readonly gain: number } {
  let share = 0.5;
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0;
    for (let i = 0; i < places.length; i++) {
      const bin = places[i]!;
      const mine = share * ((1 - OUTLIERS) * model[bin]! + OUTLIERS * plain[bin]!);
      sum += (counts[bin]! * mine) / (mine + (1 - share) * plain[bin]! + 1e-300);
    }
    share = sum / total;
  }
  let gain = 0;
  for (let i = 0; i < places.length; i++) {
    const bin = places[i]!;
    const mine = (1 - OUTLIERS) * model[bin]! + OUTLIERS * plain[bin]!;
    gain += counts[bin]! * log((share * mine + (1 - share) * plain[bin]!) / plain[bin]!);
  }
  return { share, gain: gain / total };
}
