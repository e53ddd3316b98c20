// The head of a transfer as a penalised logistic regression on features. Few images do not learn by early stopping: the handful that
// is held out decides the epoch, often the first. Here the training images themselves choose the penalty, by cross-validation, and
// the weights are those of least loss, whatever the rate or the order of images.
import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import { labelFolds } from "../../data/split/index.js";
import type { LabelledSource, Logs, Model } from "../../nn/index.js";
import { breather } from "../../platform/breather.js";
import type { ExperimentData } from "../data/experiment-data.js";
import { folderOfPart } from "../data/parts.js";
import { crossentropyOf, type LabelledRows, solveSoftmax } from "../training/softmax-solver.js";
import { runSolver, type SolverOptions } from "../training/solver-run.js";
import type { TransferPlan } from "./model.js";

/** Penalties that are tried, the strongest first: of the mean loss, for features of mean square 1. */
const PENALTIES = [10, 3, 1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
/** Penalties after the best that have to be worse before weaker ones are left out. */
const WORSE = 3;

/** Settings of a recipe whose head is solved: an epoch is a penalty. */
export const SOLVED_TRAINING = { epochs: PENALTIES.length, patience: null } as const;

/** Slope at which a solution is good enough to compare penalties by, and to begin the next one with. */
const ROUGHLY_FLAT = 1e-4;

/** Parts that take turns at judging a penalty. */
const FOLDS = 5;

/** Products of a pass over all features up to which solving takes seconds. */
const MOST_PRODUCTS = 1_000_000;

/** Checks whether so many rows of features are few enough to solve a head of so many classes. */
export const isSolvable = (rows: number, features: number, classes: number): boolean =>
  rows * features * classes <= MOST_PRODUCTS;

/** A head whose penalty is chosen. */
export interface SolvedHead {
  /** Index of the penalty among those that were tried, which is the epoch. */
  readonly best: number;
  readonly penalty: number;
  readonly history: Awaited<ReturnType<typeof runSolver>>;
}

interface Standard {
  readonly rows: LabelledRows;
  readonly means: Float64Array;
  readonly scale: number;
}

/** All rows of a source, their features without their means and of mean square 1 together. */
async function standardRows(source: LabelledSource, classes: number): Promise<Standard> {
  const { size } = source;
  const features = source.x.shape[0]!;
  const { x, y, sampleWeight } = await source.take(Int32Array.from({ length: size }, (_, i) => i));
  const means = new Float64Array(features);
  for (let row = 0; row < size; row++)
    for (let i = 0; i < features; i++) means[i]! += x.data[row * features + i]! / size;
  const centred = Float64Array.from(x.data, (value, at) => value - means[at % features]!);
  let squares = 0;
  for (const value of centred) squares += value * value;
  const scale = Math.sqrt(squares / centred.length) || 1;
  return {
    rows: {
      features,
      classes,
      x: centred.map((value) => value / scale),
      labels: Int32Array.from(y.data),
      weights: sampleWeight && Float64Array.from(sampleWeight.data),
    },
    means,
    scale,
  };
}

/** Some of the rows. */
function pick({ features, classes, x, labels, weights }: LabelledRows, chosen: readonly number[]): LabelledRows {
  const picked = new Float64Array(chosen.length * features);
  for (const [to, from] of chosen.entries())
    picked.set(x.subarray(from * features, (from + 1) * features), to * features);
  return {
    features,
    classes,
    x: picked,
    labels: chosen.map((row) => labels[row]!),
    weights: weights && Float64Array.from(chosen, (row) => weights[row]!),
  };
}

const weightOf = ({ labels, weights }: LabelledRows): number =>
  weights === undefined ? labels.length : weights.reduce((sum, weight) => sum + weight, 0);

/**
 * Mean crossentropy of one penalty after the other, of images that a solution has not seen, until weaker ones only get worse.
 * @param foldOf fold of each image; row `r` is of image `r % foldOf.length`, unvaried where `r` is below that
 */
async function crossValidated(rows: LabelledRows, foldOf: Int32Array, breathe: () => Promise<void>): Promise<number[]> {
  const all = Array.from({ length: rows.labels.length }, (_, row) => row);
  const foldOfRow = (row: number): number => foldOf[row % foldOf.length]!;
  const folds = [...new Set(foldOf)].map((fold) => ({
    learned: pick(
      rows,
      all.filter((row) => foldOfRow(row) !== fold),
    ),
    judged: pick(
      rows,
      all.filter((row) => row < foldOf.length && foldOfRow(row) === fold),
    ),
  }));
  const total = folds.reduce((sum, { judged }) => sum + weightOf(judged), 0);
  const starts: (Float64Array | undefined)[] = folds.map(() => undefined);
  const losses: number[] = [];
  for (const penalty of PENALTIES) {
    let loss = 0;
    for (const [fold, { learned, judged }] of folds.entries()) {
      const weights = solveSoftmax(learned, penalty, starts[fold], ROUGHLY_FLAT);
      starts[fold] = weights;
      loss += (crossentropyOf(judged, weights) * weightOf(judged)) / total;
      await breathe();
    }
    if (!Number.isFinite(loss))
      throw new FoveaError(
        "not-finite",
        "the features of the base are not all finite, so no head can be solved on them; check --rescale, or take another base",
      );
    losses.push(loss);
    if (losses.length - 1 - bestOf(losses) >= WORSE) break;
  }
  return losses;
}

const bestOf = (losses: readonly number[]): number => losses.indexOf(Math.min(...losses));

/** Puts weights of standardised features into the head's dense layer, which has one output for two classes. */
async function assign(head: Model, weights: Float64Array, { rows, means, scale }: Standard): Promise<void> {
  const { features, classes } = rows;
  const outputs = classes === 2 ? 1 : classes;
  // Two classes: the score of the second against the first.
  const scoreOf = (row: number, output: number): number =>
    classes === 2 ? weights[row * 2 + 1]! - weights[row * 2]! : weights[row * classes + output]!;
  const kernel = new Float32Array(features * outputs);
  const bias = new Float32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    let shift = scoreOf(features, output);
    for (let i = 0; i < features; i++) {
      const weight = scoreOf(i, output) / scale;
      kernel[i * outputs + output] = weight;
      shift -= weight * means[i]!;
    }
    bias[output] = shift;
  }
  await head.setWeights([tensor(kernel, [features, outputs], "float32"), tensor(bias, [outputs], "float32")]);
}

