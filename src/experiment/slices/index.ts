// The face of slices: among which images a model is worse, and fairness between groups.
export { fairnessOf } from "./fairness.js";
export { type SlicesOptions, slicesOfPart } from "./slices.js";
