// Tests of drift: each compares a signal of now with that of the run's reference, and has the sentence that names what an
// alarm is. A signal that one of both lacks is not tested.
import {
  comparedCounts,
  fisherExact,
  kolmogorovSmirnov,
  meanDiscrepancy,
  quantileOf,
} from "../../core/statistics/index.js";
import { PHOTO_MEASURES, type PhotoMeasure, type Signals } from "../signals/index.js";
import { alignedCounts, classesChanged, listedShares, mostChanged, number, share } from "./words.js";

/** A test that was made. */
export interface DriftTest {
  /** Name for machines: `brightness`, `classes`. */
  readonly name: string;
  readonly title: string;
  readonly method: string;
  /** Size of the difference, in the method's measure. */
  readonly effect: number;
  readonly measure: string;
  /** Probability of a difference as large by chance. */
  readonly p: number;
  /** The finding in words, without a full stop: what the images or answers are now. */
  readonly told: string;
  /** The signal before and now, in short. */
  readonly before: string;
  readonly now: string;
}

interface Pair {
  readonly before: Signals;
  readonly now: Signals;
  readonly seed: number;
}

/** All tests that both signals allow, in the order of reports. */
export const driftTests = (before: Signals, now: Signals, seed: number): DriftTest[] => {
  const pair = { before, now, seed };
  return [truthTest(pair), ...predictionTests(pair), embeddingTest(pair), ...photoTests(pair)].filter(
    (test) => test !== undefined,
  );
};

const median = (values: readonly number[]): number =>
  quantileOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Numbers {
  readonly name: string;
  readonly title: string;
  readonly before: readonly number[];
  readonly now: readonly number[];
  /** Words for numbers that have become smaller, larger, or neither. */
  readonly lower: string;
  readonly higher: string;
  readonly spread: string;
}

/** The two-sample Kolmogorov-Smirnov test of numbers. */
function numberTest({ name, title, before, now, lower, higher, spread }: Numbers): DriftTest | undefined {
  if (before.length < 2 || now.length < 2) return undefined;
  const { effect, p } = kolmogorovSmirnov(before, now);
  const [was, is] = [median(before), median(now)];
  const lean = is - was || mean(now) - mean(before);
  const told = lean < 0 ? lower : lean > 0 ? higher : spread;
  return {
    ...{ name, title, effect, p },
    method: "Kolmogorov-Smirnov",
    measure: "distance",
    told: `${told}: the median is ${number(is)}, before it was ${number(was)}`,
    before: number(was),
    now: number(is),
  };
}

const PHOTO_WORDS: Readonly<Record<PhotoMeasure, Omit<Numbers, "before" | "now" | "name">>> = {
  brightness: {
    title: "Brightness",
    lower: "photos are darker",
    higher: "photos are brighter",
    spread: "photos are of other brightness",
  },
  contrast: {
    title: "Contrast",
    lower: "photos have less contrast",
    higher: "photos have more contrast",
    spread: "photos are of other contrast",
  },
  sharpness: {
    title: "Sharpness",
    lower: "photos are blurrier",
    higher: "photos are sharper, or noisier",
    spread: "photos are of other sharpness",
  },
  pixels: {
    title: "Size in pixels",
    lower: "photos are smaller",
    higher: "photos are larger",
    spread: "photos are of other sizes",
  },
};

function photoTests({ before, now, seed }: Pair): (DriftTest | undefined)[] {
  const [was, is] = [before.photos, now.photos];
  if (was === undefined || is === undefined) return [];
  const numbers = PHOTO_MEASURES.map((name) =>
    numberTest({ name, ...PHOTO_WORDS[name], before: was[name], now: is[name] }),
  );
  const { names, a, b } = alignedCounts(countedNames(was.cameras), countedNames(is.cameras));
  if (names.length < 2) return numbers;
  const { p, effect } = comparedCounts(a, b, { seed });
  const camera = names.map((name) => (name === "" ? "no camera named" : name));
  return [
    ...numbers,
    {
      ...{ name: "camera", title: "Cameras", method: "chi-squared", measure: "Cramer's V", p, effect },
      told: `photos come from other cameras: ${listedShares(camera, b)} now, ${listedShares(camera, a)} before`,
      before: listedShares(camera, a, 1),
      now: listedShares(camera, b, 1),
    },
  ];
}

