// Statistics of figures that people ask for: intervals, and tests of two models. The distributions are beside.
export { type BootstrapOptions, bootstrapInterval, bootstrapIntervals, type Figures, quantileOf } from "./bootstrap.js";
export { benjaminiHochberg, holm } from "./corrections.js";
export { type CountComparison, type CountOptions, comparedCounts, fisherExact, populationStability } from "./counts.js";
export { type McNemar, mcnemarTest, type PairedAnswers, pairedAnswers } from "./mcnemar.js";
export {
  type MeanDiscrepancy,
  type MeanDiscrepancyOptions,
  meanDiscrepancy,
  type Vectors,
} from "./mean-discrepancy.js";
export {
  type Interval,
  type IntervalOptions,
  type Proportion,
  USUAL_CONFIDENCE,
  upperBound,
  wilsonInterval,
} from "./rate-intervals.js";
export { binned, type Comparison, guessOf, independence, kolmogorovSmirnov } from "./samples.js";
