// A model's trust on test images: calibration before and after, sets, thresholds and costs, by what validation fitted.
import { wilsonInterval } from "../../core/statistics/index.js";
import type { ClassTrust, NumberTrust } from "../../formats/models/trust-facts.js";
import type {
  CalibrationFacts,
  ClassTrustReport,
  CostFacts,
  NoveltyShareFacts,
  NumberTrustReport,
  RiskCurveFacts,
  SetFacts,
  ShareFacts,
  ThresholdFacts,
} from "../../report/trust-facts.js";
import type { NumberOutcome } from "../tasks/index.js";
import { type ClassAnswers, decided, rowOf } from "./answers.js";
import { brierParts, brierScore } from "./calibration/brier.js";
import { adaptiveReliability, reliability } from "./calibration/reliability.js";
import { atTemperature, meanLogLoss } from "./calibration/temperature.js";
import { storedIntervals, storedSets, storedThreshold } from "./fitted.js";
import { cheapestDecision, uniformCosts } from "./referral/costs.js";
import { riskCoverage } from "./referral/risk-coverage.js";
import { classSets } from "./sets/class-sets.js";
import { numberInterval } from "./sets/number-intervals.js";

const COVERAGES = [0.8, 0.9, 0.95] as const;
const METHODS = [
  { method: "lac", perClass: false },
  { method: "aps", perClass: false },
  { method: "raps", perClass: false },
  { method: "lac", perClass: true },
] as const;
const RISKS = [0.005, 0.01, 0.02, 0.05, 0.1] as const;
const SURENESS = 0.95;
/** Costs of the report's example, and the thresholds that it is held against. */
const [MISTAKE, LOOK] = [20, 1];
const FIXED = [0.5, 0.9, 0.99] as const;
/** A curve needs no more points than this to look round. */
const POINTS = 200;

const shareOf = (count: number, total: number): ShareFacts => wilsonInterval(count, total);

/** Answers at the temperature of a model's file. */
export const calibratedAnswers = (
  { classes, probabilities, labels }: ClassAnswers,
  trust: ClassTrust,
): ClassAnswers => ({
  classes,
  probabilities: atTemperature(probabilities, classes, trust.temperature.value),
  labels,
});

/** Calibration of some answers. @throws FoveaError unless there is a row of probabilities for each label */
export function calibrationFacts(answers: ClassAnswers): CalibrationFacts {
  const equal = reliability(answers);
  return {
    logLoss: meanLogLoss(answers),
    brier: brierScore(answers),
    ece: equal.ece,
    adaptiveEce: adaptiveReliability(answers).ece,
    mce: equal.mce,
    parts: brierParts(answers),
    bins: equal.bins,
  };
}

/**
 * The trust in a classifier.
 * @param answers about test images, as the model gives them
 * @param split name of their part
 */
export function classTrustReport(
  trust: ClassTrust,
  answers: ClassAnswers,
  split: string,
  novelty: NoveltyShareFacts | undefined,
): ClassTrustReport {
  const calibrated = calibratedAnswers(answers, trust);
  const { predicted, confidence } = decided(calibrated);
  const isRight = Array.from(predicted, (k, n) => k === answers.labels[n]);
  const judgement = { confidence, isRight };
  return {
    kind: "classification",
    split,
    judged: answers.labels.length,
    images: trust.images,
    choseEpoch: trust.choseEpoch,
    temperature: trust.temperature.value,
    ...(trust.temperature.refused === undefined ? {} : { refused: trust.temperature.refused }),
    before: calibrationFacts(answers),
    after: calibrationFacts(calibrated),
    sets: setFacts(trust, calibrated),
    curve: curveFacts(judgement),
    thresholds: RISKS.map((risk) => thresholdFacts(trust, judgement, risk)),
    costs: costFacts(calibrated, judgement),
    ...(novelty === undefined ? {} : { novelty }),
  };
}

interface Judgement {
  readonly confidence: Float64Array;
  readonly isRight: readonly boolean[];
}

