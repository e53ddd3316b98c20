// Numbers judged by models that did not learn from them, and by the images that look most like theirs. Amounts that are never
// negative are compared by their logarithms, on which an error of a factor is as large for small ones as for large.
import { exp, log } from "../../core/math.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { nearestOthers, type SuspectTarget, suspectTargets } from "../../data/index.js";
import { huber } from "../../nn/losses/index.js";
import { seenImages } from "./features.js";
import { type Answers, classDealing, type HeldOutOptions, heldOutByHeads, standardized } from "./held-out.js";
import { groupOf } from "./labels.js";
import type { HealthSubject } from "./subject.js";

/** A number that model and neighbours contradict, with its image and column. */
export interface JudgedTarget extends SuspectTarget {
  readonly image: number;
  readonly column: string;
}

export interface JudgedTargets {
  /** Base whose features were compared, or `none`. */
  readonly base: string;
  /** Numbers of the images that were judged. */
  readonly images: readonly number[];
  /** The farthest first; values, answers and medians are in the unit of the target. */
  readonly suspects: readonly JudgedTarget[];
}

/** Fewer images tell nothing of what is usual. */
const LEAST = 20;
/** Images that most resemble one. */
const NEIGHBOURS = 10;
/** Shares of the images, by their numbers, that folds have in proportion. */
const LEVELS = 10;

/** A scale of numbers, there and back. */
interface Scale {
  readonly to: (value: number) => number;
  readonly from: (value: number) => number;
}

/** Logarithms, or the numbers themselves where some are negative. Zeros are told apart from the smallest amounts by a typical one. */
function scaleOf(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (values.some((value) => value < 0) || positive.length === 0)
    return { to: (value) => value, from: (value) => value };
  const typical = positive[Math.floor(positive.length / 2)]! / 10;
  return { to: (value) => log(1 + value / typical), from: (value) => typical * (exp(value) - 1) };
}

/** Numbers as answers: standardized for the model, under a loss that wrong ones do not rule. */
function numberAnswers(values: Float64Array): Answers {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  return {
    outputs: 1,
    loss: huber({ delta: 0.5 }),
    y: { dtype: "float32", shape: [1] },
    take: (rows): Tensor =>
      tensor(
        Float32Array.from(rows, (row) => (values[row]! - mean) / deviation),
        [rows.length, 1],
        "float32",
      ),
    finish: (outputs) => {
      outputs[0] = outputs[0]! * deviation + mean;
    },
    misfit: (row, answer) => Math.abs(values[row]! - answer[0]!),
  };
}

/** Tenths of the numbers by their order, so that each fold has small and large ones. */
function levelsOf(values: Float64Array): Int32Array {
  const levels = new Int32Array(values.length);
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  for (const [rank, row] of order.entries()) levels[row] = Math.floor((rank * LEVELS) / values.length);
  return levels;
}

/** Reason why the numbers of a subject cannot be judged; undefined where they can. */
export function unjudgedTargets(subject: HealthSubject): string | undefined {
  const { targets, targetsError } = subject;
  if (targets?.kind !== "numbers") return targetsError ?? "the images have no numbers as targets";
  const { groups } = judgeable(subject);
  if (groups.length >= LEAST) return undefined;
  return `${groups.length} pictures or groups have numbers, and fewer than ${LEAST} do not show which numbers are usual; add images`;
}

/** Images with numbers, and the different groups that they belong to. */
function judgeable(subject: HealthSubject): { readonly images: number[]; readonly groups: string[] } {
  const images = subject.used.filter((index) => numbersOf(subject, index) !== undefined);
  return { images, groups: [...new Set(images.map((index) => groupOf(subject, index)))] };
}

/**
 * Judges the numbers of a subject, column by column. Same images, numbers, base and seed give the same bits.
 * @returns undefined for fewer than 20 images
 * @throws FoveaError for a base that does not exist, or whose weights are nowhere
 * @example const judged = await judgeTargets(await subjectOf(await openSource("claims/manifest.csv")));
 */
export async function judgeTargets(
  subject: HealthSubject,
  options: Pick<HeldOutOptions, "folds" | "repeats"> = {},
): Promise<JudgedTargets | undefined> {
  const { images, groups: different } = judgeable(subject);
  if (different.length < LEAST) return undefined;
  const groups = images.map((index) => groupOf(subject, index));
  const columns = Object.keys(numbersOf(subject, images[0]!)!);
  const onProgress = (done: number, total: number): void => subject.onProgress?.("targets", done, total);
  const { base, features } = await seenImages(subject, images, onProgress);
  const held = { ...options, seed: subject.settings.seed, onProgress };
  const neighbours = nearestOthers(standardized(features).data, features.shape[1]!, groups, NEIGHBOURS);
  const suspects: JudgedTarget[] = [];
  for (const column of columns) {
    const plain = images.map((index) => numbersOf(subject, index)![column]!);
    const scale = scaleOf(plain);
    const values = Float64Array.from(plain, scale.to);
    const deal = classDealing(levelsOf(values), groups, held);
    const predicted = await heldOutByHeads(features, numberAnswers(values), deal, held);
    for (const suspect of suspectTargets(values, predicted, neighbours))
      suspects.push({
        ...suspect,
        value: plain[suspect.row]!,
        predicted: scale.from(suspect.predicted),
        near: scale.from(suspect.near),
        image: images[suspect.row]!,
        column,
      });
  }
  return { base, images, suspects };
}

/** Numbers of an image by their columns; undefined for one without. */
function numbersOf({ images }: HealthSubject, index: number): Readonly<Record<string, number>> | undefined {
  const { label } = images[index]!;
  return typeof label === "object" && !Array.isArray(label) ? (label as Readonly<Record<string, number>>) : undefined;
}
