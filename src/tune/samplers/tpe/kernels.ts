// The kernels of a Parzen estimator along one parameter: a truncated normal, or a categorical distribution, around each
// observation and one wide prior after them. Widths follow the distance to neighbours (Bergstra et al. 2011; Watanabe
// 2023, "Tree-structured Parzen estimator", section 3.3), as Optuna has them.

import { log } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import type { CategoricalDistribution, Distribution, NumericalDistribution } from "../../distribution.js";
import { drawingBounds, fromDrawn, uniform53 } from "../../draws.js";
import { logNormalMass, truncatedNormalQuantile } from "../../numeric/normal.js";

const LOG_SQRT_2PI = 0.9189385332046727;

/** All kernels along one parameter. Values are in internal representation. */
export interface Kernels {
  /** For each kernel a bound that its log-density never passes, added to `into`. */
  addBounds(into: Float64Array): void;
  /** How far below its bound the log-density of each kernel lies at a value: a function of the kernel's index. */
  deficitAt(value: number): (kernel: number) => number;
  /** A value from one kernel. */
  sample(kernel: number, random: Random): number;
}

export function kernelsFor(distribution: Distribution, observations: Float64Array): Kernels {
  return distribution.type === "categorical"
    ? categoricalKernels(distribution, observations)
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
    addBounds(into) {
      for (let k = 0; k < seen; k++) into[k]! += logHit;
      into[seen]! += logPrior;
    },
    deficitAt: (value) => (kernel) => (kernel === seen || observations[kernel] === value ? 0 : logHit - logMiss),
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

function numericalKernels(distribution: NumericalDistribution, observations: Float64Array): Kernels {
  const { low, high } = drawingBounds(distribution);
  const seen = observations.length;
  const centres = new Float64Array(seen + 1);
  for (let k = 0; k < seen; k++) centres[k] = distribution.log ? log(observations[k]!) : observations[k]!;
  const widths = widthsOf(centres.subarray(0, seen), low, high);
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
      : steppedDensity(distribution, distribution.step, centres, widths, mass)),
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
    addBounds(into) {
      for (let k = 0; k < into.length; k++) into[k]! -= log(widths[k]!) + LOG_SQRT_2PI + mass(k);
    },
    deficitAt(value) {
      const x = isLog ? log(value) : value;
      return (kernel) => {
        const z = (x - centres[kernel]!) * inverse[kernel]!;
        return 0.5 * z * z;
      };
    },
  };
}

/** With steps a kernel's mass over the step around a value counts. Many kernels are alike, so masses are kept. */
function steppedDensity(
  { log: isLog }: NumericalDistribution,
  step: number,
  centres: Float64Array,
  widths: Float64Array,
  mass: (kernel: number) => number,
): Density {
  const alike = new Int32Array(centres.length);
  const byCentre = new Map<number, Map<number, number>>();
  const examples: number[] = [];
  for (let k = 0; k < centres.length; k++) {
    let byWidth = byCentre.get(centres[k]!);
    if (byWidth === undefined) {
      byWidth = new Map();
      byCentre.set(centres[k]!, byWidth);
    }
    let kind = byWidth.get(widths[k]!);
    if (kind === undefined) {
      kind = examples.push(k) - 1;
      byWidth.set(widths[k]!, kind);
    }
    alike[k] = kind;
  }
  const byValue = new Map<number, Float64Array>();
  const deficitsAt = (value: number): Float64Array => {
    const [left, right] = [value - step / 2, value + step / 2].map((edge) => (isLog ? log(edge) : edge)) as [
      number,
      number,
    ];
    return Float64Array.from(
      examples,
      (k) => -logNormalMass((left - centres[k]!) / widths[k]!, (right - centres[k]!) / widths[k]!),
    );
  };
  return {
    addBounds(into) {
      const masses = examples.map(mass);
      for (let k = 0; k < into.length; k++) into[k]! -= masses[alike[k]!]!;
    },
    deficitAt(value) {
      const deficits = byValue.get(value) ?? deficitsAt(value);
      byValue.set(value, deficits);
      return (kernel) => deficits[alike[kernel]!]!;
    },
  };
}

/**
 * The widths of kernels around `centres`, and last the prior's: the larger distance to the neighbours (at the ends to
 * the only one), but neither wider than the range nor below a share of it that shrinks as observations come in.
 */
function widthsOf(centres: Float64Array, low: number, high: number): Float64Array {
  const count = centres.length;
  const sorted = centres.slice().sort();
  const least = (high - low) / Math.min(100, 2 + count);
  const widths = new Float64Array(count + 1);
  const taken = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    // Its place among equals is the order of the observations, as in a stable sort.
    const first = lowerBound(sorted, centres[k]!);
    const at = first + taken[first]!++;
    const left = sorted[at]! - (at > 0 ? sorted[at - 1]! : low);
    const right = (at < count - 1 ? sorted[at + 1]! : high) - sorted[at]!;
    const width =
      count < 2 ? Math.max(left, right) : at === 0 ? right : at === count - 1 ? left : Math.max(left, right);
    widths[k] = Math.min(Math.max(width, least), high - low);
  }
  widths[count] = high - low;
  return widths;
}

/** The first index whose value is not below x. */
function lowerBound(sorted: Float64Array, x: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < x) from = middle + 1;
    else to = middle;
  }
  return from;
}
