// Training within a time.
export type { LeftOut, PreparedRun } from "./candidates.js";
export { type BudgetJob, type BudgetJobOptions, type BudgetWish, budgetJob } from "./job.js";
export type { Loading } from "./probe.js";
export {
  type BudgetOptions,
  type BudgetOutcome,
  closeBudget,
  type TriedRun,
  trainWithin,
} from "./train-within.js";
