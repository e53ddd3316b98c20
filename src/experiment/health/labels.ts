// Labels judged by models that did not learn from them: out-of-sample probabilities of k folds, then confident learning
// (data/health/confident-learning.ts). Images of one group, and copies of a picture, stay in one fold.
import { FoveaError } from "../../core/errors.js";
import { type Proportion, wilsonInterval } from "../../core/statistics/index.js";
import { type LabelNoise, labelCounts, rankedLabels, type SuspectLabel, suspectLabels } from "../../data/index.js";

import { seenImages } from "./features.js";
import { classAnswers, classDealing, type HeldOutOptions, heldOutByHeads } from "./held-out.js";
import type { HealthSubject } from "./subject.js";

/** Judgement of the labels of a subject. */
export interface JudgedLabels {
  /** Base whose features were compared, or `none`. */
  readonly base: string;
  readonly classNames: readonly string[];
  /** Numbers of the images that were judged. */
  readonly images: readonly number[];
  /** Class of each of them by its label, and the probability of each class, `[images, classes]`. */
  readonly labels: Int32Array;
  readonly probabilities: Float32Array;
  readonly noise: LabelNoise;
  /** Share of the labels that the models agree with, and the share of the commonest label. */
  readonly agreement: Proportion;
  readonly commonest: number;
  /**
   * Labels that are likely to be wrong, the most suspicious first; `row` is a place in `images`. None where the models know the
   * classes no better than the commonest label does: they contradict by chance then.
   */
  readonly suspects: readonly SuspectLabel[];
}

/** Fewer images of a class than this cannot be judged: no fold would have learned the class. */
export const LEAST_IMAGES = 4;

/**
 * Probability of a suggested class over that of the label from which the suggestion may be taken unseen: models are as sure of it
 * as they usually are of labels that they confirm, over the next class. Two classes that models hardly tell apart do not reach
 * that, for the label is itself the next class. No more is asked than half of what models can reach: those that learn from
 * labels of which a share n is wrong at random, among k classes, take no label for wrong by more than (1 - n)(k - 1) / n to
 * one; with two classes and n = 0.2 that is four to one.
 */
export function sureOdds(judged: Pick<JudgedLabels, "labels" | "probabilities" | "noise">): number {
  const { joint, thresholds } = judged.noise;
  const right = joint.reduce((sum, row, i) => sum + row[i]!, 0);
  const reached = (right * (joint.length - 1)) / Math.max(0, 1 - right);
  const odds = rankedLabels({ ...judged, classes: joint.length })
    .filter(({ label, selfConfidence, margin }) => margin > 0 && selfConfidence >= thresholds[label]!)
    .map(({ selfConfidence, margin }) => selfConfidence / (selfConfidence - margin))
    .sort((a, b) => a - b);
  return Math.min(odds[odds.length >> 1] ?? Number.POSITIVE_INFINITY, reached / 2);
}

/**
 * Checks whether a suggested label may be taken unseen: the image belongs to the class with confidence, and the odds of the class
 * against the label are large enough. Images that models merely find hard have smaller odds; most of their labels are right.
 * @param odds from `sureOdds`
 */
export const isSure = ({ isConfident, selfConfidence, margin }: SuspectLabel, odds: number): boolean =>
  isConfident && selfConfidence - margin >= odds * selfConfidence;

/** Group of an image: that of its source, or its picture. */
export const groupOf = ({ images, looks }: Pick<HealthSubject, "images" | "looks">, index: number): string => {
  const { group } = images[index]!;
  return group === undefined ? `picture ${looks.prints.pixels[index]!}` : `group ${group}`;
};

/** Images whose classes have enough others, and the names of these classes. */
function judgeable(subject: HealthSubject): { readonly images: number[]; readonly classNames: string[] } {
  const members = new Map<string, number[]>();
  for (const index of subject.used) {
    const { label } = subject.images[index]!;
    if (typeof label !== "string") continue;
    const known = members.get(label);
    if (known === undefined) members.set(label, [index]);
    else known.push(index);
  }
  const enough = [...members].filter(
    ([, of]) => new Set(of.map((index) => groupOf(subject, index))).size >= LEAST_IMAGES,
  );
  const order = subject.targets?.kind === "classes" ? subject.targets.classNames : [];
  const classNames = enough.map(([name]) => name);
  const known = order.filter((name) => classNames.includes(name));
  return {
    images: enough.flatMap(([, of]) => of).sort((a, b) => a - b),
    classNames: [...known, ...classNames.filter((name) => !known.includes(name))],
  };
}

/** Reason why the labels of a subject cannot be judged; undefined where they can. */
export function unjudgedLabels(subject: HealthSubject): string | undefined {
  const { targets, targetsError } = subject;
  if (targets?.kind === "labels")
    return "images with several labels each are not judged: confident learning needs one class per image";
  if (targets?.kind !== "classes") return targetsError ?? "the images have no classes";
  if (judgeable(subject).classNames.length >= 2) return undefined;
  return `fewer than two classes have ${LEAST_IMAGES} pictures, so no model can learn to distinguish them; add images`;
}

/**
 * Judges the labels of a subject. Same images, labels, base and seed give the same bits.
 * @param options folds and repeats; the seed is the subject's
 * @returns undefined where fewer than two classes have images enough
 * @throws FoveaError for a base that does not exist, or whose weights are nowhere
 * @example const judged = await judgeLabels(await subjectOf(await openSource("photos")));
 */
export async function judgeLabels(
  subject: HealthSubject,
  options: Pick<HeldOutOptions, "folds" | "repeats"> = {},
): Promise<JudgedLabels | undefined> {
  const { images, classNames } = judgeable(subject);
  if (classNames.length < 2) return undefined;
  const places = new Map(classNames.map((name, at) => [name, at]));
  const labels = Int32Array.from(images, (index) => placeOf(places, subject.images[index]!.label));
  const onProgress = (done: number, total: number): void => subject.onProgress?.("labels", done, total);
  const { base, features } = await seenImages(subject, images, onProgress);
  const held = { ...options, seed: subject.settings.seed, onProgress };
  const groups = images.map((index) => groupOf(subject, index));
  const deal = classDealing(labels, groups, held);
  const probabilities = await heldOutByHeads(features, classAnswers(labels, classNames.length), deal, held);
  const classes = classNames.length;
  const { noise, suspects } = suspectLabels({ labels, probabilities, classes });
  const agreement = agreementOf(labels, probabilities, classes);
  const commonest = Math.max(...labelCounts({ labels, classes })) / labels.length;
  const known = agreement.low > commonest ? suspects : [];
  return { base, classNames, images, labels, probabilities, noise, agreement, commonest, suspects: known };
}

/** Share of the labels that are the most probable class as well. */
function agreementOf(labels: Int32Array, probabilities: Float32Array, classes: number): Proportion {
  const agrees = (label: number, row: number): boolean => {
    const answer = probabilities.subarray(row * classes, (row + 1) * classes);
    return answer.every((p) => p <= answer[label]!);
  };
  return wilsonInterval(labels.filter(agrees).length, labels.length);
}

function placeOf(places: ReadonlyMap<string, number>, label: unknown): number {
  const index = typeof label === "string" ? places.get(label) : undefined;
  if (index === undefined)
    throw new FoveaError("length-mismatch", "health: expected a class for each image that is judged");
  return index;
}
