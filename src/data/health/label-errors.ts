// Labels that are likely to be wrong: how far a label falls short of the class that a model would give, samples in the order
// of suspicion, and those that confident learning takes for errors (the paper's section 3.2; see confident-learning.ts).
import {
  type ClassTable,
  checkProbabilities,
  confidentClass,
  estimateLabelNoise,
  type LabelledProbabilities,
  type LabelNoise,
} from "./confident-learning.js";

/** A label beside what a model thinks of its sample. */
export interface JudgedLabel {
  /** Number of the sample. */
  readonly row: number;
  /** The label of the data. */
  readonly label: number;
  /** The most probable other class. */
  readonly suggested: number;
  /** Probability of the label. */
  readonly selfConfidence: number;
  /** Probability of the label less that of the most probable other class, from -1 to 1. */
  readonly margin: number;
}

/** Ways of ordering samples: by self-confidence, by normalised margin, or by the mean of both ranks. */
export const LABEL_RANKINGS = ["self-confidence", "margin", "both"] as const;
/** The measure of suspicion that labels are ordered by. */
export type LabelRanking = (typeof LABEL_RANKINGS)[number];

/**
 * Ways of telling errors: the least self-confident of each label (`class`), the largest margins of each pair of label and
 * true class (`noise-rate`), or the samples that both name.
 */
export const PRUNINGS = ["class", "noise-rate", "both"] as const;
/** The rule by which labels are taken for errors. */
export type Pruning = (typeof PRUNINGS)[number];

/** Every label beside what a model thinks of it, in the order of the samples. */
export function judgedLabels({ labels, probabilities, classes }: LabelledProbabilities): JudgedLabel[] {
  return Array.from(labels, (label, row) => {
    const start = row * classes;
    let suggested = label === 0 ? 1 : 0;
    for (let j = suggested + 1; j < classes; j++)
      if (j !== label && probabilities[start + j]! > probabilities[start + suggested]!) suggested = j;
    const selfConfidence = probabilities[start + label]!;
    return { row, label, suggested, selfConfidence, margin: selfConfidence - probabilities[start + suggested]! };
  });
}

/** Ranks of samples by a number, the least first; equal numbers by their rows. */
function ranksBy(judged: readonly JudgedLabel[], of: (label: JudgedLabel) => number): Float64Array {
  const ranks = new Float64Array(judged.length);
  const order = judged.map((_, at) => at).sort((a, b) => of(judged[a]!) - of(judged[b]!) || a - b);
  for (const [rank, at] of order.entries()) ranks[at] = rank;
  return ranks;
}

/**
 * Labels in the order of suspicion, the most suspicious first.
 * @param by default: self-confidence, which finds most errors in `node dist/tools/measure-labels.js`
 * @param labelled Labels with a model's probabilities.
 * @throws FoveaError where labels and probabilities do not belong together
 */
export function rankedLabels(labelled: LabelledProbabilities, by: LabelRanking = "self-confidence"): JudgedLabel[] {
  checkProbabilities(labelled);
  const judged = judgedLabels(labelled);
  const confidence = ranksBy(judged, ({ selfConfidence }) => selfConfidence);
  const margin = ranksBy(judged, (label) => label.margin);
  const score = {
    "self-confidence": (at: number) => confidence[at]!,
    margin: (at: number) => margin[at]!,
    both: (at: number) => confidence[at]! + margin[at]!,
  }[by];
  return judged.toSorted((a, b) => score(a.row) - score(b.row) || margin[a.row]! - margin[b.row]!);
}

/** Rows with the least numbers, so many of them; equal numbers by their rows. */
function least(rows: readonly number[], count: number, of: (row: number) => number): readonly number[] {
  return rows.toSorted((a, b) => of(a) - of(b) || a - b).slice(0, count);
}

/**
 * Samples whose labels are taken for errors, as many of each label, or of each pair of label and true class, as the joint
 * says (numbers of samples rounded to the nearest).
 * @param joint of labels and true classes, see `estimateLabelNoise`
 * @param by default: both, the most careful way
 * @param labelled Labels with a model's probabilities.
 * @returns rows in ascending order
 * @example
 * const given = { labels: [0, 0, 1, 1], probabilities: [0.9, 0.1, 0.2, 0.8, 0.1, 0.9, 0.3, 0.7], classes: 2 };
 * labelErrors(given, estimateLabelNoise(given).joint, "noise-rate");
 */
export function labelErrors(labelled: LabelledProbabilities, joint: ClassTable, by: Pruning = "both"): Int32Array {
  checkProbabilities(labelled);
  const { labels, probabilities, classes } = labelled;
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < labels.length; row++) members[labels[row]!]!.push(row);
  const p = (row: number, j: number): number => probabilities[row * classes + j]!;
  const byClass = new Set<number>();
  const byNoise = new Set<number>();
  for (const [i, rows] of members.entries()) {
    const off = joint[i]!.reduce((sum, share, j) => (j === i ? sum : sum + share), 0);
    for (const row of least(rows, Math.round(labels.length * off), (at) => p(at, i))) byClass.add(row);
    for (let j = 0; j < classes; j++) {
      const count = j === i ? 0 : Math.round(labels.length * joint[i]![j]!);
      if (count > 0) for (const row of least(rows, count, (at) => p(at, i) - p(at, j))) byNoise.add(row);
    }
  }
  const chosen = {
    class: byClass,
    "noise-rate": byNoise,
    both: new Set([...byClass].filter((row) => byNoise.has(row))),
  };
  return Int32Array.from(chosen[by]).sort();
}

/** A label that is likely to be wrong. */
export interface SuspectLabel extends JudgedLabel {
  /** True where the sample belongs to the suggested class with confidence, so that the suggestion may be followed. */
  readonly isConfident: boolean;
}

/**
 * Labels that are likely to be wrong, the most suspicious first: as many as the joint has off its diagonal, of those whose
 * suggestion is more probable than the label.
 * @param labelled Labels with a model's probabilities.
 * @throws FoveaError where labels and probabilities do not belong together
 * @example
 * const probabilities = Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.2, 0.8, 0.05, 0.95, 0.9, 0.1);
 * const { suspects } = suspectLabels({ labels: Int32Array.of(0, 0, 1, 1, 0, 1), probabilities, classes: 2 });
 * suspects.map(({ row, suggested }) => [row, suggested]); // rows 4 and 5: each is of the other class
 */
export function suspectLabels(labelled: LabelledProbabilities): {
  readonly noise: LabelNoise;
  readonly suspects: readonly SuspectLabel[];
} {
  const noise = estimateLabelNoise(labelled);
  const right = noise.joint.reduce((sum, row, i) => sum + row[i]!, 0);
  const count = Math.round(labelled.labels.length * (1 - right));
  const suspects = rankedLabels(labelled)
    .slice(0, count)
    .filter(({ margin }) => margin < 0)
    .map((suspect) => ({
      ...suspect,
      isConfident: confidentClass(labelled, noise.thresholds, suspect.row) === suspect.suggested,
    }));
  return { noise, suspects };
}
