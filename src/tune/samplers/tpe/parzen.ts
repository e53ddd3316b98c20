// The Parzen estimator: a mixture of products of kernels, one product for each observed trial and one wide prior.
// Knows densities and draws; which trials are observed is the sampler's business.
import { exp, log } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import { uniform53 } from "../../draws.js";
import type { SearchSpace } from "../search-space.js";
import type { Column } from "./column.js";
import { type Kernels, kernelsFor } from "./kernels.js";

/** Terms so far below the largest change no sum of f64. */
const NEGLIGIBLE = 40;
/** So many newest observations have full weight. */
const FULL_WEIGHT = 25;
const PRIOR_WEIGHT = 1;

/** Optuna's default weights: old observations fade linearly, the newest 25 count fully. */
function defaultWeights(count: number): Float64Array {
  const fading = Math.max(0, count - FULL_WEIGHT);
  const first = 1 / count;
  return Float64Array.from({ length: count }, (_, i) => {
    if (i >= fading) return 1;
    return fading === 1 ? first : first + (i * (1 - first)) / (fading - 1);
  });
}

export class ParzenEstimator {
  readonly #dimensions: readonly Kernels[];
  readonly #weights: Float64Array;
  readonly #logWeights: Float64Array;

  /**
   * @param observations a column for each parameter of the space
   * @param weights one for each observation; default `defaultWeights`
   */
  constructor(space: SearchSpace, observations: readonly Column[], weights?: Float64Array) {
    const count = observations[0]?.values.length ?? 0;
    this.#dimensions = [...space.values()].map((distribution, i) => kernelsFor(distribution, observations[i]!));
    const all = new Float64Array(count + 1).fill(PRIOR_WEIGHT);
    all.set(weights ?? defaultWeights(count));
    const sum = all.reduce((total, weight) => total + weight, 0);
    this.#weights = all.map((weight) => weight / sum);
    this.#logWeights = this.#weights.map(log);
  }

  /** The log-density at each of several points; `points[i]` is the column of the i-th parameter. */
  logDensity(points: readonly Float64Array[]): Float64Array {
    const constants = this.#logWeights.slice();
    for (const dimension of this.#dimensions) dimension.addConstants(constants);
    const terms = new Float64Array(constants.length);
    return points[0]!.map((_, p) => {
      terms.set(constants);
      this.#dimensions.forEach((dimension, i) => {
        dimension.addAt(points[i]![p]!, terms);
      });
      return logSumExp(terms);
    });
  }

  /** `count` draws, a column for each parameter. */
  sample(random: Random, count: number): Float64Array[] {
    const columns = this.#dimensions.map(() => new Float64Array(count));
    for (let i = 0; i < count; i++) {
      const kernel = this.#pick(uniform53(random));
      this.#dimensions.forEach((dimension, d) => {
        columns[d]![i] = dimension.sample(kernel, random);
      });
    }
    return columns;
  }

  #pick(draw: number): number {
    let sum = 0;
    const last = this.#weights.length - 1;
    for (let k = 0; k < last; k++) {
      sum += this.#weights[k]!;
      if (draw < sum) return k;
    }
    return last;
  }
}

/** ln of the sum of e^term. Most kernels are far away and add nothing. */
function logSumExp(terms: Float64Array): number {
  let highest = -Infinity;
  for (let k = 0; k < terms.length; k++) if (terms[k]! > highest) highest = terms[k]!;
  if (highest === -Infinity) return highest;
  let sum = 0;
  const least = highest - NEGLIGIBLE;
  for (let k = 0; k < terms.length; k++) if (terms[k]! >= least) sum += exp(terms[k]! - highest);
  return highest + log(sum);
}
