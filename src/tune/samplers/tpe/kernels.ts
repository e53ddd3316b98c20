// The kernels of a Parzen estimator along one parameter: a truncated normal, or a categorical distribution, around each
// observation and one wide prior after them. Widths follow the distance to neighbours (Bergstra et al. 2011; Watanabe
// 2023, "Tree-structured Parzen estimator", section 3.3), as Optuna has them.

import { log } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import { logNormalMass, truncatedNormalQuantile } from "../../../core/statistics/normal.js";
import type { CategoricalDistribution, Distribution, NumericalDistribution } from "../../distribution.js";
import { drawingBounds, fromDrawn, uniform53 } from "../../draws.js";
import type { Column } from "./column.js";

const LOG_SQRT_2PI = 0.9189385332046727;
/** So many widths from a kernel's centre its mass is below e^-60. */
const BEYOND = 11;

/** An internal value on its parameter's own scale: its logarithm where it is logarithmic. */
export const scaled = (distribution: Distribution, internal: number): number =>
  distribution.type !== "categorical" && distribution.log ? log(internal) : internal;

/** All kernels along one parameter. Values are in internal representation, observations on the parameter's own scale. */
export interface Kernels {
  /** Adds to `into` the part of each kernel's log-density that is the same everywhere. */
  addConstants(into: Float64Array): void;
  /** Adds to `into` the part of each kernel's log-density that depends on the value. */
  addAt(value: number, into: Float64Array): void;
  /** A value from one kernel. */
  sample(kernel: number, random: Random): number;
}

export function kernelsFor(distribution: Distribution, observations: Column): Kernels {
  return distribution.type === "categorical"
    ? categoricalKernels(distribution, observations.values)
    : numericalKernels(distribution, observations);
}

function categoricalKernels({ choices }: CategoricalDistribution, observations: Float64Array): Kernels {
  const count = choices.length;
  const share = 1 / (observations.length + 1);
  const total = 1 + count * share;
  const hit = (1 + share) / total;
  const miss = share / total;
  const seen = observations.length;
  const [logHit, logMiss, logPrior] = [log(hit), log(miss), log(1 / count)];
  return {
    addConstants(into) {
      into[seen]! += logPrior;
    },
    addAt(value, into) {
      for (let k = 0; k < seen; k++) into[k]! += observations[k] === value ? logHit : logMiss;
    },
    sample(kernel, random) {
      const draw = uniform53(random);
      const favourite = kernel === seen ? -1 : observations[kernel]!;
      let sum = 0;
      for (let choice = 0; choice < count - 1; choice++) {
        sum += favourite < 0 ? 1 / count : choice === favourite ? hit : miss;
        if (draw <= sum) return choice;
      }
      return count - 1;
    },
  };
}

function numericalKernels(distribution: NumericalDistribution, observations: Column): Kernels {
  const { low, high } = drawingBounds(distribution);
  const seen = observations.values.length;
  const centres = new Float64Array(seen + 1);
  centres.set(observations.values);
  const widths = widthsOf(observations, low, high);
  centres[seen] = 0.5 * (low + high);
  const sample = (kernel: number, random: Random): number => {
    const [centre, width] = [centres[kernel]!, widths[kernel]!];
    const z = truncatedNormalQuantile(uniform53(random), (low - centre) / width, (high - centre) / width);
    return fromDrawn(distribution, z * width + centre);
  };
  const mass = (kernel: number): number =>
    logNormalMass((low - centres[kernel]!) / widths[kernel]!, (high - centres[kernel]!) / widths[kernel]!);
  return {
    ...(distribution.step === undefined
      ? continuousDensity(distribution, centres, widths, mass)
      : steppedDensity(distribution, distribution.step, centres, widths, observations.order, mass)),
    sample,
  };
}

type Density = Omit<Kernels, "sample">;

