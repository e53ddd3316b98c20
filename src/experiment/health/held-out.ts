// Answers about samples by models that did not learn from them: k folds, a small model for each, several times over. Linear
// heads on features take seconds.
import { exp, log } from "../../core/math.js";
import { Random, STREAM } from "../../core/random.js";
import { type Tensor, type TensorType, takeRows, tensor, zeros } from "../../core/tensor.js";
import { labelFolds } from "../../data/split/index.js";
import { defaultPlace } from "../../default-backend.js";
import { History, Sequential, type TrainingState } from "../../nn/index.js";
import { dense, input } from "../../nn/layers/index.js";
import { type Loss, sparseCategoricalCrossentropy } from "../../nn/losses/index.js";
import { adam, cosineDecay } from "../../nn/optimizers/index.js";
import { l2 } from "../../nn/regularizers.js";

/** Settings of folds. */
export interface HeldOutOptions {
  /** Number of folds. Default 5. */
  readonly folds?: number | undefined;
  /** Times that the samples are dealt out anew; answers are averaged. Default: 1. */
  readonly repeats?: number | undefined;
  /** Seed of folds and networks. Default 0. */
  readonly seed?: number | undefined;
  /** Told how many of all models have been trained. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Targets as a model learns them, and how its outputs become answers. */
export interface Answers {
  /** Numbers that it puts out for a sample. */
  readonly outputs: number;
  readonly loss: Loss;
  readonly y: TensorType;
  take(rows: Int32Array): Tensor;
  /** Turns the outputs for a sample, in place, into its answer. */
  finish(outputs: Float32Array): void;
  /** Loss of an answer about a sample, by which penalties are chosen. */
  misfit(row: number, answer: Float32Array): number;
}

/** Classes as answers: probabilities. */
export const classAnswers = (labels: Int32Array, classes: number): Answers => ({
  outputs: classes,
  loss: sparseCategoricalCrossentropy({ fromLogits: true }),
  y: { dtype: "int32", shape: [] },
  take: (rows) =>
    tensor(
      rows.map((row) => labels[row]!),
      [rows.length],
      "int32",
    ),
  finish: softmax,
  misfit: (row, answer) => -log(Math.max(LEAST, answer[labels[row]!]!)),
});

/** Least probability in a loss. */
const LEAST = 1e-7;

/** Softmax in place, in 64-bit numbers with the same bits everywhere. */
function softmax(values: Float32Array): void {
  const most = values.reduce((a, b) => Math.max(a, b));
  const powers = Float64Array.from(values, (value) => exp(value - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  for (const [at, power] of powers.entries()) values[at] = power / sum;
}

/** Steps of a head: enough for a convex loss with a falling rate. */
const HEAD_STEPS = 300;
/** Strength of a head's penalty on features of length 1; a larger scale of features weakens it. */
const PENALTY = 1e-3;

const RATE = 0.1;

/** Samples a step, so that a fold is passed over some fifteen times where there are some thousands. */
const batchSizeOf = (count: number): number => Math.max(16, Math.min(256, 2 ** Math.floor(Math.log2(count / 8))));

/** A linear head. Its first weights are zeros, so the seed decides about the order of samples alone. */
function headOn({ shape }: TensorType, { outputs, loss }: Answers, seed: number): Sequential {
  const head = dense(outputs, { kernelInitializer: "zeros", kernelRegularizer: l2(PENALTY) });
  // Steps are so small that more threads would mostly wait for each other; the bits are the same.
  const model = new Sequential([input([...shape]), head], { ...defaultPlace, seed, mode: "reproducible", threads: 1 });
  model.compile({ optimizer: adam({ learningRate: cosineDecay(RATE, HEAD_STEPS) }), loss });
  return model;
}

/** Rows in a random order, over and over, so that all batches have one size. */
function endless(rows: Int32Array, seed: number, fold: number): (at: number) => number {
  let round = -1;
  let order = rows;
  return (at) => {
    const now = Math.floor(at / rows.length);
    if (now !== round) {
      round = now;
      order = new Random(seed, STREAM.shuffle + fold, round).shuffle(Int32Array.from(rows));
    }
    return order[at % rows.length]!;
  };
}

/** A head before its first step, whose memory is a checkpoint of the same head with everything zero. */
const fresh = (state: TrainingState): TrainingState => ({
  ...state,
  epoch: 0,
  iterations: 0,
  learningRate: RATE,
  weights: state.weights.map(({ shape }) => zeros(shape, "float32")),
  slots: state.slots.map(({ shape, dtype }) => zeros(shape, dtype)),
  history: new History().getState(),
});

/** One head that learns fold after fold anew, so that its step is compiled once. */
class Heads {
  readonly #model: Sequential;
  readonly #batchSize: number;
  #blank: TrainingState | undefined;

  constructor(
    readonly count: number,
    readonly width: number,
    readonly answers: Answers,
    seed: number,
  ) {
    this.#model = headOn({ dtype: "float32", shape: [width] }, answers, seed);
    this.#batchSize = batchSizeOf(count);
  }

  /** Answers about the samples of each fold by heads that learned from the others, `[count, outputs]`. */
  async crossed(table: Tensor<"float32">, foldOf: Int32Array, seed: number, onFold: () => void): Promise<Float32Array> {
    const { outputs, finish } = this.answers;
    const out = new Float32Array(this.count * outputs);
    const rows = Int32Array.from({ length: this.count }, (_, row) => row);
    const folds = foldOf.reduce((a, b) => Math.max(a, b), 0) + 1;
    for (let fold = 0; fold < folds; fold++) {
      const others = rows.filter((row) => foldOf[row] !== fold);
      await this.#learn(table, endless(others, seed, fold));
      const held = rows.filter((row) => foldOf[row] === fold);
      const { data } = await this.#model.predict(takeRows(table, held), { batchSize: PREDICTED });
      for (const [at, row] of held.entries())
        out.set(data.subarray(at * outputs, (at + 1) * outputs) as Float32Array, row * outputs);
      onFold();
    }
    for (const row of rows) finish(out.subarray(row * outputs, (row + 1) * outputs));
    return out;
  }

  async #learn(table: Tensor<"float32">, next: (at: number) => number): Promise<void> {
    const { answers } = this;
    const source = {
      size: HEAD_STEPS * this.#batchSize,
      x: { dtype: "float32", shape: [this.width] },
      y: answers.y,
      take: (indices: Int32Array) => {
        const picked = indices.map((at) => next(at));
        return { x: takeRows(table, picked), y: answers.take(picked) };
      },
    } as const;
    await this.#model.fit(source, {
      epochs: 1,
      batchSize: this.#batchSize,
      shuffle: false,
      checkpoint: (state) => {
        this.#blank ??= fresh(state);
      },
      ...(this.#blank === undefined ? {} : { resume: this.#blank }),
    });
  }

  close(): Promise<void> {
    return this.#model.close();
  }
}

const PREDICTED = 256;

/** A way of dealing out samples to folds; the same for the same number. */
export type Dealing = (repeat: number) => Int32Array;

/** Deals out classes in proportion, groups whole. */
export const classDealing =
  (labels: Int32Array, groups: readonly string[], { folds = 5, seed = 0 }: HeldOutOptions): Dealing =>
  (repeat) =>
    labelFolds(labels, groups, { folds, seed: seed + repeat });

/** Mean lengths that features are scaled to: a larger one weakens the penalty of a head. */
const SCALES = [1, 3, 10] as const;

/**
 * Mean answers of linear heads that learned from the features of other samples. Of three penalties the one is used whose heads
 * have the least loss on samples that they did not learn from.
 * @param features `[count, numbers]`
 * @returns `[count, outputs]`
 */
export async function heldOutByHeads(
  features: Tensor<"float32">,
  answers: Answers,
  deal: Dealing,
  options: HeldOutOptions = {},
): Promise<Float32Array> {
  const { folds = 5, repeats = 1, onProgress, seed = 0 } = options;
  const [count, width] = features.shape as [number, number];
  const onFold = counter(folds * (SCALES.length + repeats - 1), onProgress);
  const heads = new Heads(count, width, answers, seed);
  const answered = (scale: number, repeat: number): Promise<Float32Array> =>
    heads.crossed(standardized(features, scale), deal(repeat), seed + repeat, onFold);
  try {
    let best: { readonly scale: number; readonly loss: number; readonly found: Float32Array } | undefined;
    for (const scale of SCALES) {
      const found = await answered(scale, 0);
      const loss = lossOf(found, answers);
      if (best === undefined || loss < best.loss) best = { scale, loss, found };
    }
    const all = [best!.found];
    for (let repeat = 1; repeat < repeats; repeat++) all.push(await answered(best!.scale, repeat));
    return meanOf(all);
  } finally {
    await heads.close();
  }
}

/** Sum of the losses of all answers. */
function lossOf(found: Float32Array, { outputs, misfit }: Answers): number {
  let sum = 0;
  for (let row = 0; row * outputs < found.length; row++)
    sum += misfit(row, found.subarray(row * outputs, (row + 1) * outputs));
  return sum;
}

/** Counts calls and tells of each. */
function counter(total: number, onProgress: HeldOutOptions["onProgress"]): () => void {
  let done = 0;
  return () => onProgress?.(++done, total);
}

function meanOf(all: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(all[0]!.length);
  for (const found of all) for (const [at, value] of found.entries()) sums[at]! += value / all.length;
  return Float32Array.from(sums);
}

/** Features less their means over their deviations, then divided so that rows have `scale` as mean length. */
export function standardized(features: Tensor<"float32">, scale = 1): Tensor<"float32"> {
  const [count, width] = features.shape as [number, number];
  const { data } = features;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let at = 0; at < data.length; at++) means[at % width]! += data[at]! / count;
  for (let at = 0; at < data.length; at++) squares[at % width]! += (data[at]! - means[at % width]!) ** 2 / count;
  const factors = squares.map((square) => (square > 1e-12 ? scale / Math.sqrt(square * width) : 0));
  const out = new Float32Array(data.length);
  for (let at = 0; at < data.length; at++) out[at] = (data[at]! - means[at % width]!) * factors[at % width]!;
  return { dtype: "float32", shape: features.shape, data: out };
}
