// The face of comparisons: runs beside each other, and which is better.
export { compareRuns } from "./compare.js";
