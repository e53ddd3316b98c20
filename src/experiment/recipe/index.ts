// The face of recipes: wish, plan, recipe, model; the code that does the same.
export { AUGMENTATIONS, type AugmentationName, augmented } from "./augmentation.js";
export { networkName, networkOf, type RecipeDifference, recipeDifferences } from "./differences.js";
export {
  buildModel,
  dataWishOf,
  HEAD_SOLVERS,
  type HeadSolverName,
  makeRecipe,
  modelName,
  type Plan,
  planOf,
  SCHEDULES,
  type ScheduleName,
  SOLVERS,
  type SolverName,
  taskFacts,
} from "./recipe.js";
export { replayCode } from "./replay-code.js";
