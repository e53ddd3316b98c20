// The face of transfer: bases, and recipes that use them.
export { BASE_NAMES, baseFacts, baseFileInStore, readBaseWeights } from "./base.js";
export { makeTransferRecipe, preprocessingFor, type TransferWish } from "./recipe.js";
export { rateWarning } from "./train.js";
