// Quasi-random search: the points of a Halton sequence, which cover the space more evenly than random ones. Scrambled
// by the seed with a permutation of its own for every digit (Owen, "A randomized Halton algorithm in R", 2017), so
// that no two large bases move in step.
import { checkOptions } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import { type Choice, type Distribution, toExternal } from "../distribution.js";
import { drawingBounds, fromDrawn } from "../draws.js";
import type { Sampler, SamplerView } from "./sampler.js";

/** Digits beyond this change nothing in 53 bits. */
const SMALLEST = 2 ** -53;
/** Keeps the permutations' draws apart from those of trials. */
const PURPOSE = STREAM.tune + 0x01000000;

/** The i-th prime: the base of the i-th parameter. */
function prime(i: number): number {
  for (let candidate = 2; ; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate && i-- === 0) return candidate;
  }
}

/** The `index`-th number in [0, 1) of the scrambled sequence in the base of parameter `dimension`. */
export function halton(index: number, dimension: number, seed: number): number {
  const base = prime(dimension);
  let value = 0;
  let unit = 1 / base;
  let rest = index;
  for (let digit = 0; unit > SMALLEST; digit++, unit /= base) {
    const digits = new Random(seed, PURPOSE + dimension, digit).permutation(base);
    value += unit * digits[rest % base]!;
    rest = Math.floor(rest / base);
  }
  return Math.min(value, 1 - SMALLEST);
}

/** The value at a share of the way through a distribution: the inverse of its cumulative probability. */
function valueAt(distribution: Distribution, share: number): Choice {
  if (distribution.type === "categorical")
    return distribution.choices[Math.floor(share * distribution.choices.length)]!;
  const { low, high } = drawingBounds(distribution);
  return toExternal(distribution, fromDrawn(distribution, low + (high - low) * share));
}

/** Names in the order in which the study first met them: each is a dimension of its own. */
function dimensionOf(view: SamplerView, name: string, met: readonly string[]): number {
  const names = new Set<string>();
  for (const trial of view.trials) for (const known of Object.keys(trial.params)) names.add(known);
  for (const known of met) names.add(known);
  return [...names, name].indexOf(name);
}

/**
 * Trial k takes the k-th point of a scrambled Halton sequence; every parameter name is a dimension.
 * @param options No options; an empty object.
 * @example createStudy({ sampler: quasiRandomSampler() });
 */
export function quasiRandomSampler(options: Record<never, never> = {}): Sampler {
  checkOptions("quasiRandomSampler", options, []);
  const asked = new WeakMap<SamplerView, string[]>();
  return {
    name: "quasi-random",
    propose: () => ({ params: {} }),
    sample(view, name, distribution) {
      const met = asked.get(view) ?? [];
      const dimension = dimensionOf(view, name, met);
      asked.set(view, [...met, name]);
      return valueAt(distribution, halton(view.number, dimension, view.seed));
    },
  };
}
