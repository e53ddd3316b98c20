export { type BudgetCandidate, type BudgetJob, type BudgetWish, CANDIDATES, type PreparedRun } from "./candidates.js";
export { featureSeconds, headSeconds, loadSeconds, stepSeconds } from "./probe.js";
export {
  type BudgetOptions,
  type BudgetOutcome,
  closeBudget,
  type TriedRun,
  trainWithin,
} from "./train-within.js";
