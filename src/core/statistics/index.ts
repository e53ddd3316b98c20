// Statistics of figures: distributions, intervals and tests, with the same bits on every engine.
export { betaCdf, betaQuantile, binomialCdf } from "./beta.js";
export { type BootstrapOptions, bootstrapInterval } from "./bootstrap.js";
export { gammaCdf, gammaQuantile } from "./gamma.js";
export { type McNemar, mcnemarTest, type PairedAnswers, pairedAnswers } from "./mcnemar.js";
export { normalCdf, normalQuantile } from "./normal.js";
export { type Interval, upperBound, wilsonInterval } from "./rate-intervals.js";
export { wilcoxonGreater } from "./wilcoxon.js";
