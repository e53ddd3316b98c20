// Statistics of evaluations, as pure functions over arrays: errors, explained deviance, order, deciles, labels, and the facts
// that reports draw of them. Nothing here knows of models or files; scikit-learn is the oracle.
export { actualToExpected, type Ratio } from "./actual-to-expected.js";
export * from "./detection/index.js";
export { bestConstant, d2, mae, meanActual, meanDeviance, meanPredicted, rmse } from "./errors.js";
export { allowedBy, checkTargetsOf, devianceTitle, type Family, isMeaningful, unitDeviance } from "./family.js";
export {
  bestThresholds,
  errorPairs,
  type LabelScores,
  type LabelTable,
  type MultiLabelScores,
  multiLabelScores,
} from "./labels.js";
export { multiLabelFacts } from "./multi-label-facts.js";
export { checkPairs, type Pairs, ratesOf } from "./pairs.js";
export { type Decile, deciles, type Gini, gini, giniOf, type LorenzCurve, lorenzCurve } from "./ranking.js";
export { type Predicted, regressionFacts } from "./regression-facts.js";
export { devianceResiduals, residuals, worstRows } from "./residuals.js";
