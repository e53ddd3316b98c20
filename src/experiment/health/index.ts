// The face of data health: can these images be trusted?
export { CHECK_NAMES, type Check, type CheckName, type HealthFinding, type Mend, type Need } from "./check.js";
export { CHECKS, PICTURE_CHECKS } from "./checks.js";
export { type FixDone, type FixPlan, type PlannedExclusion, type PlannedLabel, planFix, writeFix } from "./fix.js";
export { checkHealth, type Health, type HealthOptions, healthOf } from "./health.js";
export { findingsJson, type HealthFactsOptions, healthFacts } from "./health-facts.js";
export {
  type HealthSubject,
  joined,
  type SubjectImage,
  type SubjectOptions,
  type SubjectSettings,
  subjectOf,
} from "./subject.js";