function countedNames(names: readonly string[]): {
  readonly names: readonly string[];
  readonly counts: readonly number[];
} {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return { names: [...counts.keys()], counts: [...counts.values()] };
}

function predictionTests({ before, now, seed }: Pair): (DriftTest | undefined)[] {
  const [was, is] = [before.predictions, now.predictions];
  if (was.kind === "classes" && is.kind === "classes") {
    const { names, a, b } = alignedCounts(was, is);
    const { p, effect, most } = comparedCounts(a, b, { seed });
    const chi = { method: "chi-squared", measure: "Cramer's V" };
    const at = (counts: readonly number[]): string => share(counts[most.name]!, total(counts));
    return [
      {
        ...{ name: "classes", title: "Predicted classes", ...chi, p, effect },
        told: classesChanged(names, a, b),
        before: listedShares(names, a, 1),
        now: listedShares(names, b, 1),
      },
      {
        ...{ name: "class", title: "A single class", method: "largest residual", measure: "residual" },
        ...{ p: most.p, effect: Math.abs(most.residual) },
        told: mostChanged(names[most.name]!, a[most.name]!, b[most.name]!, [total(a), total(b)]),
        before: at(a),
        now: at(b),
      },
      numberTest({
        ...{ name: "confidence", title: "Confidence", before: was.confidence, now: is.confidence },
        lower: "the model is less sure of its answers",
        higher: "the model is surer of its answers",
        spread: "the model's confidences are distributed differently",
      }),
    ];
  }
  if (was.kind === "labels" && is.kind === "labels")
    return was.names.flatMap((label, at) => {
      const answers = is.counts[is.names.indexOf(label)] ?? 0;
      const [a, b] = [was.counts[at]!, answers];
      const { p, effect } = comparedCounts([a, before.images - a], [b, now.images - b], { seed });
      return {
        ...{ name: `label ${label}`, title: `Label ${label}`, method: "chi-squared", measure: "Cramer's V", p, effect },
        told: mostChanged(label, a, b, [before.images, now.images]),
        before: share(a, before.images),
        now: share(b, now.images),
      };
    });
  if (was.kind !== "numbers" || is.kind !== "numbers") return [];
  return was.names.map((name, at) =>
    numberTest({
      ...{ name: `prediction ${name}`, title: `Prediction of ${name}` },
      ...{ before: was.values[at]!, now: is.values[is.names.indexOf(name)] ?? [] },
      lower: `predictions of ${name} are lower`,
      higher: `predictions of ${name} are higher`,
      spread: `predictions of ${name} are spread otherwise`,
    }),
  );
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

function embeddingTest({ before, now, seed }: Pair): DriftTest | undefined {
  const [was, is] = [before.embeddings, now.embeddings];
  if (was === undefined || is === undefined || was.size !== is.size) return undefined;
  const { squared, p } = meanDiscrepancy(was, is, { seed });
  return {
    ...{ name: "embeddings", title: "Embeddings", method: "mean discrepancy, permuted", measure: "MMD²" },
    ...{ effect: squared, p },
    told:
      "the network sees other images than before: other subjects, writers, cameras or places " +
      `(squared mean discrepancy of the embeddings ${number(squared)})`,
    before: `${was.data.length / was.size} images`,
    now: `${is.data.length / is.size} images`,
  };
}

/** Answers that were right before and now; only worse ones are an alarm. */
function truthTest({ before, now }: Pair): DriftTest | undefined {
  const [was, is] = [before.truths, now.truths];
  if (was?.kind === "rights" && is?.kind === "rights" && was.total > 0) {
    const [a, b] = [was.right / was.total, is.right / is.total];
    return {
      ...{ name: "accuracy", title: "Right answers", method: "Fisher's exact test, one-sided", measure: "difference" },
      p: fisherExact(is.right, is.total, was.right, was.total),
      effect: Math.abs(b - a),
      told: `fewer answers are right: ${share(is.right, is.total)} of ${is.total} images with labels, before ${share(was.right, was.total)} of ${was.total}`,
      before: share(was.right, was.total),
      now: share(is.right, is.total),
    };
  }
  if (was?.kind !== "errors" || is?.kind !== "errors") return undefined;
  const test = numberTest({
    ...{ name: "errors", title: "Errors", before: was.errors, now: is.errors },
    lower: "answers are closer",
    higher: "answers are further off",
    spread: "errors are spread otherwise",
  });
  return test && (mean(is.errors) <= mean(was.errors) ? { ...test, p: 1 } : test);
}
