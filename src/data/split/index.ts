// Splits of data into parts: scikit-learn's, and those that keep groups, dates and given parts.
export { dateSplit } from "./by-date.js";
export { copiesTogether } from "./copies-together.js";
export { checkGroupsWhole } from "./given.js";
export { groupShuffleSplit, groupSplit } from "./groups.js";
export { groupKFold, type KFoldOptions, kFold, stratifiedKFold } from "./k-fold.js";
export { labelFolds } from "./label-folds.js";
export { PART_NAMES, type PartName } from "./part-name.js";
export {
  type PartsOptions,
  SPLIT_WAYS,
  type SplitBy,
  type SplitInput,
  type SplitIntoParts,
  splitIntoParts,
} from "./parts.js";
export {
  checkClassesForSplit,
  proportionalSplit,
  type Split,
  type SplitOptions,
  trainTestSplit,
} from "./train-test.js";
