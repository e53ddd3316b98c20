// Scores of images with several labels: per label and averaged. Definitions are scikit-learn's (precision_recall_fscore_
// support with zero_division=0, roc_auc_score, average_precision_score); a label that nothing defines counts as 0 or is
// left out, as said at each.
import { FoveaError } from "../../../core/errors.js";

/** Labels of images, row-major `[images, labels]`. */
export interface LabelTable {
  readonly labels: number;
  /** 1 where an image has the label, else 0. */
  readonly actual: ArrayLike<number>;
  /** Probabilities, 0 to 1. */
  readonly scores: ArrayLike<number>;
}

/** @throws FoveaError where the table has no images, lists do not fit or a target is neither 0 nor 1. */
function checkLabels({ labels, actual, scores }: LabelTable): void {
  if (!Number.isInteger(labels) || labels < 1 || actual.length === 0 || actual.length % labels !== 0)
    throw new FoveaError(
      "length-mismatch",
      `labels: expected ${labels} a row in at least one row, received ${actual.length} in all`,
    );
  if (scores.length !== actual.length)
    throw new FoveaError(
      "length-mismatch",
      `labels: expected ${actual.length} scores, one for each target, received ${scores.length}`,
    );
  const wrong = Array.prototype.findIndex.call(actual, (value) => value !== 0 && value !== 1);
  if (wrong >= 0)
    throw new FoveaError(
      "wrong-value",
      `labels: expected targets 0 and 1, received ${actual[wrong]} at row ${Math.floor(wrong / labels)}, label ${wrong % labels}`,
    );
}

/** One label of a table. */
interface Column {
  readonly actual: Float64Array;
  readonly scores: Float64Array;
}

/** The column of a label. */
function columnOf({ labels, actual, scores }: LabelTable, label: number): Column {
  const cut = (all: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: all.length / labels }, (_, row) => all[row * labels + label]!);
  return { actual: cut(actual), scores: cut(scores) };
}

/** Hits and false alarms as the threshold sinks below each distinct score, the highest first. */
function steps({
  actual,
  scores,
}: Column): { readonly score: number; readonly hits: number; readonly alarms: number }[] {
  const rows = Array.from(scores, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  const all: { score: number; hits: number; alarms: number }[] = [];
  let [hits, alarms] = [0, 0];
  for (const [i, row] of rows.entries()) {
    if (actual[row] === 1) hits++;
    else alarms++;
    if (i + 1 === rows.length || scores[rows[i + 1]!] !== scores[row]) all.push({ score: scores[row]!, hits, alarms });
  }
  return all;
}

/** The area under the ROC curve: how often a score of yes is above one of no; undefined without one or the other. */
function areaOf(column: Column): number | undefined {
  const all = steps(column);
  const { hits: positives, alarms: negatives } = all.at(-1)!;
  if (positives === 0 || negatives === 0) return undefined;
  let [area, hits, alarms] = [0, 0, 0];
  for (const step of all) {
    area += ((step.alarms - alarms) * (step.hits + hits)) / 2;
    ({ hits, alarms } = step);
  }
  return area / (positives * negatives);
}

/** The sum of precision times gained recall over thresholds; undefined for a label that no image has. */
function averagePrecisionOf(column: Column): number | undefined {
  const all = steps(column);
  const positives = all.at(-1)!.hits;
  if (positives === 0) return undefined;
  let [sum, before] = [0, 0];
  for (const { hits, alarms } of all) {
    sum += ((hits - before) / positives) * (hits / (hits + alarms));
    before = hits;
  }
  return sum;
}

export interface LabelScores {
  /** Images that have the label. */
  readonly support: number;
  /** 0 where nothing defines it. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Undefined where all images have the label, or none. */
  readonly auc: number | undefined;
  /** Undefined where no image has the label. */
  readonly averagePrecision: number | undefined;
}

/** Counts of one label, or of several together. */
interface Counts {
  readonly hits: number;
  readonly said: number;
  readonly support: number;
}

const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);

const scoresOf = ({ hits, said, support }: Counts) => ({
  precision: ratio(hits, said),
  recall: ratio(hits, support),
  f1: ratio(2 * hits, said + support),
  support,
});

function countsOf({ actual, scores }: Column, threshold: number): Counts {
  let [hits, said, support] = [0, 0, 0];
  for (const [row, score] of scores.entries()) {
    const yes = score > threshold;
    if (yes) said++;
    if (actual[row] === 1) support++;
    if (yes && actual[row] === 1) hits++;
  }
  return { hits, said, support };
}

