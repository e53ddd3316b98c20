export { type BudgetCandidate, type BudgetJob, type BudgetWish, CANDIDATES, type PreparedRun } from "./candidates.js";
export { stepSeconds, type TransferSeconds, transferSeconds } from "./probe.js";
export {
  type BudgetOptions,
  type BudgetOutcome,
  closeBudget,
  type TriedRun,
  trainWithin,
} from "./train-within.js";
