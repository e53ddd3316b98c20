// The face of trust: what can be said of a model's answers besides one figure. Pure functions over answers and truths.
export type { ClassAnswers } from "./answers.js";
export { type BrierParts, brierParts, brierScore } from "./calibration/brier.js";
export { adaptiveReliability, type Reliability, type ReliabilityBin, reliability } from "./calibration/reliability.js";
export { atTemperature, fitTemperature, meanLogLoss, type Temperature } from "./calibration/temperature.js";
export { type ClassRow, classTable } from "./class-table.js";
export { classJudge } from "./decisions/class-judge.js";
export { readCosts } from "./decisions/costs-file.js";
export type { ClassVerdict, DecisionRules } from "./decisions/rules.js";
export { fitClassTrust, fitNumberTrust, storedIntervals, storedSets, storedThreshold } from "./fitted.js";
export { type LabelDecision, labelDecisions } from "./label-decisions.js";
export { energyOf } from "./novelty/energy.js";
export { bankOf, type EmbeddingBank, embeddingBank, mostEmbeddings, nearestDistance } from "./novelty/nearest.js";
export { fitNovelty, measuresIn, type NoveltyMeasures, noveltyOf } from "./novelty/novelty.js";
export { type Costs, cheapestDecision, checkCosts, type Decision, uniformCosts } from "./referral/costs.js";
export { type ReferralPoint, referralCurve } from "./referral/curve.js";
export { type BoundedRisk, boundedRisk, type RiskCoverage, riskCoverage } from "./referral/risk-coverage.js";
export {
  type ClassSetOptions,
  type ClassSets,
  classSet,
  conformalLimit,
  fitClassSets,
  SET_METHODS,
  type SetMethod,
  setsOf,
  type TrueClasses,
  trueClasses,
} from "./sets/class-sets.js";
export {
  fitNumberIntervals,
  INTERVAL_METHODS,
  type IntervalMethod,
  type NumberIntervalOptions,
  type NumberIntervals,
  numberInterval,
} from "./sets/number-intervals.js";
export { type Slice, type SliceAttribute, slicesOf } from "./slices.js";