/** All labels, their mean (macro), and all decisions counted alike (micro). */
export interface MultiLabelScores {
  readonly labels: readonly LabelScores[];
  /** Means over labels; AUC and average precision over those that have one. Support is that of all labels together. */
  readonly macro: LabelScores;
  readonly micro: LabelScores;
  /** The share of images of which every label is right. */
  readonly exact: number;
}

/**
 * Scores of a multi-label model.
 * @param thresholds of each label; a score above it means yes
 * @example multiLabelScores({ labels: 3, actual, scores }, [0.5, 0.31, 0.5]).macro.f1
 */
export function multiLabelScores(table: LabelTable, thresholds: readonly number[]): MultiLabelScores {
  checkLabels(table);
  if (thresholds.length !== table.labels)
    throw new FoveaError(
      "length-mismatch",
      `labels: expected ${table.labels} thresholds, one for each, received ${thresholds.length}`,
    );
  const columns = thresholds.map((_, label) => columnOf(table, label));
  const counts = columns.map((column, label) => countsOf(column, thresholds[label]!));
  const labels = columns.map((column, label) => ({
    ...scoresOf(counts[label]!),
    auc: areaOf(column),
    averagePrecision: averagePrecisionOf(column),
  }));
  const whole: Column = { actual: Float64Array.from(table.actual), scores: Float64Array.from(table.scores) };
  const total = (key: keyof Counts): number => counts.reduce((sum, count) => sum + count[key], 0);
  const mean = (key: "precision" | "recall" | "f1"): number =>
    labels.reduce((sum, figures) => sum + figures[key], 0) / labels.length;
  const images = table.actual.length / table.labels;
  let right = 0;
  for (let row = 0; row < images; row++)
    if (columns.every(({ actual, scores }, label) => Number(scores[row]! > thresholds[label]!) === actual[row]))
      right++;
  return {
    labels,
    macro: {
      support: total("support"),
      precision: mean("precision"),
      recall: mean("recall"),
      f1: mean("f1"),
      auc: definedMean(labels.map(({ auc }) => auc)),
      averagePrecision: definedMean(labels.map(({ averagePrecision }) => averagePrecision)),
    },
    micro: {
      ...scoresOf({ hits: total("hits"), said: total("said"), support: total("support") }),
      auc: areaOf(whole),
      averagePrecision: averagePrecisionOf(whole),
    },
    exact: right / images,
  };
}

function definedMean(values: readonly (number | undefined)[]): number | undefined {
  const defined = values.filter((value) => value !== undefined);
  return defined.length === 0 ? undefined : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

/** The threshold where nothing decides it. */
const USUAL_THRESHOLD = 0.5;

/**
 * Thresholds with the best F1 for each label, to be taken from validation images: halfway between the lowest score that
 * is to be yes and the next score below (0 below the last), so that "above" and "at least" decide alike. Of thresholds
 * with the same F1 the highest; 0.5 for a label that no image has.
 */
export function bestThresholds(table: LabelTable): number[] {
  checkLabels(table);
  return Array.from({ length: table.labels }, (_, label) => {
    const all = steps(columnOf(table, label));
    const support = all.at(-1)!.hits;
    if (support === 0) return USUAL_THRESHOLD;
    let best = 0;
    const f1 = (i: number): number => (2 * all[i]!.hits) / (all[i]!.hits + all[i]!.alarms + support);
    for (let i = 1; i < all.length; i++) if (f1(i) > f1(best)) best = i;
    return (all[best]!.score + (all[best + 1]?.score ?? 0)) / 2;
  });
}

/**
 * Errors that occur on the same image, `[labels + 1, labels + 1]` row-major: at row i and column j the images that have
 * label i, which was missed, and for which label j was said falsely. The last column counts images with a missed label
 * and no false one, the last row those with a false label and none missed.
 */
export function errorPairs(table: LabelTable, thresholds: readonly number[]): Int32Array {
  checkLabels(table);
  const { labels, actual, scores } = table;
  const side = labels + 1;
  const counts = new Int32Array(side * side);
  const all = Array.from({ length: labels }, (_, label) => label);
  for (let start = 0; start < actual.length; start += labels) {
    const said = (label: number): boolean => scores[start + label]! > thresholds[label]!;
    const missed = all.filter((label) => actual[start + label] === 1 && !said(label));
    const falsely = all.filter((label) => actual[start + label] === 0 && said(label));
    if (missed.length + falsely.length === 0) continue;
    for (const i of missed.length > 0 ? missed : [labels])
      for (const j of falsely.length > 0 ? falsely : [labels]) counts[i * side + j]! += 1;
  }
  return counts;
}
