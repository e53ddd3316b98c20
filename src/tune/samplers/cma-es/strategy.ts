// The covariance matrix adaptation evolution strategy itself (Hansen, "The CMA evolution strategy: a tutorial", 2016):
// a normal distribution whose mean, step and shape follow the better half of each generation. Immutable: `tell` makes
// the next generation's distribution. Knows nothing of trials.
import { exp, log } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import { type Matrix, symmetricEigen } from "../../numeric/eigen.js";

/** Constants that follow from the number of dimensions and the size of a generation. */
interface Constants {
  readonly size: number;
  readonly weights: readonly number[];
  /** Number of equal parents that the weights are worth. */
  readonly effective: number;
  readonly stepRate: number;
  readonly stepDamping: number;
  readonly shapeRate: number;
  readonly rankOne: number;
  readonly rankMany: number;
  /** The expected length of a standard normal vector. */
  readonly expected: number;
}

interface State {
  readonly mean: Float64Array;
  readonly step: number;
  readonly shape: Matrix;
  readonly stepPath: Float64Array;
  readonly shapePath: Float64Array;
  readonly generation: number;
}

/** Outside of these the step has run away, or come to rest. */
const STEPS = { smallest: 1e-12, largest: 1e4 };

/** Points of a generation by default. */
const populationSizeFor = (dimensions: number): number => 4 + Math.floor(3 * log(dimensions));

const sumOver = (count: number, term: (i: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
};

function constantsFor(n: number, size: number): Constants {
  const parents = Math.floor(size / 2);
  const raw = Array.from({ length: parents }, (_, i) => log((size + 1) / 2) - log(i + 1));
  const total = sumOver(parents, (i) => raw[i]!);
  const weights = raw.map((weight) => weight / total);
  const effective = 1 / sumOver(parents, (i) => weights[i]! ** 2);
  const stepRate = (effective + 2) / (n + effective + 5);
  const rankOne = 2 / ((n + 1.3) ** 2 + effective);
  return {
    size,
    weights,
    effective,
    stepRate,
    stepDamping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + stepRate,
    shapeRate: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    rankOne,
    rankMany: Math.min(1 - rankOne, (2 * (effective - 2 + 1 / effective)) / ((n + 2) ** 2 + effective)),
    expected: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

export class CmaEs {
  readonly #constants: Constants;
  readonly #state: State;
  /** The shape's axes (as columns) and the standard deviations along them. */
  readonly #axes: Matrix;
  readonly #lengths: Float64Array;

  private constructor(constants: Constants, state: State) {
    this.#constants = constants;
    this.#state = state;
    const { vectors, values } = symmetricEigen(state.shape);
    this.#axes = vectors;
    this.#lengths = values.map((value) => Math.sqrt(Math.max(value, 1e-20)));
  }

  /** The distribution of the first generation. */
  static begin(mean: Float64Array, step: number, size = populationSizeFor(mean.length)): CmaEs {
    const n = mean.length;
    const shape = Array.from({ length: n }, (_, i) => new Float64Array(n).fill(1, i, i + 1));
    const state = { mean, step, shape, stepPath: new Float64Array(n), shapePath: new Float64Array(n), generation: 0 };
    return new CmaEs(constantsFor(n, size), state);
  }

  /** Points of a generation. */
  get size(): number {
    return this.#constants.size;
  }

  /** One point of this generation. */
  ask(random: Random): Float64Array {
    const z = this.#lengths.map((length) => length * random.normal());
    const { mean, step } = this.#state;
    return mean.map((centre, i) => centre + step * sumOver(z.length, (j) => this.#axes[i]![j]! * z[j]!));
  }

  /** The next generation's distribution. @param points at least `size` of them, the best first */
  tell(points: readonly Float64Array[]): CmaEs {
    const { weights, effective, stepRate, stepDamping, shapeRate, rankOne, rankMany, expected } = this.#constants;
    const { mean, step, shape, generation } = this.#state;
    const [n, parents] = [mean.length, weights.length];
    const steps = weights.map((_, i) => points[i]!.map((x, j) => (x - mean[j]!) / step));
    const move = mean.map((_, j) => sumOver(parents, (i) => weights[i]! * steps[i]![j]!));
    const white = this.#whiten(move);
    const stepPush = Math.sqrt(stepRate * (2 - stepRate) * effective);
    const stepPath = this.#state.stepPath.map((p, j) => (1 - stepRate) * p + stepPush * white[j]!);
    const length = Math.sqrt(sumOver(n, (j) => stepPath[j]! ** 2));
    const settled = Math.sqrt(1 - (1 - stepRate) ** (2 * (generation + 1)));
    const isCalm = length / settled < (1.4 + 2 / (n + 1)) * expected;
    const shapePush = isCalm ? Math.sqrt(shapeRate * (2 - shapeRate) * effective) : 0;
    const shapePath = this.#state.shapePath.map((p, j) => (1 - shapeRate) * p + shapePush * move[j]!);
    const kept = 1 - rankOne - rankMany + (isCalm ? 0 : rankOne * shapeRate * (2 - shapeRate));
    const grown = step * exp((stepRate / stepDamping) * (length / expected - 1));
    return new CmaEs(this.#constants, {
      mean: mean.map((centre, j) => centre + step * move[j]!),
      step: Math.min(Math.max(grown, STEPS.smallest), STEPS.largest),
      shape: shape.map((row, i) =>
        row.map((value, j) => {
          const many = sumOver(parents, (k) => weights[k]! * steps[k]![i]! * steps[k]![j]!);
          return kept * value + rankOne * shapePath[i]! * shapePath[j]! + rankMany * many;
        }),
      ),
      stepPath,
      shapePath,
      generation: generation + 1,
    });
  }

  /** A vector in units of the shape: what the inverse square root of the covariance makes of it. */
  #whiten(vector: Float64Array): Float64Array {
    const n = vector.length;
    const along = this.#lengths.map((length, k) => sumOver(n, (i) => this.#axes[i]![k]! * vector[i]!) / length);
    return vector.map((_, i) => sumOver(n, (k) => this.#axes[i]![k]! * along[k]!));
  }
}
