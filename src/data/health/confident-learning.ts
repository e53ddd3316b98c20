// Confident learning: how labels and true classes go together, estimated from labels and out-of-sample probabilities
// (Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70, 2021,
// doi 10.1613/jair.1.12125). Pure arithmetic; formulas are held to tools/confident-learning.py.
import { FoveaError } from "../../core/errors.js";

/** Labels with the probabilities that a model gave the same samples without having learned from them. */
export interface LabelledProbabilities {
  /** Class of each sample by its label, from 0. */
  readonly labels: ArrayLike<number>;
  /** A row for each sample: the probability of each class. */
  readonly probabilities: ArrayLike<number>;
  /** Number of classes. */
  readonly classes: number;
}

/** A square table: a row for each label, a column for each true class. */
export type ClassTable = readonly Float64Array[];

/** Estimates of confident learning. */
export interface LabelNoise {
  /** Mean self-confidence of each class; infinite for a class without samples. */
  readonly thresholds: Float64Array;
  /** Samples of a label (row) that belong to a class (column) with confidence: the confident joint. */
  readonly counts: ClassTable;
  /** Joint distribution of labels and true classes, which sums to 1. */
  readonly joint: ClassTable;
  /** Probability of a label (row) for samples of a true class (column): the noise matrix, whose columns sum to 1. */
  readonly noise: ClassTable;
  /** Probability of a true class (column) for samples of a label (row), whose rows sum to 1. */
  readonly inverseNoise: ClassTable;
}

/** Largest number of classes: a table then has 16 million numbers. */
export const MOST_CLASSES = 4096;

const table = (classes: number): Float64Array[] => Array.from({ length: classes }, () => new Float64Array(classes));

/** @throws FoveaError unless labels, probabilities and number of classes belong together */
export function checkProbabilities({ labels, probabilities, classes }: LabelledProbabilities): void {
  if (!Number.isInteger(classes) || classes < 2 || classes > MOST_CLASSES)
    throw new FoveaError(
      "out-of-range",
      `confident learning: expected 2 to ${MOST_CLASSES} classes, received ${classes}; leave out others`,
    );
  if (probabilities.length !== labels.length * classes)
    throw new FoveaError(
      "length-mismatch",
      `confident learning: ${labels.length} labels of ${classes} classes need ${labels.length * classes} probabilities, ` +
        `received ${probabilities.length}; give a row for each label`,
    );
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new FoveaError(
        "out-of-range",
        `confident learning: expected labels from 0 to ${classes - 1}, received ${label} in row ${row}`,
      );
    for (let at = row * classes; at < (row + 1) * classes; at++)
      if (!(probabilities[at]! >= 0 && probabilities[at]! <= 1))
        throw new FoveaError(
          "out-of-range",
          `confident learning: expected probabilities from 0 to 1, received ${probabilities[at]} in row ${row}`,
        );
  }
}

/**
 * Samples of each label.
 * @example
 * const given = { labels: [0, 0, 1, 1], probabilities: [0.9, 0.1, 0.2, 0.8, 0.1, 0.9, 0.3, 0.7], classes: 2 };
 * const joint = calibratedJoint(confidentJoint(given, classThresholds(given)), labelCounts(given));
 * noiseMatrix(joint), inverseNoiseMatrix(joint), rankedLabels(given);
 */
export function labelCounts({ labels, classes }: Pick<LabelledProbabilities, "labels" | "classes">): Float64Array {
  const counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row]!]! += 1;
  return counts;
}

/**
 * Thresholds t_j: the mean probability of class j over the samples of label j.
 * @param labelled Labels with a model's probabilities.
 */
export function classThresholds(labelled: LabelledProbabilities): Float64Array {
  const { labels, probabilities, classes } = labelled;
  const sums = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) sums[labels[row]!]! += probabilities[row * classes + labels[row]!]!;
  return labelCounts(labelled).map((count, j) => (count === 0 ? Number.POSITIVE_INFINITY : sums[j]! / count));
}

/**
 * The class that a sample belongs to with confidence: of the classes whose probability reaches their threshold the most
 * probable, the first of equal ones; -1 where none reaches it.
 */
export function confidentClass(
  { probabilities, classes }: LabelledProbabilities,
  thresholds: ArrayLike<number>,
  row: number,
): number {
  let best = -1;
  for (let j = 0; j < classes; j++) {
    const p = probabilities[row * classes + j]!;
    if (p >= thresholds[j]! && (best < 0 || p > probabilities[row * classes + best]!)) best = j;
  }
  return best;
}

/**
 * The confident joint C: counts of samples by label and by the class that they belong to with confidence.
 * @param labelled Labels with a model's probabilities.
 * @param thresholds The probability from which a sample belongs to a class; default, those of `classThresholds`.
 */
export function confidentJoint(labelled: LabelledProbabilities, thresholds = classThresholds(labelled)): ClassTable {
  const counts = table(labelled.classes);
  for (let row = 0; row < labelled.labels.length; row++) {
    const j = confidentClass(labelled, thresholds, row);
    if (j >= 0) counts[labelled.labels[row]!]![j]! += 1;
  }
  return counts;
}

/**
 * The joint distribution Q: each row of the confident joint scaled to the number of samples of its label, all divided by
 * their sum. A label of which no sample belongs anywhere with confidence is taken for right.
 * @param samples number of samples of each label
 * @param counts The confident joint.
 */
export function calibratedJoint(counts: ClassTable, samples: ArrayLike<number>): ClassTable {
  const rows = counts.map((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0);
    if (sum > 0) return row.map((count) => (count / sum) * samples[i]!);
    return row.map((_, j) => (j === i ? samples[i]! : 0));
  });
  const total = rows.reduce((sum, row) => row.reduce((a, b) => a + b, sum), 0);
  return rows.map((row) => row.map((value) => (total === 0 ? 0 : value / total)));
}

/**
 * Probability of each label by true class; a class that the joint does not have is taken to keep its label.
 * @param joint The joint of labels and true classes.
 */
export function noiseMatrix(joint: ClassTable): ClassTable {
  const sums = joint.map((_, j) => joint.reduce((sum, row) => sum + row[j]!, 0));
  return joint.map((row, i) => row.map((value, j) => (sums[j]! > 0 ? value / sums[j]! : Number(i === j))));
}

/**
 * Probability of each true class by label; a label that the joint does not have is taken for right.
 * @param joint The joint of labels and true classes.
 */
export function inverseNoiseMatrix(joint: ClassTable): ClassTable {
  return joint.map((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((value, j) => (sum > 0 ? value / sum : Number(i === j)));
  });
}

/**
 * Estimates how labels and true classes go together.
 * @param labelled labels, and probabilities of a model that did not learn from the same samples
 * @throws FoveaError where these do not belong together
 * @example estimateLabelNoise({ labels: [0, 0, 1, 1], probabilities: [0.9, 0.1, 0.2, 0.8, 0.3, 0.7, 0.1, 0.9], classes: 2 }).joint
 */
export function estimateLabelNoise(labelled: LabelledProbabilities): LabelNoise {
  checkProbabilities(labelled);
  const thresholds = classThresholds(labelled);
  const counts = confidentJoint(labelled, thresholds);
  const joint = calibratedJoint(counts, labelCounts(labelled));
  return { thresholds, counts, joint, noise: noiseMatrix(joint), inverseNoise: inverseNoiseMatrix(joint) };
}