function continuousDensity(
  { log: isLog }: NumericalDistribution,
  centres: Float64Array,
  widths: Float64Array,
  mass: (kernel: number) => number,
): Density {
  const inverse = widths.map((width) => 1 / width);
  return {
    addConstants(into) {
      // Most kernels have the least width: its logarithm need not be taken ten thousand times.
      let [width, logWidth] = [1, 0];
      for (let k = 0; k < into.length; k++) {
        if (widths[k] !== width) {
          width = widths[k]!;
          logWidth = log(width);
        }
        into[k]! -= logWidth + LOG_SQRT_2PI + mass(k);
      }
    },
    addAt(value, into) {
      const x = isLog ? log(value) : value;
      for (let k = 0; k < into.length; k++) {
        const z = (x - centres[k]!) * inverse[k]!;
        into[k]! -= 0.5 * z * z;
      }
    },
  };
}

/** With steps a kernel's mass over the step around a value counts. Many kernels are alike, so masses are kept. */
function steppedDensity(
  { log: isLog }: NumericalDistribution,
  step: number,
  centres: Float64Array,
  widths: Float64Array,
  order: ArrayLike<number>,
  mass: (kernel: number) => number,
): Density {
  const { alike, examples } = alikeKernels(centres, widths, order);
  const byValue = new Map<number, Float64Array>();
  const massesAt = (value: number): Float64Array => {
    const half = step / 2;
    const left = isLog ? log(value - half) : value - half;
    const right = isLog ? log(value + half) : value + half;
    return Float64Array.from(examples, (k) => {
      const [from, to] = [(left - centres[k]!) / widths[k]!, (right - centres[k]!) / widths[k]!];
      const distance = Math.max(from, -to);
      // At most so much mass: too little to count beside the prior's, so the exact figure is of no use.
      return distance > BEYOND ? -0.5 * distance * distance : logNormalMass(from, to);
    });
  };
  return {
    addConstants(into) {
      const masses = examples.map(mass);
      for (let k = 0; k < into.length; k++) into[k]! -= masses[alike[k]!]!;
    },
    addAt(value, into) {
      const masses = byValue.get(value) ?? massesAt(value);
      byValue.set(value, masses);
      for (let k = 0; k < into.length; k++) into[k]! += masses[alike[k]!]!;
    },
  };
}

/** Numbers kernels so that equal ones have the same number, and gives one example of each. The prior comes last. */
function alikeKernels(centres: Float64Array, widths: Float64Array, order: ArrayLike<number>) {
  const alike = new Int32Array(centres.length);
  const examples: number[] = [];
  // Equal centres are neighbours in the order; of their widths there are few.
  let first = 0;
  for (let at = 0; at <= order.length; at++) {
    const k = at < order.length ? order[at]! : centres.length - 1;
    if (first < examples.length && centres[examples[first]!] !== centres[k]) first = examples.length;
    let kind = first;
    while (kind < examples.length && widths[examples[kind]!] !== widths[k]) kind++;
    if (kind === examples.length) examples.push(k);
    alike[k] = kind;
  }
  return { alike, examples };
}

/**
 * The widths of kernels around observations, and last the prior's: the larger distance to the neighbours (at the ends
 * to the only one), but neither wider than the range nor below a share of it that shrinks as observations come in.
 */
function widthsOf({ values, order }: Column, low: number, high: number): Float64Array {
  const count = values.length;
  const least = (high - low) / Math.min(100, 2 + count);
  const widths = new Float64Array(count + 1);
  for (let at = 0; at < count; at++) {
    const value = values[order[at]!]!;
    const left = value - (at > 0 ? values[order[at - 1]!]! : low);
    const right = (at < count - 1 ? values[order[at + 1]!]! : high) - value;
    const width =
      count < 2 ? Math.max(left, right) : at === 0 ? right : at === count - 1 ? left : Math.max(left, right);
    widths[order[at]!] = Math.min(Math.max(width, least), high - low);
  }
  widths[count] = high - low;
  return widths;
}