/** Folds of the training images that keep groups whole and classes in proportion. */
function foldsOf({ folders, parts: { train } }: ExperimentData, labels: ArrayLike<number>, seed: number): Int32Array {
  const group = folderOfPart(folders, train)?.group;
  const grouped = Array.from(train.rows, (row) => group?.[row] ?? String(row));
  const groups = new Set(grouped).size > 1 ? grouped : Array.from(train.rows, String);
  return labelFolds(labels, groups, { folds: FOLDS, seed });
}

/**
 * Solves the head of a transfer for each penalty, and leaves the weights of the one that images of other folds are predicted best by.
 * @param head the head on features, compiled: one dense layer
 * @param sources features of the training images, once as they are and then varied, and of the validation images, which decide nothing
 */
export async function solveHead(
  head: Model,
  recipe: TransferPlan,
  data: ExperimentData,
  sources: { readonly train: LabelledSource; readonly validation: LabelledSource },
  classes: number,
  options: SolverOptions,
): Promise<SolvedHead> {
  const breathe = breather();
  const standard = await standardRows(sources.train, classes);
  const { rows } = standard;
  const images = data.parts.train.rows.length;
  const losses = await crossValidated(
    rows,
    foldsOf(data, Array.from(rows.labels).slice(0, images), recipe.split.seed),
    breathe,
  );
  const best = bestOf(losses);
  const solutions: Float64Array[] = [];
  const step = async (epoch: number): Promise<Logs> => {
    const flat = epoch === best ? undefined : ROUGHLY_FLAT;
    const weights = solveSoftmax(rows, PENALTIES[epoch]!, solutions.at(-1), flat);
    solutions.push(weights);
    await assign(head, weights, standard);
    return { penalty: PENALTIES[epoch]!, cross_validated_loss: losses[epoch]! };
  };
  const history = await runSolver(
    head,
    recipe,
    sources,
    { isOver: () => solutions.length >= losses.length, step },
    options,
  );
  const chosen = solutions[best] ?? solutions.at(-1);
  if (chosen !== undefined) await assign(head, chosen, standard);
  return { best: solutions.length > best ? best : solutions.length - 1, penalty: PENALTIES[best]!, history };
}