function setFacts(trust: ClassTrust, answers: ClassAnswers): SetFacts[] {
  const kinds = METHODS.flatMap((kind) => COVERAGES.map((coverage) => ({ ...kind, coverage })));
  const limits = kinds.map((kind) => storedSets(trust, answers.classes, kind));
  const sums = kinds.map(() => ({ covered: 0, members: 0, single: 0, empty: 0 }));
  const images = answers.labels.length;
  for (let n = 0; n < images; n++)
    for (const [at, set] of classSets(rowOf(answers, n), limits).entries()) {
      const sum = sums[at]!;
      sum.members += set.length;
      if (set.includes(answers.labels[n]!)) sum.covered++;
      if (set.length === 1) sum.single++;
      if (set.length === 0) sum.empty++;
    }
  return kinds.map((kind, at) => {
    const { covered, members, single, empty } = sums[at]!;
    return {
      ...kind,
      covered: shareOf(covered, images),
      meanSize: members / images,
      single: single / images,
      empty: empty / images,
    };
  });
}

function curveFacts({ confidence, isRight }: Judgement): RiskCurveFacts {
  const { coverage, risk, area } = riskCoverage(confidence, isRight);
  const drawn = Math.min(POINTS, coverage.length);
  const places = Array.from({ length: drawn }, (_, i) =>
    Math.round((i * (coverage.length - 1)) / Math.max(1, drawn - 1)),
  );
  return { coverage: places.map((at) => coverage[at]!), risk: places.map((at) => risk[at]!), area };
}

function thresholdFacts(trust: ClassTrust, { confidence, isRight }: Judgement, risk: number): ThresholdFacts {
  const threshold = storedThreshold(trust, { risk, confidence: SURENESS })?.threshold;
  if (threshold === undefined) return { risk, confidence: SURENESS };
  const accepted = isRight.filter((_, n) => confidence[n]! >= threshold);
  return {
    risk,
    confidence: SURENESS,
    threshold,
    accepted: accepted.length,
    wrong: accepted.filter((right) => !right).length,
  };
}

function costFacts(answers: ClassAnswers, { confidence, isRight }: Judgement): CostFacts {
  const costs = uniformCosts(answers.classes, MISTAKE, LOOK);
  const cheapest = isRight.map((_, n) => cheapestDecision(rowOf(answers, n), costs).isReferred);
  const of = (isReferred: readonly boolean[]) => {
    const referred = isReferred.filter(Boolean).length;
    const wrong = isRight.filter((right, n) => !right && !isReferred[n]).length;
    return { referred, wrong, cost: (referred * LOOK + wrong * MISTAKE) / isRight.length };
  };
  const fixed = FIXED.map((threshold) => ({ threshold, ...of(isRight.map((_, n) => confidence[n]! < threshold)) }));
  return { mistake: MISTAKE, look: LOOK, rules: [of(cheapest), ...fixed] };
}

/**
 * The trust in a regression's intervals.
 * @param outcome about test images
 * @param names of the targets
 */
export function numberTrustReport(
  trust: NumberTrust,
  { targets, actual, predicted }: Omit<NumberOutcome, "kind">,
  names: readonly string[],
  split: string,
): NumberTrustReport {
  const images = actual.length / targets;
  const intervalFacts = (target: number, coverage: number) => {
    const limits = storedIntervals(trust, coverage)[target]!;
    let covered = 0;
    const widths = new Float64Array(images);
    for (let n = 0; n < images; n++) {
      const { low, high } = numberInterval(predicted[n * targets + target]!, limits);
      const value = actual[n * targets + target]!;
      if (value >= low && value <= high) covered++;
      widths[n] = high - low;
    }
    const sorted = widths.toSorted();
    return {
      coverage,
      covered: shareOf(covered, images),
      meanWidth: widths.reduce((sum, width) => sum + width, 0) / images,
      medianWidth: sorted[Math.floor((images - 1) / 2)]!,
    };
  };
  return {
    kind: "regression",
    split,
    judged: images,
    images: trust.images,
    choseEpoch: trust.choseEpoch,
    method: trust.method,
    targets: names.map((name, target) => ({
      name,
      intervals: COVERAGES.map((coverage) => intervalFacts(target, coverage)),
    })),
  };
}
