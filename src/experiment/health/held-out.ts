// Answers about samples by models that did not learn from them: k folds, a small model for each, several times over. Linear
// heads on features take seconds.
import { exp, log } from "../../core/math.js";
import { Random, STREAM } from "../../core/random.js";
import { type Tensor, type TensorType, takeRows, tensor } from "../../core/tensor.js";
import { labelFolds } from "../../data/split/index.js";
import { defaultPlace } from "../../default-backend.js";
import { Sequential } from "../../nn/index.js";
import { dense, input } from "../../nn/layers/index.js";
import { type Loss, sparseCategoricalCrossentropy } from "../../nn/losses/index.js";
import { adam, cosineDecay } from "../../nn/optimizers/index.js";
import { l2 } from "../../nn/regularizers.js";
import { forBlocks } from "../data/blocks.js";

/** Samples that models learn from, by row. */
interface Learnable {
  readonly count: number;
  /** Type of one sample. */
  readonly x: TensorType;
  rows(indices: Int32Array): Tensor | Promise<Tensor>;
}

/** Settings of folds. */
export interface HeldOutOptions {
  /** Number of folds. Default 5. */
  readonly folds?: number | undefined;
  /** Times that the samples are dealt out anew; answers are averaged. Default: 2. */
  readonly repeats?: number | undefined;
  /** Seed of folds and networks. Default 0. */
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
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
const HEAD_STEPS = 600;
/** Strength of a head's penalty on features of length 1; a larger scale of features weakens it. */
const PENALTY = 1e-3;

const RATE = 0.1;

/** Samples a step, so that a fold is passed over some thirty times where there are some thousands. */
const batchSizeOf = (count: number): number => Math.max(16, Math.min(256, 2 ** Math.floor(Math.log2(count / 8))));

/** A linear head. Its first weights are zeros, so the seed decides about the order of samples alone. */
function headOn(
  { shape }: TensorType,
  { outputs, loss }: Answers,
  seed: number,
  threads: number | undefined,
): Sequential {
  const head = dense(outputs, { kernelInitializer: "zeros", kernelRegularizer: l2(PENALTY) });
  const place = { ...defaultPlace, seed, mode: "reproducible" as const, ...(threads === undefined ? {} : { threads }) };
  const model = new Sequential([input([...shape]), head], place);
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

/** Answers of models about the samples of the folds that they did not learn from, `[count, outputs]`. */
async function crossed(
  samples: Learnable,
  answers: Answers,
  foldOf: Int32Array,
  seed: number,
  { threads, onFold }: { readonly threads?: number | undefined; readonly onFold: () => void },
): Promise<Float32Array> {
  const out = new Float32Array(samples.count * answers.outputs);
  const rows = Int32Array.from({ length: samples.count }, (_, row) => row);
  const folds = foldOf.reduce((a, b) => Math.max(a, b), 0) + 1;
  const batchSize = batchSizeOf(samples.count);
  for (let fold = 0; fold < folds; fold++) {
    const model = headOn(samples.x, answers, seed, threads);
    const next = endless(
      rows.filter((row) => foldOf[row] !== fold),
      seed,
      fold,
    );
    const pick = (indices: Int32Array): Int32Array => indices.map(next);
    try {
      await model.fit(
        {
          size: HEAD_STEPS * batchSize,
          x: samples.x,
          y: answers.y,
          take: async (indices) => {
            const picked = pick(indices);
            return { x: await samples.rows(picked), y: answers.take(picked) };
          },
        },
        { epochs: 1, batchSize, shuffle: false },
      );
      const held = rows.filter((row) => foldOf[row] === fold);
      const take = (indices: Int32Array) => samples.rows(indices.map((at) => held[at]!));
      await forBlocks(held.length, PREDICTED, take, async (x, start) => {
        const { data } = await model.predict(x, { batchSize: PREDICTED });
        for (let at = 0; at < data.length; at++)
          out[held[start + Math.floor(at / answers.outputs)]! * answers.outputs + (at % answers.outputs)] = data[at]!;
      });
    } finally {
      await model.close();
    }
    onFold();
  }
  for (const row of rows) answers.finish(out.subarray(row * answers.outputs, (row + 1) * answers.outputs));
  return out;
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
  const { folds = 5, repeats = 2, onProgress, seed = 0 } = options;
  const [count, width] = features.shape as [number, number];
  const onFold = counter(folds * (SCALES.length + repeats - 1), onProgress);
  const answered = (scale: number, repeat: number): Promise<Float32Array> => {
    const table = standardized(features, scale);
    const x: TensorType = { dtype: "float32", shape: [width] };
    const samples: Learnable = { count, x, rows: (indices) => takeRows(table, indices) };
    return crossed(samples, answers, deal(repeat), seed + repeat, { ...options, onFold });
  };
  let best: { readonly scale: number; readonly loss: number; readonly found: Float32Array } | undefined;
  for (const scale of SCALES) {
    const found = await answered(scale, 0);
    const loss = lossOf(found, answers);
    if (best === undefined || loss < best.loss) best = { scale, loss, found };
  }
  const all = [best!.found];
  for (let repeat = 1; repeat < repeats; repeat++) all.push(await answered(best!.scale, repeat));
  return meanOf(all);
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
