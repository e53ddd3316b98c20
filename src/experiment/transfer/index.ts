// The face of transfer: bases, and recipes that use them.
export { BASE_NAMES, baseFacts, baseFileInStore, MODEL_BASE, readBaseWeights } from "./base.js";
export { baseLines } from "./kept-classes.js";
export { MAP_EPOCHS } from "./map-recipe.js";
export { rateWarning } from "./phases.js";
export { basePreprocessing, headTraining, makeTransferRecipe, preprocessingFor, type TransferWish } from "./recipe.js";
export { mapSize } from "./strides.js";
export { type UsualBase, usualBase } from "./usual-base.js";
