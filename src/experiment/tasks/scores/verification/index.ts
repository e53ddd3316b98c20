// Statistics of verification, as pure functions: pairs, curves, rates of errors, intervals.
export { FALSE_RATES, figureIntervals, type IdentityPairs, verificationFigures } from "./figures.js";
export { cosineOf, cosinesOf, type ImagePairs, MOST_PAIRS, pairsOf } from "./pairs.js";
export {
  acceptedAt,
  areaUnder,
  type Comparisons,
  equalError,
  errorsAt,
  type RocCurve,
  rocCurve,
  withoutCollinear,
} from "./roc.js";
