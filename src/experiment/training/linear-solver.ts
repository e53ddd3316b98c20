// Newton's method for a linear model: each step takes all rows, in 64-bit numbers, down to the least loss that there is,
// whatever the size of batches or the rate. Sums go by the order of the rows, so the bits depend on nothing else.
import type { LabelledSource } from "../../nn/index.js";
import { breather } from "../../platform/breather.js";
import type { ConvexLoss } from "../tasks/index.js";

/** Loss as a function of the weights of one output: its value, slopes and, row by row up to the diagonal, bends. */
interface Expansion {
  readonly value: number;
  readonly slopes: Float64Array;
  readonly bends: Float64Array;
}

/** Rows that are taken at once. */
const BLOCK = 8192;
/** Fall of the loss, as a share of the loss of no weights, up to which a step is the last. */
const SETTLED = 1e-13;
/** Part of a weight's own bend that is added to it, so that features which say the same twice have a solution. */
const RIDGE = 1e-10;
/** Halvings of a step that does not lower the loss. */
const HALVINGS = 40;

/** Rows and the loss of a model of them that is linear in their features. */
interface Problem extends ConvexLoss {
  readonly source: LabelledSource;
}

/** Weights of one output: one for each feature, then the bias. */
type Weights = Float64Array;

/** The loss of all outputs about their weights, by one pass over the rows. */
async function expand(
  { source, curves, penalty }: Problem,
  weights: readonly Weights[],
  breathe: () => Promise<void>,
): Promise<Expansion[]> {
  const features = source.x.shape[0]!;
  const size = features + 1;
  const sums = curves.map(() => ({ value: 0, slopes: new Float64Array(size), bends: new Float64Array(size * size) }));
  const share = 1 / (source.size * curves.length);
  const present = new Int32Array(size);
  const values = new Float64Array(size);
  for (let start = 0; start < source.size; start += BLOCK) {
    const count = Math.min(BLOCK, source.size - start);
    const { x, y, sampleWeight } = await source.take(Int32Array.from({ length: count }, (_, i) => start + i));
    for (let row = 0; row < count; row++) {
      // Most features of a row are categories that it is not in.
      let used = 0;
      for (let i = 0; i < features; i++) {
        const value = x.data[row * features + i]!;
        if (value === 0) continue;
        values[used] = value;
        present[used++] = i;
      }
      values[used] = 1;
      present[used++] = features;
      const weight = share * (sampleWeight?.data[row] ?? 1);
      for (let output = 0; output < curves.length; output++) {
        const sum = sums[output]!;
        const weightsOfOutput = weights[output]!;
        let linear = 0;
        for (let k = 0; k < used; k++) linear += weightsOfOutput[present[k]!]! * values[k]!;
        const { value, slope, bend } = curves[output]!(y.data[row * curves.length + output]!, linear);
        sum.value += weight * value;
        for (let k = 0; k < used; k++) {
          const at = present[k]! * size;
          sum.slopes[present[k]!]! += weight * slope * values[k]!;
          const factor = weight * bend * values[k]!;
          for (let l = 0; l <= k; l++) sum.bends[at + present[l]!]! += factor * values[l]!;
        }
      }
    }
    await breathe();
  }
  sums.forEach((sum, output) => {
    for (let i = 0; i < features; i++) {
      const weight = weights[output]![i]!;
      sum.value += penalty * weight * weight;
      sum.slopes[i]! += 2 * penalty * weight;
      sum.bends[i * size + i]! += 2 * penalty;
    }
  });
  return sums;
}

/** Step to the least of a parabola, by Cholesky's factors; undefined where rounding leaves it none. */
function stepOf({ slopes, bends }: Expansion, ridge: number): Float64Array | undefined {
  const size = slopes.length;
  const factors = Float64Array.from(bends);
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, bends[i * size + i]!);
  for (let i = 0; i < size; i++) {
    // The bias stays free, so that of all solutions the one with the smallest other weights is found.
    factors[i * size + i]! += ridge * ((i === size - 1 ? 0 : bends[i * size + i]!) + ridge * largest);
    for (let j = 0; j <= i; j++) {
      let sum = factors[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factors[i * size + k]! * factors[j * size + k]!;
      if (i === j && !(sum > 0)) return undefined;
      factors[i * size + j] = i === j ? Math.sqrt(sum) : sum / factors[j * size + j]!;
    }
  }
  const step = slopes.map((slope) => -slope);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) step[i]! -= factors[i * size + k]! * step[k]!;
    step[i]! /= factors[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) step[i]! -= factors[k * size + i]! * step[k]!;
    step[i]! /= factors[i * size + i]!;
  }
  return step;
}

/** The step of an expansion, with as much of a ridge as it takes. */
function firmStepOf(expansion: Expansion): Float64Array {
  for (let ridge = RIDGE; ridge < 1; ridge *= 100) {
    const step = stepOf(expansion, ridge);
    if (step !== undefined) return step;
  }
  return expansion.slopes.map(() => 0);
}

/** Weights on the way to the least loss. */
export class LinearSolver {
  readonly #breathe = breather();
  #weights: readonly Weights[];
  #expansions: readonly Expansion[] | undefined;
  /** Losses of no weights. */
  #first: readonly number[] | undefined;
  #converged = false;

  constructor(readonly problem: Problem) {
    this.#weights = problem.curves.map(() => new Float64Array(problem.source.x.shape[0]! + 1));
  }

  /** True when another step would change nothing. */
  get converged(): boolean {
    return this.#converged;
  }
  /** Of each output: a weight for each feature, then the bias. */
  get weights(): readonly Weights[] {
    return this.#weights;
  }
  /** Takes a step, no farther than the loss of each output falls. */
  async step(): Promise<void> {
    const { problem } = this;
    const before = this.#expansions ?? (await expand(problem, this.#weights, this.#breathe));
    this.#first ??= before.map(({ value }) => value);
    const first = this.#first;
    const steps = before.map(firmStepOf);
    const falls = before.map(({ slopes }, output) =>
      slopes.reduce((sum, slope, i) => sum - (slope * steps[output]![i]!) / 2, 0),
    );
    const settled = falls.map((fall, output) => fall <= SETTLED * first[output]!);
    const lengths = steps.map(() => 1);
    const moved = (): Weights[] =>
      this.#weights.map((row, output) => row.map((weight, i) => weight + lengths[output]! * steps[output]![i]!));
    let weights = moved();
    let after = await expand(problem, weights, this.#breathe);
    for (let halving = 0; halving < HALVINGS; halving++) {
      const worse = after.map(({ value }, output) => !settled[output] && !(value <= before[output]!.value));
      if (!worse.includes(true)) break;
      worse.forEach((isWorse, output) => {
        if (isWorse) lengths[output]! /= 2;
      });
      weights = moved();
      after = await expand(problem, weights, this.#breathe);
    }
    this.#weights = weights;
    this.#expansions = after;
    this.#converged = !settled.includes(false);
  }
}
